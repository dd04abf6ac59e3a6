"""Quotation marks, in the language of the text they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geppetto.ast import Node, keyvals, rewrite_down
from geppetto.terms import quotes


def set_quotes(nodes: Sequence[Node], lang: str) -> list[Node]:
    """Turn Pandoc's Quoted into the marks of the language that holds there."""

    def change(node: Node) -> list[Node] | Node | None:
        if node["t"] == "Quoted":
            return _quoted(node, lang)
        inner = keyvals(node["c"][0]).get("lang")
        if not inner or inner == lang:
            return None
        return {"t": node["t"], "c": [node["c"][0], set_quotes(node["c"][1], inner)]}

    done: list[Node] = rewrite_down(list(nodes), change, {"Quoted", "Div", "Span"})
    return done


def _quoted(node: Node, lang: str) -> list[Node]:
    marks = quotes(lang)
    first, last = marks[:2] if node["c"][0]["t"] == "DoubleQuote" else marks[2:]
    return _glued(first, set_quotes(node["c"][1], lang), last)


def _glued(first: str, inlines: list[Any], last: str) -> list[Node]:
    """Join the marks to the words beside them, so that no line breaks between."""
    result = list(inlines)
    if result and result[0]["t"] == "Str":
        result[0] = {"t": "Str", "c": first + result[0]["c"]}
    else:
        result.insert(0, {"t": "Str", "c": first})
    if result[-1]["t"] == "Str":
        result[-1] = {"t": "Str", "c": result[-1]["c"] + last}
    else:
        result.append({"t": "Str", "c": last})
    return result
