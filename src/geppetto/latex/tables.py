"""Tables that fit the measure: the widths of their columns and the size of their letters.

Counted in characters, from the longest words and the lengths of the cells; the
shares are those of CSS's automatic table layout (CSS 2.2, 17.5.2.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from geppetto.ast import Block, Node, nodes, raw_inline, rewrite, stringify

DEFAULT = {"t": "ColWidthDefault"}
SIMPLE = frozenset({"Plain", "Para"})
GAP = 2.4  # characters between two columns
LONGEST = 16  # longer words may be broken
WORD = 1.12  # a word is wider than as many characters of running text with its blanks
SIZES = (("small", 1.10), ("footnotesize", 1.22), ("scriptsize", 1.39), ("tiny", 1.61))


@dataclass(frozen=True)
class Column:
    """What a column needs, in characters: its longest word, its longest cell."""

    word: float = 1.0
    line: float = 1.0
    blocks: bool = False


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
    columns = _columns(table, len(given))
    size, room = _size(columns, measure)
    if all(width == DEFAULT for width in given):
        natural = sum(c.line for c in columns) <= room and not any(c.blocks for c in columns)
        return Fit(size, None if natural else _shares(columns, room), room)
    shares = [width.get("c", 0.0) for width in given]
    fits = sum(shares) <= 1.0001 and all(
        share * room >= column.word for share, column in zip(shares, columns, strict=True)
    )
    return Fit(size, tuple(shares) if fits else _shares(columns, room), room)


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


def _size(columns: list[Column], measure: float) -> tuple[str, float]:
    """Choose the largest size at which every column holds its longest word."""
    wanted = sum(c.word for c in columns)
    rooms = [(name, measure * factor - GAP * (len(columns) - 1)) for name, factor in SIZES]
    name, room = next((fitting for fitting in rooms if wanted <= fitting[1]), rooms[-1])
    return name, max(room, 1.0)


def _shares(columns: list[Column], room: float) -> tuple[float, ...]:
    words = sum(c.word for c in columns)
    spare = room - words
    if spare <= 0:
        limit = _limit([c.word for c in columns], room)
        return tuple(min(c.word, limit) / room for c in columns)
    # A cell of several lines wants no more than the whole measure.
    wanted = [max(min(c.line, room) - c.word, 0.0) for c in columns]
    total = sum(wanted) or 1.0
    used = min(spare, total)
    widths = [c.word + used * w / total for c, w in zip(columns, wanted, strict=True)]
    return tuple(width / room for width in widths)


def _limit(words: list[float], room: float) -> float:
    """Give the width at which the widest columns are cut off, so that all of them fit the room."""
    left = room
    for number, word in enumerate(sorted(words)):
        share = left / (len(words) - number)
        if word >= share:
            return share
        left -= word
    return room


def _columns(table: Block, count: int) -> list[Column]:
    columns = [Column()] * count
    for row in rows(table):
        for at, cell in _placed(row, count):
            columns[at] = _wider(columns[at], cell)
    return columns


def rows(table: Block) -> list[Any]:
    """Give all rows of a Table: head, bodies, foot."""
    _, _, _, head, bodies, foot = table["c"]
    found = list(head[1])
    for body in bodies:
        found += [*body[2], *body[3]]
    return [*found, *foot[1]]


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
    return Column(
        max(column.word, min(word, LONGEST) * WORD + 1.2),
        max(column.line, text),
        column.blocks or tall,
    )


def _length(block: Node) -> float:
    mathematics = sum(len(n["c"][1]) for n in nodes(block) if n["t"] == "Math")
    return len(stringify(block)) - 0.5 * mathematics + 0.6


def _has_image(blocks: list[Block]) -> bool:
    return any(node["t"] == "Image" for node in nodes(blocks))
