"""The step from a typeset book to its page map: each line of a page to its line of a chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from geppetto import store
from geppetto.model.book import Book, Document, Reference
from geppetto.pagemap import PageMap, read_places, stored, synctex
from geppetto.pipeline.places import Lines, entry_key

Place = tuple[str, int]


def make(
    documents: Iterable[Document], lines: Lines, book: Book, places: str, pdf: Path
) -> PageMap:
    """Make the map of a finished PDF from what LuaLaTeX noted of its pages."""
    references = book.bibliography.references
    known = {one.slug: stop_places(one, lines, references) for one in documents}
    pages, rows = read_places(places, known)
    sources = {path: store.digest(book.root / path) for path in sorted({row.path for row in rows})}
    return PageMap(pages, rows, sources, store.digest(pdf))


def files(made: PageMap, root: Path) -> dict[str, bytes]:
    """Give the files that stand beside the PDF, by what they are named instead of `.pdf`."""
    return {stored.SUFFIX: stored.packed(made), synctex.SUFFIX: synctex.packed(made, root)}


def stop_places(
    document: Document, lines: Lines, references: Mapping[str, Reference]
) -> tuple[Place | None, ...]:
    """Give the file and line of each stop of a document: of its chapter, or of the bibliography."""
    known, chapter = lines.of(document), document.chapter
    found: list[Place | None] = []
    for line, entry in zip(known.stops, known.entries, strict=True):
        reference = references.get(entry_key(entry, document)) if entry else None
        if reference is not None and reference.location.line:
            found.append((reference.location.path, reference.location.line))
        else:
            found.append((chapter.path, line) if chapter is not None and not entry else None)
    return tuple(found)
