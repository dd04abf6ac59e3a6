"""Pandoc's document tree as its JSON gives it: types, makers, and walks.

A node is a dict `{"t": type, "c": content}`; a list of nodes is a Python list.
Nodes are treated as values: a step that changes one makes a new one. The shape
of each type is that of pandoc-types 1.23 (Pandoc 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
Block = Node
Inline = Node
Attr = list[Any]

SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})


def attr(identifier: str = "", classes: list[str] | None = None, **keyvals: str) -> Attr:
    """Make an attribute triple; underscores in keyword names become hyphens."""
    pairs = [[name.replace("_", "-"), value] for name, value in keyvals.items()]
    return [identifier, list(classes or []), pairs]


def attr_of(node: Node) -> Attr | None:
    """Give a node's attribute triple, or None where its type has none."""
    kind = node["t"]
    if kind in {"CodeBlock", "Div", "Figure", "Table", "Code", "Link", "Image", "Span"}:
        return node["c"][0]  # type: ignore[no-any-return]
    if kind == "Header":
        return node["c"][1]  # type: ignore[no-any-return]
    return None


def keyvals(attributes: Attr) -> dict[str, str]:
    """Give an attribute triple's key-value pairs."""
    return dict(attributes[2])


def text(value: str) -> list[Inline]:
    """Make inlines of plain text, its blanks as Space."""
    inlines: list[Inline] = []
    for i, word in enumerate(value.split(" ")):
        if i:
            inlines.append({"t": "Space"})
        if word:
            inlines.append({"t": "Str", "c": word})
    return inlines


def para(inlines: list[Inline]) -> Block:
    """Make a paragraph."""
    return {"t": "Para", "c": inlines}


def plain(inlines: list[Inline]) -> Block:
    """Make a paragraph without paragraph spacing."""
    return {"t": "Plain", "c": inlines}


def span(inlines: list[Inline], attributes: Attr) -> Inline:
    """Make a span."""
    return {"t": "Span", "c": [attributes, inlines]}


def div(blocks: list[Block], attributes: Attr) -> Block:
    """Make a division."""
    return {"t": "Div", "c": [attributes, blocks]}


def link(inlines: list[Inline], target: str, attributes: Attr | None = None) -> Inline:
    """Make a link."""
    return {"t": "Link", "c": [attributes or attr(), inlines, [target, ""]]}


def raw_block(form: str, content: str) -> Block:
    """Make a raw block of one format ("latex", "html")."""
    return {"t": "RawBlock", "c": [form, content]}


def raw_inline(form: str, content: str) -> Inline:
    """Make a raw inline of one format ("latex", "html")."""
    return {"t": "RawInline", "c": [form, content]}


def is_node(value: object) -> bool:
    """Tell whether a JSON value is a node of the tree."""
    return isinstance(value, dict) and "t" in value


def nodes(value: Any) -> Iterator[Node]:
    """Give every node at and below a JSON value, in reading order, parents first."""
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            stack.extend(reversed(current))
        elif isinstance(current, dict):
            if "t" in current:
                yield current
                if "c" in current:
                    stack.append(current["c"])
            else:
                stack.extend(reversed(list(current.values())))


def rewrite(value: Any, change: Callable[[Node], list[Node] | Node | None]) -> Any:
    """Rebuild a JSON value from the leaves up, each node through `change`.

    `change` gets a node whose children are already rewritten and gives a node,
    or None to keep it, or a list of nodes to put in its place (in a list only).
    """
    if isinstance(value, list):
        result: list[Any] = []
        for item in value:
            new = rewrite(item, change)
            if isinstance(item, dict) and "t" in item and isinstance(new, list):
                result.extend(new)
            else:
                result.append(new)
        return result
    if isinstance(value, dict):
        if "t" not in value:
            return {k: rewrite(v, change) for k, v in value.items()}
        node = {**value, "c": rewrite(value["c"], change)} if "c" in value else value
        changed = change(node)
        return node if changed is None else changed
    return value


def stringify(value: Any) -> str:
    """Give the plain text of inlines or blocks; notes are left out, blanks are one space."""
    out: list[str] = []
    _stringify(value, out)
    return " ".join("".join(out).split())


def _stringify(value: Any, out: list[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _stringify(item, out)
        return
    if not isinstance(value, dict):
        return
    kind = value.get("t")
    content: Any = value.get("c")
    if kind == "Str":
        out.append(content)
    elif kind in SPACES:
        out.append(" ")
    elif kind in {"Code", "Math", "CodeBlock"}:
        out.append(content[1])
    elif kind == "Quoted":
        marks = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
        out.append(marks[0])
        _stringify(content[1], out)
        out.append(marks[1])
    elif kind == "Cite":
        _stringify(content[1], out)
    elif kind in {"Note", "RawInline", "RawBlock"}:
        return
    else:
        _stringify(content, out)
        if kind in {"Para", "Plain", "Header"}:
            out.append(" ")
