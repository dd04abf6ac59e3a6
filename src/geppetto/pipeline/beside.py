"""Tasks side by side: what fails first, or is interrupted, ends the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from geppetto import tools

Done = TypeVar("Done")


class Task(Generic[Done]):
    """A task that is begun when there is time for it, or at the latest when its result is asked for."""

    def __init__(self, start: Callable[[], Future[Done]]) -> None:
        self._start = start
        self._begun: Future[Done] | None = None

    def begin(self) -> Future[Done]:
        """Begin the task, if that has not been done."""
        if self._begun is None:
            self._begun = self._start()
        return self._begun

    def result(self) -> Done:
        """Wait for what comes of it."""
        return self.begin().result()


class Beside:
    """A context in which tasks can be begun; it ends when they have, or ends them at a fault."""

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
        if kind is not None:
            tools.stop_until_ended(self._begun)
        self._pool.shutdown()

    def begin(self, task: Callable[[], Done]) -> Future[Done]:
        """Begin a task."""
        begun = self._pool.submit(task)
        self._begun.append(begun)
        return begun

    def later(self, task: Callable[[], Done]) -> Task[Done]:
        """Give a task that is yet to be begun."""
        return Task(lambda: self.begin(task))

    def every(self, tasks: Sequence[Callable[[], Done]]) -> list[Done]:
        """Give what comes of all tasks; raise what the first that fails does."""
        if len(tasks) == 1:
            return [tasks[0]()]
        begun = [self.begin(task) for task in tasks]
        for one in wait(begun, return_when=FIRST_EXCEPTION).done:
            one.result()
        return [one.result() for one in begun]
