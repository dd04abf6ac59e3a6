"""Which line of a text was edited, its paragraph, and where its lines have moved. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """The first line that was edited, from 1, and how far along it, from 0 to 1."""

    line: int
    share: float


def first_edit(old: str, new: str) -> Edit | None:
    """Give where a text first differs from what it was: a line with words on it, if there is one.

    Of lines that are only gone, it is the one that stands in their place.
    """
    if old == new:
        return None
    before, after = old.split("\n"), new.split("\n")
    same = _alike(before, after)
    changed = range(same, len(after) - _alike(before[same:][::-1], after[same:][::-1]))
    at = next((number for number in changed if after[number].strip()), None)
    if at is None:
        return Edit(min(same, len(after) - 1) + 1, 0.0)
    was = before[at] if at < len(before) else ""
    return Edit(at + 1, _alike(was, after[at]) / len(after[at]))


def paragraph(text: str, line: int) -> range:
    """Give the numbers of the lines round a line up to the nearest blank ones; it alone if blank."""
    lines = text.split("\n")
    first = last = line
    if 1 <= line <= len(lines) and lines[line - 1].strip():
        while first > 1 and lines[first - 2].strip():
            first -= 1
        while last < len(lines) and lines[last].strip():
            last += 1
    return range(first, last + 1)


def moved(old: str, new: str, line: int) -> int:
    """Give the number that a line of a text has now; within what was edited, the nearest."""
    before, after = old.split("\n"), new.split("\n")
    same = _alike(before, after)
    tail = _alike(before[same:][::-1], after[same:][::-1])
    if line <= same:
        return line
    if line > len(before) - tail:
        return line + len(after) - len(before)
    return max(1, min(line, len(after) - tail))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Give how many lines, or characters, from the first on are the same."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
