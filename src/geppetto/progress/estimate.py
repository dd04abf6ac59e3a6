"""How long the rest of a build takes, by what earlier builds took; nothing where they do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geppetto.progress import Step

AGREE = 2.0
"""How many times the one of two builds may take what the other took, if one is to stand for both."""
ENOUGH = 0.1
"""The share of a step whose pace may stand for the rest."""
SLACK = 3.0
"""Seconds that are of no account: less than these is not said to be left."""


@dataclass(frozen=True)
class Past:
    """What a step took in an earlier build: seconds, for how many units; seconds from it to the end."""

    seconds: float
    units: int
    after: float


@dataclass(frozen=True)
class Taken:
    """What a step took: its kind, seconds, and for how many units, 0 where it counts nothing."""

    kind: str
    seconds: float
    units: int = 0


Way = Sequence[Taken]
"""The steps of a build, in order."""


@dataclass(frozen=True)
class Seen:
    """What has been seen of a step: its seconds so far, the units done, and when the first were.

    The first units take longer than the others: the program that does them is
    started, or reads its preamble.
    """

    seconds: float = 0.0
    done: int = 0
    first_seconds: float = 0.0
    first_done: int = 0

    def then(self, seconds: float, done: int) -> Seen:
        """See it once more."""
        if not 0 < self.first_done <= done:
            return Seen(seconds, done, seconds, done)
        return replace(self, seconds=seconds, done=done)


def past(ways: Sequence[Way], begun: Sequence[str]) -> Past | None:
    """Give what the last of the kinds that have begun took in earlier builds, the newest first.

    Where a build may go on in several ways, of which one takes much longer than
    another, nobody knows.
    """
    found = [one for way in ways if (one := _in(way, begun)) is not None]
    wholes = [one.seconds + one.after for one in found]
    if not found or max(wholes) > AGREE * min(wholes) + SLACK:
        return None
    return found[0]


def _in(way: Way, begun: Sequence[str]) -> Past | None:
    """Find a kind in a build, as often as it has begun, and what followed."""
    places = [number for number, one in enumerate(way) if one.kind == begun[-1]]
    nth = begun.count(begun[-1])
    if len(places) < nth:
        return None
    at = places[nth - 1]
    return Past(way[at].seconds, way[at].units, sum(one.seconds for one in way[at + 1 :]))


def left(step: Step, seen: Seen) -> float | None:
    """Give the seconds to the end of the build; None where they are not known.

    The pace of the earlier build counts for less and less, that of this one for
    more and more: from the middle on, or once the step takes longer than it did,
    that alone.
    """
    if step.past is None:
        return None
    of = step.count.of if step.count else 0
    whole = _whole(step.past, of)
    by_past = None if whole is None else max(0.0, whole - seen.seconds)
    share = (seen.done - seen.first_done) / max(1, of - seen.first_done)
    if not of or share <= 0 or seen.first_done == 0:
        return None if by_past is None else by_past + step.past.after
    by_pace = (seen.seconds - seen.first_seconds) / share * max(0.0, 1 - share)
    weight = min(1.0, max(2 * share, seen.seconds / whole if whole else 1.0))
    if by_past is None:
        return by_pace + step.past.after if share > ENOUGH else None
    return (1 - weight) * by_past + weight * by_pace + step.past.after


def _whole(past: Past, of: int) -> float | None:
    """Give the seconds that so many units take; None where they were far more or fewer.

    What a step takes before its first unit it takes for one as for a hundred.
    """
    if of == past.units:
        return past.seconds
    close = past.units / AGREE <= of <= past.units * AGREE
    return past.seconds * of / past.units if close else None


def steadied(estimate: float | None, before: float | None) -> float | None:
    """Give the seconds that are taken to be left, after those that were a moment `before`.

    Within a step they never grow: an estimate that is a little higher leaves them
    as they are; one that is much higher says that they are not known any more.
    """
    if estimate is None or before is None or estimate <= before:
        return estimate
    return before if estimate <= before * 1.5 + SLACK else None


def said(seconds: float | None) -> str:
    """Say how long the rest takes, no more exactly than is known; nothing of the last moments."""
    return "" if seconds is None or seconds < SLACK else f"about {_rounded(seconds)} left"


def _rounded(seconds: float) -> str:
    if seconds < 10:
        return f"{round(seconds)} s"
    if seconds < 57.5:
        return f"{5 * round(seconds / 5)} s"
    if seconds < 57.5 * 60:
        return f"{max(1, round(seconds / 60))} min"
    return f"{max(1, round(seconds / 3600))} h"
