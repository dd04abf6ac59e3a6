"""What changed within prose: words compared with words, and what holds words with its like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from geppetto.ast import SPACES, Block, Inline, Node
from geppetto.model.changes import WAS, Kind, Mark, marked_inlines
from geppetto.review.changes import likeness
from geppetto.review.changes.tokens import HOLDERS, Token, shared, tokens

LEAST = 0.4
"""How much two notes, links or emphases share that are taken for one that changed."""
Blocks = Callable[[Sequence[Block], Sequence[Block]], list[Block]]


def compare(old: Sequence[Inline], new: Sequence[Inline], blocks: Blocks) -> list[Inline]:
    """Give inlines that hold both, with what changed in marks; `blocks` compares notes."""
    before, after = tokens(old), tokens(new)
    made: list[Inline] = []
    at = to = 0
    for start, target, length in shared(before, after):
        made += _gap(before[at:start], after[to:target], blocks)
        for one, other in zip(before[start:][:length], after[target:][:length], strict=True):
            made.append(_same(one.node, other.node, blocks))
        at, to = start + length, target + length
    return _merged(made)


def _gap(old: Sequence[Token], new: Sequence[Token], blocks: Blocks) -> list[Inline]:
    """Mark what only one side has; what holds words is compared with its like first."""
    made: list[Inline] = []
    at = to = 0
    for start, target in _pairs(old, new):
        made += _replaced(old[at:start], new[to:target])
        made.append(_held(old[start].node, new[target].node, blocks))
        at, to = start + 1, target + 1
    return [*made, *_replaced(old[at:], new[to:])]


def _pairs(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[int, int]]:
    """Give the holders that are one and the same, with other words; in order."""
    found: list[tuple[int, int]] = []
    reached = 0
    for start, one in enumerate(old):
        if one.node["t"] not in HOLDERS:
            continue
        for target in range(reached, len(new)):
            if _are_like(one.node, new[target].node):
                found.append((start, target))
                reached = target + 1
                break
    return found


def _are_like(old: Node, new: Node) -> bool:
    if frame(old) != frame(new):
        return False
    if "equation" in _classes(old):
        return True
    return likeness.share(likeness.words(old), likeness.words(new)) >= LEAST


def _classes(node: Node) -> list[str]:
    return list(node["c"][0][1]) if node["t"] == "Span" else []


def frame(node: Node) -> str:
    """Give what an inline that holds others is, but for what it holds."""
    place = HOLDERS.get(node["t"])
    if place is None or place < 0:
        return str(node["t"])
    content = likeness.essence({"t": node["t"], "c": _without(node["c"], place)})
    return likeness.key(content)


def _without(content: Any, place: int) -> Any:
    return [*content[:place], [], *content[place + 1 :]]


def _replaced(old: Sequence[Token], new: Sequence[Token]) -> list[Inline]:
    made: list[Inline] = []
    if old:
        made.append(marked_inlines(_merged([t.node for t in old]), Mark(Kind.DELETED)))
    if new:
        made.append(marked_inlines(_merged([t.node for t in new]), Mark(Kind.INSERTED)))
    return made


def _same(old: Inline, new: Inline, blocks: Blocks) -> Inline:
    """Give an inline that says the same in both: the new, knowing what only the old has."""
    if old == new or new["t"] not in HOLDERS:
        return new if old == new or new["t"] in SPACES else {**new, WAS: [old["t"], {"": old["c"]}]}
    if new["t"] in {"Link", "Cite"} and likeness.key(old["c"]) != likeness.key(new["c"]):
        return {**new, WAS: [old["t"], {str(n): part for n, part in enumerate(old["c"])}]}
    return _held(old, new, blocks)


def _held(old: Inline, new: Inline, blocks: Blocks) -> Inline:
    """Compare what two inlines of one frame hold."""
    place = HOLDERS[new["t"]]
    if new["t"] == "Note":
        return {"t": "Note", "c": blocks(old["c"], new["c"])}
    if place < 0:
        return {"t": new["t"], "c": compare(old["c"], new["c"], blocks)}
    content = list(new["c"])
    content[place] = compare(old["c"][place], new["c"][place], blocks)
    return was({"t": new["t"], "c": content}, old, place)


def was(new: Node, old: Node, *compared: int) -> Node:
    """Let a node know the parts of the old one's content that were not compared, where they differ."""
    parts = {
        str(n): part for n, part in enumerate(old["c"]) if n not in compared and part != new["c"][n]
    }
    if not parts and old["t"] == new["t"]:
        return new
    return {**new, WAS: [old["t"], parts]}


def _merged(inlines: list[Inline]) -> list[Inline]:
    return likeness.joined(inlines)
