"""`geppetto changes`: what changed between two revisions, marked in an edition of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import store
from geppetto.diagnostics import (
    Diagnostic,
    ExitCode,
    GeppettoError,
    Severity,
    has_errors,
    ordered,
    without_consequences,
)
from geppetto.model.book import Artifact, Outcome, Resolved
from geppetto.pipeline import reading, revisions, unmarking
from geppetto.pipeline.edition import MAIN, WORK, Made, Workshop
from geppetto.pipeline.resolving import resolve
from geppetto.pipeline.revisions import Revision
from geppetto.progress import OnStep, Step
from geppetto.review.changes import documents, edition, summary
from geppetto.review.changes.documents import Comparison
from geppetto.review.changes.summary import Sides
from geppetto.titlepage import authors

FOLDER = "changes"
FORMS = ("pdf", "html", "docx")


@dataclass(frozen=True)
class Request:
    """What is to be compared, and how it is to be shown.

    `revision` is a revision of git's or a kept draft's id; absent, the newest
    kept draft, or the newest that `reviewer` was sent. `to` is the later one;
    absent, today's files. `pages` asks for the pages with changes alone.
    """

    root: Path
    revision: str | None = None
    to: str | None = None
    reviewer: str | None = None
    form: str = "pdf"
    pages: bool = False
    output: Path | None = None


@dataclass(frozen=True)
class Marked:
    """A book with both its revisions: what is set, what is counted, in which folder."""

    resolved: Resolved
    comparison: Comparison
    folder: Path
    epoch: int
    pages: bool


def change(request: Request, on_step: OnStep) -> tuple[Outcome, Comparison | None]:
    """Compare two revisions, and put the edition that shows it in its place.

    Raises:
        GeppettoError: a revision cannot be read, or a tool or the disk does not let it go on.
    """
    started = time.monotonic()
    build = request.root / "build"
    with store.locked(build), store.workspace() as folder:
        store.sweep(build)
        old, new = _revisions(request, folder, on_step)
        marked, told = compared(old, new, folder, on_step, pages=request.pages)
        if marked is None:
            return Outcome((), told), None
        shown = _MAKERS[request.form](marked, on_step)
        at_home = unmarking.at_home(lenient(shown.diagnostics), marked.resolved.book)
        told = ordered([*told, *at_home])
        if shown.file is None or has_errors(told):
            return Outcome((), told), None
        on_step(Step("putting the outputs in place"))
        target = request.output or build / FOLDER / f"{old.name}-{new.name}.{request.form}"
        if target.parent in {build, build / FOLDER}:
            store.record(build, [target.name if target.parent == build else FOLDER])
        store.publish(shown.file, target)
    spent = time.monotonic() - started
    artifact = Artifact(shown.kind, target, shown.count, shown.unit, target.stat().st_size, spent)
    return Outcome((artifact,), told), marked.comparison


def _revisions(request: Request, folder: Path, on_step: OnStep) -> tuple[Revision, Revision]:
    on_step(Step("reading the revisions"))
    root = request.root
    old = revisions.find(root, request.revision, request.reviewer, made(folder / "old"))
    if request.to is None:
        return old, revisions.today(root)
    return old, revisions.find(root, request.to, None, made(folder / "new"))


def made(folder: Path) -> Path:
    """Make a folder."""
    folder.mkdir()
    return folder


def compared(
    old: Revision, new: Revision, folder: Path, on_step: OnStep, *, pages: bool = False
) -> tuple[Marked | None, tuple[Diagnostic, ...]]:
    """Compare two revisions; there is nothing to set where the new one has errors.

    Raises:
        GeppettoError: a revision cannot be read.
    """
    before = _resolved_old(old, on_step)
    after, told = _resolved(new, on_step)
    said = ordered(lenient(without_consequences(told)))
    if has_errors(said):
        return None, said
    on_step(Step("comparing"))
    files = {*before.images.values(), *after.images.values()}
    digests = {file: store.digest(file) for file in sorted(files)}
    before = edition.with_own_images(before, after, digests)
    comparison = documents.compare(before, after)
    sides = Sides(old.words, new.words, (*_said(before, after), *summary.titles(comparison)))
    both = edition.both(before, after, comparison, sides)
    epoch = reading.epoch(after.book)
    return Marked(both, comparison, made(folder / "set"), epoch, pages), said


def _resolved(revision: Revision, on_step: OnStep) -> tuple[Resolved, list[Diagnostic]]:
    book, csl, read = reading.read(revision.root)
    resolved, found = resolve(book, csl, on_step)
    return resolved, [*read, *unmarking.at_home(found, book)]


def _resolved_old(revision: Revision, on_step: OnStep) -> Resolved:
    """Resolve the old revision; its faults are marked on its pages, and are nobody's to mend now."""
    try:
        return _resolved(revision, on_step)[0]
    except GeppettoError as fault:
        if fault.exit_code not in {ExitCode.USAGE, ExitCode.MANUSCRIPT}:
            raise
        first = fault.diagnostics[0]
        place = f"{first.location.path}: " if first.location else ""
        says = f"The book as of {revision.words} cannot be read. {place}{first.message}"
        hint = "Compare with a revision in which the book could be built."
        diagnostic = Diagnostic("revision-unread", says, hint=hint)
        raise GeppettoError(diagnostic, ExitCode.USAGE) from fault


