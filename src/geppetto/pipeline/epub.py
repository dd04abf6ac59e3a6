"""The step from the resolved book to its EPUB."""

from __future__ import annotations

from pathlib import Path

from geppetto import store
from geppetto.epub import chapters, edition, stylesheets
from geppetto.model.book import Book, Resolved
from geppetto.pipeline.edition import Made, Workshop


def make(resolved: Resolved, workshop: Workshop) -> Made:
    """Make the EPUB in the work folder."""
    workshop.on_step("making the EPUB")
    book = resolved.book
    work = workshop.folder / "epub"
    work.mkdir(parents=True, exist_ok=True)
    data, diagnostics = edition.build(resolved, epoch=workshop.epoch, work=work)
    file = work / f"{book.slug}.epub"
    store.write_bytes(file, data)
    read = (*chapters.raw_images(resolved).values(), *stylesheets.sources(book), *_cover(book))
    count = len(resolved.documents)
    return Made("epub", file, count, "chapters", tuple(diagnostics), read=read)


def _cover(book: Book) -> list[Path]:
    cover = book.settings.epub.cover
    return [] if cover is None else [book.root / cover]
