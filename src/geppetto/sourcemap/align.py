"""On which line of the chapter each block of Pandoc's tree begins.

Pandoc's `markdown` reader keeps no positions, so the words of the tree are
matched with the words of the source in order; notes and captions, which may
stand elsewhere, are sought in what is left. See `matching`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from geppetto.ast import Block
from geppetto.sourcemap.leaves import WORD, Leaf, leaves
from geppetto.sourcemap.masks import blank
from geppetto.sourcemap.matching import match

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FENCE = re.compile(r"[ \t>]*(?:(?:[-*+:]|\w{1,9}[.)]|\[\^\S+?\]:)[ \t]+)*(?:`{3}|~{3})")
_RULE = re.compile(r"[ \t>]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_DIV = re.compile(r"[ \t>]*:{3,}[ \t]*\S")
EMPTY = re.compile(r"[ \t>]*$")
_INK = re.compile(r"[ \t>]*[^\s>]")
_OPENING = re.compile(r"[ \t>]*<[^\w>]*$")
_CLOSING = re.compile(r"[ \t>]*:{3,}[ \t]*$")
_RUN = 8  # words that tell a leaf found out of order
_CANDIDATES = 100  # places looked at for one such leaf, each way
_STRAY = 25  # words that may stand in the source between two of the tree (a link's target)


@dataclass(frozen=True)
class PlacedLeaf:
    """A leaf block and the line, from 1, on which it begins.

    `kind` is Pandoc's type, or "Term" for what a definition list defines.
    `end` is the line of its last word that was found. `found` tells whether
    words of it were; without any, the line is that of its neighbours. `lines`
    has the line of each word, 0 for those that were not found, where the author
    began a new line within the block.
    """

    path: tuple[int, ...]
    kind: str
    line: int
    end: int
    words: tuple[str, ...]
    found: bool
    is_note: bool = False
    lines: tuple[int, ...] = ()

    def line_at(self, word: int) -> int:
        """Give the line of a word, by its index; of the next that was found, else of the last."""
        following = (line for line in self.lines[word:] if line)
        before = (line for line in reversed(self.lines[:word]) if line)
        return next(following, next(before, self.line))


@dataclass(frozen=True)
class SourceMap:
    """Where the blocks of one chapter begin. `top` has a line for each top-level block."""

    top: tuple[int, ...]
    leaves: tuple[PlacedLeaf, ...]

    @cached_property
    def _lines(self) -> dict[tuple[int, ...], int]:
        lines: dict[tuple[int, ...], int] = {}
        for leaf in self.leaves:
            for length in range(1, len(leaf.path) + 1):
                lines.setdefault(leaf.path[:length], leaf.line)
        return lines

    def line_of(self, path: tuple[int, ...]) -> int:
        """Give the line of a block, or of the nearest block around it that is known."""
        if len(path) == 1:
            return self.top[path[0]]
        while len(path) > 1 and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1) if len(path) > 1 else self.top[path[0]]


def align(blocks: Sequence[Block], text: str) -> SourceMap:
    """Find the line on which each block begins; `blocks` are the whole of `text`, in order."""
    found = leaves(blocks)
    if "<!--" in text and not any(leaf.is_comment for leaf in found):
        text = blank(text, [m.span() for m in _COMMENT.finditer(text)])
    aligner = _Aligner(found, text)
    placed = aligner.place()
    return SourceMap(_top(blocks, placed, aligner.lines), placed)


def _top(
    blocks: Sequence[Block], placed: Sequence[PlacedLeaf], lines: Sequence[str]
) -> tuple[int, ...]:
    """Give the line of each top-level block: that of its first leaf, or of the fence of a Div."""
    firsts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for leaf in placed:
        index = leaf.path[0]
        if not leaf.is_note:
            firsts[index] = min(firsts.get(index, leaf.line), leaf.line)
            ends[index] = max(ends.get(index, 0), leaf.end)
    top: list[int] = []
    end = 0
    for index, block in enumerate(blocks):
        line = firsts.get(index) or next_ink(lines, end) + 1
        top.append(_opening(lines, line, end) if block["t"] == "Div" else line)
        end = max(end, ends.get(index, line))
    return tuple(top)


def next_ink(lines: Sequence[str], start: int) -> int:
    """Give the first line at or after `start` (from 0) that is not empty, or the last."""
    rest = range(start, len(lines))
    return next((i for i in rest if not EMPTY.match(lines[i])), max(0, len(lines) - 1))


def _opening(lines: Sequence[str], line: int, end: int) -> int:
    """Give the line of the outermost `:::` directly above a Div's first leaf."""
    opening = line
    for number in range(line - 1, end, -1):
        if _DIV.match(lines[number - 1]):
            opening = number
        elif not EMPTY.match(lines[number - 1]):
            break
    return opening


