"""Notes: what stands in a note of a note, which Word cannot hold, goes to the note's end."""

from __future__ import annotations

from geppetto import ast
from geppetto.ast import Block, Inline, Node
from geppetto.docx.styles import styled

STYLE = "Note Mark"


def flat(blocks: list[Block]) -> list[Block]:
    """Give a note's blocks with those of the notes in it, marked by asterisks, behind them."""
    if not any(True for _ in ast.nodes(blocks, {"Note"})):
        return blocks
    inner: list[list[Block]] = []

    def change(node: Node) -> Node:
        inner.append(node["c"])
        return _mark(len(inner))

    kept: list[Block] = list(ast.rewrite_down(blocks, change, {"Note"}))
    for number, note in enumerate(inner, 1):
        kept += _marked(note, number)
    return kept


def _mark(number: int) -> Inline:
    return ast.span(ast.text("*" * number), styled(ast.attr(), STYLE))


def _marked(note: list[Block], number: int) -> list[Block]:
    opening = [_mark(number), {"t": "Space"}]
    if note and note[0]["t"] in {"Para", "Plain"}:
        return [ast.para([*opening, *note[0]["c"]]), *note[1:]]
    return [ast.para(opening[:1]), *note]
