"""The pages of a returned PDF against the page map: which run of a page comes from which stretch.

A run is what stands on neighbouring pieces of lines that come from one line of
a source; one that ends a page goes on where the next begins. Its letters are
aligned with those of the stretch, so that a word that stands ten times on the
page is the one that was marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pypdfium2 as pdfium

from geppetto.pagemap import PageMap, Row
from geppetto.review.returned.pdf import glyphs
from geppetto.review.returned.pdf.glyphs import Box, Glyph
from geppetto.review.returned.places.aligning import Alignment
from geppetto.review.returned.places.sources import Sources

ASIDE = 100
"""How far a character may stand outside its piece of a line, in hundredths of a point."""
ABOVE = 200
"""How far above its baseline a character is looked for: within the lowest of letters."""
RAISED = 150
"""How far the mark of a note stands above the line, at least."""
TALL = 3000
"""What is higher than this holds a picture; its own words are not the sources'."""
ON_LINE = 300
"""How far above such a line a character may stand to belong to it."""

Place = tuple[int, int]
"""A page of the map, and the number of a character on it."""
Lead = tuple[str, int]
"""The path of a source, and a line of it."""


@dataclass(frozen=True)
class Letter:
    """A letter of a run, where it is seen, and the number of the row it stands on."""

    text: str
    place: Place
    row: int


@dataclass(frozen=True, eq=False)
class Run:
    """Letters that come from one stretch, which begins on a line of a source.

    `first` and `last` are the numbers of its rows on its page.
    """

    path: str
    line: int
    letters: tuple[Letter, ...]
    first: int
    last: int

    @cached_property
    def seen(self) -> str:
        """Its letters."""
        return "".join(letter.text for letter in self.letters)

    @cached_property
    def numbers(self) -> Mapping[Place, int]:
        """The number of the first letter of each character."""
        return {letter.place: n for n, letter in reversed(list(enumerate(self.letters)))}


class Sheet:
    """One page: its characters, the row that each stands on, -1 for none, and where rows lead."""

    def __init__(self, number: int, found: Sequence[Glyph], rows: Sequence[Row]) -> None:
        self.number, self.glyphs = number, found
        self.rows = _rows(found, rows)
        self.leads = _leads(found, self.rows, rows)
        self.order = sorted(range(len(found)), key=lambda n: (self.rows[n], n))

    def within(self, boxes: Sequence[Box]) -> list[int]:
        """Give the characters within rectangles, in the order of the text."""
        return [n for n in self.order if any(_is_in(self.glyphs[n], box) for box in boxes)]

    @cached_property
    def runs(self) -> list[Run]:
        """The runs of the page, in the order in which they were set."""
        letters: dict[int, list[Letter]] = {}
        for n in self.order:
            at = self.rows[n]
            if at >= 0:
                found = (Letter(c, (self.number, n), at) for c in self.glyphs[n].letters)
                letters.setdefault(at, []).extend(found)
        made: list[Run] = []
        for number, lead in enumerate(self.leads):
            own = tuple(letters.get(number, ()))
            last = made[-1] if made else None
            if last is not None and (last.path, last.line) == lead:
                made[-1] = replace(last, letters=last.letters + own, last=number)
            else:
                made.append(Run(*lead, own, number, number))
        return made


def _rows(found: Sequence[Glyph], rows: Sequence[Row]) -> list[int]:
    """Give the row of each character; what PDFium made stands where the one before does."""
    chosen: list[int] = []
    last = -1
    for glyph in found:
        if not glyph.is_made and not (last >= 0 and _stands_on(glyph, rows[last])):
            on = [n for n, row in enumerate(rows) if _stands_on(glyph, row)]
            last = min(
                on, key=lambda n: (abs(rows[n].y - glyph.baseline), rows[n].width), default=-1
            )
        chosen.append(last)
    return chosen


