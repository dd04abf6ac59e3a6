"""Pages and forms as they look: rendered by PDFium, and compared. Knows pypdfium2."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
from pikepdf import Array, Dictionary, Name, Page, Pdf
from PIL import Image, ImageChops, ImageFilter

POINTS = 72
FINE = 600
"""Dots an inch at which what cannot be drawn without transparency is rendered."""
COMPARED = 150
"""Dots an inch at which two pages are compared."""
ALIKE = 10
"""How far apart, of 255, all dots of a square may be: edges are finer than it."""
FINE_EDGES, ROUGH_EDGES = 3, 5
"""The side of that square in dots: where the same is drawn twice, and where one is a picture."""
_SHEET = ("/Type", "/MediaBox", "/Resources", "/Contents", "/Group")
LARGEST = 12_000
"""Dots a side that are rendered at most."""


def page(source: Pdf, made: Any, dots: float) -> Image.Image:
    """Render a page of an open PDF in colour, as large as its MediaBox."""
    out = io.BytesIO()
    with Pdf.new() as alone:
        sheet = Dictionary({key: made[key] for key in _SHEET if key in made})
        alone.pages.append(Page(alone.copy_foreign(source.make_indirect(sheet))))
        alone.save(out, static_id=True)
    return rendered(out.getvalue(), dots)


def rendered(data: bytes, dots: float) -> Image.Image:
    """Render a file's first page."""
    with pypdfium2.PdfDocument(data) as document:
        sheet = document[0]
        side = max(sheet.get_size()) / POINTS
        scale = min(dots, LARGEST / side) / POINTS
        picture: Image.Image = sheet.render(scale=scale, may_draw_forms=False).to_pil()
        return picture.convert("RGB")


def form(
    source: Pdf, made: Any, box: tuple[float, float, float, float], dots: float
) -> Image.Image:
    """Render a form alone on white, within a box of its own space."""
    left, lower, right, upper = box
    sheet = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, right - left, upper - lower]),
        Resources=Dictionary(XObject=Dictionary({"/Form": made})),
        Contents=source.make_stream(f"1 0 0 1 {-left:.4f} {-lower:.4f} cm /Form Do".encode()),
    )
    return page(source, sheet, dots)


def alike(one: Image.Image, other: Image.Image, edges: int = FINE_EDGES) -> bool:
    """Tell whether two renderings look the same but for the edges of what is drawn."""
    if one.size != other.size:
        return False
    apart = ImageChops.difference(one, other).convert("L").filter(ImageFilter.MinFilter(edges))
    return bool(apart.getextrema()[1] <= ALIKE)  # type: ignore[operator]
