"""The widths of a table's columns: those at which its cells take the fewest lines.

Counted in characters. Every column begins with room for its longest word; what
is left goes, piece by piece, to the column that saves the most lines for it, so
that a column of short words is not broken for one of long sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Cells beyond these change little in the widths, and cost time.
ENOUGH = 400
HEADING = 3  # a broken heading weighs as much as so many broken cells
SLACK = 0.6  # characters that a line of a cell loses at its end


@dataclass(frozen=True)
class Column:
    """A column: the room of its longest word, and its cells, as the widths of their words."""

    word: float
    cells: tuple[tuple[float, ...], ...]
    headings: int = 0


def widths(columns: Sequence[Column], room: float) -> list[float]:
    """Share so many characters of room among columns."""
    least = [column.word for column in columns]
    spare = room - sum(least)
    if spare <= 0:
        limit = _limit(least, room)
        return [min(word, limit) for word in least]
    costs = [_costs(column, int(spare), max(1, ENOUGH // len(columns))) for column in columns]
    given = [0] * len(columns)
    while True:
        left = int(spare) - sum(given)
        best = max((_step(c, at, left) for c, at in zip(costs, given, strict=True)), default=(0, 0))
        if best[0] <= 0:
            break
        winner = next(
            i
            for i, (c, at) in enumerate(zip(costs, given, strict=True))
            if _step(c, at, left) == best
        )
        given[winner] += best[1]
    found = [word + extra for word, extra in zip(least, given, strict=True)]
    return _eased(columns, found, room - sum(found))


def _eased(columns: Sequence[Column], found: list[float], left: float) -> list[float]:
    """Share what is left among columns whose cells break: widths are estimates."""
    broken = [
        any(lines(cell, width) > 1 for cell in column.cells)
        for column, width in zip(columns, found, strict=True)
    ]
    each = left / sum(broken) if any(broken) else 0.0
    return [width + each * breaks for width, breaks in zip(found, broken, strict=True)]


def _limit(words: Sequence[float], room: float) -> float:
    """Give the width at which the widest columns are cut off, so that all of them fit the room."""
    left = room
    for number, word in enumerate(sorted(words)):
        share = left / (len(words) - number)
        if word >= share:
            return share
        left -= word
    return room


def _step(costs: Sequence[int], at: int, left: int) -> tuple[float, int]:
    """Give the most that is saved for each character more, and for how many of them."""
    steps = ((costs[at] - costs[at + n]) / n for n in range(1, left + 1))
    saved = [(gain, -n) for n, gain in enumerate(steps, 1)]
    gain, n = max(saved, default=(0.0, 0))
    return gain, -n


def _costs(column: Column, spare: int, most: int) -> list[int]:
    """Give what the column's lines cost with 0, 1, … characters more than it must have."""
    cells = column.cells[:most]
    return [
        sum(
            (HEADING if number < column.headings else 1) * lines(cell, column.word + more) ** 2
            for number, cell in enumerate(cells)
        )
        for more in range(spare + 1)
    ]


def lines(words: Sequence[float], width: float) -> int:
    """Count the lines that words of such widths take in a column."""
    count, used = 1, 0.0
    for word in words:
        if used and used + 1 + word > width - SLACK:
            count, used = count + 1, word
        else:
            used += word + (1 if used else 0)
    return count
