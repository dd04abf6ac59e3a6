"""A draft's copies that have no pages: EPUBs and DOCXs. Each choice of chapters is made once."""

from __future__ import annotations

import time
from collections.abc import Sequence

from geppetto import docx, store
from geppetto.diagnostics import Diagnostic
from geppetto.docx import edition as word
from geppetto.docx.whole import Order
from geppetto.epub import edition, stamp
from geppetto.model.book import Artifact, Resolved
from geppetto.pipeline import epub
from geppetto.pipeline.annotating import annotated, selected
from geppetto.pipeline.commission import Shared, sheet_for
from geppetto.pipeline.places import Lines
from geppetto.review.drafts import Copy
from geppetto.review.reviewers import Reviewer

Found = tuple[list[tuple[Copy, Artifact]], list[Diagnostic]]
KINDS = ("epub", "docx")


def make(shared: Shared, kind: str, wanted: Sequence[Reviewer], lines: Lines) -> Found:
    """Make the copies of a kind."""
    stops = {one.slug: one for one in shared.documents}
    marked = annotated(shared.resolved, stops, shared.notes, lines)
    build, stamped = (_epub, _stamped_epub) if kind == "epub" else (_docx, _stamped_docx)
    found: list[tuple[Copy, Artifact]] = []
    told: list[Diagnostic] = []
    slugs = [shared.chosen(one.chapters) for one in wanted]
    for chosen in sorted(set(slugs)):
        data, said = build(shared, marked, chosen)
        told += said
        for reviewer, own in zip(wanted, slugs, strict=True):
            if own == chosen:
                started = time.monotonic()
                content = stamped(shared, data, reviewer)
                found.append(_written(shared, kind, reviewer, content, started))
    return found, told


def _epub(
    shared: Shared, marked: Resolved, chosen: Sequence[str]
) -> tuple[bytes, list[Diagnostic]]:
    book = selected(marked, set(chosen)) if chosen else marked
    front = epub.draw(book.book, shared.order.root / "build")
    return edition.build(book, epoch=shared.epoch, front=front)


def _docx(
    shared: Shared, marked: Resolved, chosen: Sequence[str]
) -> tuple[bytes, list[Diagnostic]]:
    work = shared.order.root / "build" / "docx"
    work.mkdir(parents=True, exist_ok=True)
    order = Order(included=chosen or None, stops=True, marked=True)
    return word.build(marked, work, epoch=shared.epoch, order=order)


def _stamped_epub(shared: Shared, data: bytes, reviewer: Reviewer) -> bytes:
    name, sheet = shared.name(reviewer), sheet_for(shared, reviewer)
    return stamp.stamp(data, shared.resolved.book, sheet, name, shared.epoch)


def _stamped_docx(shared: Shared, data: bytes, reviewer: Reviewer) -> bytes:
    sheet = sheet_for(shared, reviewer)
    return docx.stamp(data, sheet.foot, shared.name(reviewer), sheet)


def _written(
    shared: Shared, kind: str, reviewer: Reviewer, content: bytes, started: float
) -> tuple[Copy, Artifact]:
    target = shared.file(reviewer, kind)
    store.write_bytes(target, content)
    digest = store.digest(target)
    copy = Copy(reviewer.slug, reviewer.name, kind, target.name, digest, reviewer.spacing)
    count = len(shared.chosen(reviewer.chapters) or shared.documents)
    spent = time.monotonic() - started
    return copy, Artifact(kind, target, count, "chapters", len(content), spent)
