"""How much of a step is done, for who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """What a step has to do, in a unit's plural; 0 where that is not known.

    `done` says how much of it is done, for who asks; nobody need. `guessed` says
    that there may be more or fewer.
    """

    of: int
    unit: str
    done: Callable[[], int]
    guessed: bool = False


class Tally:
    """What is done of a step, for a `Count`; who does it adds to it."""

    def __init__(self) -> None:
        self._done = 0

    def add(self, more: int = 1) -> None:
        """Say that so many more are done."""
        self._done += more

    def done(self) -> int:
        """Say how many are done."""
        return self._done
