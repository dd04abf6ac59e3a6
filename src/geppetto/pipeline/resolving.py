"""From the book as read to the book resolved: Pandoc, numbers, references, citations."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path

from geppetto import assets, pandoc, store
from geppetto.ast import Block, Inline, Node, attr, keyvals, nodes, stringify, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Book, Chapter, Document, Heading, Later, Resolved, Role
from geppetto.model.places import Places
from geppetto.pipeline import citing, distrusting, inputs, records
from geppetto.pipeline.opening import Opened, Opening
from geppetto.progress import OnStep, Step
from geppetto.references import (
    citations,
    crossrefs,
    identifiers,
    numbering,
    quotations,
    targets,
)
from geppetto.store.shelf import NOTHING, Shelf, key
from geppetto.terms import terms

Found = tuple[Resolved, list[Diagnostic]]
Documents = dict[str, list[Block]]
BIBLIOGRAPHY = ("bibliography", "bibliography-of-the-book", "the-bibliography-of-the-book")
"""The names that the bibliography's document may have; the first that is free."""


@dataclass(frozen=True)
class Prepared:
    """The book but for its citations: everything numbered, linked and found.

    `documents` are the blocks by the chapter's slug, their cores where chapters
    were cut; `images` the files by their targets.
    """

    numbered: tuple[numbering.Numbered, ...]
    documents: Documents
    images: dict[str, Path]
    diagnostics: list[Diagnostic]


def prepare(book: Book, on_step: OnStep, opening: Opening) -> Prepared:
    """Resolve everything that one chapter says of another, but for citations."""
    on_step(Step("reading chapters", opening.count))
    opened, diagnostics = opening.finish()
    on_step(Step("resolving references"))
    prepared = _prepared(book, opened)
    return replace(prepared, diagnostics=[*diagnostics, *prepared.diagnostics])


def resolve(
    book: Book,
    csl: Path | None,
    on_step: OnStep,
    shelf: Shelf = NOTHING,
    meanwhile: Callable[[], object] | None = None,
) -> Found:
    """Resolve everything that one chapter says of another, once for every edition.

    With a shelf, what this asks of a chapter is the core of its tree, and of a
    book whose cores are as they were, nothing; the rest is put back when a
    document's blocks are first looked at. `meanwhile` begins something else while
    citeproc, which keeps one core busy, is at work.
    """
    with Opening(book, shelf) as opening:
        on_step(Step("reading chapters", opening.count))
        opened, diagnostics = opening.finish()
    on_step(Step("resolving references"))
    name = _name(book, csl, opened) if all(one.digest for one in opened) else ""
    kept = _given(name, book.root, shelf) if name else None
    if kept is not None:
        found, more = kept
    else:
        prepared = _prepared(book, opened)
        on_step(Step("setting citations"))
        if meanwhile is not None:
            meanwhile()
        found, more = _cited(book, csl, prepared)
        if name and not any(d.is_error or d.location for d in more):  # lines may move
            _keep(name, found, more, book.root, shelf)
    parts = [
        _document(one, found.chapters[one.chapter.slug], shelf, book.settings.lang)
        for one in opened
    ]
    homes = {name: slug for slug, one in found.chapters.items() for name in one.names}
    if found.bibliography:
        listed = _bibliography(book, found.bibliography, homes.keys())
        parts.append(replace(listed, made_from=key(listed.blocks)))
        homes |= dict.fromkeys(identifiers.every(listed.blocks), listed.slug)
    return Resolved(book, tuple(parts), homes, found.images), [*diagnostics, *more]


def _prepared(book: Book, opened: Sequence[Opened]) -> Prepared:
    places = {one.chapter.path: one.places for one in opened}
    numbered, diagnostics = _number(book, [(one.chapter, one.core) for one in opened], places)
    documents, images, more = _link(book, numbered, places)
    return Prepared(tuple(numbered), documents, images, [*diagnostics, *more])


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
    """All chapters with their citations, by their slugs; the bibliography's blocks; the images."""

    chapters: Mapping[str, _Cited]
    bibliography: list[Block]
    images: Mapping[str, Path]


def _cited(book: Book, csl: Path | None, prepared: Prepared) -> tuple[_Book, list[Diagnostic]]:
    cited, diagnostics = citing.cite(book, csl, prepared.documents)
    if book.settings.trust == "none":
        cited, more = distrusting.citations(book, cited)
        diagnostics += more
    lang = book.settings.lang
    chapters = {slug: _seen(blocks, lang) for slug, blocks in cited.documents.items()}
    bibliography = quotations.set_quotes(cited.bibliography, lang)
    found = _Book(chapters, bibliography, prepared.images)
    return found, [*prepared.diagnostics, *diagnostics]


def _name(book: Book, csl: Path | None, opened: Sequence[Opened]) -> str:
    """Give by what the resolved book is known: all that it is made from."""
    files = sorted(inputs.stamps(book.root))  # an image may be there now, or gone
    style = store.digest(csl) if csl else ""
    cores = [[one.chapter.slug, one.chapter.role, one.digest] for one in opened]
    return key(pandoc.makers(), book.settings, style, book.bibliography, files, cores)


def _seen(blocks: list[Block], lang: str) -> _Cited:
    quoted = quotations.set_quotes(blocks, lang)
    return _Cited(
        blocks,
        key(blocks),
        tuple(_heading(node) for node in nodes(quoted, {"Header"})),
        tuple(quoted[0]["c"][2]),
        tuple(identifiers.every(quoted)),
    )


def _keep(
    name: str, found: _Book, diagnostics: Sequence[Diagnostic], root: Path, shelf: Shelf
) -> None:
    for one in found.chapters.values():
        if not shelf.has("set", one.name):
            shelf.put("set", one.name, one.core)
    chapters = {
        slug: [one.name, [astuple(heading) for heading in one.headings], one.title, one.names]
        for slug, one in found.chapters.items()
    }
    images = {target: os.path.relpath(file, root) for target, file in found.images.items()}
    said = [records.from_diagnostic(one) for one in diagnostics]
    shelf.put("resolved", name, [chapters, found.bibliography, images, said])


def _given(name: str, root: Path, shelf: Shelf) -> tuple[_Book, list[Diagnostic]] | None:
    """Give the book from the shelf; None where it, or a chapter of it, is not there."""
    record = shelf.get("resolved", name)
    if record is None or not all(shelf.has("set", one) for one, *_ in record[0].values()):
        return None
    chapters, bibliography, images, said = record
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
    files = {target: (root / file).resolve() for target, file in images.items()}
    return _Book(found, bibliography, files), [records.to_diagnostic(one) for one in said]


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


def _document(opened: Opened, cited: _Cited, shelf: Shelf, lang: str) -> Document:
    source = opened.chapter
    return Document(
        slug=source.slug,
        role=source.role,
        title=cited.headings[0].text,
        blocks=Later(partial(_whole, opened, cited, shelf, lang)),
        number=cited.headings[0].number,
        title_inlines=cited.title,
        part=source.part,
        chapter=source,
        headings=cited.headings,
        made_from=key(opened.name, cited.name) if opened.name else "",
    )


def _whole(opened: Opened, cited: _Cited, shelf: Shelf, lang: str) -> list[Block]:
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
