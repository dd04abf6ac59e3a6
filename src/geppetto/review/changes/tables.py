"""What changed in a table: by rows and cells, where both have the same columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from geppetto.ast import Block, table_rows
from geppetto.model.changes import Kind, Mark, marked_blocks
from geppetto.review.changes import likeness
from geppetto.review.changes.aligning import aligned
from geppetto.review.changes.likeness import Weights

LEAST = 0.3
"""How much two rows share that are taken for one that changed."""
Rows = list[Any]
Compare = Callable[[Sequence[Block], Sequence[Block]], list[Block]]


def compare(old: Block, new: Block, blocks: Compare) -> Block | None:
    """Give a table that holds both; None where their columns are not the same.

    `blocks` compares cells and captions.
    """
    if not _fit(old, new):
        return None
    attributes, caption, columns, head, bodies, foot = new["c"]
    _, old_caption, _, old_head, old_bodies, old_foot = old["c"]
    rows = _by_place if _spans(old) or _spans(new) else _by_likeness
    made = [
        attributes,
        [caption[0], blocks(old_caption[1], caption[1])],
        columns,
        [head[0], rows(old_head[1], head[1], blocks)],
        [
            [b[0], b[1], rows(a[2], b[2], blocks), rows(a[3], b[3], blocks)]
            for a, b in zip(old_bodies, bodies, strict=True)
        ],
        [foot[0], rows(old_foot[1], foot[1], blocks)],
    ]
    return {"t": "Table", "c": made}


def _fit(old: Block, new: Block) -> bool:
    """Tell whether two tables can be compared: columns, bodies, and what is no prose, are the same."""
    if _alignments(old) != _alignments(new) or _parts(old) != _parts(new):
        return False
    if _spans(old) or _spans(new):
        return _grid(old) == _grid(new)
    every = [*table_rows(old), *table_rows(new)]
    return len({_bare(row) for row in every}) <= 1


def _alignments(table: Block) -> list[str]:
    return [column[0]["t"] for column in table["c"][2]]


def _parts(table: Block) -> list[Any]:
    _, caption, _, head, bodies, foot = table["c"]
    return [caption[0], head[0], [[body[0], body[1]] for body in bodies], foot[0]]


def _spans(table: Block) -> bool:
    return any(cell[2:4] != [1, 1] for row in table_rows(table) for cell in row[1])


def _grid(table: Block) -> list[Any]:
    _, _, _, head, bodies, foot = table["c"]
    groups = [head[1], *(rows for body in bodies for rows in body[2:]), foot[1]]
    return [[_bare(row) for row in rows] for rows in groups]


def _bare(row: Any) -> str:
    """Give a row but for what its cells say."""
    return str([row[0], [[cell[0], cell[1]["t"], *cell[2:4]] for cell in row[1]]])


def _by_place(old: Rows, new: Rows, blocks: Compare) -> Rows:
    return [_paired(one, other, blocks) for one, other in zip(old, new, strict=True)]


def _by_likeness(old: Rows, new: Rows, blocks: Compare) -> Rows:
    made: Rows = []
    for step in aligned(old, new, likeness.key, partial(_weigh, Weights())):
        if step.old is None:
            made.append(_only(step.new, Kind.INSERTED))
        elif step.new is None:
            made.append(_only(step.old, Kind.DELETED))
        else:
            made.append(_paired(step.old, step.new, blocks))
    return made


def _weigh(weights: Weights, old: Any, new: Any) -> float:
    """Rows are one by the share of their cells that are, or by their words."""
    if not old[1]:
        return 0.0
    cells = zip(old[1], new[1], strict=True)
    same = sum(likeness.key(a[4]) == likeness.key(b[4]) for a, b in cells) / len(old[1])
    return weights.weigh(old, new, 0 if same >= LEAST else LEAST) + same


def _paired(old: Any, new: Any, blocks: Compare) -> Any:
    cells = [[*b[:4], blocks(a[4], b[4])] for a, b in zip(old[1], new[1], strict=True)]
    return [new[0], cells]


def _only(row: Any, kind: Kind) -> Any:
    mark = Mark(kind, whole=True)
    return [row[0], [[*cell[:4], [marked_blocks(cell[4], mark)]] for cell in row[1]]]
