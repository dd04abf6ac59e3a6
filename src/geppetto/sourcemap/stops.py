"""The stops of a document: the places by which a page is led back to lines of the chapter.

A stop is where a leaf block begins, and where the author began a new line
within it. They are numbered in the order of the tree, from 1. The numbers do
not change when lines are added above, so neither does what is typeset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geppetto.ast import TEX_FORMATS, Block, Inline, Node, raw_inline, rewrite_down
from geppetto.sourcemap.align import SourceMap
from geppetto.sourcemap.leaves import LEAVES, Leaf, leaves

STOP = "geppetto-stop"
"""The format of the raw inlines that stand for stops until an edition sets them."""
AT = "at"
"""The key that a leaf block's node gets, with the number of its first stop."""
_MARKED = ("Para", "Plain")
_EMPHASIS = frozenset({"Emph", "Strong", "Underline", "Strikeout", "SmallCaps"})
_INLINES_SECOND = frozenset({"Span", "Link", "Quoted"})
_CHANGED = LEAVES | _EMPHASIS | _INLINES_SECOND | {"HorizontalRule", "DefinitionList"}


@dataclass(frozen=True)
class Stop:
    """One stop: the index of its leaf, and how many words of the leaf stand before it."""

    leaf: int
    word: int


def stops(blocks: Sequence[Block]) -> tuple[Stop, ...]:
    """Give the stops of a document; the first has number 1."""
    return tuple(stop for index, leaf in enumerate(leaves(blocks)) for stop in _of(index, leaf))


def lines(listed: Sequence[Stop], aligned: SourceMap) -> tuple[int, ...]:
    """Give the line of the chapter, from 1, of each stop."""
    return tuple(_line(stop, aligned) for stop in listed)


def _line(stop: Stop, aligned: SourceMap) -> int:
    leaf = aligned.leaves[stop.leaf]
    return leaf.line_at(stop.word) if stop.word else leaf.line


def _of(index: int, leaf: Leaf) -> Iterator[Stop]:
    yield Stop(index, 0)
    for one in leaf.breaks:
        yield Stop(index, one.words)


def marked(blocks: Sequence[Block]) -> list[Block]:
    """Mark the stops: leaf blocks by a key, terms and new lines by raw inlines.

    A new line within emphasis or the like is marked once more after it, since
    what TeX notes there ends with the group; but after a blank only, since LaTeX
    looks at what follows emphasis to correct its slant.
    """
    marks = _Marks(leaves(blocks))
    return list(rewrite_down(list(blocks), marks.change, _CHANGED))


class _Marks:
    """What is to be put where, by the identity of the nodes."""

    def __init__(self, found: Sequence[Leaf]) -> None:
        self.blocks: dict[int, int] = {}
        self.before: dict[int, int] = {}
        self.after: dict[int, int] = {}
        self.within: dict[int, int] = {}
        self.kept = found  # or the nodes' identities could be given to others
        number = 0
        for leaf in found:
            number += 1
            begins = self.before if leaf.kind == "Term" else self.blocks
            _put(begins, leaf.node, number)
            for one in leaf.breaks:
                number += 1
                if leaf.kind == "LineBlock":
                    _put(self.before, one.node, number)
                elif leaf.kind in _MARKED:
                    _put(self.after, one.node, number)
                    _put(self.within, one.within, number, again=True)

    def change(self, node: Node) -> list[Node] | Node | None:
        """Mark the block itself, and what stands in lists of inlines below it."""
        if number := self.blocks.get(id(node)):
            node = {**node, AT: number}
        if node["t"] in _MARKED:
            return {**node, "c": self._inlines(node["c"])}
        if node["t"] == "LineBlock":
            return {**node, "c": [self._inlines(line) for line in node["c"]]}
        if node["t"] == "DefinitionList":
            items = [[self._inlines(term), definitions] for term, definitions in node["c"]]
            return {**node, "c": items}
        return node if number else self._nested(node)

    def _nested(self, node: Node) -> Node | None:
        content: Any = node.get("c")
        if node["t"] in _EMPHASIS:
            return {**node, "c": self._inlines(content)}
        if node["t"] in _INLINES_SECOND:
            return {**node, "c": [content[0], self._inlines(content[1]), *content[2:]]}
        return None

    def _inlines(self, inlines: list[Inline]) -> list[Inline]:
        """Put marks into a list, but where raw TeX may go on over the end of the line."""
        if not any(
            id(n) in each for each in (self.before, self.after, self.within) for n in inlines
        ):
            return inlines
        made: list[Inline] = []
        for index, node in enumerate(inlines):
            if number := self.before.get(id(node)):
                made.append(_mark(number))
            made.append(node)
            number = self.after.get(id(node)) or self._of_last(inlines, index)
            if number and not any(map(_is_tex, inlines[max(index - 1, 0) : index + 2])):
                made.append(_mark(number))
        return made

    def _of_last(self, inlines: list[Inline], index: int) -> int | None:
        """Give the number that a blank needs after an inline with a new line in it."""
        before = inlines[index - 1] if index else None
        is_blank = inlines[index]["t"] == "Space"
        return self.within.get(id(before)) if is_blank and before is not None else None


def _put(into: dict[int, int], node: Node | None, number: int, *, again: bool = False) -> None:
    """Note a node's number; one object that stands in two places of the tree has none."""
    if node is not None:
        into[id(node)] = number if again or id(node) not in into else 0


def _mark(number: int) -> Inline:
    return raw_inline(STOP, str(number))


def _is_tex(node: Node) -> bool:
    return bool(node["t"] == "RawInline" and node["c"][0] in TEX_FORMATS)
