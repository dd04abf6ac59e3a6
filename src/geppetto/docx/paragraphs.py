"""Paragraphs of the DOCX: their styles, what stands first in them, the equations between them."""

from __future__ import annotations

from geppetto import ast
from geppetto.ast import SPACES, Block, Inline, Node
from geppetto.docx import marks
from geppetto.docx.styles import styled

EQUATION, NUMBER = "Equation", "Equation Number"


def of_style(style: str, inlines: list[Inline], identifier: str = "") -> Block:
    """Make a paragraph of a style."""
    return ast.div([ast.para(inlines)], styled(ast.attr(identifier), style))


def parted(node: Node) -> list[Block]:
    """Part a paragraph at its numbered equations, each of which has a line of its own."""
    inlines = node["c"]
    places = [at for at in ast.held(inlines) if _is_equation(inlines[at])]
    if not places:
        return [node]
    made: list[Block] = []
    start = 0
    left: list[Inline] = []
    for at in places:
        before, left = _marks_apart(inlines[start:at])
        made += _piece(before, node["t"], is_first=not made)
        made.append(_equation(inlines[at], left))
        start = at + 1
    return [*made, *_piece(inlines[start:], node["t"], is_first=False)]


def led(mark: Inline, blocks: list[Block]) -> list[Block]:
    """Put a mark at the very beginning of blocks: in their first paragraph, if it can be."""
    first = blocks[0] if blocks else None
    if first is None:
        return []
    kind = first["t"]
    if kind in {"Para", "Plain"}:
        return [{"t": kind, "c": [mark, *first["c"]]}, *blocks[1:]]
    if kind == "Header":
        level, attributes, inlines = first["c"]
        return [{"t": kind, "c": [level, attributes, [mark, *inlines]]}, *blocks[1:]]
    if kind == "LineBlock" and first["c"]:
        return [{"t": kind, "c": [[mark, *first["c"][0]], *first["c"][1:]]}, *blocks[1:]]
    if kind == "Div":
        attributes, inner = first["c"]
        return [{"t": kind, "c": [attributes, led(mark, inner)]}, *blocks[1:]]
    return [ast.raw_block(*mark["c"]), *blocks]


def _is_equation(node: Inline) -> bool:
    return bool(
        node["t"] == "Span"
        and node["c"][0][1] == ["equation"]
        and ast.keyvals(node["c"][0]).get("number")
    )


def _marks_apart(inlines: list[Inline]) -> tuple[list[Inline], list[Inline]]:
    """Give words, and marks alone where there are no words: they go on to the equation."""
    if any(not marks.is_mark(one) and one["t"] not in SPACES for one in inlines):
        return inlines, []
    return [], [one for one in inlines if marks.is_mark(one)]


def _piece(inlines: list[Inline], kind: str, *, is_first: bool) -> list[Block]:
    """Give the words before or after an equation; those after it go on without an indent."""
    bare = list(inlines)
    while bare and bare[-1]["t"] in SPACES:
        bare.pop()
    while bare and bare[0]["t"] in SPACES:
        bare.pop(0)
    if not bare:
        return []
    words = {"t": kind, "c": bare}
    if is_first:
        return [words]
    return [ast.div([words], styled(ast.attr(), "First Paragraph"))]


def _equation(node: Inline, left: list[Inline]) -> Block:
    (identifier, _, pairs), inlines = node["c"]
    number = f"({dict(pairs)['number']})"
    rows = [of_style(EQUATION, [*left, *inlines]), of_style(NUMBER, ast.text(number))]
    return ast.div(rows, ast.attr(identifier))
