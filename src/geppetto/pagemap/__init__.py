"""Which line of a chapter stands where on which page of the PDF.

LuaLaTeX notes where the stops of each document stand (`templates/latex/places.lua`),
the source map on which line each stop is. Lengths are in hundredths of a PDF
point (1/7200 inch), from a page's upper left corner, downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

CUTS = frozenset({"opens", "closes", "passes"})
"""What says where the files of the parts begin and end."""
NEAR = 600  # what is farther from a line of text, in hundredths of a point, is white


@dataclass(frozen=True)
class Row:
    """A piece of a line on a page: `page` from 1, `y` its baseline, its chapter and line there."""

    page: int
    x: int
    y: int
    width: int
    height: int
    depth: int
    path: str
    line: int

    def distance(self, x: float, y: float) -> float:
        """Give how far a point is from the piece; 0 within it."""
        aside = max(self.x - x, 0.0, x - self.x - self.width)
        above = max(self.y - self.height - y, 0.0, y - self.y - self.depth)
        return float((aside**2 + above**2) ** 0.5)


@dataclass(frozen=True)
class PageMap:
    """The map of one PDF.

    `pages` are the pages' widths and heights, `sources` the digests of the
    chapters as they were, by path, `pdf` that of the finished PDF.
    """

    pages: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    sources: Mapping[str, str]
    pdf: str

    @cached_property
    def _by_page(self) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.page, []).append(row)
        return found

    def on(self, page: int) -> Sequence[Row]:
        """Give the rows of a page, as they were set."""
        return self._by_page.get(page, [])

    def at(self, page: int, x: float, y: float) -> tuple[Row, bool] | None:
        """Give the row at a point, and whether it is there; the nearest of the page if none is."""
        nearest = min(
            self.on(page),
            key=lambda row: (row.distance(x, y), row.width * (row.height + row.depth)),
            default=None,
        )
        return None if nearest is None else (nearest, nearest.distance(x, y) <= NEAR)

    def of(self, path: str, line: int) -> Sequence[Row]:
        """Give the rows of a line of a chapter, or of the nearest line that is on a page.

        That is the last above it, since a line within a block belongs to what
        began above, else the first of all.
        """
        lines = {row.line for row in self.rows if row.path == path}
        above = max((known for known in lines if known <= line), default=None)
        chosen = above if above is not None else min(lines, default=None)
        return [row for row in self.rows if row.path == path and row.line == chosen]

    def lines(self, path: str, page: int, wanted: range) -> Sequence[Row]:
        """Give the rows of some lines of a chapter on a page."""
        return [row for row in self.on(page) if row.path == path and row.line in wanted]


def read_places(
    text: str, lines: Mapping[str, Sequence[tuple[str, int] | None]]
) -> tuple[tuple[tuple[int, int], ...], tuple[Row, ...]]:
    """Read what LuaLaTeX noted: the pages' sizes, and the rows whose line is known.

    `lines` gives for each document's slug the chapter and line of each of its
    stops, None for what stands in no file.

    Raises:
        ValueError: the text is not what `places.lua` writes.
    """
    slugs: dict[int, str] = {}
    pages: list[tuple[int, int]] = []
    rows: list[Row] = []
    for one in text.splitlines():
        first, *rest = one.split(" ")
        if first == "part":
            slugs[int(rest[0])] = rest[1]
        elif first == "page":
            pages.append((int(rest[0]), int(rest[1])))
        elif first in CUTS:
            continue
        else:
            x, y, width, height, depth, part, stop = map(int, (first, *rest))
            known = lines.get(slugs.get(part, ""), ())
            place = known[stop - 1] if 0 < stop <= len(known) else None
            if place is not None:
                rows.append(Row(len(pages), x, y, width, height, depth, *place))
    return tuple(pages), tuple(_joined(rows))


def _joined(rows: Iterable[Row]) -> list[Row]:
    """Join neighbours on one line of a page that come from one line of a chapter."""
    made: list[Row] = []
    for row in rows:
        last = made[-1] if made else None
        if last is not None and _continues(last, row):
            width = row.x + row.width - last.x
            made[-1] = Row(
                row.page, last.x, row.y, width, last.height, last.depth, row.path, row.line
            )
        else:
            made.append(row)
    return made


def _continues(last: Row, row: Row) -> bool:
    same = (last.page, last.y, last.path, last.line) == (row.page, row.y, row.path, row.line)
    return same and abs(last.x + last.width - row.x) <= 2
