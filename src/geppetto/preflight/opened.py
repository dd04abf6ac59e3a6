"""A print file as the checks are given it: opened once, its pages walked and rendered once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pypdfium2
from pikepdf import Array, Pdf, Rectangle
from PIL import Image

from geppetto.preflight.asked import POINTS
from geppetto.preflight.drawn import Drawn, Walker

DOTS = 144
"""Dots an inch at which pages are looked at for ink: two a point."""
LARGEST = 4000
"""Dots a side that a page is rendered with at most."""
INKED = 250
"""What is darker than this, of 255, is ink."""


class Opened:
    """An open print file; a context."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.pdf = Pdf.open(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pdf.close()

    @cached_property
    def pages(self) -> list[Any]:
        """The dictionaries of all pages."""
        return [page.obj for page in self.pdf.pages]

    @cached_property
    def drawn(self) -> list[list[Drawn]]:
        """What each page draws with."""
        walker = Walker()
        return [walker.page(page) for page in self.pages]

    def numbered(self) -> Iterator[tuple[int, Drawn]]:
        """Give all that is drawn with, with the number of its page."""
        for number, things in enumerate(self.drawn, 1):
            for one in things:
                yield number, one

    def box(self, page: Any, *names: str) -> Rectangle:
        """Give the first of these boxes that a page has, or inherits; in points, upright."""
        for name in (*names, "/MediaBox"):
            node = page
            while node is not None:
                if name in node:
                    return _upright(node[name])
                node = node.get("/Parent")
        return Rectangle(0, 0, 612, 792)

    def paper(self, page: Any) -> Rectangle:
        """Give the sheet that a page is drawn on."""
        return self.box(page)

    def trimmed(self, page: Any) -> Rectangle:
        """Give the finished page on that sheet."""
        return self.box(page, "/TrimBox", "/ArtBox")

    def ink(self) -> Iterator[Image.Image]:
        """Render each page; what is white in the pictures is ink."""
        with pypdfium2.PdfDocument(self.file) as document:
            for number, page in enumerate(self.pages):
                sheet = document[number]
                box = self.paper(page)
                sheet.set_mediabox(box.llx, box.lly, box.urx, box.ury)
                sheet.set_cropbox(box.llx, box.lly, box.urx, box.ury)
                largest = max(box.width, box.height) / POINTS
                scale = min(DOTS, LARGEST / largest) / POINTS
                drawn = sheet.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
                yield drawn.convert("L").point([255] * INKED + [0] * (256 - INKED))
                sheet.close()


def _upright(box: Any) -> Rectangle:
    x, y, right, upper = (float(one) for one in box)
    return Rectangle(Array([min(x, right), min(y, upper), max(x, right), max(y, upper)]))
