"""Paragraphs that go on from no other: they are not indented, as in the other editions."""

from __future__ import annotations

from geppetto.docx.xml import Element, q, set_style, style_of

TEXT, OPENING = "BodyText", "FirstParagraph"
_PASSED = frozenset({q("w:bookmarkStart"), q("w:bookmarkEnd")})


def outdent(root: Element) -> None:
    """Give each paragraph of text that follows none of its kind the style of an opening one."""
    for paragraph in root.iter(q("w:p")):
        if style_of(paragraph) == TEXT:
            before = _before(paragraph)
            if before is None or style_of(before) not in {TEXT, OPENING}:
                set_style(paragraph, OPENING)


def _before(paragraph: Element) -> Element | None:
    siblings = paragraph.itersiblings(preceding=True)
    return next(
        (one for one in siblings if isinstance(one.tag, str) and one.tag not in _PASSED), None
    )
