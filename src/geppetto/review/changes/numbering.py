"""The changes of a book counted: each has a number, by which the ends of a move know each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geppetto.ast import LEAVES, Block, Node
from geppetto.model.changes import Kind, Mark, mark_of, with_mark
from geppetto.review.changes import lines, sides
from geppetto.review.changes.likeness import count


@dataclass(frozen=True)
class Counts:
    """How much changed: how many changes; the words inserted, deleted, moved; the first's number."""

    changes: int = 0
    inserted: int = 0
    deleted: int = 0
    moved: int = 0
    first: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Sum two counts up; the first change is the first that there is."""
        return Counts(
            self.changes + other.changes,
            self.inserted + other.inserted,
            self.deleted + other.deleted,
            self.moved + other.moved,
            self.first or other.first,
        )


def number(trees: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Number the changes of a book's trees from 1, in reading order.

    What stands together is one change: paragraphs inserted one after another, the
    cells of a row, what was deleted and what was inserted in its stead.
    """
    numbering = _Numbering()
    numbered = [numbering.tree(tree) for tree in trees]
    return [_met(tree, numbering.ends) for tree in numbered]


_TOGETHER = {
    (Kind.INSERTED, Kind.INSERTED),
    (Kind.DELETED, Kind.DELETED),
    (Kind.DELETED, Kind.INSERTED),
}


class _Numbering:
    """Numbers marks; `ends` has the numbers of a move's ends, by the move and the kind.

    `before` is the kind of the mark after which nothing unmarked has come.
    """

    def __init__(self) -> None:
        self.last = 0
        self.before: Kind | None = None
        self.ends: dict[tuple[int, Kind], int] = {}

    def tree(self, tree: Sequence[Block]) -> list[Block]:
        """Number the marks in a document's tree."""
        self.before = None
        numbered: list[Block] = self.value(list(tree))
        return numbered

    def value(self, value: Any) -> Any:
        """Number the marks in a value."""
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if not isinstance(value, dict):
            return value
        mark = mark_of(value)
        if mark is not None:
            return self.mark(value, mark)
        if "t" in value and value["t"] in LEAVES:
            self.before = None
        return {**value, "c": self.value(value["c"])} if "c" in value else value

    def mark(self, node: Node, mark: Mark) -> Node:
        """Number a mark, and those within it."""
        self.last += (self.before, mark.kind) not in _TOGETHER
        mark = replace(mark, number=self.last)
        if mark.other:
            self.ends[mark.other, mark.kind] = mark.number
        attributes, content = node["c"]
        made = with_mark({**node, "c": [attributes, self.value(content)]}, mark)
        self.before = mark.kind
        return made


_OTHER = {Kind.MOVED_FROM: Kind.MOVED_TO, Kind.MOVED_TO: Kind.MOVED_FROM}


def _met(value: Any, ends: dict[tuple[int, Kind], int]) -> Any:
    """Let each end of a move know the number of the other."""
    if isinstance(value, list):
        return [_met(item, ends) for item in value]
    if not isinstance(value, dict):
        return value
    mark = mark_of(value)
    if "c" in value:
        value = {**value, "c": _met(value["c"], ends)}
    if mark is None or mark.kind not in _OTHER:
        return value
    return with_mark(value, replace(mark, other=ends[mark.other, _OTHER[mark.kind]]))


def counts(blocks: Sequence[Block]) -> Counts:
    """Count what changed in a tree whose changes are numbered."""
    found = list(_marks(list(blocks)))
    every = {mark.number for _, mark in found}
    total = Counts(len(every), first=min(every, default=0))
    for node, mark in found:
        total += _of(node, mark)
    return total


def _of(node: Node, mark: Mark) -> Counts:
    content = node["c"][1]
    if mark.kind is Kind.INSERTED:
        return Counts(inserted=count(content))
    if mark.kind is Kind.DELETED:
        return Counts(deleted=count(content))
    if mark.kind is Kind.MOVED_TO:
        return Counts(moved=count(sides.accepted(content)))
    if mark.kind is Kind.REWRITTEN:
        return _of_code(*content)
    return Counts()


def _of_code(old: Block, new: Block) -> Counts:
    compared = lines.compare(old["c"][1], new["c"][1])
    words = dict.fromkeys((None, *Kind), 0)
    for kind, line in compared:
        words[kind] += len(line.split())
    return Counts(inserted=words[Kind.INSERTED], deleted=words[Kind.DELETED])


def _marks(value: Any) -> Iterator[tuple[Node, Mark]]:
    if isinstance(value, list):
        for item in value:
            yield from _marks(item)
    elif isinstance(value, dict):
        mark = mark_of(value)
        if mark is not None:
            yield value, mark
        if mark is None or mark.kind is Kind.MOVED_TO:
            yield from _marks(value.get("c"))
