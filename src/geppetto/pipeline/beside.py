"""Steps side by side: what fails first, or is interrupted, ends the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from geppetto import tools

Done = TypeVar("Done")
LOOK = 0.05
"""Seconds between two looks at whether a step that is to end has ended."""


class Step(Generic[Done]):
    """A step that is begun when there is time for it, or at the latest when its result is asked for."""

    def __init__(self, start: Callable[[], Future[Done]]) -> None:
        self._start = start
        self._begun: Future[Done] | None = None

    def begin(self) -> Future[Done]:
        """Begin the step, if that has not been done."""
        if self._begun is None:
            self._begun = self._start()
        return self._begun

    def result(self) -> Done:
        """Wait for what comes of it."""
        return self.begin().result()


class Beside:
    """A context in which steps can be begun; it ends when they have, or ends them at a fault."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor()
        self._begun: list[Future[Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        while kind is not None and wait(self._begun, timeout=LOOK).not_done:
            tools.stop()
        self._pool.shutdown()

    def begin(self, step: Callable[[], Done]) -> Future[Done]:
        """Begin a step."""
        begun = self._pool.submit(step)
        self._begun.append(begun)
        return begun

    def later(self, step: Callable[[], Done]) -> Step[Done]:
        """Give a step that is yet to be begun."""
        return Step(lambda: self.begin(step))

    def every(self, steps: Sequence[Callable[[], Done]]) -> list[Done]:
        """Give what comes of all steps; raise what the first that fails does."""
        if len(steps) == 1:
            return [steps[0]()]
        begun = [self.begin(step) for step in steps]
        for one in wait(begun, return_when=FIRST_EXCEPTION).done:
            one.result()
        return [one.result() for one in begun]
