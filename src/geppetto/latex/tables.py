"""Tables that fit the measure: the size of their letters, and whether their columns break.

Counted in characters, from the longest words and the lengths of the cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from geppetto.ast import Block, Node, nodes, raw_inline, rewrite, stringify, table_rows
from geppetto.latex import columns

DEFAULT = {"t": "ColWidthDefault"}
SIMPLE = frozenset({"Plain", "Para"})
GAP = 2.4  # characters between two columns
WORD = 1.12  # a word is wider than as many characters of running text with its blanks
FACTORS = {"small": 1.10, "footnotesize": 1.22, "scriptsize": 1.39, "tiny": 1.61}
# Sizes in the order in which they are tried, and up to how many letters a word is kept
# whole: words are rather broken than set in the smallest size.
SIZES = (("small", 16), ("footnotesize", 16), ("scriptsize", 16), ("scriptsize", 9), ("tiny", 9))
SURE = 0.95  # of the room is what cells of natural width may fill: figures are wide
SHORT = 16  # a cell of so many characters is kept on one line where there is room


@dataclass(frozen=True)
class Column:
    """What a column needs, in characters: its longest word, its longest cell, its short ones."""

    word: float = 1.0
    line: float = 1.0
    short: float = 0.0
    blocks: bool = False

    def least(self, longest: int) -> float:
        """Give the room for its words, if those longer than that may break."""
        return min(self.word, longest) * WORD + 1.2


@dataclass(frozen=True)
class Fit:
    """How a table fits: a size of LaTeX's, and shares of the measure (None: natural widths).

    `room` is what the columns have together, in characters of that size.
    """

    size: str
    shares: tuple[float, ...] | None
    room: float = 0.0

    def characters(self, column: int) -> float:
        """How many characters of a word a column holds; no end to them in one of natural width."""
        return self.shares[column] * self.room / WORD if self.shares else float("inf")


def fit(table: Block, measure: float) -> Fit:
    """Fit a Table into a measure of so many characters of text."""
    given = [spec[1] for spec in table["c"][2]]
    needs = _columns(table, len(given))
    size, longest, room = _size(needs, measure)
    least = [column.least(longest) for column in needs]
    shares = [width.get("c", 0.0) for width in given]
    if not _wished(shares):
        natural = sum(c.line for c in needs) <= SURE * room and not any(c.blocks for c in needs)
        return Fit(size, None if natural else _shares(table, needs, least, room), room)
    fits = sum(shares) <= 1.0001 and all(
        share * room >= width for share, width in zip(shares, least, strict=True)
    )
    return Fit(size, tuple(shares) if fits else _shares(table, needs, least, room), room)


def _wished(shares: list[float]) -> bool:
    """Tell whether the manuscript asks for these widths.

    Pandoc gives a pipe table with long lines shares by its dashes: columns of one
    width are those of an author who thought of none.
    """
    return any(shares) and (len(shares) == 1 or max(shares) - min(shares) > 0.005)


def height(table: Block, fitted: Fit) -> int:
    """Count the table's lines, about."""
    count = len(table["c"][2])
    return sum(
        max((_lines(cell, fitted, at) for at, cell in _placed(row, count)), default=1)
        for row in table_rows(table)
    )


def _lines(cell: Any, fitted: Fit, column: int) -> int:
    if fitted.shares is None:
        return len(cell[4]) or 1
    return max(
        columns.lines(_word_widths(cell), fitted.shares[column] * fitted.room), len(cell[4]), 1
    )


def set_shares(table: Block, shares: tuple[float, ...]) -> Block:
    """Give the table columns of these shares of the measure."""
    content = list(table["c"])
    content[2] = [
        [spec[0], {"t": "ColWidth", "c": round(share, 4)}]
        for spec, share in zip(content[2], shares, strict=True)
    ]
    return {**table, "c": content}


