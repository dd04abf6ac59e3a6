"""Finds the name that was probably meant: the nearest of those there are."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable

SHORTLIST = 12
ALIKE = 0.6


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Give the word that is most like `word`, or None where none is like it.

    A word that differs in case alone comes first. Of many words, those that
    share letter pairs with `word` are compared in full, so that a key can be
    looked up among thousands.
    """
    unique = [other for other in dict.fromkeys(words) if other != word]
    folded = word.casefold()
    same = next((other for other in unique if other.casefold() == folded), None)
    if same is not None:
        return same
    pairs = _pairs(folded)
    shortlist = heapq.nlargest(SHORTLIST, unique, key=lambda other: _shared(pairs, other))
    by_folded = {other.casefold(): other for other in reversed(shortlist)}
    found = difflib.get_close_matches(folded, by_folded, n=1, cutoff=ALIKE)
    return by_folded[found[0]] if found else None


def _pairs(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[i : i + 2] for i in range(len(marked) - 1)}


def _shared(pairs: set[str], other: str) -> float:
    others = _pairs(other.casefold())
    return len(pairs & others) / (len(pairs) + len(others))