def _leads(found: Sequence[Glyph], on: Sequence[int], rows: Sequence[Row]) -> list[Lead]:
    """Give the path and line of each row; a note's raised mark belongs to the words before it."""
    low: dict[int, float] = {}
    for glyph, at in zip(found, on, strict=True):
        if at >= 0 and not glyph.is_made:
            low[at] = max(low.get(at, 0.0), glyph.baseline)
    leads: list[Lead] = []
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else row
        follows = before.y == row.y and abs(before.x + before.width - row.x) <= 2
        is_mark = number > 0 and follows and low.get(number, row.y) <= row.y - RAISED
        leads.append(leads[-1] if is_mark else (row.path, row.line))
    return leads


def _stands_on(glyph: Glyph, row: Row) -> bool:
    height = row.height if row.height <= TALL else ON_LINE
    return (
        row.y - height <= glyph.baseline <= row.y + row.depth
        and row.x - ASIDE <= glyph.middle <= row.x + row.width + ASIDE
    )


def _is_in(glyph: Glyph, box: Box) -> bool:
    return not glyph.is_made and box.holds(glyph.middle, glyph.baseline - ABOVE)


class Sheets:
    """The pages of a returned PDF, by their numbers in the page map, read when asked for.

    `pages` are the indexes of its own pages by those numbers.
    """

    def __init__(
        self,
        document: pdfium.PdfDocument,
        pages: Mapping[int, int],
        made: PageMap,
        sources: Sources,
    ) -> None:
        self._document, self._pages, self._map = document, pages, made
        self.sources = sources
        self._sheets: dict[int, Sheet] = {}
        self._runs: dict[int, list[Run]] = {}
        self._aligned: dict[Run, Alignment] = {}

    def sheet(self, number: int) -> Sheet:
        """Give a page by its number in the map; one that the PDF has no more is empty."""
        if number not in self._sheets:
            self._sheets[number] = Sheet(number, self._glyphs(number), self._map.on(number))
        return self._sheets[number]

    def _glyphs(self, number: int) -> Sequence[Glyph]:
        if number not in self._pages or not 1 <= number <= len(self._map.pages):
            return ()
        page = self._document[self._pages[number]]
        try:
            return glyphs.upright(glyphs.of(page, self._map.pages[number - 1][1]))
        finally:
            page.close()

    def runs(self, number: int) -> list[Run]:
        """Give the runs of a page, each whole: with what of it stands on the pages beside."""
        if number not in self._runs:
            own = self.sheet(number).runs
            before, after = (self.sheet(number + step).runs for step in (-1, 1))
            self._runs[number] = [_whole(run, before, own, after) for run in own]
        return self._runs[number]

    def run_of(self, place: Place) -> tuple[Run, int] | None:
        """Give the run of a character, and the number of its first letter there."""
        for run in self.runs(place[0]):
            if place in run.numbers:
                return run, run.numbers[place]
        return None

    def run_on(self, number: int, row: int) -> Run:
        """Give the run that a row of a page belongs to."""
        return next(run for run in self.runs(number) if run.first <= row <= run.last)

    def aligned(self, run: Run) -> Alignment:
        """Give a run aligned with its stretch, or with what is around that, if that fits better."""
        if run not in self._aligned:
            self._aligned[run] = self.sources.aligned(run.seen, run.path, run.line)
        return self._aligned[run]

    def nearest(self, number: int, x: float, y: float) -> tuple[int, bool] | None:
        """Give the number of the row at a point of a page, and whether it is there."""
        found = self._map.at(number, x, y)
        return None if found is None else (self._map.on(number).index(found[0]), found[1])


def _whole(run: Run, before: list[Run], own: list[Run], after: list[Run]) -> Run:
    """Join a run with what ends the page before, and begins the next, of the same stretch."""
    same = [one for one in own if (one.path, one.line) == (run.path, run.line)]
    head = [one for one in before if (one.path, one.line) == (run.path, run.line)]
    tail = [one for one in after if (one.path, one.line) == (run.path, run.line)]
    letters = run.letters
    if head and same[0] is run:
        letters = head[-1].letters + letters
    if tail and same[-1] is run:
        letters += tail[0].letters
    return replace(run, letters=letters)
