"""The whole book as one document of Pandoc's: title page, contents, parts, chapters, their sections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment

from geppetto import ast, sourcemap, templates
from geppetto.ast import Block, raw_block
from geppetto.docx import contents, dialect, marks, names, paragraphs
from geppetto.docx.sections import ARABIC, ROMAN, Section, running_head
from geppetto.model.book import Document, Resolved, Role
from geppetto.progress.count import Tally
from geppetto.terms import terms


@dataclass
class Whole:
    """The blocks of the book and its sections; `links` are the addresses left out, by document."""

    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)

    def close(self, section: Section) -> None:
        """End a section."""
        self.blocks.append(marks.block(marks.SECTION, len(self.sections)))
        self.sections.append(section)


@dataclass(frozen=True)
class Order:
    """What of the book is wanted: which documents, by slug (None: all), and marks of its stops.

    `marked` tells that the documents are given with the marks of their stops.
    """

    included: Collection[str] | None = None
    stops: bool = False
    marked: bool = False

    def given(self, document: Document) -> Document:
        """Give a document with the marks of its stops, where they are wanted."""
        if self.marked or not self.stops:
            return document
        return document.with_blocks(sourcemap.marked(document.blocks))

    def of(self, resolved: Resolved) -> list[tuple[int, Document]]:
        """Give the documents with their numbers in the whole book, from 1."""
        numbered = enumerate(resolved.documents, 1)
        return [one for one in numbered if self.included is None or one[1].slug in self.included]


def bookmarks(resolved: Resolved, order: Order) -> dict[str, str]:
    """Give the bookmarks of what stands in the DOCX, by identifier, and of its parts."""
    documents = [document for _, document in order.of(resolved)]
    slugs = {document.slug for document in documents}
    parts = [contents.part_of(one) for one in documents if one.part is not None]
    held = [identifier for identifier, slug in resolved.homes.items() if slug in slugs]
    return names.bookmarks([*parts, *held])


def assemble(
    resolved: Resolved,
    order: Order,
    images: Mapping[str, str],
    look: tuple[Environment, Mapping[str, Any]],
    tally: Tally,
) -> Whole:
    """Put the book together, and tally its documents.

    `images` maps targets to names in the DOCX; `look` is the templates' environment
    and what they are given.
    """
    documents = order.of(resolved)
    known = bookmarks(resolved, order)
    whole = Whole()
    _open(whole, resolved, [one for _, one in documents], known, look)
    started = False
    for number, document in documents:
        frame = dialect.Frame(known, images, whole.links.setdefault(document.slug, []))
        folios = ROMAN if document.role is Role.FRONT else ARABIC
        start = 1 if folios == ARABIC and not started else None
        if document.part is not None:
            whole.blocks.append(_part(document, known))
            whole.close(Section(folios=folios, start=start, bare=True))
            start = None
        started = started or folios == ARABIC
        stops = number if order.stops else None
        whole.blocks += _chapter(resolved, order.given(document), frame, stops)
        whole.close(Section(running_head(_short_title(document)), folios, start))
        tally.add()
    whole.blocks.pop()  # the last section ends with the document
    return whole


def _open(
    whole: Whole,
    resolved: Resolved,
    documents: list[Document],
    known: Mapping[str, str],
    look: tuple[Environment, Mapping[str, Any]],
) -> None:
    settings = resolved.book.settings
    words = terms(settings.lang)
    environment, values = look
    opening = templates.render(environment, "docx/titlepage.xml", **values)
    whole.blocks.append(raw_block(marks.OPENXML, opening.strip()))
    whole.close(Section(folios=ROMAN, start=1, bare=True))
    lines = list(contents.entries(documents, known, settings.toc_depth, words))
    listed = contents.field(lines, words.contents, settings.toc_depth)
    whole.blocks.append(raw_block(marks.OPENXML, listed))
    whole.close(Section(words.contents, ROMAN))


def _part(document: Document, known: Mapping[str, str]) -> Block:
    title = ast.text(document.part or "")
    return paragraphs.of_style("Part Title", title, known[contents.part_of(document)])


def _chapter(
    resolved: Resolved, document: Document, frame: dialect.Frame, stops: int | None
) -> list[Block]:
    words = terms(resolved.book.settings.lang)
    appendix = contents.appendix_word(words) if document.role is Role.APPENDIX else None
    return dialect.prepare(document.blocks, frame, appendix=appendix, stops=stops)


def _short_title(document: Document) -> str:
    first = document.blocks[0] if document.blocks else None
    pairs = ast.keyvals(first["c"][1]) if first is not None and first["t"] == "Header" else {}
    return pairs.get("short-title") or document.title
