"""From the book as read to the book resolved: Pandoc, numbers, references, citations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from geppetto import assets, installed, pandoc, store
from geppetto.ast import Block, Inline, Node, attr, keyvals, nodes, stringify, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Book, Chapter, Document, Heading, Later, Resolved, Role
from geppetto.model.places import Places
from geppetto.pipeline import citing, distrusting, records
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
    lang: str


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
    return Prepared(
        tuple(numbered), documents, images, named, [*diagnostics, *more], book.settings.lang
    )


def resolve(
    book: Book, csl: Path | None, on_step: Callable[[str], None], shelf: Shelf | None = None
) -> Found:
    """Resolve everything that one chapter says of another, once for every edition.

    With a shelf, what this asks of a chapter is the core of its tree; the rest
    is put back when a document's blocks are first looked at.
    """
    with Opening(book, shelf) as opening:
        prepared = prepare(book, on_step, opening)
    on_step("setting citations")
    found, diagnostics = _cited(book, csl, prepared, shelf)
    parts = [_document(chapter, prepared, found, shelf) for chapter in prepared.numbered]
    homes = {name: slug for slug, one in found.chapters.items() for name in one.names}
    if found.bibliography:
        listed = _bibliography(book, found.bibliography, homes.keys())
        parts.append(replace(listed, made_from=key(listed.blocks)))
        homes |= dict.fromkeys(identifiers.every(listed.blocks), listed.slug)
    resolved = Resolved(book, tuple(parts), homes, prepared.images)
    return resolved, [*prepared.diagnostics, *diagnostics]


@dataclass(frozen=True)
class _Cited:
    """A chapter whose citations are set: its tree, or its core; what can be seen of it from outside.

    On the shelf the core is known by `name`.
    """

    core: Sequence[Block]
    name: str
    headings: tuple[Heading, ...]
    title: tuple[Inline, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Book:
    """All chapters with their citations, by their slugs, and the blocks of the bibliography."""

    chapters: Mapping[str, _Cited]
    bibliography: list[Block]


def _cited(
    book: Book, csl: Path | None, prepared: Prepared, shelf: Shelf | None
) -> tuple[_Book, list[Diagnostic]]:
    """Set the citations, if they are not on the shelf: nothing that they depend on has changed."""
    name = ""
    if shelf is not None and shelf.folder is not None:
        cores = {slug: key(blocks) for slug, blocks in prepared.documents.items()}
        style = store.digest(csl) if csl else ""
        name = key(installed.digest(), store.stamp(pandoc.program()), book.settings, style,
                   book.bibliography, cores)  # fmt: skip
        record = shelf.get("cited", name)
        if record is not None:
            return _given(record, shelf)
    cited, diagnostics = citing.cite(book, csl, prepared.documents)
    if book.settings.trust == "none":
        cited, more = distrusting.citations(book, cited)
        diagnostics += more
    lang = book.settings.lang
    chapters = {slug: _seen(blocks, lang) for slug, blocks in cited.documents.items()}
    found = _Book(chapters, quotations.set_quotes(cited.bibliography, lang))
    if name and shelf is not None and not any(d.is_error for d in diagnostics):
        _keep(name, found, diagnostics, shelf)
    return found, diagnostics


def _seen(blocks: list[Block], lang: str) -> _Cited:
    quoted = quotations.set_quotes(blocks, lang)
    return _Cited(
        blocks,
        key(blocks),
        tuple(_heading(node) for node in nodes(quoted, {"Header"})),
        tuple(quoted[0]["c"][2]),
        tuple(identifiers.every(quoted)),
    )


def _keep(name: str, found: _Book, diagnostics: Sequence[Diagnostic], shelf: Shelf) -> None:
    for one in found.chapters.values():
        if not shelf.has("set", one.name):
            shelf.put("set", one.name, one.core)
    chapters = {
        slug: [one.name, [astuple(heading) for heading in one.headings], one.title, one.names]
        for slug, one in found.chapters.items()
    }
    said = [records.from_diagnostic(one) for one in diagnostics]
    shelf.put("cited", name, [chapters, found.bibliography, said])


def _given(record: Any, shelf: Shelf) -> tuple[_Book, list[Diagnostic]]:
    chapters, bibliography, said = record
    found = {
        slug: _Cited(
            Later(partial(shelf.need, "set", name)),
            name,
            tuple(Heading(*heading) for heading in headings),
            tuple(title),
            tuple(names),
        )
        for slug, (name, headings, title, names) in chapters.items()
    }
    return _Book(found, bibliography), [records.to_diagnostic(one) for one in said]


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


def _document(
    chapter: numbering.Numbered, prepared: Prepared, found: _Book, shelf: Shelf | None
) -> Document:
    source = chapter.chapter
    cited, opened = found.chapters[source.slug], prepared.opened[source.slug]
    return Document(
        slug=source.slug,
        role=source.role,
        title=cited.headings[0].text,
        blocks=Later(partial(_whole, opened, cited, shelf, prepared.lang)),
        number=chapter.number,
        title_inlines=cited.title,
        part=source.part,
        chapter=source,
        headings=cited.headings,
        made_from=key(opened.name, cited.name) if opened.name else "",
    )


def _whole(opened: Opened, cited: _Cited, shelf: Shelf | None, lang: str) -> list[Block]:
    """Give a chapter's whole tree from the core that citations were set in."""
    return quotations.set_quotes(opened.whole(cited.core, shelf), lang)


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
