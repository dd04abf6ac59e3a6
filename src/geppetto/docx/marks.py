"""Marks: processing instructions by which what Pandoc writes says what is to be finished in it.

Pandoc hands raw OpenXML on as it is, and an author's own is not let through:
so each of them is ours. `finish` puts something in the place of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from geppetto.ast import Block, Inline, raw_block, raw_inline
from geppetto.docx.xml import Element

TARGET = "geppetto"
OPENXML = "openxml"
STOP, SECTION, OPEN, CLOSE, LINES = "stop", "section", "open", "close", "lines"
DECORATIVE = "geppetto decorative"
"""The title, in Pandoc's tree, of an image that says nothing."""


def inline(*words: object) -> Inline:
    """Make a mark within a paragraph."""
    return raw_inline(OPENXML, _text(words))


def block(*words: object) -> Block:
    """Make a mark between paragraphs."""
    return raw_block(OPENXML, _text(words))


def tab() -> Inline:
    """Make a tab, as it stands between the number and the words of a reference."""
    return raw_inline(OPENXML, "<w:r><w:tab/></w:r>")


def empty(style: str) -> Block:
    """Make a paragraph without words, which Pandoc would leave out."""
    return raw_block(OPENXML, f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>')


def is_mark(node: Any) -> bool:
    """Tell whether a node is a mark."""
    return bool(
        node["t"] in {"RawInline", "RawBlock"}
        and node["c"][0] == OPENXML
        and node["c"][1].startswith(f"<?{TARGET}")
    )


def found(root: Element, kind: str) -> Iterator[tuple[Element, list[str]]]:
    """Give each mark of a kind with its words; it may be taken out meanwhile."""
    for mark in list(root.iter(etree.ProcessingInstruction)):
        words = said(mark)
        if words[:1] == [kind]:
            yield mark, words[1:]


def said(element: Element) -> list[str]:
    """Give the words of a mark; none where it is none."""
    is_ours = not isinstance(element.tag, str) and getattr(element, "target", "") == TARGET
    return (element.text or "").split() if is_ours else []


def _text(words: tuple[object, ...]) -> str:
    return f"<?{TARGET} {' '.join(map(str, words))}?>"
