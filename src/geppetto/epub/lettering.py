"""Breaks a text into lines of even length and finds the size at which they fit.

Widths are those of a Palatino (in thousandths of the size), near enough for any
old-style face; other scripts are taken at their usual width. An estimate needs
no font, so a cover is laid out alike wherever it is made.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_LOWER = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    500, 553, 444, 611, 479, 333, 556, 582, 291, 234, 556, 291, 883, 582, 546, 601, 560, 395, 424,
    326, 603, 565, 834, 516, 556, 500), strict=True))  # fmt: skip
_UPPER = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    778, 611, 709, 774, 611, 556, 763, 832, 337, 333, 726, 611, 946, 831, 786, 604, 786, 668, 525,
    613, 778, 722, 1000, 667, 667, 667), strict=True))  # fmt: skip
_MARKS = dict.fromkeys(" .,:;!'’‘()-|", 300) | dict.fromkeys("“”?/", 450) | {"—": 1000, "…": 1000}
WIDTHS = {**_LOWER, **_UPPER, **_MARKS}
OTHER = 620
WIDE = 1000


@dataclass(frozen=True)
class Lettering:
    """Lines of text, their size and the distance of their baselines, in the drawing's units."""

    lines: tuple[str, ...]
    size: float
    leading: float

    @property
    def height(self) -> float:
        """From the first baseline's ascent to the last one's descent."""
        return self.leading * len(self.lines)


@dataclass(frozen=True)
class Sizes:
    """What a text may be set in; `spacing` is the distance of baselines in sizes."""

    largest: float
    smallest: float
    spacing: float


def width(text: str, size: float) -> float:
    """Estimate how wide a text is."""
    return sum(_advance(c) for c in unicodedata.normalize("NFD", text)) * size / 1000


def _advance(character: str) -> int:
    if character in WIDTHS:
        return WIDTHS[character]
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return WIDE if unicodedata.east_asian_width(character) in {"W", "F"} else OTHER


def fit(text: str, measure: float, height: float, sizes: Sizes) -> Lettering:
    """Give the text in the largest size in which it fits the measure and the height.

    A text too long even for the smallest size is cut with an ellipsis.
    """
    size, smallest, spacing = sizes.largest, sizes.smallest, sizes.spacing
    while size > smallest:
        lines = wrap(text, measure, size)
        whole_words = all(width(word, size) <= measure for word in text.split())
        if whole_words and len(lines) * size * spacing <= height:
            return Lettering(lines, size, size * spacing)
        size *= 0.94
    lines = wrap(text, measure, smallest)
    most = max(1, int(height / (smallest * spacing)))
    if len(lines) > most:
        lines = (*lines[: most - 1], lines[most - 1].rstrip(" ,;:") + " …")
    return Lettering(lines, smallest, smallest * spacing)


def wrap(text: str, measure: float, size: float) -> tuple[str, ...]:
    """Break a text into as few lines as will do, as even as they can be."""
    words = [piece for word in text.split() for piece in _pieces(word, measure, size)]
    fewest = _greedy(words, measure, size)
    narrow, wide = 0.0, measure
    for _ in range(12):  # the narrowest measure that needs no more lines
        middle = (narrow + wide) / 2
        lines = _greedy(words, middle, size)
        fits = len(lines) <= len(fewest) and all(width(part, size) <= middle for part in lines)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return _greedy(words, wide, size)


def _greedy(words: list[str], measure: float, size: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in words:
        if lines and width(f"{lines[-1]} {word}", size) <= measure:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _pieces(word: str, measure: float, size: float) -> list[str]:
    """Cut a word that is wider than the measure (Chinese text is one such word)."""
    pieces = [""]
    for character in word:
        joined = unicodedata.category(character) in {"Mn", "Me", "Cf"}
        if pieces[-1] and not joined and width(pieces[-1] + character, size) > measure:
            pieces.append("")
        pieces[-1] += character
    return pieces
