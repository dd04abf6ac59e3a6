"""How much of some words stands among others: counted by words in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from geppetto.review.kept.alignment import Words

GRAM = 3

Grams = Counter[tuple[str, ...]]


def grams(cut: Words, among: tuple[int, int] | None = None, fresh: bytes | None = None) -> Grams:
    """Count the words in a row of a text; of fewer than that, all of them."""
    first, last = among or (0, len(cut.keys))
    found: Grams = Counter()
    for row in _rows(cut, first, last, fresh):
        if len(row) < GRAM and row:
            found[tuple(row)] += 1
        found.update(zip(*(row[n:] for n in range(GRAM)), strict=False))
    return found


def _rows(cut: Words, first: int, last: int, fresh: bytes | None) -> Iterator[list[str]]:
    """Give the words between those that stood there before."""
    row: list[str] = []
    for index in range(first, last):
        if not cut.is_word(index):
            continue
        if fresh is not None and not fresh[index]:
            yield row
            row = []
        else:
            row.append(cut.keys[index])
    yield row


def share(wanted: Grams, found: Grams) -> float:
    """Give how much of some words in a row is among others."""
    return (wanted & found).total() / wanted.total() if wanted else 0.0
