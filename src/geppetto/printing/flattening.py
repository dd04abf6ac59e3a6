"""Transparency taken out of a PDF: what lies on white paper is given the colour it has there.

Each page that was changed is rendered before and after, and compared. Where it does
not look the same (one thing shows through another, soft masks, blend modes), what is
transparent is cut out by its outline; where that does not help either, the drawing,
and at the last the page, becomes a picture at 600 dots an inch. Its words stay, unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pikepdf import Dictionary, Pdf, PdfError

from geppetto.printing import seeing, transparent
from geppetto.printing.colour import inherited
from geppetto.printing.lightening import Lightened, UnavoidableError
from geppetto.printing.rendering import Rendering


@dataclass(frozen=True)
class Flattened:
    """What was rendered: the numbers of pages on which drawings were, and of those that were whole."""

    drawings: tuple[int, ...] = ()
    pages: tuple[int, ...] = ()


def flatten(document: Pdf) -> Flattened:
    """Take transparency out of an open PDF; say which pages hold rendered pictures now."""
    drawings, pages = [], []
    for number, page in enumerate(document.pages, 1):
        if transparent.is_used(inherited(page.obj, "/Resources", Dictionary())):
            way = _flatten(document, page.obj)
            if way == "drawings":
                drawings.append(number)
            elif way == "page":
                pages.append(number)
        if "/Group" in page.obj:
            del page.obj["/Group"]
    transparent.forget(document)
    return Flattened(tuple(drawings), tuple(pages))


def _flatten(document: Pdf, page: Any) -> str:
    """Flatten a page by the least that looks the same; give the way."""
    before = seeing.page(document, page, seeing.COMPARED)
    lightened, cut, rendering = (
        Lightened(document),
        Lightened(document, cut=True),
        Rendering(document),
    )
    ways: tuple[tuple[str, Callable[[Any], tuple[bytes, Any]], int], ...] = (
        ("white", lightened.page, seeing.FINE_EDGES),
        ("cut", cut.page, seeing.FINE_EDGES),
        ("drawings", rendering.drawings, seeing.ROUGH_EDGES),
    )
    for name, way, edges in ways:
        try:
            content, resources = way(page)
        except (UnavoidableError, PdfError, ValueError):
            continue
        made = Dictionary(page)
        made.Contents, made.Resources = document.make_stream(content), resources
        if "/Group" in made:
            del made["/Group"]
        if seeing.alike(before, seeing.page(document, made, seeing.COMPARED), edges):
            page.Contents, page.Resources = made.Contents, resources
            return name
    content, resources = rendering.whole(page)
    page.Contents, page.Resources = document.make_stream(content), resources
    return "page"
