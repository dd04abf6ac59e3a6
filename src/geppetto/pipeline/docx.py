"""The step from the resolved book to its DOCX."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from geppetto import store
from geppetto.docx import edition
from geppetto.docx.whole import Order
from geppetto.model.book import Resolved
from geppetto.pipeline.edition import Made, Workshop
from geppetto.progress import Step
from geppetto.progress.count import Count, Tally


def make(
    resolved: Resolved,
    workshop: Workshop,
    *,
    included: Collection[str] | None = None,
    marked: bool = False,
) -> Made:
    """Make the DOCX in the work folder.

    `included` are the slugs of the documents that are wanted (None: all); links
    to the others become plain text, and numbers stay those of the whole book.
    `marked` tells that the documents have the marks of their stops already.
    """
    order = Order(included, workshop.stops or marked, marked)
    tally, wanted = Tally(), len(order.of(resolved))
    count = Count(wanted, "chapters", tally.done)
    workshop.on_step(Step("making the DOCX", count))
    work = _work(workshop.folder)
    data, diagnostics = edition.build(
        resolved, work, epoch=workshop.epoch, order=order, tally=tally
    )
    file = work / f"{resolved.book.slug}.docx"
    store.write_bytes(file, data)
    return Made("docx", file, wanted, "chapters", tuple(diagnostics))


def _work(folder: Path) -> Path:
    work = folder / "docx"
    work.mkdir(parents=True, exist_ok=True)
    return work