def lenient(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Take for warnings the faults that are marked on the page."""
    return [
        replace(one, severity=Severity.WARNING) if one.markable and one.is_error else one
        for one in diagnostics
    ]


def _said(old: Resolved, new: Resolved) -> list[tuple[str, str, str]]:
    """Give what the title page says otherwise than before."""
    names = (("The title", "title"), ("The subtitle", "subtitle"), ("The publisher", "publisher"))
    before, after = old.book.settings, new.book.settings
    pairs = [(words, getattr(before, key), getattr(after, key)) for words, key in names]
    return [(words, str(a or ""), str(b or "")) for words, a, b in pairs if a != b]


def _pdf(marked: Marked, on_step: OnStep) -> Made:
    from geppetto.latex import finish, picking  # noqa: PLC0415 - no other form needs LaTeX
    from geppetto.pipeline import pdf  # noqa: PLC0415

    workshop = Workshop(marked.folder, marked.epoch, True, on_step, whole=True)
    made = pdf.make(marked.resolved, workshop)
    if made.file is None or not marked.pages:
        return made
    work = marked.folder / WORK
    some, out = work / "some.pdf", work / "pages.pdf"
    count = picking.write(made.file, picking.changed(work, MAIN), some)
    finish.finish(some, out, finish.info_from(marked.resolved.book.settings, marked.epoch))
    return replace(made, file=out, count=count)


def _html(marked: Marked, on_step: OnStep) -> Made:
    from geppetto.pipeline import changed_page  # noqa: PLC0415 - no other form needs it

    return changed_page.make(marked.resolved, marked.folder, on_step)


def tracked_docx(marked: Marked, on_step: OnStep, *, stops: bool = False) -> Made:
    """Make the DOCX in which what changed is tracked; `stops` tells that its stops are marked."""
    from geppetto.docx import tracked as ends  # noqa: PLC0415 - no other form needs it
    from geppetto.pipeline import docx  # noqa: PLC0415
    from geppetto.review.changes import tracked  # noqa: PLC0415

    hand = tracked.Hand(authors(marked.resolved.book.settings) or "Geppetto", marked.epoch)
    workshop = Workshop(marked.folder, marked.epoch, True, on_step)
    made = docx.make(tracked.book(marked.resolved, hand), workshop, marked=stops)
    if made.file is not None:
        store.write_bytes(made.file, ends.whole(made.file.read_bytes(), marked.epoch))
    return made


_MAKERS: Mapping[str, Callable[[Marked, OnStep], Made]] = {
    "pdf": _pdf,
    "html": _html,
    "docx": tracked_docx,
}
