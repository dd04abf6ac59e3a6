"""Two sequences side by side: what is the same, what is a pair, what only one of them has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

Item = TypeVar("Item")
MOST_PAIRS = 20_000
"""Pairs that are weighed at once; of more, those alone that lie about as far in."""

MOST_MEETINGS = 2_000_000
"""Pairs of keys that are the same, in which runs are looked for: a chapter in one paragraph has fewer."""


@dataclass(frozen=True)
class Step(Generic[Item]):
    """A step through both sequences: `old` or `new` is None where only the other has an item."""

    old: Item | None
    new: Item | None


def runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, ...]]:
    """Give the runs that two sequences of keys share: where in the old, in the new, how long.

    The last is empty, and stands at the end. Where too many keys meet too many of
    their like, what both begin and end with is all that is looked for.
    """
    before, after = Counter(old), Counter(new)
    if sum(count * after[key] for key, count in before.items()) > MOST_MEETINGS:
        head, tail = _ends(old, new)
        return [(0, 0, head), (len(old) - tail, len(new) - tail, tail), (len(old), len(new), 0)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [tuple(block) for block in matcher.get_matching_blocks()]


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Give how many keys two sequences share at their beginning, and then at their end."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - head
    return head, next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)


def aligned(
    old: Sequence[Item],
    new: Sequence[Item],
    key: Callable[[Item], str],
    likeness: Callable[[Item, Item], float],
) -> list[Step[Item]]:
    """Walk through two sequences.

    Those are pairs, in order, that are like each other, as much as can be in
    sum (`likeness`, 0 where they are not). In long sequences runs of what has the
    same key are pairs in any case.
    """
    keys = [key(one) for one in old], [key(one) for one in new]
    twins = set(keys[0]) & set(keys[1])

    def worth(one: int, other: int) -> float:
        """What stands in both as it is can only be itself; anywhere else it has moved."""
        mine, others = keys[0][one], keys[1][other]
        if mine != others and (mine in twins or others in twins):
            return 0.0
        return likeness(old[one], new[other])

    steps: list[Step[Item]] = []
    at, to = 0, 0
    for start, target, length in _fixed(*keys):
        for one, other in _gap(range(at, start), range(to, target), worth):
            steps.append(
                Step(None if one is None else old[one], None if other is None else new[other])
            )
        steps += [Step(old[start + n], new[target + n]) for n in range(length)]
        at, to = start + length, target + length
    return steps


def _fixed(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, ...]]:
    """Give the runs that are pairs in any case, and the end: what both begin and end with.

    Between these, only if there is too much to weigh everything with everything.
    """
    head, tail = _ends(old, new)
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    between = runs(*middle)[:-1] if len(middle[0]) * len(middle[1]) > MOST_PAIRS else []
    return [
        (0, 0, head),
        *((start + head, target + head, length) for start, target, length in between),
        (len(old) - tail, len(new) - tail, tail),
    ]


Worth = Callable[[int, int], float]


def _gap(old: range, new: range, worth: Worth) -> Iterator[tuple[int | None, int | None]]:
    """Walk through what stands between: positions in both."""
    at, to = 0, 0
    for start, target in [*_pairs(old, new, worth), (len(old), len(new))]:
        yield from ((one, None) for one in old[at:start])
        yield from ((None, one) for one in new[to:target])
        if start < len(old):
            yield old[start], new[target]
        at, to = start + 1, target + 1


def _pairs(old: range, new: range, worth: Worth) -> list[tuple[int, int]]:
    """Choose the pairs, in order, that are worth the most in sum."""
    if not old or not new:
        return []
    across = MOST_PAIRS / (len(old) + len(new))
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like: dict[tuple[int, int], float] = {}
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if abs(i * len(new) / len(old) - j) <= across:
                like[i, j] = worth(old[i], new[j])
                if like[i, j] > 0:
                    best[i][j] = max(best[i][j], like[i, j] + best[i + 1][j + 1])
    return _followed(best, like)


def _followed(
    best: Sequence[Sequence[float]], like: dict[tuple[int, int], float]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(best) - 1 and j < len(best[0]) - 1:
        worth = like.get((i, j), 0.0)
        if worth > 0 and best[i][j] == worth + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found
