"""How a change between two revisions is marked in a tree.

A mark is a Span or a Div with a key of its own in the node, which no manuscript can
write. What stands in it was inserted, or deleted, or moved. A tree with marks
holds both revisions: see `geppetto.review.changes.sides`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from geppetto.ast import Block, Inline, Node, attr, div, span

CHANGE = "change"
"""The key of a node that is a mark; its value is what `Mark.record` gives."""
WAS = "was"
"""The key of a node of both revisions: the type and the parts of its content that only the old has."""


class Kind(StrEnum):
    """What happened to what a mark holds.

    REWRITTEN holds two blocks of code, the old and the new.
    """

    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_FROM = "moved-from"
    MOVED_TO = "moved-to"
    REWRITTEN = "rewritten"

    @property
    def is_old(self) -> bool:
        """Whether the new revision does not hold it here."""
        return self in {Kind.DELETED, Kind.MOVED_FROM}

    @property
    def is_new(self) -> bool:
        """Whether the old revision does not hold it here."""
        return self in {Kind.INSERTED, Kind.MOVED_TO}


@dataclass(frozen=True)
class Mark:
    """A mark: its kind, its number in the book, and the number where the other end of a move is.

    `whole`: what the mark alone fills (a list's item, a row, a verse's line, a
    heading) came or went with it.
    """

    kind: Kind
    whole: bool = False
    number: int = 0
    other: int = 0

    def record(self) -> list[object]:
        """Give the value of a node's key."""
        return [self.kind.value, self.whole, self.number, self.other]


def mark_of(node: Node) -> Mark | None:
    """Give a node's mark, or None where it is none."""
    record = node.get(CHANGE)
    return None if record is None else Mark(Kind(record[0]), *record[1:])


def marked_inlines(content: Sequence[Inline], mark: Mark) -> Inline:
    """Mark inlines."""
    return {**span(list(content), attr("", [mark.kind.value])), CHANGE: mark.record()}


def marked_blocks(content: Sequence[Block], mark: Mark) -> Block:
    """Mark blocks."""
    return {**div(list(content), attr("", [mark.kind.value])), CHANGE: mark.record()}


def with_mark(node: Node, mark: Mark) -> Node:
    """Give a mark's node another mark."""
    attributes, content = node["c"]
    new = [attributes[0], [mark.kind.value], attributes[2]]
    return {**node, "c": [new, content], CHANGE: mark.record()}


def numbered(node: Node, number: int) -> Node:
    """Give a mark's node its number."""
    mark = mark_of(node)
    return node if mark is None else with_mark(node, replace(mark, number=number))
