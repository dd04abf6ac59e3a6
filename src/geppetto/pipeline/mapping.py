"""The step from a typeset book to its page map: each line of a page to its line of a chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geppetto import store
from geppetto.ast import Block
from geppetto.model.book import Book, Document, Reference
from geppetto.pagemap import PageMap, read_places, stored, synctex
from geppetto.pipeline.places import aligned, entry_key, stop_lines, stops

Place = tuple[str, int]


def make(documents: Iterable[Document], book: Book, places: str, pdf: Path) -> PageMap:
    """Make the map of a finished PDF from what LuaLaTeX noted of its pages."""
    listed = list(documents)
    references = book.bibliography.references
    known = {document.slug: stop_places(document, references) for document in listed}
    pages, rows = read_places(places, known)
    sources = {path: store.digest(book.root / path) for path in sorted({row.path for row in rows})}
    return PageMap(pages, rows, sources, store.digest(pdf))


def files(made: PageMap, root: Path) -> dict[str, bytes]:
    """Give the files that stand beside the PDF, by what they are named instead of `.pdf`."""
    return {stored.SUFFIX: stored.packed(made), synctex.SUFFIX: synctex.packed(made, root)}


def stop_places(
    document: Document, references: Mapping[str, Reference]
) -> tuple[Place | None, ...]:
    """Give the file and line of each stop of a document: of its chapter, or of the bibliography."""
    listed = stops(document)
    source = aligned(document)
    chapter = document.chapter
    lines = stop_lines(document) if chapter is not None else (0,) * len(listed)
    found: list[Place | None] = []
    for stop, line in zip(listed, lines, strict=True):
        entry = _entry(document.blocks, source.leaves[stop.leaf].path)
        reference = references.get(entry_key(entry, document)) if entry else None
        if reference is not None and reference.location.line:
            found.append((reference.location.path, reference.location.line))
        else:
            found.append((chapter.path, line) if chapter is not None and not entry else None)
    return tuple(found)


def _entry(blocks: Sequence[Block], path: tuple[int, ...]) -> str:
    """Give the identifier of the bibliography's entry that a leaf is in, if it is in one."""
    for index in path:
        if index >= len(blocks) or blocks[index]["t"] != "Div":
            return ""
        attributes, blocks = blocks[index]["c"]
        if "csl-entry" in attributes[1]:
            return str(attributes[0])
    return ""
