"""Builds a book again whenever one of its files is saved.

Saves that come in a burst are one. A save during a build ends that build: what
it would have made is old already. The last good outputs stand meanwhile. While
nothing happens, a LuaLaTeX that has read the preamble waits for the next edit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from watchfiles import DefaultFilter, watch

from geppetto import sourcemap, store, tools
from geppetto.latex.engine import Waiting
from geppetto.model.book import Outcome
from geppetto.pipeline import building
from geppetto.pipeline.edition import Request
from geppetto.progress import OnStep

DEBOUNCE = 40
"""Milliseconds without a save that end a burst."""
LOOK = 40
"""Milliseconds between two looks at whether a build has ended."""


@dataclass(frozen=True)
class Turn:
    """A build: what came of it, or what stopped it; which files were saved before; the seconds."""

    outcome: Outcome
    saved: tuple[str, ...]
    seconds: float


class _Saves(DefaultFilter):
    """Looks at the book's own files: not at what is built, nor at editors' temporary ones."""

    def __init__(self, root: Path) -> None:
        super().__init__(ignore_paths=[root / "build"])


class Watch:
    """A book that is watched. `stop` ends it, from any thread."""

    def __init__(self, request: Request, on_step: OnStep) -> None:
        self.request, self.on_step = request, on_step
        self.folder = request.root / "build"
        self._ended = threading.Event()
        self._begun: Future[Waiting | None] | None = None

    def stop(self) -> None:
        """End the watch, and what it is at."""
        self._ended.set()

    def run(self, on_turn: Callable[[Turn], None]) -> None:
        """Build, then build again after each save; tell of each build that came to its end.

        Raises:
            GeppettoError: another build is at work in the folder, or it cannot be written.
        """
        with store.locked(self.folder), ThreadPoolExecutor(2) as pool:
            try:
                self._run(on_turn, pool)
            finally:
                if (waiting := self._waiting()) is not None:
                    waiting.stop()
                tools.stop()

    def _run(self, on_turn: Callable[[Turn], None], pool: ThreadPoolExecutor) -> None:
        saved: set[str] = set()
        at_work: Future[Turn] | None = pool.submit(self._build, ())
        looks = watch(
            self.request.root,
            watch_filter=_Saves(self.request.root),
            debounce=DEBOUNCE,
            step=DEBOUNCE // 4,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            stop_event=self._ended,
            raise_interrupt=True,
        )
        for changes in looks:
            names = self._names(path for _, path in changes)
            saved |= names
            if names and at_work is not None:
                tools.stop_until_ended([at_work])
                at_work = None
            if at_work is not None and at_work.done():
                on_turn(at_work.result())
                at_work = None
                if "pdf" in self.request.editions and self._waiting() is None:
                    self._begun = pool.submit(building.begin, self.request.root, self.folder)
            if at_work is None and saved:
                at_work = pool.submit(self._build, tuple(sorted(saved)))
                saved = set()
        if at_work is not None:
            tools.stop_until_ended([at_work])

    def _waiting(self) -> Waiting | None:
        """Give the LuaLaTeX that waits for the next edit, if it does: a build may have used it."""
        if self._begun is None or self._begun.exception() is not None:
            return None
        waiting = self._begun.result()
        if waiting is not None and not waiting.running.is_alive:
            waiting.stop()
            return None
        return waiting

    def _names(self, paths: Iterable[str]) -> set[str]:
        root = self.request.root.resolve()
        found = (Path(path) for path in paths)
        return {path.relative_to(root).as_posix() for path in found if path.is_relative_to(root)}

    def _build(self, saved: tuple[str, ...]) -> Turn:
        started = time.monotonic()
        begun = self._begun if self._waiting() is not None else None
        outcome = building.tried(self.request, self.folder, self.on_step, begun)
        sourcemap.forget()  # what is remembered is of texts that are old after the next save
        return Turn(outcome, saved, time.monotonic() - started)
