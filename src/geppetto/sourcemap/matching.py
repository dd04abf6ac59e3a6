"""Which element of one sequence is which of another, where both keep their order.

Unique runs of words anchor the two (patience difference); the longest
increasing subsequence keeps the order; the gaps are treated the same way with
shorter runs, and at last by difflib.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

# Lengths of the runs that anchor, tried in turn.
_RUNS = (5, 3, 2, 1)
# difflib's time is the product of the lengths; past this, words are sought close by only.
_LARGEST_PRODUCT = 60_000
_WINDOW = 30

Gap = tuple[int, int, int, int, int]


def match(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Give for each word of `first` its index in `second`, or -1."""
    result = [-1] * len(first)
    gaps: list[Gap] = [(0, len(first), 0, len(second), 0)]
    while gaps:
        gap = _trim(first, second, gaps.pop(), result)
        a, a_end, b, b_end, depth = gap
        if a >= a_end or b >= b_end:
            continue
        if (a_end - a) * (b_end - b) <= 400:
            _diff(first, second, gap, result)
            continue
        anchors: list[tuple[int, int]] = []
        while not anchors and depth < len(_RUNS):
            anchors = _anchors(first, second, gap, _RUNS[depth])
            depth += not anchors
        if anchors:
            gaps += _between(anchors, gap, depth, result)
        elif (a_end - a) * (b_end - b) <= _LARGEST_PRODUCT:
            _diff(first, second, gap, result)
        else:
            _seek(first, second, gap, result)
    return result


def _trim(first: Sequence[str], second: Sequence[str], gap: Gap, result: list[int]) -> Gap:
    """Match what both begin and end with."""
    a, a_end, b, b_end, depth = gap
    while a < a_end and b < b_end and first[a] == second[b]:
        result[a] = b
        a, b = a + 1, b + 1
    while a < a_end and b < b_end and first[a_end - 1] == second[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
        result[a_end] = b_end
    return a, a_end, b, b_end, depth


def _anchors(
    first: Sequence[str], second: Sequence[str], gap: Gap, length: int
) -> list[tuple[int, int]]:
    """Give the runs that occur once in each sequence, in an order common to both."""
    a, a_end, b, b_end, _ = gap
    in_first = _unique(first, a, a_end, length)
    in_second = _unique(second, b, b_end, length)
    pairs = [(i, in_second[run]) for run, i in in_first.items() if in_second.get(run, -1) >= 0]
    return _increasing(sorted(pair for pair in pairs if pair[0] >= 0))


def _unique(words: Sequence[str], start: int, end: int, length: int) -> dict[tuple[str, ...], int]:
    """Give the place of each run, -1 where it occurs more than once."""
    places: dict[tuple[str, ...], int] = {}
    last = max(end - length + 1, start)
    runs = zip(*(words[start + k : last + k] for k in range(length)), strict=True)
    for index, run in enumerate(runs, start):
        places[run] = -1 if run in places else index
    return places


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest subsequence whose second members increase."""
    tails: list[int] = []
    tail_pairs: list[int] = []
    previous: list[int] = []
    for index, (_, b) in enumerate(pairs):
        position = bisect_left(tails, b)
        previous.append(tail_pairs[position - 1] if position else -1)
        tails[position : position + 1] = [b]
        tail_pairs[position : position + 1] = [index]
    chain: list[tuple[int, int]] = []
    at = tail_pairs[-1] if tail_pairs else -1
    while at >= 0:
        chain.append(pairs[at])
        at = previous[at]
    return chain[::-1]


def _between(anchors: list[tuple[int, int]], gap: Gap, depth: int, result: list[int]) -> list[Gap]:
    """Match the anchors; give the gaps that are left, each of which begins at one."""
    a, a_end, b, b_end, _ = gap
    starts = [(a, b), *anchors] if anchors[0] != (a, b) else anchors
    ends = [*starts[1:], (a_end, b_end)]
    gaps: list[Gap] = []
    for i, j in anchors:
        result[i] = j
    for (i, j), (i_end, j_end) in zip(starts, ends, strict=True):
        if i_end - i > 1 or j_end - j > 1 or result[i] != j:
            gaps.append((i, i_end, j, j_end, depth))
    return gaps


def _diff(first: Sequence[str], second: Sequence[str], gap: Gap, result: list[int]) -> None:
    a, a_end, b, b_end, _ = gap
    matcher = SequenceMatcher(None, first[a:a_end], second[b:b_end], autojunk=False)
    for i, j, size in matcher.get_matching_blocks():
        for k in range(size):
            result[a + i + k] = b + j + k


def _seek(first: Sequence[str], second: Sequence[str], gap: Gap, result: list[int]) -> None:
    """Match each word with the next of its kind close by: linear, for large repetitive gaps."""
    a, a_end, b, b_end, _ = gap
    for i in range(a, a_end):
        near = second[b : min(b + _WINDOW, b_end)]
        if first[i] in near:
            b += near.index(first[i])
            result[i] = b
            b += 1
