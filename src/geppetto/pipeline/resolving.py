"""From the book as read to the book resolved: Pandoc, numbers, references, citations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from geppetto import assets
from geppetto.ast import Block, Node, attr, keyvals, nodes, stringify, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Book, Chapter, Document, Heading, Later, Resolved, Role
from geppetto.model.places import Places
from geppetto.pipeline import citing, distrusting
from geppetto.pipeline.opening import Opened, Opening
from geppetto.references import (
    citations,
    crossrefs,
    identifiers,
    numbering,
    quotations,
    targets,
)
from geppetto.store.shelf import Shelf, key
from geppetto.terms import terms

Found = tuple[Resolved, list[Diagnostic]]
Documents = dict[str, list[Block]]
BIBLIOGRAPHY = ("bibliography", "bibliography-of-the-book", "the-bibliography-of-the-book")
"""The names that the bibliography's document may have; the first that is free."""


@dataclass(frozen=True)
class Prepared:
    """The book but for its citations: everything numbered, linked and found.

    `documents` are the blocks by the chapter's slug, their cores where chapters
    were cut; `images` the files by their targets; `opened` the chapters as they
    were opened, by their slugs.
    """

    numbered: tuple[numbering.Numbered, ...]
    documents: Documents
    images: dict[str, Path]
    opened: Mapping[str, Opened]
    diagnostics: list[Diagnostic]


def prepare(book: Book, on_step: Callable[[str], None], opening: Opening) -> Prepared:
    """Resolve everything that one chapter says of another, but for citations."""
    on_step("reading chapters")
    opened, diagnostics = opening.finish()
    on_step("resolving references")
    places = {one.chapter.path: one.places for one in opened}
    numbered, more = _number(book, [(one.chapter, one.core) for one in opened], places)
    diagnostics += more
    documents, images, more = _link(book, numbered, places)
    named = {one.chapter.slug: one for one in opened}
    return Prepared(tuple(numbered), documents, images, named, [*diagnostics, *more])


def resolve(
    book: Book, csl: Path | None, on_step: Callable[[str], None], shelf: Shelf | None = None
) -> Found:
    """Resolve everything that one chapter says of another, once for every edition.

    With a shelf, what this asks of a chapter is the core of its tree; the rest
    is put back when a document's blocks are first looked at.
    """
    with Opening(book, shelf) as opening:
        prepared = prepare(book, on_step, opening)
    diagnostics = prepared.diagnostics
    on_step("setting citations")
    cited, more = citing.cite(book, csl, prepared.documents, shelf)
    diagnostics += more
    if book.settings.trust == "none":
        cited, more = distrusting.citations(book, cited)
        diagnostics += more
    lang = book.settings.lang
    cores = {slug: quotations.set_quotes(b, lang) for slug, b in cited.documents.items()}
    parts = []
    for chapter in prepared.numbered:
        slug = chapter.chapter.slug
        document = _document(chapter, cores[slug])
        if shelf is not None:
            opened = prepared.opened[slug]
            document = replace(
                document,
                blocks=Later(partial(_whole, opened, cited.documents[slug], shelf, lang)),
                made_from=key(opened.name, cores[slug]) if opened.name else "",
            )
        parts.append(document)
    homes = {name: slug for slug, core in cores.items() for name in identifiers.every(core)}
    if cited.bibliography:
        entries = quotations.set_quotes(cited.bibliography, lang)
        listed = _bibliography(book, entries, homes.keys())
        parts.append(replace(listed, made_from=key(listed.blocks)))
        homes |= dict.fromkeys(identifiers.every(listed.blocks), listed.slug)
    return Resolved(book, tuple(parts), homes, prepared.images), diagnostics


def _whole(opened: Opened, core: list[Block], shelf: Shelf, lang: str) -> list[Block]:
    """Give a chapter's whole tree from the core that citations were set in."""
    return quotations.set_quotes(opened.whole(core, shelf), lang)


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


def _bibliography(book: Book, blocks: list[Block], taken: Set[str]) -> Document:
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
