"""The contents: a field of Word's, filled so that it can be read before Word has counted pages.

The page of an entry is a field, too, empty until Word fills it (F9): only Word
knows its pages, and a wrong number is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from geppetto.docx.xml import Element, make, q
from geppetto.model.book import Document, Role
from geppetto.templates import xml
from geppetto.terms import Terms

EN_SPACE = "\u2002"
PART = 9
"""The level of a part's entry: chapters have the first, and no section comes so deep."""


@dataclass(frozen=True)
class Entry:
    """One line of the contents: its level, its words, the bookmark of what it names."""

    level: int
    text: str
    bookmark: str


def entries(
    documents: Iterable[Document], names: Mapping[str, str], depth: int, words: Terms
) -> Iterator[Entry]:
    """Give the lines: parts, chapters and their sections down to a level."""
    for document in documents:
        if document.part is not None:
            yield Entry(PART, document.part, names[part_of(document)])
        title = _numbered(chapter_number(document, words), document.title)
        yield Entry(1, title, names.get(heading_of(document), ""))
        for heading in document.headings:
            if 1 < heading.level <= depth and heading.text.strip() and heading.id in names:
                title = _numbered(heading.number, heading.text)
                yield Entry(heading.level, title, names[heading.id])


def part_of(document: Document) -> str:
    """Give what names the part that opens before a document: no identifier has a blank."""
    return f"part {document.slug}"


def heading_of(document: Document) -> str:
    """Give the identifier of a document's title."""
    first = document.blocks[0] if document.blocks else None
    return first["c"][1][0] if first is not None and first["t"] == "Header" else ""


def chapter_number(document: Document, words: Terms) -> str | None:
    """Give a chapter's number as its heading has it: that of an appendix with its word."""
    if document.number and document.role is Role.APPENDIX:
        return f"{appendix_word(words)} {document.number}"
    return document.number


def appendix_word(words: Terms) -> str:
    """Give what stands before an appendix's letter."""
    return words.appendix[0][:1].upper() + words.appendix[0][1:]


def field(lines: list[Entry], title: str, depth: int) -> str:
    """Give the contents as OpenXML (ECMA-376 part 1, 17.16.5.68)."""
    code = f' TOC \\h \\z \\o "1-{depth}" \\t "Part Title,{PART}" '
    paragraphs = [_entry(one) for one in lines] or [make("p")]
    begun = [_character("begin"), _instruction(code), _character("separate")]
    opening = paragraphs[0]
    for run in reversed(begun):
        opening.insert(1 if lines else 0, run)
    paragraphs[-1].append(_character("end"))
    heading = make("p", make("pPr", make("pStyle", val="TOCHeading")), _run(title))
    part = make(
        "docPartObj", make("docPartGallery", val="Table of Contents"), make("docPartUnique")
    )
    content = make("sdtContent", heading, *paragraphs)
    made = make("sdt", make("sdtPr", part), content)
    return etree.tostring(made, encoding="unicode")


def _numbered(number: str | None, words: str) -> str:
    return f"{number}{EN_SPACE}{words}" if number else words


def _entry(entry: Entry) -> Element:
    page = [
        _run(None, tab=True),
        _character("begin"),
        _instruction(f" PAGEREF {entry.bookmark} \\h "),
        _character("separate"),
        _run(""),
        _character("end"),
    ]
    runs = [_run(entry.text), *(page if entry.bookmark else [])]
    style = make("pPr", make("pStyle", val=f"TOC{entry.level}"))
    if not entry.bookmark:
        return make("p", style, *runs)
    return make("p", style, make("hyperlink", *runs, anchor=entry.bookmark, history=1))


def _run(text: str | None, *, tab: bool = False) -> Element:
    run = make("r", *([make("tab")] if tab else []))
    if text is not None:
        words = make("t")
        words.text = xml(text)
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(words)
    return run


def _character(kind: str) -> Element:
    return make("r", make("fldChar", fldCharType=kind))


def _instruction(code: str) -> Element:
    text = etree.SubElement(run := make("r"), q("w:instrText"))
    text.text = code
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run
