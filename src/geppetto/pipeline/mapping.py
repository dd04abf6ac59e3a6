"""The step from a typeset book to its page map: each line of a page to its line of a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from geppetto import store
from geppetto.model.book import Book, Document, Reference
from geppetto.pagemap import read_places, stored, synctex
from geppetto.pipeline.places import Lines, entry_key
from geppetto.store.shelf import Shelf, key

Place = tuple[str, int]
_PARTS = re.compile(r"^(?=opens \d)", re.MULTILINE)


def files(
    documents: Iterable[Document], lines: Lines, book: Book, places: str, pdf: Path
) -> dict[str, bytes]:
    """Give the page map of a finished PDF and its SyncTeX, by what they are named instead of `.pdf`.

    `places` is what LuaLaTeX noted of the pages. It is read part by part: what
    was made of a part that stands as it stood is on the shelf.
    """
    references = book.bibliography.references
    known = {one.slug: stop_places(one, lines, references) for one in documents}
    paths = sorted({place[0] for one in known.values() for place in one if place is not None})
    made = [_part(text, known, paths, lines.shelf) for text in _PARTS.split(places)]
    pages = [size for part in made for size in part["pages"]]
    sources = {path: store.digest(book.root / path) for path in paths}
    rows = [text for part in made for text in part["rows"]]
    boxes = [text for part in made for text in part["boxes"]]
    with ThreadPoolExecutor(1) as beside:  # to compress takes longest, and both cores can
        boxed = beside.submit(synctex.assembled, paths, boxes, book.root)
        mapped = stored.assembled(store.digest(pdf), sources, pages, rows)
        return {stored.SUFFIX: mapped, synctex.SUFFIX: boxed.result()}


def _part(
    text: str,
    known: Mapping[str, tuple[Place | None, ...]],
    paths: list[str],
    shelf: Shelf,
) -> Any:
    """Read what stands on the pages of a part: their sizes, and their texts in both files."""
    slugs = re.findall(r"^part \d+ (.+)$", text, re.MULTILINE)
    name = key(text, [[slug, known.get(slug)] for slug in slugs], paths)
    return shelf.made("pages", name, lambda: _pages(text, known, paths))


def _pages(
    text: str, known: Mapping[str, tuple[Place | None, ...]], paths: list[str]
) -> dict[str, Any]:
    pages, rows = read_places(text, known)
    by_page = [[row for row in rows if row.page == number + 1] for number in range(len(pages))]
    index = {path: number for number, path in enumerate(paths)}
    tags = synctex.numbered(paths)
    sized = zip(by_page, pages, strict=True)
    return {
        "pages": pages,
        "rows": [stored.page_text(one, index) for one in by_page],
        "boxes": [synctex.page_text(one, size, tags) for one, size in sized],
    }


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
