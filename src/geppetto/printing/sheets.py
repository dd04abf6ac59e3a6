"""The pages of a print file as sheets of paper: their boxes, and the blank ones at the end."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Page, Pdf

from geppetto.printing import contents
from geppetto.printing.colour import inherited
from geppetto.stores import Print


def fill(document: Pdf, demands: Print) -> int:
    """Add blank pages until the printer has the count it takes, its last page blank; give how many."""
    added = 0
    while _lacks_one(document, demands):
        box = [float(one) for one in inherited(document.pages[-1].obj, "/MediaBox", None)]
        blank = Dictionary(
            Type=Name.Page, MediaBox=Array(box), Resources=Dictionary(), Contents=_empty(document)
        )
        document.pages.append(Page(document.make_indirect(blank)))
        added += 1
    return added


def _lacks_one(document: Pdf, demands: Print) -> bool:
    is_odd = demands.pages_even and len(document.pages) % 2 == 1
    return is_odd or (demands.last_page_blank and not is_blank(document.pages[-1].obj))


def _empty(document: Pdf) -> Any:
    return document.make_stream(b"")


def is_blank(page: Any) -> bool:
    """Tell whether a page draws nothing."""
    drawing = contents.PAINTING | {"Do", "sh", "Tj", "TJ", "'", '"', contents.INLINE}
    return not any(operator in drawing for _, operator in contents.read(Page(page)))


def box(document: Pdf, bleed: float = 0.0) -> None:
    """Say of each page where it is cut: at the paper's edge, or so many inches within it all round."""
    for page in document.pages:
        media = Array([float(one) for one in inherited(page.obj, "/MediaBox", None)])
        page.obj.MediaBox = media
        off = 72 * bleed
        left, lower, right, upper = (float(one) for one in media)
        page.obj.TrimBox = Array([left + off, lower + off, right - off, upper - off])
        page.obj.BleedBox = Array([left, lower, right, upper])
        for key in ("/CropBox", "/ArtBox"):
            if key in page.obj:
                del page.obj[key]
