"""Quotation marks, in the language of the text they stand in."""

from __future__ import annotations

from typing import Any

from geppetto.ast import Block, Node, attr_of, keyvals
from geppetto.terms import quotes


def set_quotes(blocks: list[Block], lang: str) -> list[Block]:
    """Turn Pandoc's Quoted into the marks of the language that holds there."""
    done: list[Block] = _set(blocks, lang)
    return done


def _set(value: Any, lang: str) -> Any:
    if isinstance(value, list):
        result: list[Any] = []
        for item in value:
            new = _set(item, lang)
            if isinstance(item, dict) and item.get("t") == "Quoted":
                result.extend(new)
            else:
                result.append(new)
        return result
    if not isinstance(value, dict):
        return value
    if "t" not in value:
        return {k: _set(v, lang) for k, v in value.items()}
    if "c" not in value:
        return value
    inner = _language(value) or lang
    if value["t"] == "Quoted":
        return _quoted(value, inner)
    return {**value, "c": _set(value["c"], inner)}


def _language(node: Node) -> str | None:
    if node["t"] not in {"Div", "Span"}:
        return None
    attributes = attr_of(node)
    return keyvals(attributes).get("lang") if attributes else None


def _quoted(node: Node, lang: str) -> list[Any]:
    marks = quotes(lang)
    first, last = marks[:2] if node["c"][0]["t"] == "DoubleQuote" else marks[2:]
    inlines: list[Any] = _set(node["c"][1], lang)
    return _glued(first, inlines, last)


def _glued(first: str, inlines: list[Any], last: str) -> list[Any]:
    """Join the marks to the words beside them, so that no line breaks between."""
    result = [dict(node) for node in inlines]
    if result and result[0]["t"] == "Str":
        result[0] = {"t": "Str", "c": first + result[0]["c"]}
    else:
        result.insert(0, {"t": "Str", "c": first})
    if len(result) > 0 and result[-1]["t"] == "Str":
        result[-1] = {"t": "Str", "c": result[-1]["c"] + last}
    else:
        result.append({"t": "Str", "c": last})
    return result
