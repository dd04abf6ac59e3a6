"""PDF's functions give what the standard says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Pdf

from geppetto.printing.functions import evaluate

RAMP = Dictionary(
    FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 1, 0.5]), C1=Array([1, 0, 0.5]), N=1
)


@pytest.fixture
def document():
    with Pdf.new() as made:
        yield made


@given(st.floats(-1, 2))
def test_a_ramp_is_straight_and_ends_at_its_domain(at):
    inside = min(max(at, 0), 1)
    assert evaluate(RAMP, [at]) == pytest.approx([inside, 1 - inside, 0.5])


def test_pieces_are_stitched():
    back = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([0]), N=1)
    on = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1]), N=2)
    made = Dictionary(
        FunctionType=3, Domain=Array([0, 1]), Functions=Array([on, back]), Bounds=Array([0.5]),
        Encode=Array([0, 1, 0, 1]),
    )  # fmt: skip
    values = [evaluate(made, [at])[0] for at in (0, 0.25, 0.5, 0.75, 1)]
    assert values == pytest.approx([0, 0.25, 1, 0.5, 0])


@pytest.mark.parametrize(
    ("bits", "data"), [(8, b"\0\xff\x80"), (16, b"\0\0\xff\xff\x80\x80"), (4, b"\x0f\x80")]
)
def test_samples_are_drawn_between(document, bits, data):
    made = document.make_stream(data)
    made.stream_dict.update(
        Dictionary(
            FunctionType=0, Domain=Array([0, 1]), Range=Array([0, 1]), Size=Array([3]),
            BitsPerSample=bits,
        )
    )  # fmt: skip
    assert evaluate(made, [0.25])[0] == pytest.approx(0.5, abs=0.01)
    assert evaluate(made, [1.0])[0] == pytest.approx(0.5, abs=0.04)


def test_samples_of_two_inputs(document):
    made = document.make_stream(bytes([0, 255, 255, 0]))
    made.stream_dict.update(
        Dictionary(
            FunctionType=0, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1]), Size=Array([2, 2]),
            BitsPerSample=8,
        )
    )  # fmt: skip
    corners = [evaluate(made, at)[0] for at in ([0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5])]
    assert corners == pytest.approx([0, 1, 1, 0, 0.5])


@pytest.mark.parametrize(
    ("program", "inputs", "expected"),
    [
        ("{ 1 exch sub dup dup }", [0.25], [0.75, 0.75, 0.75]),
        ("{ 2 copy add 3 1 roll mul 0 }", [0.5, 0.25], [0.75, 0.125, 0]),
        ("{ 0.5 gt { 1 } { 0 } ifelse 0 0 }", [0.6], [1, 0, 0]),
        ("{ 360 mul sin abs 0 0 }", [0.25], [1, 0, 0]),
        ("{ dup 0 eq { pop 1 } if 0 0 }", [0], [1, 0, 0]),
    ],
)
def test_a_calculator(document, program, inputs, expected):
    made = document.make_stream(program.encode())
    made.stream_dict.update(
        Dictionary(
            FunctionType=4,
            Domain=Array([0, 1] * len(inputs)),
            Range=Array([0, 1, 0, 1, 0, 1]),
        )
    )
    assert evaluate(made, inputs) == pytest.approx(expected)


@pytest.mark.parametrize("program", ["{ pop pop pop }", "{ 1", "1 }", "{ system }", "{ 1 if }"])
def test_a_calculator_that_is_wrong(document, program):
    made = document.make_stream(program.encode())
    made.stream_dict.update(Dictionary(FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1])))
    with pytest.raises(ValueError, match="a calculator"):
        evaluate(made, [0.5])
