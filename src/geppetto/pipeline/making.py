"""Makes editions: every step in order, then the outputs put in place, all or none."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from geppetto import pandoc, store, tools
from geppetto.diagnostics import Diagnostic, Severity, has_errors, ordered, without_consequences
from geppetto.model.book import Artifact, Book, Outcome, Resolved
from geppetto.pipeline import inputs, kept, reading, standing, unmarking
from geppetto.pipeline.beside import Beside, Task
from geppetto.pipeline.edition import Made, Request, Workshop
from geppetto.pipeline.resolving import resolve
from geppetto.progress import OnStep, Step
from geppetto.store.shelf import FOLDER, NOTHING, Shelf

if TYPE_CHECKING:
    from concurrent.futures import Future

    from geppetto.epub.package import Resource
    from geppetto.latex.engine import Waiting

EDITIONS = ("pdf", "epub", "docx")


def make(
    request: Request,
    editions: Sequence[str],
    folder: Path,
    on_step: OnStep,
    begun: Future[Waiting | None] | None = None,
) -> Outcome:
    """Make these of the editions asked for; publish them if nothing is wrong.

    `begun` is a LuaLaTeX that has been started for a book of which only chapters
    and bibliographies have changed since the last build.

    Raises:
        GeppettoError: the configuration, a tool or the disk does not let the build go on.
    """
    on_step(Step("reading the book"))
    before = inputs.stamps(request.root)
    book, csl, read = reading.read(request.root)
    read += _unprotected(book)
    lenient = request.lenient or book.settings.errors == "mark"
    weigh = partial(_weighed, lenient=lenient, strict=request.strict)
    keeps = book.settings.trust == "author" and not request.whole
    shelf = Shelf(folder / FOLDER) if keeps else NOTHING
    with Beside() as beside:
        front = _cover(book, folder, shelf, beside) if "epub" in editions else None
        resolved, found = resolve(book, csl, on_step, shelf, front.begin if front else None)
        told = [*read, *unmarking.at_home(found, book)]
        shared = weigh(without_consequences(told))
        if has_errors(shared):
            return Outcome((), ordered(shared))
        workshop = Workshop(
            folder, reading.epoch(book), lenient, on_step, shelf, begun, front, **request.shared
        )
        silent = replace(workshop, on_step=_ignore)
        others = [partial(_timed, name, resolved, silent) for name in editions[1:]]
        each = beside.every([partial(_timed, editions[0], resolved, workshop), *others])
    finished = [
        (made, weigh(unmarking.at_home(made.diagnostics, book)), seconds) for made, seconds in each
    ]
    changed = inputs.changed(before, resolved, csl)
    diagnostics = [*shared, *weigh(changed)]
    diagnostics += [d for _, said, _ in finished for d in said]
    if has_errors(diagnostics):
        return Outcome((), ordered(diagnostics))
    on_step(Step("putting the outputs in place"))
    sources = [*kept.sources(book, csl, resolved.images.values()), *reading.dated_by(book)]
    artifacts = []
    for made, said, spent in finished:
        made_from = standing.basis(
            book.root, [*sources, pandoc.program(), *made.read], before, request.options
        )
        artifact = _publish(made, book, request, spent)
        artifacts.append(artifact)
        if made_from is not None and not changed:
            outputs = [artifact.path, *map(artifact.path.with_suffix, made.beside)]
            stands = standing.Standing(artifact, ordered([*shared, *said]))
            standing.keep(book.root, stands, outputs, made_from)
    shelf.tidy()
    reasons = tuple(f"{made.kind}: {one}" for made, _, _ in finished for one in made.reasons)
    return Outcome(tuple(artifacts), ordered(diagnostics), reasons)


def _ignore(_: Step) -> None:
    """Say nothing of the steps of an edition that is made beside the first."""


def _timed(edition: str, resolved: Resolved, workshop: Workshop) -> tuple[Made, float]:
    """Load what makes an edition, and nothing of the others; make it, and give the seconds, too."""
    started = time.monotonic()
    module = importlib.import_module(f"geppetto.pipeline.{edition}")
    make: Callable[[Resolved, Workshop], Made] = module.make
    return make(resolved, workshop), time.monotonic() - started


def _cover(book: Book, folder: Path, shelf: Shelf, beside: Beside) -> Task[Resource]:
    """Give the task that makes the cover, which needs nothing of the chapters."""

    def draw() -> Resource:
        from geppetto.pipeline import epub  # noqa: PLC0415 - nothing of other editions is loaded

        return epub.draw(book, folder, shelf)

    return beside.later(draw)


def _unprotected(book: Book) -> list[Diagnostic]:
    """Say of a stranger's text that no jail holds it here; the refusals and the limits do."""
    found = tools.protection()
    if book.settings.trust == "author" or found.jail is not None:
        return []
    says = f"This text is not trusted, and no jail holds the programs: {found.why}."
    return [Diagnostic("jail-absent", says, hint=found.remedy)]


def _weighed(diagnostics: Sequence[Diagnostic], *, lenient: bool, strict: bool) -> list[Diagnostic]:
    """Take marked faults for warnings in a lenient build, warnings for errors in a strict one."""
    weighed = []
    for diagnostic in diagnostics:
        severity = diagnostic.severity
        if lenient and diagnostic.markable and diagnostic.is_error:
            severity = Severity.WARNING
        elif strict and severity is Severity.WARNING:
            severity = Severity.ERROR
        weighed.append(replace(diagnostic, severity=severity))
    return weighed


def _names(target: Path, made: Made) -> list[str]:
    return [target.name, *(target.with_suffix(suffix).name for suffix in made.beside)]


def _publish(made: Made, book: Book, request: Request, seconds: float) -> Artifact:
    name = f"{book.slug}.{made.kind}"
    if request.output is None:
        target = request.root / "build" / name
    elif len(request.editions) > 1 or request.output.is_dir():
        target = request.output / name
    else:
        target = request.output
    if made.file is None:
        raise RuntimeError(f"the {made.kind} edition gave neither a file nor an error")
    if target.parent == request.root / "build":
        store.record(target.parent, _names(target, made))
    for suffix, content in made.beside.items():
        store.write_bytes(target.with_suffix(suffix), content)
    store.publish(made.file, target)
    return Artifact(made.kind, target, made.count, made.unit, target.stat().st_size, seconds)
