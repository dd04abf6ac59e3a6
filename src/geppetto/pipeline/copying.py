"""A draft's PDFs: the book set once for each spacing, its margins laid over it, its copies stamped.

With single spacing the pages are those that `geppetto pdf` makes: a draft's page has
the same text in the same place. What is added is laid over it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import sourcemap, store
from geppetto.diagnostics import Diagnostic, has_errors
from geppetto.fonts import Face
from geppetto.fonts.outlines import Outline, outline
from geppetto.latex import excerpt, margins, overlay
from geppetto.latex.copies import Master, Stamp
from geppetto.latex.margins import Numbering, Text
from geppetto.latex.overlay import Overlay
from geppetto.latex.page import lay_out
from geppetto.latex.parts import FOLDER
from geppetto.model.book import Artifact
from geppetto.pagemap import PageMap, stored
from geppetto.pipeline import building, pdf, reading, unmarking
from geppetto.pipeline.commission import Order, Shared, sheet_for
from geppetto.pipeline.edition import DOUBLE, MAIN, WORK, Request, Workshop
from geppetto.pipeline.resolving import resolve
from geppetto.progress import OnStep
from geppetto.review import drafts
from geppetto.review.drafts import Copy
from geppetto.review.reviewers import Reviewer
from geppetto.sheet import Sheet, called
from geppetto.sourcemap.leaves import leaves
from geppetto.store import shelf

APART = 1.85
"""How much farther the lines stand apart in a draft with double spacing."""
BIG = 72 / 72.27
"""PDF points in one of TeX's."""


@dataclass(frozen=True)
class Typeset:
    """The book as a PDF with one spacing: where LaTeX worked, the map of its pages."""

    spacing: str
    pdf: Path
    work: Path
    page_map: PageMap


def typeset(order: Order, spacing: str, on_step: OnStep) -> tuple[Typeset | None, list[Diagnostic]]:
    """Set the book, as far as it does not stand as it is."""
    build = order.root / "build"
    if spacing == "single":
        outcome = building.build(Request(order.root, ("pdf",), lenient=order.lenient), on_step)
        if not outcome.artifacts:
            return None, list(outcome.diagnostics)
        file = outcome.artifacts[0].path
        page_map = stored.unpacked(stored.beside(file).read_bytes())
        return Typeset(spacing, file, build / WORK, page_map), list(outcome.diagnostics)
    with store.locked(build):
        return _doubled(order, build / DOUBLE, on_step)


def _doubled(
    order: Order, folder: Path, on_step: OnStep
) -> tuple[Typeset | None, list[Diagnostic]]:
    """Set the book with its lines farther apart, in a folder of its own."""
    book, csl, told = reading.read(order.root)
    kept = shelf.Shelf(order.root / "build" / shelf.FOLDER)
    own = book.settings.pdf
    apart = own.model_copy(update={"line_stretch": own.line_stretch * APART})
    book = replace(book, settings=book.settings.model_copy(update={"pdf": apart}))
    resolved, found = resolve(book, csl, on_step, kept)
    told = [*told, *unmarking.at_home(found, book)]
    if has_errors(told) and not order.lenient:
        return None, told
    workshop = Workshop(folder, reading.epoch(book), order.lenient, on_step, kept)
    made = pdf.make(resolved, workshop)
    told += unmarking.at_home(made.diagnostics, book)
    if made.file is None:
        return None, told
    page_map = stored.unpacked(made.beside[stored.SUFFIX])
    return Typeset(DOUBLE, made.file, folder / WORK, page_map), told


