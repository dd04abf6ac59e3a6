"""Quotations within quotations: each is indented once more, which Pandoc leaves out."""

from __future__ import annotations

from geppetto.docx import marks
from geppetto.docx.xml import Element, properties, put, q, remove, style_of

STYLES = frozenset({"BlockText", "FootnoteBlockText"})
FIRST, STEP, MOST = 360, 200, 1800


def indent(root: Element) -> None:
    """Indent by how deep a quotation stands, and take the marks of its ends out."""
    depth = 0
    for element in list(root.iter()):
        kind = marks.said(element)
        if kind in ([marks.OPEN], [marks.CLOSE]):
            depth += 1 if kind == [marks.OPEN] else -1
            remove(element)
        elif depth > 1 and element.tag == q("w:p") and style_of(element) in STYLES:
            _indent(element, min(MOST, FIRST + STEP * (depth - 1)))


def _indent(paragraph: Element, width: int) -> None:
    if properties(paragraph).find(q("w:ind")) is None:
        put(paragraph, "ind", left=width, right=width)
