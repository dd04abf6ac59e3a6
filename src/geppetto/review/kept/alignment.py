"""Which words of a text are still there in a later one, and where: an alignment of the two.

Paragraphs that are the same are matched first, then the words between them. A
line that was only broken anew is the same: blanks count as one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise

from geppetto.review.kept.rows import Block, ahead, alike, anchors, back

_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Kana and ideographs: scripts that put no blanks between words."""
_TOKEN = re.compile(rf"[{_SINGLE}]|(?:(?![{_SINGLE}])[^\W_])+|\s+|.", re.DOTALL)
_PARTING = re.compile(r"\n[^\S\n]*\n")
PARTING, BLANK = "\n\n", " "
GRAM = 6
"""Words and blanks in a row that are an anchor where they stand once in both texts."""
SMALL = 250_000
"""Pairs of words that are compared one by one."""
ENOUGH = 3
"""Words in a row that are no chance among others that were rewritten."""

MANY = 8
"""Words in a row that are no chance in any two paragraphs."""
LIKELY = 0.4
"""The share of the shorter of two paragraphs' words that makes one the heir of the other."""

Pair = tuple[int, int]


@dataclass(frozen=True)
class Words:
    """A text cut into words, signs and blanks: where each begins, and as what it is compared."""

    text: str
    starts: tuple[int, ...]
    keys: tuple[str, ...]

    def end(self, index: int) -> int:
        """Give the offset at which a word ends."""
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)

    def at(self, offset: int) -> int:
        """Give the index of the word in which a character stands."""
        return bisect_right(self.starts, offset) - 1

    def is_word(self, index: int) -> bool:
        """Tell whether there are letters or digits, no blank or sign."""
        return self.keys[index][0].isalnum()

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """The words of each paragraph, the empty line after it among them."""
        bounds = [0, *(i + 1 for i, key in enumerate(self.keys) if key == PARTING)]
        if bounds[-1] != len(self.keys):
            bounds.append(len(self.keys))
        return tuple(pairwise(bounds))

    def paragraph(self, index: int) -> tuple[int, int]:
        """Give the first and the last word, exclusive, of the paragraph of a word."""
        return self.paragraphs[bisect_right(self._firsts, index) - 1]

    def count(self, first: int, last: int) -> int:
        """Count what has letters or digits, from a word to another."""
        return self._counts[last] - self._counts[first]

    @cached_property
    def _counts(self) -> list[int]:
        return [0, *accumulate(key[0].isalnum() for key in self.keys)]

    @cached_property
    def _firsts(self) -> list[int]:
        return [first for first, _ in self.paragraphs]


def words(text: str) -> Words:
    """Cut a text into words."""
    found = list(_TOKEN.finditer(text))
    return Words(text, tuple(m.start() for m in found), tuple(_key(m[0]) for m in found))


def _key(token: str) -> str:
    if not token[0].isspace():
        return token
    return PARTING if _PARTING.search(token) else BLANK


@dataclass(frozen=True)
class Alignment:
    """Two texts: `to` has for each word of the old its index in the new, -1 where it is gone."""

    old: Words
    new: Words
    to: tuple[int, ...]

    def before(self, index: int) -> int:
        """Give the nearest word of the old before one that is still there, -1 if none."""
        return next((i for i in range(index - 1, -1, -1) if self.to[i] >= 0), -1)

    def after(self, index: int) -> int:
        """Give the nearest word of the old after one that is still there; their number if none."""
        following = (i for i in range(index + 1, len(self.to)) if self.to[i] >= 0)
        return next(following, len(self.to))

    @cached_property
    def fresh(self) -> bytes:
        """For each word of the new, whether it stood not in the old."""
        there = bytearray(b"\1" * len(self.new.keys))
        for index in self.to:
            if index >= 0:
                there[index] = 0
        return bytes(there)


def align(old: str, new: str) -> Alignment:
    """Find which words of a text still stand in a later one, in their order."""
    before, after = words(old), words(new)
    to = [-1] * len(before.keys)
    for first, second, count in _blocks(before, after):
        to[first : first + count] = range(second, second + count)
    return Alignment(before, after, tuple(to))


