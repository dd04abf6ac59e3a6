"""The two revisions that a tree with marks holds: all changes accepted, or all rejected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from geppetto.ast import Block, Node
from geppetto.model.changes import CHANGE, WAS, Kind, Mark, mark_of
from geppetto.review.changes.likeness import joined

_DROPPED = object()
"""What is given for what goes with the mark that fills it."""


def accepted(blocks: Sequence[Block]) -> list[Block]:
    """Give the new revision."""
    return _side(list(blocks), old=False)  # type: ignore[no-any-return]


def rejected(blocks: Sequence[Block]) -> list[Block]:
    """Give the old revision, blanks at which lines were broken apart."""
    return _side(list(blocks), old=True)  # type: ignore[no-any-return]


def _side(value: Any, *, old: bool) -> Any:
    if isinstance(value, list):
        return _list(value, old=old)
    if not isinstance(value, dict):
        return value
    if "t" not in value:
        return {name: _side(item, old=old) for name, item in value.items()}
    return _node(value, old=old)


def _list(items: list[Any], *, old: bool) -> Any:
    filling = _filling(items)
    if filling is not None and _is_gone(filling, old=old):
        return _DROPPED
    made: list[Any] = []
    for item in items:
        mark = mark_of(item) if isinstance(item, dict) else None
        if mark is None:
            new = _side(item, old=old)
            made += [] if new is _DROPPED else [new]
        elif not _is_gone(mark, old=old):
            made += _kept(item, mark, old=old)
    return joined(made)


def _filling(items: list[Any]) -> Mark | None:
    """Give the mark that fills a list and goes with it: in an item, a row, a line, an entry."""
    first = items[0] if items else None
    if isinstance(first, dict) and len(items) == 1:
        mark = mark_of(first)
        return mark if mark is not None and mark.whole else None
    return None


def _is_gone(mark: Mark, *, old: bool) -> bool:
    return mark.kind.is_new if old else mark.kind.is_old


def _kept(node: Node, mark: Mark, *, old: bool) -> list[Any]:
    content = node["c"][1]
    if mark.kind is Kind.REWRITTEN:
        return [content[0 if old else 1]]
    return _list(content, old=old)  # type: ignore[no-any-return]


def _node(node: Node, *, old: bool) -> Any:
    bare = {name: item for name, item in node.items() if name not in {WAS, CHANGE}}
    if "c" not in node:
        return bare
    content = _content(node, old=old)
    if content is _DROPPED:
        return _DROPPED
    kind = node["t"]
    if old and WAS in node:
        kind, parts = node[WAS]
        content = parts[""] if "" in parts else _put(content, parts)
    return {**bare, "t": kind, "c": content}


def _put(content: Any, parts: dict[str, Any]) -> Any:
    if not parts:
        return content
    return [parts.get(str(n), part) for n, part in enumerate(content)]


def _content(node: Node, *, old: bool) -> Any:
    """Give a node's content; a heading goes with the mark that fills it, a list without its items."""
    content = node["c"]
    known = _CONTENTS.get(node["t"])
    if known is not None:
        return known(content, old=old)
    if not isinstance(content, list):
        return content
    return _members(content, old=old) if _is_nested(content) else _list(content, old=old)


def _ordered(content: list[Any], *, old: bool) -> list[Any]:
    return [content[0], _members(content[1], old=old)]


def _entries(entries: list[Any], *, old: bool) -> list[Any]:
    made = [[_side(term, old=old), _members(meanings, old=old)] for term, meanings in entries]
    return [entry for entry in made if entry[0] is not _DROPPED]


def _heading(content: list[Any], *, old: bool) -> Any:
    words = _list(content[2], old=old)
    return _DROPPED if words is _DROPPED else [content[0], content[1], words]


def _is_nested(content: list[Any]) -> bool:
    return bool(content) and not (isinstance(content[0], dict) and "t" in content[0])


def _members(members: list[Any], *, old: bool) -> list[Any]:
    """Give the members of a list (items, lines), without those that go whole."""
    made = [_side(member, old=old) for member in members]
    return [member for member in made if member is not _DROPPED]


def _table(content: list[Any], *, old: bool) -> list[Any]:
    attributes, caption, columns, head, bodies, foot = content
    return [
        attributes,
        _members(caption, old=old),
        columns,
        [head[0], _rows(head[1], old=old)],
        [[b[0], b[1], _rows(b[2], old=old), _rows(b[3], old=old)] for b in bodies],
        [foot[0], _rows(foot[1], old=old)],
    ]


def _rows(rows: list[Any], *, old: bool) -> list[Any]:
    made = []
    for attributes, cells in rows:
        filling = _filling(cells[0][4]) if cells else None
        if filling is None or not _is_gone(filling, old=old):
            kept = [[*cell[:4], _side(cell[4], old=old)] for cell in cells]
            made.append([attributes, kept])
    return made


_CONTENTS: dict[str, Callable[..., Any]] = {
    "BulletList": _members,
    "LineBlock": _members,
    "OrderedList": _ordered,
    "DefinitionList": _entries,
    "Table": _table,
    "Header": _heading,
}
