"""What was deleted, made fit to stand in the new revision without taking part in it.

It has no identifiers and no numbers, it leads nowhere within the book, its
notes stand in the text, and its own LaTeX and HTML are shown, not run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geppetto.ast import Attr, Block, Inline, Node, attr, attr_of, nodes, rewrite, text
from geppetto.review.changes.likeness import SILENT_KEYS


def block(node: Block) -> Block:
    """Take a block's own identifier and number from it."""
    attributes = attr_of(node)
    if attributes is None:
        return node
    at = 1 if node["t"] == "Header" else 0
    content = list(node["c"])
    content[at] = _bare(attributes)
    return {**node, "c": content}


def _bare(attributes: Attr) -> Attr:
    pairs = [pair for pair in attributes[2] if pair[0] not in SILENT_KEYS]
    return ["", attributes[1], pairs]


def inlines(content: Sequence[Inline]) -> list[Inline]:
    """Make inlines words, formulas, images and code that lead to nothing."""
    made: list[Inline] = rewrite(list(content), _inline)
    return made


def _inline(node: Node) -> list[Node] | Node | None:
    kind = node["t"]
    if kind == "Cite":
        return list(node["c"][1])
    if kind == "Note":
        return [*text(" [Note: "), *_words(node["c"]), {"t": "Str", "c": "]"}]
    if kind == "RawInline":
        return {"t": "Code", "c": [attr(), node["c"][1]]}
    if kind == "Link" and node["c"][2][0].startswith("#"):
        return list(node["c"][1])
    attributes = attr_of(node)
    if attributes is None:
        return None
    return {**node, "c": [_bare(attributes), *node["c"][1:]]}


def _words(content: Any) -> list[Inline]:
    """Give the words of a note's blocks, one paragraph after the other."""
    made: list[Inline] = []
    for one in nodes(content, {"Para", "Plain", "Header", "CodeBlock"}):
        words = one["c"][2] if one["t"] == "Header" else one["c"]
        if one["t"] == "CodeBlock":
            words = [{"t": "Code", "c": [attr(), one["c"][1]]}]
        made += [{"t": "Space"}, *words] if made else words
    return made