def _blocks(before: Words, after: Words) -> Iterator[Block]:
    """Give what is the same: whole paragraphs, and words in what is between them."""
    ours, theirs = before.paragraphs, after.paragraphs
    known = [before.keys[first:last] for first, last in ours]
    other = [after.keys[first:last] for first, last in theirs]
    start = (0, 0)
    for first, second, count in _ended(alike(known, other), len(known), len(other)):
        here = _bound(ours, first, len(before.keys)), _bound(theirs, second, len(after.keys))
        yield from _likely(before, after, list(_between(before.keys, after.keys, (*start, *here))))
        start = (
            _bound(ours, first + count, len(before.keys)),
            _bound(theirs, second + count, len(after.keys)),
        )
        yield (*here, start[0] - here[0])


def _likely(before: Words, after: Words, blocks: Sequence[Block]) -> list[Block]:
    """Leave out what two paragraphs have in common by chance: little, in short rows."""
    shared: Counter[tuple[Pair, Pair]] = Counter()
    pieces = []
    for first, second, count in _joined(blocks):
        pair = before.paragraph(first), after.paragraph(second)
        inked = before.count(first, first + count)
        shared[pair] += inked
        pieces.append(((first, second, count), pair, inked))
    lengths = {pair: min(before.count(*pair[0]), after.count(*pair[1])) for pair in shared}
    return [
        block
        for block, pair, inked in pieces
        if inked >= MANY or shared[pair] >= LIKELY * lengths[pair]
    ]


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Join blocks that go on."""
    joined: list[Block] = []
    for first, second, count in blocks:
        if joined and count:
            a, b, size = joined[-1]
            if (a + size, b + size) == (first, second):
                joined[-1] = (a, b, size + count)
                continue
        if count:
            joined.append((first, second, count))
    return joined


def _bound(paragraphs: Sequence[tuple[int, int]], number: int, end: int) -> int:
    return paragraphs[number][0] if number < len(paragraphs) else end


def _ended(blocks: list[Block], old: int, new: int) -> list[Block]:
    return [*blocks, (old, new, 0)]


def _between(
    old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int]
) -> Iterator[Block]:
    """Match the words of a gap: rows that stand once in both, then one by one between them."""
    first, second, last, end = gap
    ours, theirs = old[first:last], new[second:end]
    if not ours or not theirs:
        return
    start = (0, 0)
    for a, b, count in _ended(_runs(ours, theirs), len(ours), len(theirs)):
        inner = (first + start[0], second + start[1], first + a, second + b)
        if (a - start[0]) * (b - start[1]) <= SMALL:
            yield from _compared(old, new, inner)
        elif (a - start[0], b - start[1]) != (len(ours), len(theirs)):
            yield from _between(old, new, inner)
        yield inner[2], inner[3], count
        start = (a + count, b + count)


def _runs(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Give the rows of words that stand once in both, each as far as it goes."""
    ours = [tuple(old[i : i + GRAM]) for i in range(len(old) - GRAM + 1)]
    theirs = [tuple(new[i : i + GRAM]) for i in range(len(new) - GRAM + 1)]
    found: list[Block] = []
    start = (0, 0)
    for first, second in anchors(ours, theirs):
        if first < start[0] or second < start[1]:
            continue
        before = back(old, new, (*start, first, second))
        after = ahead(old, new, (first, second, len(old), len(new)))
        found.append((first - before, second - before, before + after))
        start = (first + after, second + after)
    return found


def _compared(
    old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int]
) -> list[Block]:
    """Match words one by one; where most were rewritten, few in a row are chance."""
    first, second, last, end = gap
    ours, theirs = old[first:last], new[second:end]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    found: list[Block] = [(m.a, m.b, m.size) for m in matcher.get_matching_blocks() if m.size]
    counts = [_inked(ours[a : a + size]) for a, _, size in found]
    if sum(counts) * 2 < _inked(ours):
        found = [
            block
            for block, count in zip(found, counts, strict=True)
            if count >= ENOUGH or _at_edge(block, len(ours), len(theirs))
        ]
    return [(first + a, second + b, size) for a, b, size in found]


def _at_edge(block: Block, old: int, new: int) -> bool:
    """Tell whether a block goes on with what is the same before or after the gap."""
    a, b, size = block
    return (a, b) == (0, 0) or (a + size, b + size) == (old, new)


def _inked(keys: Sequence[str]) -> int:
    return sum(key[0].isalnum() for key in keys)
