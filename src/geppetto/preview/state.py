"""What the preview shows: frozen, swapped whole at each turn, with those who wait for the next."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from geppetto.diagnostics import Diagnostic
from geppetto.pagemap import PageMap


@dataclass(frozen=True)
class Proof:
    """One PDF, as it is shown.

    `name` is a digest of its bytes. `sizes` are the pages' widths and heights in
    points, `labels` their numbers as printed. `texts` are the files that it was
    made from, as they were then, by their paths; `places` is its page map, if it
    has one of its own.
    """

    name: str
    title: str
    sizes: tuple[tuple[float, float], ...]
    labels: tuple[str, ...]
    places: PageMap | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """A paragraph on a page, in parts of its width and height; `focus` is how far down it was edited."""

    page: int
    x: float
    y: float
    width: float
    height: float
    focus: float


@dataclass(frozen=True)
class State:
    """All that a page in the browser shows.

    `version` is another one after each change. `edited` is the paragraph by which
    the proof differs from the one before; `problems` and `seconds` are those of the
    last build, `step` what the one at work is at.
    """

    version: int = 0
    proof: Proof | None = None
    edited: Spot | None = None
    problems: tuple[Diagnostic, ...] = ()
    seconds: float | None = None
    step: str | None = None


class Board:
    """Where the state hangs: one thread changes it, many wait for the next."""

    def __init__(self) -> None:
        self._state = State()
        self._is_closed = False
        self._changed = threading.Condition()

    @property
    def state(self) -> State:
        """What is shown now."""
        return self._state

    def change(self, **values: Any) -> None:
        """Swap the state for one with these values, and wake all who wait."""
        with self._changed:
            self._state = replace(self._state, version=self._state.version + 1, **values)
            self._changed.notify_all()

    def other_than(self, version: int, seconds: float) -> State:
        """Give the state as soon as it is another than `version`, at the latest after `seconds`."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._state.version != version, timeout=seconds
            )
            return self._state

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
