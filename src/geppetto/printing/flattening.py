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

Way = tuple[str, Callable[[Any], tuple[bytes, Any]], int]
"""A way to flatten a page: its name, how, and how exactly it must look the same."""


@dataclass(frozen=True)
class Flattened:
    """What was rendered: the numbers of pages on which drawings were, and of those that were whole."""

    drawings: tuple[int, ...] = ()
    pages: tuple[int, ...] = ()


def flatten(document: Pdf) -> Flattened:
    """Take transparency out of an open PDF; say which pages hold rendered pictures now."""
    flattener = _Flattener(document)
    found: dict[str, list[int]] = {"drawings": [], "page": []}
    for number, page in enumerate(document.pages, 1):
        if transparent.is_used(inherited(page.obj, "/Resources", Dictionary())):
            found.setdefault(flattener.flatten(page.obj), []).append(number)
        if "/Group" in page.obj:
            del page.obj["/Group"]
    transparent.forget(document)
    return Flattened(tuple(found["drawings"]), tuple(found["page"]))


class _Flattener:
    """Flattens the pages of one document, which share the images that are made."""

    def __init__(self, document: Pdf) -> None:
        self.document, self.rendering = document, Rendering(document)
        self.ways: tuple[Way, ...] = (
            ("white", Lightened(document).page, seeing.FINE_EDGES),
            ("cut", Lightened(document, cut=True).page, seeing.FINE_EDGES),
            ("drawings", self.rendering.drawings, seeing.ROUGH_EDGES),
        )

    def flatten(self, page: Any) -> str:
        """Flatten a page by the least that looks the same; give the way."""
        before = seeing.page(self.document, page, seeing.COMPARED)
        for name, way, edges in self.ways:
            try:
                made = self._made(page, *way(page))
            except (UnavoidableError, PdfError, ValueError, LookupError, AttributeError):
                continue
            if seeing.alike(before, seeing.page(self.document, made, seeing.COMPARED), edges):
                page.Contents, page.Resources = made.Contents, made.Resources
                return name
        made = self._made(page, *self.rendering.whole(page))
        page.Contents, page.Resources = made.Contents, made.Resources
        return "page"

    def _made(self, page: Any, content: bytes, resources: Any) -> Any:
        """Give a page with other content."""
        made = Dictionary({key: page[key] for key in page.keys() if key != "/Group"})  # noqa: SIM118
        made.Contents, made.Resources = self.document.make_stream(content), resources
        return made
