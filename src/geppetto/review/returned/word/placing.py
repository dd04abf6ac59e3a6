"""Where a place of a returned DOCX's text stands in the sources of its draft.

The bookmarks that Geppetto set lead from each block to its line. Where a program
has dropped them all, the words of the document are matched with those of the
sources in order.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from geppetto.review.drafts import BOOKMARK, Document, Kept
from geppetto.review.remarks import Certainty
from geppetto.review.returned.places import searching
from geppetto.review.returned.places.aligning import Alignment, Part, joined, sign, widened
from geppetto.review.returned.places.letters import folded
from geppetto.review.returned.places.searching import Placed
from geppetto.review.returned.places.sources import Sources
from geppetto.review.returned.word.story import Story

_NAME = re.compile(rf"_?{BOOKMARK}_(\d+)_(\d+)")


@dataclass(frozen=True, eq=False)
class Run:
    """What stands from a bookmark to the next: its line, and the offset of each letter."""

    path: str
    line: int
    start: int
    end: int
    seen: str
    offsets: tuple[int, ...]
    sources: Sources

    @cached_property
    def aligned(self) -> Alignment:
        """Its letters against those of the stretch from its line on."""
        return self.sources.aligned(self.seen, self.path, self.line)


def sources(kept: Kept, told: Sequence[Story]) -> Sources:
    """Give the draft's texts, divided where blocks begin and where bookmarks lead."""
    documents = kept.documents()
    lines: dict[str, set[int]] = {}
    for document in documents:
        for stop in document.stops:
            if stop is not None and stop.begins:
                lines.setdefault(stop.path, set()).add(stop.line)
    for story in told:
        for _, path, line in _marks(story, documents):
            lines.setdefault(path, set()).add(line)
    return Sources(kept, lines)


def _marks(story: Story, documents: Sequence[Document]) -> list[tuple[int, str, int]]:
    """Give the offsets of Geppetto's bookmarks, and the path and line that each leads to."""
    found: dict[int, tuple[int, str, int]] = {}
    for offset, name in story.bookmarks:
        match = _NAME.fullmatch(name)
        document, number = map(int, match.groups()) if match else (0, 0)
        if 1 <= document <= len(documents) and 1 <= number <= len(documents[document - 1].stops):
            stop = documents[document - 1].stops[number - 1]
            if stop is not None:
                found[offset] = (offset, stop.path, stop.line)
    return [found[offset] for offset in sorted(found)]


class Marked:
    """A story whose bookmarks lead to the sources."""

    def __init__(self, story: Story, documents: Sequence[Document], known: Sources) -> None:
        self.story, self.sources = story, known
        marks = _marks(story, documents)
        ends = [*(mark[0] for mark in marks[1:]), len(story.text)][: len(marks)]
        self.runs = [
            self._run(*mark, end) for mark, end in zip(marks, ends, strict=True) if end > mark[0]
        ]
        self._starts = [run.start for run in self.runs]

    def __bool__(self) -> bool:
        return bool(self.runs)

    def _run(self, start: int, path: str, line: int, end: int) -> Run:
        letters = [(c, at) for at in range(start, end) for c in folded(self.story.text[at])]
        seen = "".join(c for c, _ in letters)
        return Run(path, line, start, end, seen, tuple(at for _, at in letters), self.sources)

    def place(self, start: int, end: int) -> Placed:
        """Place a range of the text; an empty one is a place between two characters."""
        quote = " ".join(self.story.text[start:end].split())
        run = self._run_at(start)
        if run is None:
            return searching.anywhere(self.sources, quote) or Placed(quote, None, Certainty.LOST)
        if not quote:
            return self._gap(run, start)
        parts = self._parts(start, end)
        if not parts:
            return self._signs(run, start, quote)
        found = joined(parts)
        path, text = parts[0].path, self.sources.text(parts[0].path)
        if found is None or not found.is_sure:
            return searching.near(self.sources, path, run.line, quote)
        extent = widened(text.text, (found.start, found.end), *self._around(start, end))
        return Placed(quote, text.span(extent), Certainty.EXACT)

    def _run_at(self, offset: int) -> Run | None:
        at = bisect_right(self._starts, offset) - 1
        return self.runs[at] if at >= 0 else None

    def _parts(self, start: int, end: int) -> list[Part]:
        parts: list[Part] = []
        for run in self.runs:
            first, last = bisect_left(run.offsets, start), bisect_left(run.offsets, end)
            if first < last and (not parts or parts[0].path == run.path):
                parts.append(Part(run.path, run.aligned, first, last))
        return parts

    def _around(self, start: int, end: int) -> tuple[str, str]:
        """Give the signs before the first letter of a range, and after the last."""
        marked = self.story.text[start:end]
        letters = [n for n, c in enumerate(marked) if folded(c)]
        return marked[: letters[0]], marked[letters[-1] + 1 :]

    def _gap(self, run: Run, offset: int) -> Placed:
        count = bisect_left(run.offsets, offset)
        places = run.aligned.places
        if not any(places[n] >= 0 for n in (count - 1, count) if 0 <= n < len(places)):
            return searching.of_block(self.sources, run.path, run.line, "")
        low, high = run.aligned.gap(count)
        text = self.sources.text(run.path)
        at = high
        if count and places[count - 1] >= 0:
            signs = self.story.text[run.offsets[count - 1] + 1 : offset]
            at = min(widened(text.text, (low, low), "", signs.rstrip("\n"))[1], high)
        return Placed("", text.span((at, at)), Certainty.EXACT)

    def _signs(self, run: Run, start: int, quote: str) -> Placed:
        gap = run.aligned.gap(bisect_left(run.offsets, start))
        text = self.sources.text(run.path)
        extent = sign(text.text, gap, quote)
        if extent is None:
            return searching.of_block(self.sources, run.path, run.line, quote)
        return Placed(quote, text.span(extent), Certainty.EXACT)


def paths(documents: Sequence[Document]) -> list[str]:
    """Give the chapters of a draft in their order."""
    return list(dict.fromkeys(one.path for one in documents if one.path is not None))
