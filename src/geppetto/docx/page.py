"""The page of the DOCX in twips (twentieths of a point): its size is that of the printed book."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geppetto.model.settings import PdfSettings, trim_size

# TeX's point is 1/72.27 inch, Word's 1/72: PostScript's.
TWIPS = {
    "pt": 1440 / 72.27,
    "bp": 20.0,
    "in": 1440.0,
    "mm": 1440 / 25.4,
    "cm": 1440 / 2.54,
    "pc": 12 * 1440 / 72.27,
}
MEASURE = 32.0
"""A line of 66 characters of an old-style face is about so many em (Bringhurst 2.1.2)."""
LEAST = 720  # half an inch
EMU = 635  # English Metric Units of a twip (ECMA-376, 20.1.2.1)


@dataclass(frozen=True)
class Page:
    """Where the text stands. `sink` is the space above a title page's title."""

    width: int
    height: int
    inner: int
    outer: int
    top: int
    bottom: int

    @property
    def measure(self) -> int:
        """The width of the text."""
        return self.width - self.inner - self.outer

    @property
    def depth(self) -> int:
        """The height of the text."""
        return self.height - self.top - self.bottom

    @property
    def sink(self) -> int:
        """The space above the title of a title page."""
        return self.depth // 4


def lay_out(pdf: PdfSettings) -> Page:
    """Place the text: by the author's margins, else by the trim, alike on left and right."""
    width, height = (twips(length) for length in trim_size(pdf.trim))
    measure = min(width * 0.74, MEASURE * twips(pdf.fontsize))
    side = max(LEAST, round((width - measure) / 2))
    return Page(
        width,
        height,
        _margin(pdf.inner_margin, side),
        _margin(pdf.outer_margin, side),
        _margin(pdf.top_margin, max(LEAST, round(height * 0.1))),
        _margin(pdf.bottom_margin, max(LEAST, round(height * 0.1))),
    )


def twips(length: str) -> int:
    """Turn a TeX length into twips."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(mm|cm|in|pt|bp|pc)", length)
    if match is None:
        raise ValueError(length)
    return round(float(match[1]) * TWIPS[match[2]])


def _margin(given: str | None, otherwise: int) -> int:
    return otherwise if given is None else twips(given)
