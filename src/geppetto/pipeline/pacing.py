"""Tells of each step of a build with what it took in earlier builds; keeps what it takes now.

Some builds are kept of each kind, one for each way through the steps that a
build of this kind has taken. They are good for an estimate and for nothing else.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path

from geppetto import store
from geppetto.diagnostics import GeppettoError
from geppetto.progress import OnStep, Step
from geppetto.progress.estimate import Taken, Way, past

FILE = "times.json"
MOST = 8
"""Ways that are kept of each kind of build."""
KINDS = 16


class Pace:
    """What is told of the steps of one build, of a kind, in a build folder."""

    def __init__(self, folder: Path, kind: str, on_step: OnStep) -> None:
        self.path, self.kind, self.on_step = folder / FILE, kind, on_step
        self.earlier = _read(self.path).get(kind, [])
        self.taken: list[Taken] = []
        self.step: Step | None = None
        self.begun = 0.0

    def __call__(self, step: Step) -> None:
        """End the step before, and tell of this one."""
        self._end()
        self.step, self.begun = step, time.monotonic()
        kinds = [*(one.kind for one in self.taken), step.kind or step.name]
        self.on_step(replace(step, past=past(self.earlier, kinds)))

    def _end(self) -> None:
        if self.step is None:
            return
        count = self.step.count
        units = (count.guessed and count.done()) or count.of if count else 0
        spent = time.monotonic() - self.begun
        self.taken.append(Taken(self.step.kind or self.step.name, round(spent, 3), units))

    def keep(self) -> None:
        """Keep what the steps of a build took that has come to its end, the last one, too."""
        self._end()
        self.step = None
        every = _read(self.path)
        mine = [self.taken, *(way for way in self.earlier if _kinds(way) != _kinds(self.taken))]
        others = {kind: ways for kind, ways in every.items() if kind != self.kind}
        kept = dict([(self.kind, mine[:MOST]), *others.items()][:KINDS])
        plain = {
            kind: [[astuple(one) for one in way] for way in ways] for kind, ways in kept.items()
        }
        with suppress(GeppettoError):
            store.write_quickly(self.path, json.dumps(plain).encode())


def _kinds(way: Way) -> list[str]:
    return [one.kind for one in way]


def _read(path: Path) -> dict[str, list[Sequence[Taken]]]:
    """Read what was kept; what cannot be read is not known."""
    try:
        kept = json.loads(path.read_bytes())
        return {
            str(kind): [[_taken(*one) for one in way] for way in ways]
            for kind, ways in kept.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _taken(kind: str, seconds: float, units: int) -> Taken:
    if not 0 <= seconds < math.inf:
        raise ValueError(seconds)
    return Taken(str(kind), float(seconds), max(0, int(units)))
