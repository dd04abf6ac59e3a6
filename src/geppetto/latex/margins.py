"""What stands in a draft's margins: lines of the chapters, author's notes; and the wider page.

A draft's text is that of the book, in its place: the page alone is larger, at the
outer edge and at the foot. Lengths are in PDF points, from the upper left corner of
the larger page, downwards; but in a page map, which is the book's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from geppetto.pagemap import PageMap, Row

WIDER, TALLER = 132.0, 34.0
"""How much is added to a page at its outer edge and at its foot."""
GAP = 7.0  # between the text and a line's number
APART = 5.0  # the least distance of two numbers' baselines
NARROW = 900  # in hundredths of a point: the mark of a note, as a rule, and no line
TALL = 3000  # in hundredths of a point: no line of text
BESIDE = 34.0  # from the text to the notes
AWAY = 12.0  # from the notes to the edge of the paper
UNIT = 100
Place = tuple[str, int]


@dataclass(frozen=True)
class Mark:
    """A line's number beside it: `x` is its near end, `left` tells that it ends there."""

    x: float
    y: float
    words: str
    left: bool


@dataclass(frozen=True)
class SideNote:
    """What the author noted, paragraph by paragraph, beside the line on which it stands."""

    y: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Margin:
    """The margin of one page; `notes_x` is the left edge of its notes."""

    width: float
    height: float
    notes_x: float
    notes_width: float
    marks: tuple[Mark, ...] = ()
    notes: tuple[SideNote, ...] = ()


@dataclass(frozen=True)
class AuthorNote:
    """An author's note as it stands in a chapter: on which line, in which words."""

    path: str
    line: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Numbering:
    """The lines with which blocks begin, and what places in a file are named by: "3", "preface".

    `floating` are the lines of notes: their marks in the text come from them, too.
    """

    begins: Set[Place]
    names: Mapping[str, str]
    floating: Set[Place] = frozenset()


@dataclass(frozen=True)
class Text:
    """Where the text stands on the book's page: its margins and its width."""

    inner: float
    outer: float


def is_recto(page: int) -> bool:
    """Tell whether a page, counted from 1, is a right-hand one."""
    return page % 2 == 1


def lay_out(
    made: PageMap, numbering: Numbering, noted: Iterable[AuthorNote], text: Text
) -> tuple[Margin, ...]:
    """Give the margin of each page."""
    notes: dict[int, list[SideNote]] = {}
    for remark in noted:
        if (row := _row_for(made, remark)) is not None:
            notes.setdefault(row.page, []).append(SideNote(row.y / UNIT, remark.words))
    seen: set[Place] = set()
    margins = []
    for number, size in enumerate(made.pages, 1):
        marks = _apart(_marks(made.on(number), numbering, seen))
        margins.append(_margin(number, size, marks, notes.get(number, ()), text))
    return tuple(margins)


def _marks(
    rows: Sequence[Row], numbering: Numbering, seen: set[Place]
) -> Iterator[tuple[float, str]]:
    """Give the baselines and names of the lines with which blocks begin, and of the page's first."""
    foot = {(row.path, row.line): row.y for row in sorted(rows, key=lambda one: one.y)}
    lines = [
        r for r in rows if (r.path, r.line) not in numbering.floating or r.y == foot[r.path, r.line]
    ]
    for index, row in enumerate(lines):
        place = (row.path, row.line)
        begins = place in numbering.begins and place not in seen
        if row.path in numbering.names and (begins or not index):
            yield _beside(row), f"{numbering.names[row.path]}:{row.line}"
        seen.add(place)


def _beside(row: Row) -> float:
    """Give the baseline of what stands beside a row: its own, or the middle of a picture."""
    return (row.y if row.height < TALL else row.y - row.height / 2) / UNIT


def _apart(found: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    """Leave out numbers that would be set over one another: the first of them stands."""
    kept: list[tuple[float, str]] = []
    for y, named in sorted(found, key=lambda one: one[0]):
        if not kept or y - kept[-1][0] >= APART:
            kept.append((y, named))
    return kept


def _row_for(made: PageMap, remark: AuthorNote) -> Row | None:
    """Give the row beside which a note stands: of its line, else of the next, else of the last."""
    lines = {row.line for row in made.rows if row.path == remark.path}
    following = min((line for line in lines if line >= remark.line), default=None)
    chosen = following if following is not None else max(lines, default=None)
    rows = [row for row in made.rows if row.path == remark.path and row.line == chosen]
    if not rows:
        return None
    wide = [row for row in rows if row.width >= NARROW] or rows
    return wide[0] if following is not None else wide[-1]


def _margin(
    number: int,
    size: tuple[int, int],
    marks: Sequence[tuple[float, str]],
    notes: Sequence[SideNote],
    text: Text,
) -> Margin:
    width, height = (length / UNIT for length in size)
    left = not is_recto(number)
    edge = WIDER + text.outer if left else width - text.outer
    x = edge - GAP if left else edge + GAP
    return Margin(
        width=width + WIDER,
        height=height + TALLER,
        notes_x=AWAY if left else round(edge + BESIDE, 2),
        notes_width=round(WIDER + text.outer - BESIDE - AWAY, 2),
        marks=tuple(Mark(round(x, 2), round(y, 2), named, left) for y, named in marks),
        notes=tuple(sorted(notes, key=lambda note: note.y)),
    )
