"""What two rows of items have in common, in one order: anchors that stand once in both (patience)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence

Block = tuple[int, int, int]
"""So many items, from one place of the old and from one of the new, are the same."""


def alike(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Block]:
    """Match items that stand once in both, in order; then what is the same beside them."""
    found: list[Block] = []
    start = (0, 0)
    for first, second in [*anchors(old, new), (len(old), len(new))]:
        if first < start[0] or second < start[1]:
            continue
        low = ahead(old, new, (*start, first, second))
        high = back(old, new, (start[0] + low, start[1] + low, first, second))
        if low:
            found.append((*start, low))
        if high or first < len(old):
            found.append((first - high, second - high, high + (first < len(old))))
        start = (first + 1, second + 1)
    return found


def ahead(old: Sequence[Hashable], new: Sequence[Hashable], gap: tuple[int, int, int, int]) -> int:
    """Count what is the same at the beginning of a gap."""
    first, second, last, end = gap
    most = min(last - first, end - second)
    return next((n for n in range(most) if old[first + n] != new[second + n]), most)


def back(old: Sequence[Hashable], new: Sequence[Hashable], gap: tuple[int, int, int, int]) -> int:
    """Count what is the same at the end of a gap."""
    first, second, last, end = gap
    most = min(last - first, end - second)
    return next((n for n in range(most) if old[last - 1 - n] != new[end - 1 - n]), most)


def anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Give the items that stand once in both, as many of them as are in one order."""
    ours, theirs = Counter(old), Counter(new)
    places = {item: at for at, item in enumerate(new) if theirs[item] == 1}
    pairs = [(at, places[o]) for at, o in enumerate(old) if ours[o] == 1 and o in places]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest row of pairs the second numbers of which rise (patience sorting)."""
    ends: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(ends, place)
        previous.append(piles[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [place]
        piles[pile : pile + 1] = [number]
    row: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        row.append(pairs[at])
        at = previous[at]
    return row[::-1]
