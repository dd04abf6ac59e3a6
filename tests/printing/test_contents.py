"""Content streams are read and written without loss."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Name, Pdf, String

from geppetto.printing import contents

NUMBERS = st.floats(-10_000, 10_000).map(contents.number)
NAMES = st.text("abcXYZ019.-", min_size=1).map(lambda word: Name(f"/{word}"))
STRINGS = st.binary(max_size=12).map(String)
OPERANDS = st.lists(st.one_of(NUMBERS, NAMES, STRINGS), max_size=4)
OPERATORS = st.sampled_from(["re", "f", "cm", "Tj", "rg", "scn", "gs", "Do", "T*", "'"])


@given(st.lists(st.tuples(OPERANDS, OPERATORS), max_size=12))
def test_what_is_written_is_read(instructions):
    with Pdf.new() as document:
        read = contents.read(document.make_stream(contents.written(instructions)))
    assert [operator for _, operator in read] == [operator for _, operator in instructions]
    for (given_, _), (found, _) in zip(instructions, read, strict=True):
        assert [_plain(one) for one in found] == [_plain(one) for one in given_]


def _plain(operand):
    if isinstance(operand, String):
        return bytes(operand)
    return str(operand) if isinstance(operand, Name) else float(operand)


@given(st.floats(-1e6, 1e6))
def test_a_number_is_near_and_never_in_powers_of_ten(value):
    text = str(contents.number(value))
    assert "e" not in text.lower()
    assert abs(float(text) - value) <= 0.0001


def test_an_image_within_the_content_stays():
    data = b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q\n"
    with Pdf.new() as document:
        read = contents.read(document.make_stream(data))
        assert [operator for _, operator in read] == ["q", contents.INLINE, "Q"]
        again = contents.read(document.make_stream(contents.written(read)))
        assert [operator for _, operator in again] == ["q", contents.INLINE, "Q"]


def test_what_sets_colours_is_seen():
    for operator in ("rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "BI"):
        assert not contents.is_black_alone(f"1 0 0\n{operator}\n0 0 9 9 re f".encode())
    assert contents.is_black_alone(b"0 g 0 G /rg gs 0 0 9 9 re f")
