"""The page's proportions: where the text stands on a trim of any size.

The measure holds 62 to 68 characters where the trim allows it, and never
depends on the page count: when the inner margin grows, the text moves outward
and no line is broken anew, so that the page count settles at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from geppetto import stores
from geppetto.model.settings import PdfSettings, trim_size

POINTS = {
    "pt": 1.0,
    "in": 72.27,
    "bp": 72.27 / 72,
    "mm": 72.27 / 25.4,
    "cm": 72.27 / 2.54,
    "pc": 12.0,
}
# A line of 66 characters of an old-style face is about 32 em (Bringhurst 2.1.2).
MEASURE = 32.0
BINDING = ((150, 0.0), (300, 0.06), (500, 0.12), (700, 0.18), (10**9, 0.24))
# TeX counts in 65536ths of a point: without this, the last line of a page may not fit by one.
ROUNDING = 0.05
SIZES = {
    "tiny": (0.62, 1.20),
    "scriptsize": (0.72, 1.22),
    "footnotesize": (0.82, 1.24),
    "small": (0.905, 1.24),
    "large": (1.14, 1.2),
    "Large": (1.34, 1.2),
    "LARGE": (1.62, 1.15),
    "huge": (2.0, 1.12),
    "Huge": (2.5, 1.1),
}


@dataclass(frozen=True)
class Page:
    """The page in TeX points.

    `sizes` maps each of LaTeX's size commands to its size and leading.
    """

    width: float
    height: float
    inner: float
    outer: float
    top: float
    bottom: float
    text_width: float
    text_height: float
    size: float
    leading: float
    sizes: dict[str, tuple[float, float]]

    @property
    def characters(self) -> float:
        """How many characters of running text stand on a line, about."""
        return self.text_width / (self.size * 0.47)


def points(length: str) -> float:
    """Turn a TeX length into points."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(mm|cm|in|pt|bp|pc)", length)
    if match is None:
        raise ValueError(length)
    return float(match[1]) * POINTS[match[2]]


def lay_out(pdf: PdfSettings, pages: int | None) -> Page:
    """Place the text on the page, for a book of so many pages (None: not known yet)."""
    width, height = (points(length) for length in trim_size(pdf.trim))
    size = points(pdf.fontsize)
    leading = round(size * 1.2 * pdf.line_stretch, 2)
    inner, outer = _sides(pdf, width, size, pages or 0)
    top, bottom, text_height = _heights(pdf, height, size, leading)
    return Page(
        width=width,
        height=height,
        inner=inner,
        outer=outer,
        top=top,
        bottom=bottom,
        text_width=round(width - inner - outer, 2),
        text_height=text_height,
        size=size,
        leading=leading,
        sizes={
            name: (round(size * scale, 2), round(size * scale * stretch, 2))
            for name, (scale, stretch) in SIZES.items()
        },
    )


def _sides(pdf: PdfSettings, width: float, size: float, pages: int) -> tuple[float, float]:
    """Give the inner and outer margins: the author's, else by the trim and the page count."""
    measure = min(width * 0.715, MEASURE * size)
    spare = width - measure
    binding = 72.27 * _step(BINDING, pages)
    inner = max(spare * 0.45 + binding, 72.27 * stores.inner(pages))
    if pdf.inner_margin is not None:
        inner = points(pdf.inner_margin)
    outer = points(pdf.outer_margin) if pdf.outer_margin is not None else spare - inner
    return round(inner, 2), round(max(outer, 0.25 * 72.27), 2)


def _heights(
    pdf: PdfSettings, height: float, size: float, leading: float
) -> tuple[float, float, float]:
    """Give top, bottom and text height; the text is a whole number of lines."""
    top = points(pdf.top_margin) if pdf.top_margin is not None else height * 0.105
    bottom = points(pdf.bottom_margin) if pdf.bottom_margin is not None else height * 0.115
    lines = max(5, int((height - top - bottom - size) / leading) + 1)
    text_height = round((lines - 1) * leading + size + ROUNDING, 2)
    if pdf.bottom_margin is None:
        bottom = height - top - text_height
    elif pdf.top_margin is None:
        top = height - bottom - text_height
    return round(top, 2), round(bottom, 2), text_height


def _step(table: tuple[tuple[int, float], ...], pages: int) -> float:
    return next(value for limit, value in table if pages <= limit)
