"""Marks as tracked changes: what Pandoc's DOCX writer makes `w:ins` and `w:del` of.

It takes spans of the classes `insertion` and `deletion` with keys `author` and
`date`, as its reader gives them (Pandoc's manual, `--track-changes=all`). Of the
marks that end paragraphs it knows nothing (3.9): where all of a paragraph went, an
empty one stays when that is accepted.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geppetto.ast import Attr, Block, Node, attr, rewrite, span
from geppetto.model.book import Document, Resolved, Role
from geppetto.model.changes import Kind, mark_of
from geppetto.review.changes.showing import ANCHOR


@dataclass(frozen=True)
class Hand:
    """Who is said to have made the changes, and when (seconds since 1970)."""

    author: str
    epoch: int

    def attributes(self, name: str, identifier: str = "") -> Attr:
        """Give the attributes of a span of a class."""
        moment = datetime.datetime.fromtimestamp(self.epoch, datetime.UTC)
        return attr(
            identifier, [name], author=self.author, date=moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        )


def book(both: Resolved, hand: Hand) -> Resolved:
    """Give a book that holds both revisions (`edition.both`) with tracked changes."""
    return replace(both, documents=tuple(_document(one, hand) for one in both.documents))


def _document(document: Document, hand: Hand) -> Document:
    """Leave the summary as it is but for its marks, which nobody is to accept."""
    if document.role is Role.SUMMARY:
        return document.with_blocks(rewrite(list(document.blocks), _plainly, {"Span"}))
    return document.with_blocks(tracked(document.blocks, hand))


def _plainly(node: Node) -> Node | None:
    mark = mark_of(node)
    if mark is None:
        return None
    return {"t": "Strikeout" if mark.kind.is_old else "Underline", "c": node["c"][1]}


def tracked(blocks: Sequence[Block], hand: Hand) -> list[Block]:
    """Give blocks whose marks are tracked changes; where a move's other end is, Word says itself."""
    made: list[Block] = rewrite(_unlabelled(blocks), lambda node: _span(node, hand), {"Span"})
    return made


def _unlabelled(blocks: Sequence[Block]) -> list[Block]:
    """Take labels away; what leads to one leads to its place."""
    made: list[Block] = rewrite(
        list(blocks),
        lambda node: span([], attr(node["c"][0][0])) if _is_label(node) else None,
        {"Span"},
    )
    return made


def _is_label(node: Node) -> bool:
    content = node["c"][1] if mark_of(node) is not None else []
    first = content[0] if content else {"t": ""}
    return bool(first["t"] == "Link" and first["c"][2][0].startswith(f"#{ANCHOR}"))


_CLASSES = {
    Kind.INSERTED: "insertion",
    Kind.MOVED_TO: "insertion",
    Kind.DELETED: "deletion",
    Kind.MOVED_FROM: "deletion",
}


def _span(node: Node, hand: Hand) -> Node | None:
    mark = mark_of(node)
    if mark is None:
        return None
    return span(node["c"][1], hand.attributes(_CLASSES[mark.kind], node["c"][0][0]))
