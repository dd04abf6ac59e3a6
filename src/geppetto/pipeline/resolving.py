"""From the book as read to the book resolved: Pandoc, numbers, references, citations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import assets
from geppetto.ast import Block, Node, attr, keyvals, nodes, stringify, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Book, Chapter, Document, Heading, Resolved, Role
from geppetto.model.places import Places
from geppetto.pipeline import citing, distrusting
from geppetto.pipeline.opening import Opening
from geppetto.references import (
    citations,
    crossrefs,
    identifiers,
    numbering,
    quotations,
    targets,
)
from geppetto.terms import terms

Found = tuple[Resolved, list[Diagnostic]]
Documents = dict[str, list[Block]]
BIBLIOGRAPHY = ("bibliography", "bibliography-of-the-book", "the-bibliography-of-the-book")
"""The names that the bibliography's document may have; the first that is free."""


@dataclass(frozen=True)
class Prepared:
    """The book but for its citations: everything numbered, linked and found.

    `documents` are the blocks by the chapter's slug, `images` the files by their targets.
    """

    numbered: tuple[numbering.Numbered, ...]
    documents: Documents
    images: dict[str, Path]
    diagnostics: list[Diagnostic]


def prepare(book: Book, on_step: Callable[[str], None], opening: Opening) -> Prepared:
    """Resolve everything that one chapter says of another, but for citations."""
    on_step("reading chapters")
    opened, places, diagnostics = opening.finish()
    on_step("resolving references")
    numbered, more = _number(book, opened, places)
    diagnostics += more
    documents, images, more = _link(book, numbered, places)
    return Prepared(tuple(numbered), documents, images, [*diagnostics, *more])


def resolve(book: Book, csl: Path | None, on_step: Callable[[str], None]) -> Found:
    """Resolve everything that one chapter says of another, once for every edition."""
    with Opening(book) as opening:
        prepared = prepare(book, on_step, opening)
    diagnostics = prepared.diagnostics
    on_step("setting citations")
    cited, more = citing.cite(book, csl, prepared.documents)
    diagnostics += more
    if book.settings.trust == "none":
        cited, more = distrusting.citations(book, cited)
        diagnostics += more
    lang = book.settings.lang
    finished = {slug: quotations.set_quotes(b, lang) for slug, b in cited.documents.items()}
    parts = [_document(chapter, finished[chapter.chapter.slug]) for chapter in prepared.numbered]
    if cited.bibliography:
        taken = {name for part in parts for name in identifiers.every(part.blocks)}
        entries = quotations.set_quotes(cited.bibliography, lang)
        parts.append(_bibliography(book, entries, taken))
    return Resolved(book, tuple(parts), _homes(parts), prepared.images), diagnostics


def _number(
    book: Book,
    opened: Sequence[tuple[Chapter, list[Block]]],
    places: Mapping[str, Places],
) -> tuple[list[numbering.Numbered], list[Diagnostic]]:
    """Make identifiers unique, count, and resolve what leads from one place to another."""
    settings, words = book.settings, terms(book.settings.lang)
    references = book.bibliography.references
    repeated = (citations.REFERENCES,) if settings.bibliography_per == "chapter" else ()
    reserved = [citations.REFERENCES, *(citations.ENTRY + key for key in references)]
    named, diagnostics = identifiers.unify(opened, places, reserved, repeated)
    numbered = numbering.number(named, settings, words)
    library = targets.Library(
        targets=numbering.index(numbered),
        chapters={chapter.chapter.path: chapter for chapter in numbered},
        local={chapter.chapter.path: chapter.local for chapter in named},
        citations=frozenset(references),
        words=words,
        lang=settings.lang,
    )
    linked: list[numbering.Numbered] = []
    for chapter in numbered:
        blocks, more = crossrefs.resolve(chapter, library, places[chapter.chapter.path])
        linked.append(chapter.with_blocks(blocks))
        diagnostics += more
    return linked, diagnostics


def _link(
    book: Book, numbered: Sequence[numbering.Numbered], places: Mapping[str, Places]
) -> tuple[Documents, dict[str, Path], list[Diagnostic]]:
    """Check citation keys, find images."""
    documents: Documents = {}
    images: dict[str, Path] = {}
    diagnostics: list[Diagnostic] = []
    for chapter in numbered:
        path = chapter.chapter.path
        blocks, unknown = citations.check(chapter.blocks, path, book.bibliography, places[path])
        blocks, files, faults = assets.resolve(blocks, path, book.root, places[path])
        documents[chapter.chapter.slug] = blocks
        images |= files
        diagnostics += [*unknown, *faults]
    return documents, images, diagnostics


def _document(chapter: numbering.Numbered, blocks: list[Block]) -> Document:
    source = chapter.chapter
    headings = tuple(_heading(node) for node in nodes(blocks, {"Header"}))
    return Document(
        slug=source.slug,
        role=source.role,
        title=headings[0].text,
        blocks=tuple(blocks),
        number=chapter.number,
        title_inlines=tuple(blocks[0]["c"][2]),
        part=source.part,
        chapter=source,
        headings=headings,
    )


def _heading(node: Node) -> Heading:
    level, attributes, inlines = node["c"]
    return Heading(level, attributes[0], stringify(inlines), keyvals(attributes).get("number"))


def _bibliography(book: Book, blocks: list[Block], taken: set[str]) -> Document:
    title = book.settings.bibliography_title or terms(book.settings.lang).bibliography
    slugs = {chapter.slug for chapter in book.chapters}
    slug = next(name for name in BIBLIOGRAPHY if name not in slugs and name not in taken)
    inlines = text(title)
    heading = {"t": "Header", "c": [1, attr(slug, ["unnumbered"]), inlines]}
    return Document(
        slug=slug,
        role=Role.BACK,
        title=title,
        blocks=(heading, *blocks),
        title_inlines=tuple(inlines),
        headings=(Heading(1, slug, title, None),),
    )


def _homes(documents: Sequence[Document]) -> dict[str, str]:
    return {
        name: document.slug for document in documents for name in identifiers.every(document.blocks)
    }
