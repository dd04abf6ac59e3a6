"""Where a passage of today's chapters stands in a DOCX of them: the way of `placing`, backwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from geppetto.review.drafts import Kept
from geppetto.review.remarks import Span
from geppetto.review.returned.places.aligning import ENOUGH, Alignment
from geppetto.review.returned.places.letters import Extent, Letters
from geppetto.review.returned.word.placing import Marked, Run, sources
from geppetto.review.returned.word.story import Story


@dataclass(frozen=True)
class Spot:
    """A stretch of a story's text; `is_exact` tells whether it is the passage, not only its block."""

    story: Story
    start: int
    end: int
    is_exact: bool

    @property
    def text(self) -> str:
        """The words."""
        return self.story.text[self.start : self.end]

    def whole(self) -> Spot:
        """Give the paragraph in which it begins."""
        start = self.story.text.rfind("\n", 0, self.start) + 1
        end = self.story.text.find("\n", self.start)
        return Spot(self.story, start, end if end >= 0 else len(self.story.text), False)

    def ends(self) -> tuple[tuple[Any, int], tuple[Any, int]] | None:
        """Give the elements in which its first and its last letter stand, with the places in them.

        One without letters is a place behind the letters before it. None where none are.
        """
        pieces = self.story.pieces
        begins = [at for at, _ in pieces]
        if not pieces:
            return None
        first = max(bisect_right(begins, self.start) - 1, 0)
        if (
            self.start >= _end(pieces[first])
            and first + 1 < len(pieces)
            and self.end > begins[first + 1]
        ):
            first += 1
        last = max(bisect_right(begins, max(self.start, self.end - 1)) - 1, first)
        start = _within(pieces[first], self.start)
        return (pieces[first][1], start), (pieces[last][1], _within(pieces[last], self.end))


def _end(piece: tuple[int, Any]) -> int:
    return piece[0] + len(piece[1].text or "")


def _within(piece: tuple[int, Any], offset: int) -> int:
    return min(max(offset - piece[0], 0), len(piece[1].text or ""))


@dataclass(frozen=True)
class _Stretch:
    """The letters of a story that come from one line on: a run, or all cells of a row.

    Cells are taken together, for alone a short one is found anywhere in its row.
    """

    story: Story
    line: int
    offsets: tuple[int, ...]
    aligned: Alignment

    def ends(self, extent: Extent) -> tuple[int, int]:
        """Give how many letters stand before an extent of the source, and which is the first after it."""
        letters, places = self.aligned.stretch.letters, self.aligned.places
        before = [at for at, n in enumerate(places) if n >= 0 and letters.ends[n] <= extent[0]]
        after = [at for at, n in enumerate(places) if n >= 0 and letters.starts[n] >= extent[1]]
        return (before[-1] + 1 if before else 0), (after[0] if after else len(places))

    def inside(self, extent: Extent) -> list[int]:
        """Give the letters that are found in an extent."""
        letters = self.aligned.stretch.letters
        return [
            at
            for at, n in enumerate(self.aligned.places)
            if n >= 0 and extent[0] <= letters.starts[n] and letters.ends[n] <= extent[1]
        ]

    def spot(self, extent: Extent) -> tuple[int, int, int] | None:
        """Give where an extent stands in the story, and how many of its letters are found there.

        What is seen otherwise than it is written (a citation) reaches to the letters beside it.
        """
        stretch = self.aligned.stretch
        if not self.offsets or stretch.end <= extent[0] or stretch.start >= extent[1]:
            return None
        inside, others = self.inside(extent), stretch.letters.others_in(*extent)
        if not inside and not others:
            return None
        low, high = self.ends(extent)
        first, last = (inside[0], inside[-1]) if inside else (low, high - 1)
        if others and inside:
            letters, places = stretch.letters, self.aligned.places
            first = low if others[0][0] < letters.starts[places[first]] else first
            last = high - 1 if others[-1][1] > letters.ends[places[last]] else last
        if first > last:
            return None
        return self.offsets[first], self.offsets[last] + 1, len(inside)


class Spots:
    """The stories of a DOCX with bookmarks, and the sources to which these lead."""

    def __init__(self, told: Sequence[Story], kept: Kept) -> None:
        documents = kept.documents()
        self.sources = sources(kept, told)
        self._stretches: dict[str, list[_Stretch]] = {}
        for one in told:
            marked = Marked(one, documents, self.sources)
            for (path, line), runs in groupby(marked.runs, key=lambda run: (run.path, run.line)):
                self._stretches.setdefault(path, []).append(_joined(one, line, list(runs)))

    def of(self, passage: Span) -> Spot | None:
        """Find a passage; only its block, if its words are not found; None if that is not there."""
        text = self.sources.text(passage.path)
        extent = text.extent(passage)
        found = [
            (one, spot)
            for one in self._stretches.get(passage.path, ())
            if one.line <= passage.end_line and (spot := one.spot(extent)) is not None
        ]
        if not found:
            return self._point(passage, extent) or self._block(passage)
        wanted = _letters(text.letters, extent)
        best, (start, end, count) = max(found, key=lambda one: (one[1][2], one[0].line))
        if count < ENOUGH * wanted:
            own = [spot for one, spot in found if one.story is best.story]
            start, end = min(one[0] for one in own), max(one[1] for one in own)
            count = sum(one[2] for one in own)
        if count < ENOUGH * wanted:
            return self._block(passage)
        return Spot(best.story, start, end, is_exact=True)

    def _nearest(self, passage: Span) -> _Stretch | None:
        """Give what begins last before a passage, else the first of its chapter."""
        every = self._stretches.get(passage.path, [])
        before = [one for one in every if one.line <= passage.line]
        return max(before, key=lambda one: one.line) if before else next(iter(every), None)

    def _block(self, passage: Span) -> Spot | None:
        found = self._nearest(passage)
        if found is None or not found.offsets:
            return None
        return Spot(found.story, found.offsets[0], found.offsets[0], is_exact=False).whole()

    def _point(self, passage: Span, extent: Extent) -> Spot | None:
        """Find a place between two letters."""
        found = self._nearest(passage)
        if found is None or not found.offsets or extent[0] < extent[1]:
            return None
        low, _ = found.ends(extent)
        at = found.offsets[low - 1] + 1 if low else found.offsets[0]
        return Spot(found.story, at, at, is_exact=True)


def _joined(story: Story, line: int, runs: Sequence[Run]) -> _Stretch:
    offsets = tuple(at for run in runs for at in run.offsets)
    seen = "".join(run.seen for run in runs)
    aligned = Alignment(seen, runs[0].aligned.stretch) if len(runs) > 1 else runs[0].aligned
    return _Stretch(story, line, offsets, aligned)


def _letters(letters: Letters, extent: Extent) -> int:
    """Count the letters of an extent that are seen as they are written."""
    others = {n for one in letters.others_in(*extent) for n in letters.between(*one)}
    return sum(n not in others for n in letters.between(*extent))