def break_words(table: Block, fitted: Fit) -> Block:
    """Let words that are wider than their column break, wherever that must be."""
    content = list(table["c"])
    count = len(content[2])

    def row(cells: Any) -> Any:
        columns = {id(cell): fitted.characters(at) for at, cell in _placed(cells, count)}
        made = [[*c[:4], _broken(c[4], columns.get(id(c), float("inf")))] for c in cells[1]]
        return [cells[0], made]

    head, bodies, foot = content[3:6]
    content[3] = [head[0], [row(r) for r in head[1]]]
    content[4] = [[b[0], b[1], [row(r) for r in b[2]], [row(r) for r in b[3]]] for b in bodies]
    content[5] = [foot[0], [row(r) for r in foot[1]]]
    return {**table, "c": content}


def _broken(blocks: list[Block], limit: float) -> Any:
    if limit == float("inf"):
        return blocks
    size = max(int(limit) - 2, 3)

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Str" or len(node["c"]) <= limit:
            return None
        return list(_pieces(node["c"], size))

    return rewrite(blocks, change)


def _pieces(word: str, size: int) -> Iterator[Node]:
    """Give a word's pieces with breaks between: after signs as they are, in letters with hyphens."""
    for number, run in enumerate(re.findall(r"[^\W_]+[\W_]*|[\W_]+", word)):
        if number:
            yield raw_inline("latex", r"\allowbreak{}")
        for at in range(0, len(run), size):
            if at and run[at].isalnum():
                yield raw_inline("latex", r"\-")
            yield {"t": "Str", "c": run[at : at + size]}


def _size(needs: list[Column], measure: float) -> tuple[str, int, float]:
    """Choose the largest size at which every column holds its longest word."""
    for name, longest in SIZES:
        room = measure * FACTORS[name] - GAP * (len(needs) - 1)
        if sum(c.least(longest) for c in needs) <= room:
            break
    return name, longest, max(room, 1.0)


def _shares(
    table: Block, needs: list[Column], least: list[float], room: float
) -> tuple[float, ...]:
    whole = [max(width, column.short) for width, column in zip(least, needs, strict=True)]
    least = whole if sum(whole) <= room else least
    cells: list[list[tuple[float, ...]]] = [[] for _ in needs]
    for row in table_rows(table):
        for at, cell in _placed(row, len(needs)):
            cells[at].append(_word_widths(cell))
    headings = len(table["c"][3][1])
    found = columns.widths(
        [
            columns.Column(width, tuple(own), headings)
            for width, own in zip(least, cells, strict=True)
        ],
        room,
    )
    return tuple(width / room for width in found)


def _word_widths(cell: Any) -> tuple[float, ...]:
    return tuple(float(len(word)) for block in cell[4] for word in stringify(block).split())


def _columns(table: Block, count: int) -> list[Column]:
    needs = [Column()] * count
    for row in table_rows(table):
        for at, cell in _placed(row, count):
            needs[at] = _wider(needs[at], cell)
    return needs


def _placed(row: Any, count: int) -> list[tuple[int, Any]]:
    """Give the cells that fill one column, with their column; rows under a tall cell begin later."""
    cells = row[1]
    at = count - sum(cell[3] for cell in cells)
    placed = []
    for cell in cells:
        if cell[3] == 1 and 0 <= at < count:
            placed.append((at, cell))
        at += cell[3]
    return placed


def _wider(column: Column, cell: Any) -> Column:
    blocks = cell[4]
    text = max((_length(block) for block in blocks), default=0.0)
    words = re.split(r"(?<=[-–—/])|\s+", " ".join(stringify(block) for block in blocks))
    word = max((len(w) for w in words if w), default=0)
    tall = len(blocks) > 1 or any(b["t"] not in SIMPLE for b in blocks) or _has_image(blocks)
    short = text + 1.0 if text <= SHORT else 0.0
    return Column(
        max(column.word, word),
        max(column.line, text),
        max(column.short, short),
        column.blocks or tall,
    )


def _length(block: Node) -> float:
    mathematics = sum(len(n["c"][1]) for n in nodes(block, {"Math"}))
    return len(stringify(block)) - 0.5 * mathematics + 0.6


def _has_image(blocks: list[Block]) -> bool:
    return any(True for _ in nodes(blocks, {"Image"}))
