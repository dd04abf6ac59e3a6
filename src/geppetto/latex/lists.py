"""The labels of lists, worked out here: LaTeX's own counters end at four levels and at "z"."""

from __future__ import annotations

from typing import Any

from geppetto.ast import Block

BOXES = {"☐": "checkbox", "☒": "checkedbox"}
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
DELIMITERS = {"OneParen": ("", ")"), "TwoParens": ("(", ")")}


def labels(attributes: Any, count: int) -> list[str]:
    """Give the labels of an ordered list, from Pandoc's (start, style, delimiter)."""
    start, style, delimiter = attributes
    before, after = DELIMITERS.get(delimiter["t"], ("", "."))
    if style["t"] == "Example":
        before, after = "(", ")"
    return [f"{before}{_number(n, style['t'])}{after}" for n in range(start, start + count)]


def is_tight(items: list[list[Block]]) -> bool:
    """Tell whether a list's items stand without space between them (Pandoc's Plain)."""
    return all(not item or item[0]["t"] == "Plain" for item in items)


def checkbox(item: list[Block]) -> str | None:
    """Name the box that a task's item begins with, if it does."""
    if not item or item[0]["t"] not in {"Plain", "Para"} or not item[0]["c"]:
        return None
    first = item[0]["c"][0]
    return BOXES.get(first["c"]) if first["t"] == "Str" else None


def without_checkbox(item: list[Block]) -> list[Block]:
    """Take a task's box away, and the blank after it."""
    rest = item[0]["c"][1:]
    return [{**item[0], "c": rest[1:] if rest and rest[0]["t"] == "Space" else rest}, *item[1:]]


def _number(number: int, style: str) -> str:
    if style.endswith("Roman"):
        return roman(number) if style == "LowerRoman" else roman(number).upper()
    if style.endswith("Alpha"):
        return _letters(number) if style == "LowerAlpha" else _letters(number).upper()
    return str(number)


def roman(number: int) -> str:
    """Write a number in small roman figures."""
    out = ""
    for value, letters in ROMAN:
        out += letters * (number // value)
        number %= value
    return out


def _letters(number: int) -> str:
    out = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        out = chr(ord("a") + letter) + out
    return out
