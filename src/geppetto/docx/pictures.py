"""Pictures: numbered, described, no higher than the text."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from geppetto.docx import marks
from geppetto.docx.page import EMU, Page
from geppetto.docx.xml import Element, q

HIGHEST = 0.82
"""How much of the text's height a picture may take: below it there is room for its caption."""
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"  # MS-ODRAWXML, 2.24.3.1


def tidy(roots: Sequence[Element], page: Page) -> None:
    """Finish the pictures of all parts."""
    drawings = [drawing for root in roots for drawing in root.iter(q("wp:inline"))]
    for number, drawing in enumerate(drawings, 1):
        shown = drawing.find(q("wp:docPr"))
        if shown is not None:
            _describe(drawing, shown, number)
        _bound(drawing, page)


def _describe(drawing: Element, shown: Element, number: int) -> None:
    is_decorative = shown.get("title") == marks.DECORATIVE
    if is_decorative or not shown.get("title"):
        shown.attrib.pop("title", "")
    words = "" if is_decorative else shown.get("descr", "")
    for element, name in ((shown, f"Picture {number}"), *_pictures(drawing, number)):
        element.set("id", str(number))
        element.set("name", name)
        element.set("descr", words)
    if is_decorative:
        _extend(shown)


def _pictures(drawing: Element, number: int) -> list[tuple[Element, str]]:
    return [(one, f"Picture {number}") for one in drawing.iter(q("pic:cNvPr"))]


def _extend(shown: Element) -> None:
    """Say to Word that there is nothing to describe."""
    listed = etree.SubElement(shown, q("a:extLst"))
    extension = etree.SubElement(listed, q("a:ext"), uri=_EXTENSION)
    etree.SubElement(extension, f"{{{DECORATIVE}}}decorative", val="1", nsmap={"adec": DECORATIVE})


def _bound(drawing: Element, page: Page) -> None:
    """Make a picture smaller that is higher than the text leaves room for, or wider."""
    extent = drawing.find(q("wp:extent"))
    if extent is None:
        return
    width, height = int(extent.get("cx", 0)), int(extent.get("cy", 0))
    most = (page.measure * EMU, HIGHEST * page.depth * EMU)
    factor = min([1.0, *(m / s for m, s in zip(most, (width, height), strict=True) if s > 0)])
    if factor >= 1:
        return
    for element in (extent, *drawing.iter(q("a:ext"))):
        if element.get("cx") is not None:
            element.set("cx", str(max(1, int(width * factor))))
            element.set("cy", str(max(1, int(height * factor))))