class _Aligner:
    """The state of one alignment."""

    def __init__(self, found: list[Leaf], text: str) -> None:
        self.leaves = found
        self.lines = text.split("\n")
        self.words: list[str] = []
        self.line_of_word: list[int] = []
        for number, line in enumerate(self.lines):
            words = WORD.findall(line)
            self.words += words
            self.line_of_word += [number] * len(words)
        self.places: list[list[int]] = [[-1] * len(leaf.words) for leaf in found]
        self.taken = bytearray(len(self.words))

    def place(self) -> tuple[PlacedLeaf, ...]:
        """Give every leaf its lines."""
        self._match([i for i, leaf in enumerate(self.leaves) if not leaf.floating])
        self._match([i for i, leaf in enumerate(self.leaves) if leaf.floating])
        self._seek()
        lines = self._fill([self._start(i) for i in range(len(self.leaves))])
        return tuple(self._placed(i, line) for i, line in enumerate(lines))

    def _placed(self, index: int, line: int) -> PlacedLeaf:
        leaf = self.leaves[index]
        matched = [p for p in self.places[index] if p >= 0]
        end = max(line, self.line_of_word[max(matched)]) if matched else line
        return PlacedLeaf(
            leaf.path,
            leaf.kind,
            line + 1,
            end + 1,
            tuple(leaf.words),
            found=bool(matched),
            is_note=bool(leaf.floating) and not leaf.table,
            lines=self._lines(index) if leaf.breaks else (),
        )

    def _lines(self, index: int) -> tuple[int, ...]:
        return tuple(self.line_of_word[p] + 1 if p >= 0 else 0 for p in self.places[index])

    def _match(self, indexes: list[int]) -> None:
        """Match the words of leaves, in order, with the words that are left."""
        free = [i for i, taken in enumerate(self.taken) if not taken]
        wanted = [word for i in indexes for word in self.leaves[i].words]
        found = match(wanted, [self.words[i] for i in free])
        position = 0
        for index in indexes:
            size = len(self.leaves[index].words)
            places = [free[p] if p >= 0 else -1 for p in found[position : position + size]]
            position += size
            if sum(p >= 0 for p in places) * 3 >= size:  # fewer are chance
                self._take(index, places)

    def _take(self, index: int, places: list[int]) -> None:
        self.places[index] = places
        for place in places:
            if place >= 0:
                self.taken[place] = 1

    def _seek(self) -> None:
        """Look for leaves whose beginning was not found where the order would have it."""
        missing = [i for i, p in enumerate(self.places) if p and p[0] < 0 and max(p[:4]) < 0]
        if not missing:
            return
        free: dict[str, list[int]] = {}
        for place, taken in enumerate(self.taken):
            if not taken:
                free.setdefault(self.words[place], []).append(place)
        for index in missing:
            self._seek_one(index, free)

    def _seek_one(self, index: int, free: dict[str, list[int]]) -> None:
        words = self.leaves[index].words[:_RUN]
        expected = self._expected(index)
        candidates = [p for p in free.get(words[0], ()) if not self.taken[p]]
        near = bisect_left(candidates, expected)
        best, best_score = -1, (0, 0)
        for place in candidates[max(0, near - _CANDIDATES) : near + _CANDIDATES]:
            score = (self._run(words, place), -abs(place - expected))
            if score > best_score:
                best, best_score = place, score
        if best >= 0 and best_score[0] >= min(2, len(words)):
            size = len(self.leaves[index].words)
            run = range(best, best + best_score[0])
            self._take(index, [*run, *([-1] * (size - len(run)))])

    def _run(self, words: list[str], place: int) -> int:
        """Count how many words stand at a place that no leaf has taken."""
        count = 0
        for word, at in zip(words, range(place, len(self.words)), strict=False):
            if self.words[at] != word or self.taken[at]:
                break
            count += 1
        return count

    def _expected(self, index: int) -> int:
        """Give the place after the nearest leaf before that was found."""
        for places in reversed(self.places[:index][-_CANDIDATES:]):
            if places and max(places) >= 0:
                return max(places)
        return 0

    def _start(self, index: int) -> int:
        """Give the line (from 0) on which a leaf begins, -1 if none of its words was found."""
        places = self.places[index]
        matched = [(k, p) for k, p in enumerate(places) if p >= 0]
        if not matched:
            return -1
        # A lone first word far before the rest was matched by chance.
        if len(matched) > 2 and matched[1][1] - matched[0][1] > matched[1][0] + _STRAY:
            matched = matched[1:]
        skipped, place = matched[0]
        line = self.line_of_word[place]
        while skipped and place and not self.taken[place - 1]:
            skipped, place = skipped - 1, place - 1
        known, line = line, self.line_of_word[place]
        if self.leaves[index].kind == "CodeBlock":
            return self._fence_above(line, place)
        line = self._within_block(line, known)
        if self.leaves[index].kind == "RawBlock":
            line = self._opening_above(line)
        return line

    def _within_block(self, line: int, known: int) -> int:
        """Give the first line from `line` on that no empty line parts from a known one."""
        for number in range(known - 1, line - 1, -1):
            if EMPTY.match(self.lines[number]):
                return number + 1
        return line

    def _opening_above(self, line: int) -> int:
        """Give the line of the `<!--` or the like, without words, that opens a raw block."""
        while line and _OPENING.match(self.lines[line - 1]):
            line -= 1
        return line

    def _fence_above(self, line: int, place: int) -> int:
        """Give the line of the fence that opens a code block, if it has one."""
        while place and not self.taken[place - 1]:
            place -= 1
        lowest = self.line_of_word[place - 1] if place else -1
        for number in range(line, lowest, -1):
            if FENCE.match(self.lines[number]):
                return number
        return line

    def _fill(self, lines: list[int]) -> list[int]:
        """Place leaves without words between their neighbours."""
        following = len(self.lines)
        limits = [following] * len(lines)
        for index in range(len(lines) - 1, -1, -1):
            limits[index] = following
            if lines[index] >= 0 and not self.leaves[index].floating:
                following = lines[index]
        end = -1
        for index, leaf in enumerate(self.leaves):
            if lines[index] < 0:
                lines[index] = self._between(leaf, end, limits[index])
            if not leaf.floating:
                matched = max(self.places[index], default=-1)
                end = max(lines[index], self.line_of_word[matched] if matched >= 0 else 0)
        return lines

    def _between(self, leaf: Leaf, end: int, limit: int) -> int:
        """Choose a line for a leaf without words, after `end` and before `limit`."""
        if leaf.table or leaf.floating:
            return max(0, end)
        pattern = {"HorizontalRule": _RULE, "CodeBlock": FENCE}.get(leaf.kind, _INK)
        for number in range(end + 1, min(limit, len(self.lines))):
            if pattern.match(self.lines[number]) and not _CLOSING.match(self.lines[number]):
                return number
        return max(0, end)
