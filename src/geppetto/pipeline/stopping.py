"""The stops of a book that holds two revisions: those of the new one lead to its chapters.

The words of the old one stand in the same blocks. Lines are found as if they were
blank; a block in which nothing else stands leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from geppetto import sourcemap
from geppetto.ast import Block, Node, rewrite
from geppetto.model.book import Document, Resolved
from geppetto.model.changes import mark_of
from geppetto.pipeline import drafting
from geppetto.pipeline.places import Lines
from geppetto.review import drafts
from geppetto.sourcemap.leaves import leaves

Change = Callable[[Node], Node | None]
_WORDS = frozenset({"Str", "Code", "Math", "RawInline"})


def stopped(both: Resolved) -> tuple[Resolved, tuple[drafts.Document, ...]]:
    """Mark the stops of a book (`review.changes.edition.both`), and say where each leads."""
    joined = [one.with_blocks(_unbroken(one.blocks)) for one in both.documents]
    current = [one.with_blocks(_blank(one.blocks)) for one in joined]
    listed = drafting.documents(replace(both, documents=tuple(current)), Lines())
    stops = tuple(map(_leading, listed, joined, current))
    marked = tuple(one.with_blocks(sourcemap.marked(one.blocks)) for one in joined)
    return replace(both, documents=marked), stops


def _leading(listed: drafts.Document, both: Document, current: Document) -> drafts.Document:
    """Let the stops of blocks that are gone lead nowhere."""
    pairs = zip(leaves(both.blocks), leaves(current.blocks), strict=True)
    gone = {n for n, (old, new) in enumerate(pairs) if old.words and not new.words}
    stops = zip(listed.stops, sourcemap.stops(current.blocks), strict=True)
    return replace(listed, stops=tuple(None if at.leaf in gone else one for one, at in stops))


def _unbroken(blocks: Sequence[Block]) -> list[Block]:
    """Give blocks with the old words in one line: there is no line to which they lead."""
    return _of_old(blocks, lambda _: {"t": "Space"}, frozenset({"SoftBreak"}))


def _blank(blocks: Sequence[Block]) -> list[Block]:
    """Give blocks without the letters of old words."""
    return _of_old(blocks, _without_letters, _WORDS)


def _without_letters(node: Node) -> Node:
    content = node["c"]
    return {**node, "c": "" if isinstance(content, str) else [content[0], ""]}


def _of_old(blocks: Sequence[Block], change: Change, kinds: frozenset[str]) -> list[Block]:
    def within(node: Node) -> Node | None:
        mark = mark_of(node)
        if mark is None or not mark.kind.is_old:
            return None
        attributes, content = node["c"]
        return {**node, "c": [attributes, rewrite(content, change, kinds)]}

    made: list[Block] = rewrite(list(blocks), within, {"Span"})
    return made
