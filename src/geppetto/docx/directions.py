"""Directions: of code, and of what runs from left to right in a book that does not.

Pandoc says of each paragraph and run that it runs from right to left, and of
others nothing; but in such a book the styles say it, too.
"""

from __future__ import annotations

from geppetto.docx.xml import Element, put, q, remove, style_of

CODE = "SourceCode"
OWN = (
    "Title", "Subtitle", "Author", "Contributor", "Publisher", "Imprint", "TOC", "PartTitle",
    "SectionEnd", "TableEnd", "CalloutEnd",
)  # fmt: skip
"""How the styles begin of paragraphs that Pandoc did not write: they run as the book does."""


def straighten(root: Element, *, leftward: bool) -> None:
    """Say what runs from left to right; `leftward` tells that the book does not."""
    for paragraph in root.iter(q("w:p")):
        style = style_of(paragraph)
        is_said = paragraph.find(f"{q('w:pPr')}/{q('w:bidi')}") is not None
        if (style == CODE and (is_said or leftward)) or (
            leftward and not is_said and not style.startswith(OWN)
        ):
            put(paragraph, "bidi", val=0)
    for run in root.iter(q("w:r")):
        _straighten(run)


def _straighten(run: Element) -> None:
    known = run.find(q("w:rPr"))
    style = None if known is None else known.find(q("w:rStyle"))
    name = "" if style is None else style.get(q("w:val"), "")
    mark = None if known is None else known.find(q("w:rtl"))
    if mark is not None and (name == "VerbatimChar" or name.endswith("Tok")):
        remove(mark)
