"""The characters of a PDF's pages, each with its place, as PDFium reads them.

Lengths are those of the page map: hundredths of a PDF point from the upper left
corner of the page as it was typeset, downwards. Neither a rotation of the page
nor a crop moves them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from geppetto.review.returned.places.letters import folded

LARGEST_PAGE = 200_000
"""The characters of a page that are looked at, at most."""
HYPHENS = frozenset("-\u00ad\u2010\u0002\ufffe")
"""What may stand for a hyphen at the end of a line; the last two are PDFium's own."""
_UPRIGHT = 0.02  # radians


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page: its left, top, right and lower edge."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies within it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character: its middle from the left, the height of its baseline, its letters.

    `letters` are what it is compared as. `is_made` are blanks that PDFium finds
    between words, ends of lines among them. `slant` is its angle.
    """

    text: str
    middle: float
    baseline: float
    letters: str = ""
    is_made: bool = False
    slant: float = 0.0

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed here."""
        return self.is_made or self.text.isspace()


def of(page: pdfium.PdfPage, height: int) -> tuple[Glyph, ...]:
    """Give the characters of a page, in the order of its content; `height` is that of the map."""
    text = page.get_textpage()
    try:
        reader = _Reader(text.raw, height)
        return tuple(map(reader.glyph, range(min(text.count_chars(), LARGEST_PAGE))))
    finally:
        text.close()


class _Reader:
    """Asks PDFium for one character after the other."""

    def __init__(self, text: object, height: int) -> None:
        self._text, self._height = text, height
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._origin = [ctypes.c_double() for _ in range(2)]

    def glyph(self, index: int) -> Glyph:
        raw.FPDFText_GetCharBox(self._text, index, *self._edges)
        raw.FPDFText_GetCharOrigin(self._text, index, *self._origin)
        code = raw.FPDFText_GetUnicode(self._text, index)
        character = chr(code) if code else " "
        is_made = raw.FPDFText_IsGenerated(self._text, index) == 1
        return Glyph(
            character,
            (self._edges[0].value + self._edges[1].value) * 50,
            self._height - self._origin[1].value * 100,
            "" if is_made else folded(character),
            is_made,
            max(0.0, float(raw.FPDFText_GetCharAngle(self._text, index))),
        )


def upright(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """Leave out what does not run as most of the page does: a stamp across it."""
    printed = [round(g.slant / _UPRIGHT) for g in glyphs if not g.is_made]
    if not printed:
        return glyphs
    usual = max(sorted(set(printed)), key=printed.count)
    return tuple(g for g in glyphs if g.is_made or round(g.slant / _UPRIGHT) == usual)


def words(glyphs: Iterable[Glyph]) -> str:
    """Give characters as one line of text."""
    characters = (
        " " if glyph.is_blank else "-" if glyph.text in HYPHENS else glyph.text for glyph in glyphs
    )
    return " ".join("".join(characters).split())
