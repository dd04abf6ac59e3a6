"""Keeps an author's unclosed tags from reaching past the place they were meant for.

A browser carries an unclosed `<b>` on to the end of the page. In a book that
would embolden the rest of a chapter, so what a paragraph opens ends with it, and
what stands between paragraphs ends before the next heading.
"""

from __future__ import annotations

from typing import Any

from geppetto import ast
from geppetto.ast import Block, Inline, Node
from geppetto.epub import rawhtml


def close_inlines(inlines: list[Inline]) -> list[Inline]:
    """Close at the end of a paragraph or heading what its raw HTML opens."""
    left = rawhtml.unclosed(_inline_fragments(inlines))
    return [*inlines, *(ast.raw_inline("html", f"</{tag}>") for tag, _ in reversed(left))]


def close_blocks(blocks: list[Block]) -> list[Block]:
    """Close before the next heading, or at the end, what raw HTML between blocks opens."""
    positions = [i for i, block in enumerate(blocks) if block["t"] == "RawBlock"]
    left = rawhtml.unclosed(blocks[i]["c"][1] for i in positions)
    if not left:
        return blocks
    ends: dict[int, list[str]] = {}
    for tag, which in reversed(left):
        start = positions[which] + 1
        headings = (i for i in range(start, len(blocks)) if blocks[i]["t"] == "Header")
        ends.setdefault(next(headings, len(blocks)), []).append(tag)
    closed: list[Block] = []
    for position in range(len(blocks) + 1):
        closed += [ast.raw_block("html", f"</{tag}>") for tag in ends.get(position, [])]
        closed += blocks[position : position + 1]
    return closed


def balanced(node: Node) -> Node:
    """Give a node whose raw HTML closes what it opens."""
    kind, content = node["t"], node.get("c")
    if content is None:
        return node
    if kind in {"Para", "Plain"}:
        return {"t": kind, "c": close_inlines(content)}
    if kind == "Header":
        return {"t": kind, "c": [*content[:2], close_inlines(content[2])]}
    if kind in {"BlockQuote", "Note"}:
        return {"t": kind, "c": close_blocks(content)}
    if kind == "Div":
        return {"t": kind, "c": [content[0], close_blocks(content[1])]}
    return node


def _inline_fragments(value: Any) -> list[str]:
    """Give the raw HTML of inlines in order; a note's is its own affair."""
    if isinstance(value, list):
        return [fragment for item in value for fragment in _inline_fragments(item)]
    if not isinstance(value, dict) or value.get("t") == "Note":
        return []
    if value.get("t") == "RawInline":
        return [value["c"][1]]
    return _inline_fragments(value.get("c"))
