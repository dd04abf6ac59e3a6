"""EAN-13, encoded here and decoded by rules of its own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.covers import barcode

# GS1 General Specifications, figure 5.2.1.2.1: widths of space, bar, space, bar in set A.
WIDTHS = {
    "3211": 0, "2221": 1, "2122": 2, "1411": 3, "1132": 4,
    "1231": 5, "1114": 6, "1312": 7, "1213": 8, "3112": 9,
}  # fmt: skip
FIRST = {
    "AAAAAA": 0, "AABABB": 1, "AABBAB": 2, "AABBBA": 3, "ABAABB": 4,
    "ABBAAB": 5, "ABBBAA": 6, "ABABAB": 7, "ABABBA": 8, "ABBABA": 9,
}  # fmt: skip
ISBNS = st.builds(
    lambda prefix, rest: prefix + f"{rest:09d}",
    st.sampled_from(["978", "979"]),
    st.integers(0, 999_999_999),
).map(lambda twelve: twelve + barcode.check_digit(twelve))


def decoded(modules):
    """Read thirteen digits from modules, by the widths of bars and spaces."""
    assert modules[:3] == modules[-3:] == "101"
    assert modules[45:50] == "01010"
    left, right = modules[3:45], modules[50:92]
    digits, sets = [], ""
    for at in range(0, 42, 7):
        runs = "".join(str(len(run[0])) for run in re.finditer(r"0+|1+", left[at : at + 7]))
        one = "A" if left[at] == "0" and left[at : at + 7].count("1") % 2 else "B"
        digits.append(WIDTHS[runs if one == "A" else runs[::-1]])
        sets += one
    for at in range(0, 42, 7):
        assert right[at] == "1"
        runs = "".join(str(len(run[0])) for run in re.finditer(r"0+|1+", right[at : at + 7]))
        digits.append(WIDTHS[runs])
    return "".join(map(str, [FIRST[sets], *digits]))


@given(ISBNS)
def test_every_isbn_decodes_back(isbn):
    modules = barcode.modules(isbn)
    assert len(modules) == barcode.MODULES
    assert decoded(modules) == isbn


@given(ISBNS)
def test_the_bars_are_the_modules(isbn):
    """Drawn, the bars cover the black modules and no others; the guards reach lower."""
    made = barcode.make(isbn)
    drawn = ["0"] * barcode.WIDTH
    for bar in made.bars:
        drawn[bar.x : bar.x + bar.width] = "1" * bar.width
    left, right = barcode.QUIET
    assert "".join(drawn) == "0" * left + barcode.modules(isbn) + "0" * right
    tall = {bar.x - left for bar in made.bars if bar.height == barcode.GUARDS}
    assert tall == {0, 2, 46, 48, 92, 94}


@given(ISBNS, st.integers(0, 12), st.integers(1, 9))
def test_a_wrong_digit_is_found(isbn, at, more):
    wrong = isbn[:at] + str((int(isbn[at]) + more) % 10) + isbn[at + 1 :]
    with pytest.raises(ValueError, match="is no EAN-13"):
        barcode.modules(wrong)


def test_the_symbol_has_its_full_size():
    """GS1 General Specifications, 5.2.3.1: 37.29 by 25.93 mm, quiet zones of 11 and 7 modules."""
    millimetre = 72 / 25.4
    assert barcode.WIDTH * barcode.MODULE / millimetre == pytest.approx(37.29)
    assert barcode.HEIGHT * barcode.MODULE / millimetre == pytest.approx(25.93)
    assert barcode.BARS * barcode.MODULE / millimetre == pytest.approx(22.85)


def test_the_digits_stand_below_their_bars():
    made = barcode.make("978-3-16-148410-0")
    assert made.number == "9783161484100"
    assert [group.text for group in made.digits] == ["9", "783161", "484100"]
    first, left, right = (group.xs for group in made.digits)
    assert first[0] < barcode.QUIET[0]
    assert barcode.QUIET[0] + 3 < min(left) < max(left) < barcode.QUIET[0] + 45
    assert barcode.QUIET[0] + 50 < min(right) < max(right) < barcode.QUIET[0] + 92