def make(
    shared: Shared, made: Typeset, wanted: Sequence[Reviewer]
) -> tuple[list[tuple[Copy, Artifact]], list[Diagnostic]]:
    """Make the copies with one spacing: the margins set once, every copy stamped."""
    page = lay_out(shared.settings.pdf, len(made.page_map.pages))
    edges = Text(page.inner * BIG, page.outer * BIG)
    laid_out = margins.lay_out(made.page_map, _numbering(shared), shared.notes, edges)
    said = [sheet_for(shared, one) for one in wanted]
    laid = overlay.typeset(
        Overlay(laid_out, said), shared.settings, shared.order.root, made.work, shared.epoch
    )
    target = shared.folder / f"{made.spacing}{stored.SUFFIX}"
    store.write_bytes(target, stored.packed(made.page_map))
    return list(_stamped(shared, made, wanted, said, laid)), laid.diagnostics


def _stamped(
    shared: Shared,
    made: Typeset,
    wanted: Sequence[Reviewer],
    said: Sequence[Sheet],
    laid: overlay.Laid,
) -> Iterator[tuple[Copy, Artifact]]:
    """Write the copies; those that have the same chapters are made from the same pages."""
    mark = _watermark(laid.face, shared.settings.lang)
    whole = range(1, len(made.page_map.pages) + 1)
    slugs = [shared.chosen(one.chapters) for one in wanted]
    for chosen in sorted(set(slugs)):
        book, pages = made.pdf, list(whole)
        if chosen:
            book = made.work / f"{overlay.NAME}-part.pdf"
            pages = excerpt.write(made.work, MAIN, [f"{FOLDER}/{slug}" for slug in chosen], book)
        with Master(book, pages, laid.pdf, len(whole), mark) as master:
            for index, reviewer in enumerate(wanted):
                if slugs[index] == chosen:
                    stamp = _stamp(shared, reviewer, index, said[index])
                    basis = shared.basis(said[index], reviewer)
                    yield _copy(shared, (master, stamp), reviewer, (0, *pages), basis)


def _numbering(shared: Shared) -> Numbering:
    """Give the lines with which blocks begin, those of notes alone, and the names of files."""
    begins: set[margins.Place] = set()
    notes: set[margins.Place] = set()
    others: set[margins.Place] = set()  # an inline note is on a line of its paragraph
    names: dict[str, str] = {}
    for one, document in zip(shared.documents, shared.resolved.documents, strict=True):
        held = leaves(document.blocks)
        for stop, mark in zip(one.stops, sourcemap.stops(document.blocks), strict=True):
            if stop is None:
                continue
            place, is_own = (stop.path, stop.line), stop.path == one.path
            names[stop.path] = drafts.label(one) if is_own else stop.path.rpartition(".")[2]
            (notes if held[mark.leaf].floating else others).add(place)
            if stop.begins:
                begins.add(place)
    return Numbering(begins, names, notes - others)


def _watermark(face: Face | None, lang: str) -> Outline | None:
    """Draw the word across the pages, in the book's language if its face has the letters."""
    if face is None:
        return None
    for language in (lang, "en"):
        if found := outline(face.regular, called(language).upper(), face.index):
            return found
    return None


def _stamp(shared: Shared, reviewer: Reviewer, index: int, said: Sheet) -> Stamp:
    title = f"{shared.settings.title} – {said.heading}"
    return Stamp(index, title, drafts.INFO, shared.name(reviewer))


def _copy(
    shared: Shared,
    stamped: tuple[Master, Stamp],
    reviewer: Reviewer,
    pages: tuple[int, ...],
    basis: str,
) -> tuple[Copy, Artifact]:
    """Write one copy, whole or not at all; leave one alone that would say the same."""
    started = time.monotonic()
    target = shared.file(reviewer, "pdf")
    copy = shared.standing(reviewer, "pdf", basis)
    if copy is None:
        master, stamp = stamped
        store.write_bytes(target, master.stamped(stamp))
        made = (reviewer.slug, reviewer.name, "pdf", target.name, store.digest(target))
        copy = Copy(*made, reviewer.spacing, pages, basis)
    spent = time.monotonic() - started
    return copy, Artifact("pdf", target, len(pages), "pages", target.stat().st_size, spent)
