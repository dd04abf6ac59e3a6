"""Passages that were deleted in one place and inserted in another: they moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geppetto.ast import SPACES, Block, Inline, Node, rewrite_down
from geppetto.model.changes import Kind, Mark, mark_of, with_mark
from geppetto.review.changes import blocks, likeness

LEAST_WORDS = 5
"""Words that a passage has which is said to have moved; fewer are anywhere."""
LEAST_CHANGED, LEAST_SHARED = 12, 0.75
"""Words of a passage that moved and was changed, and how much of it is as it was."""
MOST_WEIGHED = 200_000
"""Pairs of passages that are weighed; a book in which more came and went was written anew."""
Trees = Sequence[Sequence[Block]]


@dataclass(frozen=True)
class _Passage:
    """A mark's node, what it says (as a key), and its words."""

    node: Node
    mark: Mark
    key: str
    words: Counter[str]


def found(trees: Trees) -> list[list[Block]]:
    """Say of the marks in a book's trees which are two ends of a move.

    The two have one number in `other`, from 1, which is no other move's.
    """
    passages = [passage for tree in trees for passage in _passages(list(tree))]
    gone = [one for one in passages if one.mark.kind is Kind.DELETED]
    come = [one for one in passages if one.mark.kind is Kind.INSERTED]
    changed: dict[int, Node] = {}
    for number, (old, new) in enumerate(_pairs(gone, come), 1):
        kinds = (Kind.MOVED_FROM, Kind.MOVED_TO)
        ends = [
            Mark(k, one.mark.whole, 0, number) for k, one in zip(kinds, (old, new), strict=True)
        ]
        changed[id(old.node)] = with_mark(old.node, ends[0])
        changed[id(new.node)] = with_mark(_with_changes(old, new), ends[1])
    return [rewrite_down(list(tree), lambda node: changed.get(id(node))) for tree in trees]


def _passages(value: Any) -> Iterator[_Passage]:
    """Give the marks in a tree that may have moved; what stands in tables stays."""
    if isinstance(value, list):
        for item in value:
            yield from _passages(item)
    elif isinstance(value, dict):
        mark = mark_of(value)
        if mark is not None and mark.kind is not Kind.REWRITTEN:
            yield from _passage(value, mark)
        elif value.get("t") != "Table":
            yield from _passages(value.get("c"))


def _passage(node: Node, mark: Mark) -> Iterator[_Passage]:
    content = node["c"][1]
    if node["t"] == "Span":
        content = _stripped(content)
    words = likeness.words(content)
    is_heading = node["t"] == "Span" and mark.whole
    if words.total() >= (1 if is_heading else LEAST_WORDS):
        yield _Passage(node, mark, f"{node['t']} {likeness.key(content)}", words)


def _stripped(inlines: list[Inline]) -> list[Inline]:
    """Leave out the blanks at both ends."""
    said = [n for n, one in enumerate(inlines) if one["t"] not in SPACES]
    return inlines[said[0] : said[-1] + 1] if said else []


def _pairs(
    gone: Sequence[_Passage], come: Sequence[_Passage]
) -> Iterator[tuple[_Passage, _Passage]]:
    """Give the ends of each move: first those that say the same, then the most alike."""
    waiting: dict[str, list[_Passage]] = {}
    for passage in gone:
        waiting.setdefault(passage.key, []).append(passage)
    others: list[_Passage] = []
    for passage in come:
        if waiting.get(passage.key):
            yield waiting[passage.key].pop(0), passage
        elif _is_block(passage) and passage.words.total() >= LEAST_CHANGED:
            others.append(passage)
    left = [one for same in waiting.values() for one in same if _is_block(one)]
    for new in others if len(left) * len(others) <= MOST_WEIGHED else ():
        old = max(left, key=lambda one: likeness.share(one.words, new.words), default=None)
        if old is not None and _are_one(old, new):
            left.remove(old)
            yield old, new


def _is_block(passage: _Passage) -> bool:
    return bool(passage.node["t"] == "Div" and len(passage.node["c"][1]) == 1)


def _are_one(old: _Passage, new: _Passage) -> bool:
    """Tell whether a block is one that moved, and was changed on the way."""
    one, other = old.node["c"][1][0], new.node["c"][1][0]
    return likeness.share(old.words, new.words) >= LEAST_SHARED and blocks.are_like(one, other)


def _with_changes(old: _Passage, new: _Passage) -> Node:
    """Give the new end of a move, with what was changed in it on the way."""
    if old.key == new.key:
        return new.node
    attributes, content = new.node["c"]
    return {**new.node, "c": [attributes, blocks.compare(old.node["c"][1], content)]}
