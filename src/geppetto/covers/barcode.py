"""An ISBN as an EAN-13 barcode (ISO/IEC 15420; GS1 General Specifications, 5.2).

Lengths are in modules: the breadth of the thinnest bar, 0.33 mm at full size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

MODULE = 0.33 / 25.4 * 72  # points, at full size
QUIET = (11, 7)  # modules that stay blank left and right of the bars
MODULES = 95
WIDTH = QUIET[0] + MODULES + QUIET[1]  # 37.29 mm
BARS, GUARDS = 22.85 / 0.33, 24.50 / 0.33  # how high bars and guard bars are
HEIGHT = 25.93 / 0.33  # the digits included
_L = ("0001101", "0011001", "0010011", "0111101", "0100011",
      "0110001", "0101111", "0111011", "0110111", "0001011")  # fmt: skip
_G = tuple("".join("10"[int(c)] for c in reversed(code)) for code in _L)
_R = tuple("".join("10"[int(c)] for c in code) for code in _L)
_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG",
           "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")  # fmt: skip
_EDGE, _MIDDLE = "101", "01010"
_GUARDED = frozenset({*range(3), *range(45, 50), *range(92, 95)})


@dataclass(frozen=True)
class Bar:
    """A bar: where it begins, behind the left quiet zone, how broad and how high it is."""

    x: int
    width: int
    height: float


@dataclass(frozen=True)
class Digits:
    """Digits below the bars: the middle of each is at `xs`."""

    text: str
    xs: tuple[float, ...]


@dataclass(frozen=True)
class Barcode:
    """A barcode: its bars, and the digits below; x counts from the left of its quiet zone."""

    number: str
    bars: tuple[Bar, ...]
    digits: tuple[Digits, ...]


def digits(isbn: str) -> str:
    """Give the thirteen digits of an ISBN as it is written."""
    return re.sub(r"\D", "", isbn)


def check_digit(twelve: str) -> str:
    """Give the digit that makes twelve whole (ISO/IEC 15420, annex A)."""
    total = sum(int(d) * (1, 3)[at % 2] for at, d in enumerate(twelve))
    return str(-total % 10)


def modules(number: str) -> str:
    """Give the 95 modules of thirteen digits: 1 is black.

    Raises:
        ValueError: these are not thirteen digits, or the last is not the check digit.
    """
    if not re.fullmatch(r"[0-9]{13}", number) or check_digit(number[:12]) != number[12]:
        raise ValueError(f"{number} is no EAN-13")
    first, left, right = int(number[0]), number[1:7], number[7:]
    sets = {"L": _L, "G": _G}
    sides = zip(_PARITY[first], left, strict=True)
    coded = "".join(sets[parity][int(digit)] for parity, digit in sides)
    return _EDGE + coded + _MIDDLE + "".join(_R[int(d)] for d in right) + _EDGE


def make(isbn: str) -> Barcode:
    """Make the barcode of an ISBN."""
    number = digits(isbn)
    return Barcode(number, tuple(_bars(modules(number))), tuple(_digits(number)))


def _bars(coded: str) -> Iterator[Bar]:
    at = 0
    for black, run in groupby(coded):
        breadth = len(list(run))
        if black == "1":
            yield Bar(QUIET[0] + at, breadth, GUARDS if at in _GUARDED else BARS)
        at += breadth


def _digits(number: str) -> Iterator[Digits]:
    yield Digits(number[0], (QUIET[0] - 5.5,))
    for start, half in ((3, number[1:7]), (50, number[7:])):
        yield Digits(half, tuple(QUIET[0] + start + 7 * at + 3.5 for at in range(6)))
