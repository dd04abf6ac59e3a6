"""The line that moves on a terminal while a command works: the step, how far it is, what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.text import Text

from geppetto.progress import Step
from geppetto.progress.count import Count
from geppetto.progress.estimate import Seen, left, said, steadied

LOOKS = 5
"""How often in a second the line is drawn, and what is done is looked at."""
BAR = 24
"""Characters of the bar, a quarter of the line at most."""


@dataclass(frozen=True)
class Signs:
    """What the line is drawn with."""

    turning: str
    full: str
    empty: str
    between: str


FINE = Signs("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "━", "─", " · ")
PLAIN = Signs("|/-\\", "#", "-", ", ")


@dataclass(frozen=True)
class Look:
    """What the line says: the step, the part of it that is done, how much, and what is left.

    `bar` is the bar's length in characters.
    """

    name: str
    share: float | None = None
    count: str = ""
    left: str = ""
    bar: int = 0

    @property
    def width(self) -> int:
        """How many characters the line has."""
        words = " · ".join(word for word in (self.count, self.left) if word)
        return sum(2 + n for n in (self.bar, len(words)) if n) + len(self.name)


def look(step: Step, done: int, rest: str, width: int) -> Look:
    """Say of a step what there is room for: the bar goes first, the step's name never."""
    every = list(_looks(step, done, rest, min(BAR, width // 4)))
    return next((one for one in every if one.width <= width), every[-1])


def _looks(step: Step, done: int, rest: str, bar: int) -> Iterator[Look]:
    """Give what can be said, from all of it to the least."""
    name, short = _name(step), step.name.partition(",")[0]
    names = dict.fromkeys((name, short))
    long, brief = _counted(step.count, done)
    if step.count and 1 < step.count.of >= done:
        yield from (Look(one, done / step.count.of, long, rest, bar) for one in names)
    yield from (Look(name, None, count, rest) for count in (long, brief) for name in names)
    yield from (Look(name, None, count) for count in (long, brief) for name in names)
    yield Look(name)


def _name(step: Step) -> str:
    """Name a step; what is counted is not named twice."""
    return step.name.removesuffix(f", {step.count.of} {step.count.unit}" if step.count else "")


def _counted(count: Count | None, done: int) -> tuple[str, str]:
    """Say how much is done, in words and in fewer; nothing where there is one thing to do."""
    if count is None or max(count.of, done) < 2:
        return "", ""
    if done > count.of:
        return f"{done} {count.unit}", str(done)
    about = "about " if count.guessed else ""
    return f"{done} of {about}{count.of} {count.unit}", "" if about else f"{done}/{count.of}"


@dataclass
class _At:
    """A step that is shown: since when, what has been seen of it, what is taken to be left."""

    step: Step
    begun: float
    seen: Seen = field(default_factory=Seen)
    left: float | None = None

    def look(self, now: float, width: int) -> Look:
        """Look how far the step is."""
        done = self.step.count.done() if self.step.count else 0
        self.seen = self.seen.then(now - self.begun, done)
        known = steadied(left(self.step, self.seen), self.left)
        self.left = self.left if known is None else known
        return look(self.step, done, said(known), width)


class Line:
    """The line, from the first step until it is stopped; then nothing of it is left."""

    def __init__(self, step: Step) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.started = time.monotonic()
        self.step(step)
        self._live = Live(
            console=self.console,
            get_renderable=self._drawn,
            refresh_per_second=LOOKS,
            transient=True,
        )
        self._live.start()

    def step(self, step: Step) -> None:
        """Show another step from now on."""
        self._at = _At(step, time.monotonic())

    def stop(self) -> None:
        """Take the line away."""
        self._live.stop()

    def _drawn(self) -> Text:
        now = time.monotonic()
        signs = PLAIN if self.console.options.ascii_only else FINE
        turning = signs.turning[int((now - self.started) * LOOKS) % len(signs.turning)]
        return drawn(self._at.look(now, self.console.width - 2), turning, signs)


def drawn(seen: Look, turning: str, signs: Signs) -> Text:
    """Draw the line."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{turning} ", style="cyan")
    text.append(seen.name)
    if seen.share is not None:
        full = round(seen.share * seen.bar)
        text.append("  " + signs.full * full, style="cyan")
        text.append(signs.empty * (seen.bar - full), style="dim")
    for number, word in enumerate(word for word in (seen.count, seen.left) if word):
        text.append(signs.between if number else "  ")
        text.append(word, style="dim" if word is seen.left else "")
    return text
