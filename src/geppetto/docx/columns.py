"""The columns of a table: as wide as what stands in them, where the manuscript does not say it.

Word fits a table's columns to their content by itself; other programs take the
widths that the file has. They are counted from the longest words and lines.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from geppetto.docx.xml import Element, make, q, set_style, style_of

ROW, CELL = q("w:tr"), q("w:tc")
CHARACTER = 0.53
"""The width of a letter, in parts of the size of its face."""
PADDING = 220  # twips on both sides of a cell, and some room to spare
KEPT, SMALL = 12, 0.78
"""Where words of so many letters do not fit side by side, letters are made smaller by this."""
LONGEST = (24, 16, 12, 9, 6, 4)
"""Letters of a word that is kept whole, the first of them for which there is room."""
BLOCKS = frozenset({q("w:tbl"), q("w:drawing"), q("w:pict")})


@dataclass(frozen=True)
class _Need:
    """What a column needs, in letters: its longest word, its longest line."""

    word: float = 1.0
    line: float = 1.0


def fit(table: Element, room: int, size: float) -> None:
    """Set the columns of a table in a room of so many twips, its letters of so many half points.

    Widths that the manuscript gives stay, unless a word does not fit into one.
    """
    grid = table.findall(f"{q('w:tblGrid')}/{q('w:gridCol')}")
    given = [int(column.get(q("w:w"), 0)) for column in grid]
    if not grid or not sum(given):
        return
    needs = _needs(table, len(grid))
    letter, padding = 10 * size * CHARACTER, float(PADDING)
    if sum(min(need.word, KEPT) * letter + padding for need in needs) > room:
        letter, padding = letter * SMALL, padding * SMALL / 2
        _make_small(table)
    least = _least(needs, letter, padding, room)
    widths = [width * room / sum(given) for width in given]
    wished = _is_wished(table, given) and all(a >= b for a, b in zip(widths, least, strict=True))
    if not wished:
        widths = _shared(least, [need.line * letter + padding for need in needs], room)
    for column, width in zip(grid, widths, strict=True):
        column.set(q("w:w"), str(max(1, round(width))))
    _set_width(table, sum(widths), room)


def _make_small(table: Element) -> None:
    """Set a table of many columns in small letters, close together."""
    for paragraph in table.iter(q("w:p")):
        if style_of(paragraph) == "TableText":
            set_style(paragraph, "TableTextSmall")
    known = table.find(q("w:tblPr"))
    if known is not None:
        sides = [make(side, w=40, type="dxa") for side in ("left", "right")]
        looks = [*known.findall(q("w:tblLook")), *known.findall(q("w:tblCaption"))]
        known.insert(len(known) - len(looks), make("tblCellMar", *sides))


def _least(needs: Sequence[_Need], letter: float, padding: float, room: int) -> list[float]:
    """Give the room for each column's words, of which those break that are too long for all."""
    for longest in LONGEST:
        least = [min(need.word, longest) * letter + padding for need in needs]
        if sum(least) <= room:
            break
    return least


def _is_wished(table: Element, given: Sequence[int]) -> bool:
    """Tell whether the manuscript asks for these widths: Pandoc then says so of the whole table."""
    width = table.find(f"{q('w:tblPr')}/{q('w:tblW')}")
    is_relative = width is not None and width.get(q("w:type")) == "pct"
    return is_relative and (len(given) == 1 or max(given) - min(given) > 1)


def _needs(table: Element, count: int) -> list[_Need]:
    needs = [_Need() for _ in range(count)]
    for row in table.findall(ROW):
        place = 0
        for cell in row.findall(CELL):
            span = _span(cell)
            if span == 1 and place < count:
                needs[place] = _larger(needs[place], _need(cell))
            place += span
    return needs


def _span(cell: Element) -> int:
    found = cell.find(f"{q('w:tcPr')}/{q('w:gridSpan')}")
    return 1 if found is None else int(found.get(q("w:val"), 1))


def _need(cell: Element) -> _Need:
    if any(True for _ in cell.iter(*BLOCKS)):
        return _Need(LONGEST[0], LONGEST[0])
    lines = [_line(paragraph) for paragraph in cell.iter(q("w:p"))]
    words = itertools.chain.from_iterable(line.split() for line in lines)
    return _Need(max(map(_letters, words), default=1.0), max(map(_letters, lines), default=1.0))


def _line(paragraph: Element) -> str:
    is_item = paragraph.find(f"{q('w:pPr')}/{q('w:numPr')}") is not None
    text = "".join(one.text or "" for one in paragraph.iter(q("w:t"), f"{q('m:t')}"))
    return f"\u00a0\u00a0\u00a0\u00a0{text}" if is_item else text


def _letters(text: str) -> float:
    """Count letters, ideographs twice (Unicode, UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text) or 1.0


def _larger(one: _Need, other: _Need) -> _Need:
    return _Need(max(one.word, other.word), max(one.line, other.line))


def _shared(least: Sequence[float], natural: Sequence[float], room: int) -> list[float]:
    """Give each column its longest line where there is room, else a share by what it wants more."""
    if sum(natural) <= room:
        return list(natural)
    spare = room - sum(least)
    if spare <= 0:
        return [width * room / sum(least) for width in least]
    wants = [max(0.0, n - m) for n, m in zip(natural, least, strict=True)]
    shares = [want**0.5 for want in wants]
    return [m + spare * s / sum(shares) for m, s in zip(least, shares, strict=True)]


def _set_width(table: Element, total: float, room: int) -> None:
    """Say the table's width: the whole room, or what its columns take."""
    known = table.find(q("w:tblPr"))
    if known is None:
        return
    for name in ("w:tblW", "w:tblLayout"):
        for old in known.findall(q(name)):
            known.remove(old)
    style = known.find(q("w:tblStyle"))
    width = make("tblW", type="dxa", w=round(min(total, room)))
    known.insert(0 if style is None else 1, width)
    if known.find(q("w:jc")) is None:
        width.addnext(make("jc", val="center"))
