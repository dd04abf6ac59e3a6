"""From the book as read to the book resolved: Pandoc, numbers, references, citations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from geppetto import assets, pandoc, sourcemap
from geppetto.ast import Block, attr, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Book, Chapter, Document, Heading, Resolved, Role
from geppetto.model.places import Places
from geppetto.references import (
    citations,
    constructs,
    crossrefs,
    identifiers,
    notes,
    numbering,
    openings,
    quotations,
)
from geppetto.terms import terms

Found = tuple[Resolved, list[Diagnostic]]
Documents = dict[str, list[Block]]


def resolve(book: Book, csl: Path | None, on_step: Callable[[str], None]) -> Found:
    """Resolve everything that one chapter says of another, once for every edition."""
    places = {chapter.path: _places(chapter) for chapter in book.chapters}
    on_step("reading chapters")
    opened, diagnostics = _open(book, places)
    on_step("resolving references")
    numbered, more = _number(book, opened, places)
    diagnostics += more
    documents, images, more = _link(book, numbered, places)
    diagnostics += more
    on_step("setting citations")
    cited, bibliography, more = _cite(book, csl, documents)
    diagnostics += more
    finished = {slug: quotations.set_quotes(b, book.settings.lang) for slug, b in cited.items()}
    parts = [_document(chapter, finished) for chapter in numbered]
    if bibliography:
        parts.append(_bibliography(book, bibliography))
    return Resolved(book, tuple(parts), _homes(parts), images), diagnostics


def _places(chapter: Chapter) -> Places:
    return Places(
        citations=sourcemap.citations(chapter.text),
        note_references=sourcemap.footnote_references(chapter.text),
        note_definitions=sourcemap.footnote_definitions(chapter.text),
        identifiers=sourcemap.identifiers(chapter.text),
        images=sourcemap.images(chapter.text),
        links=sourcemap.links(chapter.text),
    )


def _open(
    book: Book, places: Mapping[str, Places]
) -> tuple[list[tuple[Chapter, list[Block]]], list[Diagnostic]]:
    """Read every chapter; leave the author's notes out; give each its heading."""
    words = terms(book.settings.lang)
    diagnostics: list[Diagnostic] = []
    sources: dict[str, str] = {}
    for chapter in book.chapters:
        diagnostics += notes.examine(chapter, places[chapter.path])
        sources |= openings.sources(chapter)
        sources[chapter.path] = notes.with_doubled_marked(chapter, places[chapter.path])
    pieces, heard = pandoc.read(sources)
    diagnostics += heard
    opened: list[tuple[Chapter, list[Block]]] = []
    left_out = 0
    for chapter in book.chapters:
        if chapter.path not in pieces:
            continue
        blocks, more = openings.open_chapter(chapter, pieces)
        blocks, count = constructs.without_author_notes(blocks)
        blocks = constructs.normalise(blocks, words)
        opened.append((chapter, notes.mark_undefined(blocks, places[chapter.path])))
        diagnostics += more
        left_out += count
    if left_out:
        plural = "author’s note is" if left_out == 1 else "author’s notes are"
        diagnostics.append(
            Diagnostic("author-notes-left-out", f"{left_out} {plural} left out of this edition.")
        )
    return opened, diagnostics


def _number(
    book: Book,
    opened: Sequence[tuple[Chapter, list[Block]]],
    places: Mapping[str, Places],
) -> tuple[list[numbering.Numbered], list[Diagnostic]]:
    """Make identifiers unique, count, and resolve what leads from one place to another."""
    settings, words = book.settings, terms(book.settings.lang)
    named, diagnostics = identifiers.unify(opened, places)
    numbered = numbering.number(named, settings, words)
    library = crossrefs.Library(
        targets=numbering.index(numbered),
        chapters={chapter.chapter.path: chapter for chapter in numbered},
        local={chapter.chapter.path: chapter.local for chapter in named},
        citations=frozenset(book.bibliography.references),
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


def _cite(
    book: Book, csl: Path | None, documents: Documents
) -> tuple[Documents, list[Block], list[Diagnostic]]:
    """Give the documents with their citations set, and the bibliography's blocks."""
    settings = book.settings
    nocite, diagnostics = citations.check_nocite(settings.nocite, book.bibliography)
    keys = citations.cited(documents.values()) | set(nocite)
    if "*" in keys:
        keys = set(book.bibliography.references)
    if not keys:
        return documents, [], diagnostics
    citing = pandoc.Citing(
        book.bibliography.subset(keys), csl, settings.lang, settings.link_citations, nocite
    )
    if settings.bibliography_per == "chapter":
        cited, more = pandoc.cite(documents, citing)
        title = settings.bibliography_title or terms(settings.lang).bibliography
        own = {slug: citations.for_chapter(slug, blocks, title) for slug, blocks in cited.items()}
        return documents | own, [], diagnostics + more
    cited, more = pandoc.cite({citations.BOOK: citations.join(documents)}, citing)
    if citations.BOOK not in cited:
        return documents, [], diagnostics + more
    own, bibliography = citations.split(cited[citations.BOOK])
    return own, bibliography, diagnostics + more


def _document(chapter: numbering.Numbered, finished: Documents) -> Document:
    source = chapter.chapter
    blocks = finished[source.slug]
    heading = chapter.headings[0]
    return Document(
        slug=source.slug,
        role=source.role,
        title=heading.text,
        blocks=tuple(blocks),
        number=chapter.number,
        title_inlines=tuple(blocks[0]["c"][2]),
        part=source.part,
        chapter=source,
        headings=chapter.headings,
    )


def _bibliography(book: Book, blocks: list[Block]) -> Document:
    title = book.settings.bibliography_title or terms(book.settings.lang).bibliography
    taken = {chapter.slug for chapter in book.chapters}
    slug = "bibliography" if "bibliography" not in taken else "bibliography-of-the-book"
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
