"""Builds the editions that do not stand as they are.

Loads as little as it can before it knows that there is something to do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geppetto import store, tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, has_errors, ordered
from geppetto.model.book import Outcome
from geppetto.pipeline import standing
from geppetto.pipeline.edition import MAIN, WORK, Request
from geppetto.progress import Step

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from geppetto.latex.engine import Waiting
    from geppetto.progress import OnStep

TEXTS = tuple(f"{suffix} has changed" for suffix in (".md", ".markdown", ".bib"))


def build(request: Request, on_step: OnStep, executor: Executor | None = None) -> Outcome:
    """Build the editions asked for; publish them if nothing is wrong.

    Pandoc, on groups of chapters, and LuaLaTeX, on the book or its parts, are run
    by the executor, if there is one: see `tools.running_on`.

    Raises:
        GeppettoError: the configuration, a tool or the disk does not let the build go on.
    """
    folder = request.root / "build"
    with store.locked(folder):
        store.sweep(folder)
        with _guarded(folder), tools.running_on(executor):
            return _build(request, folder, on_step, None)


def tried(
    request: Request,
    folder: Path,
    on_step: OnStep,
    begun: Future[Waiting | None] | None = None,
) -> Outcome:
    """Build in a folder whose lock is held; what stops the build is among the problems.

    `begun` is a LuaLaTeX that has been started for this build.
    """
    try:
        with _guarded(folder):
            return _build(request, folder, on_step, begun)
    except GeppettoError as fault:
        return Outcome((), tuple(fault.diagnostics))


@contextmanager
def _guarded(folder: Path) -> Iterator[None]:
    """Say what the disk or the memory does not let a build do."""
    try:
        yield
    except OSError as fault:
        raise store.failed(Path(fault.filename or folder), fault) from fault
    except MemoryError as fault:
        raise _out_of_memory() from fault


def _build(
    request: Request,
    folder: Path,
    on_step: OnStep,
    begun: Future[Waiting | None] | None,
) -> Outcome:
    started = time.monotonic()
    stands: list[standing.Standing] = []
    wanted: list[str] = []
    reasons: list[str] = []
    for kind in request.editions:
        found, why = None, ["it is to be made anew"]
        if not request.whole:
            found, why = standing.find(request.root, kind, request.options)
        if found is None:
            wanted.append(kind)
            reasons += [f"{kind}: {one}" for one in why]
        else:
            artifact = replace(found.artifact, seconds=time.monotonic() - started)
            stands.append(replace(found, artifact=artifact))
    made = Outcome((), ())
    if wanted:
        again = all(reason.endswith(TEXTS) for reason in reasons)
        likely = again and "pdf" in wanted and not request.tagged
        with _begun(request.root, folder, begun, likely=likely) as lualatex:
            from geppetto.pipeline.making import make  # noqa: PLC0415 - most builds find no change
            from geppetto.pipeline.pacing import Pace  # noqa: PLC0415

            pace = Pace(folder, " ".join([*wanted, "again" if again else "whole"]), on_step)
            made = make(request, wanted, folder, pace, lualatex)
            if made.artifacts:
                pace.keep()
    else:
        on_step(Step("nothing has changed"))
    told = ordered([*(d for one in stands for d in one.diagnostics), *made.diagnostics])
    artifacts = [*(one.artifact for one in stands), *made.artifacts]
    artifacts.sort(key=lambda one: list(request.editions).index(one.kind))
    done = () if has_errors(told) else tuple(artifacts)
    return Outcome(done, told, (*reasons, *made.reasons))


@contextmanager
def _begun(
    root: Path, folder: Path, begun: Future[Waiting | None] | None, *, likely: bool
) -> Iterator[Future[Waiting | None] | None]:
    """Have LuaLaTeX read the preamble while everything else begins, where it is likely to be used."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most builds find no change

    with ThreadPoolExecutor(1) as beside:
        if begun is None and likely and tools.runs_here():
            begun = beside.submit(begin, root, folder)
        try:
            yield begun if likely else None
        finally:
            waiting = None if begun is None or begun.exception() else begun.result()
            if waiting is not None:
                waiting.stop()


def begin(root: Path, folder: Path) -> Waiting | None:
    """Start LuaLaTeX for a book of which only parts are likely to have changed."""
    from geppetto.latex import engine  # noqa: PLC0415 - most builds find no change

    return engine.start(folder / WORK, MAIN, (root,))


def _out_of_memory() -> GeppettoError:
    says = "The memory did not suffice for this book."
    hint = "Close other programs, or build the book in parts; the last good outputs stand."
    return GeppettoError(Diagnostic("output-failed", says, hint=hint), ExitCode.MACHINERY)
