"""The step from the resolved book to its EPUB."""

from __future__ import annotations

from geppetto import store
from geppetto.epub import edition
from geppetto.model.book import Resolved
from geppetto.pipeline.edition import Made, Workshop


def make(resolved: Resolved, workshop: Workshop) -> Made:
    """Make the EPUB in the work folder."""
    workshop.on_step("making the EPUB")
    work = workshop.folder / "epub"
    work.mkdir(parents=True, exist_ok=True)
    data, diagnostics = edition.build(resolved, epoch=workshop.epoch, work=work)
    file = work / f"{resolved.book.slug}.epub"
    store.write_bytes(file, data)
    chapters = len(resolved.documents)
    return Made("epub", file, chapters, "chapters", tuple(diagnostics))
