"""Pandoc's document tree as its JSON gives it: types, makers, and walks.

A node is a dict `{"t": type, "c": content}`; a list of nodes is a Python list.
Nodes are treated as values: a step that changes one makes a new one. The shape
of each type is that of pandoc-types 1.23 (Pandoc 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from typing import Any, NoReturn

Node = dict[str, Any]
Block = Node
Inline = Node
Attr = list[Any]

BLANKS = re.compile(r"[ \t\n]+")
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
LEAVES = SPACES | {
    "Str", "Code", "Math", "RawInline", "RawBlock", "CodeBlock", "HorizontalRule",
}  # fmt: skip
"""Types that hold no other node."""
WORDS = SPACES | {"Str"}
RAW = frozenset({"RawBlock", "RawInline"})
"""Types that hold the text of one output format, by its name at Pandoc."""
TEX_FORMATS = frozenset({"latex", "tex"})
HTML_FORMATS = frozenset({"html", "html4", "html5", "xhtml", "epub", "epub2", "epub3"})


class Row(list[Any]):
    """A list that knows the positions of what is more than words and blanks; never changed.

    A paragraph holds a hundred words for each thing that a walk looks for, and
    touching them all is most of what a walk costs. `kinds` are the types of
    everything below, words apart, as bits of `_BITS`; all of them where that
    is not known.
    """

    __slots__ = ("held", "kinds")

    def __init__(self, items: Iterable[Any], held: Sequence[int], kinds: int = -1) -> None:
        super().__init__(items)
        self.held, self.kinds = held, kinds

    def __reduce__(self) -> tuple[type[Row], tuple[list[Any], Sequence[int], int]]:
        """Make a copy from a plain list: filling one is a change in place."""
        return Row, (list(self), self.held, self.kinds)

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a tree is not changed in place")

    append = extend = insert = remove = pop = clear = reverse = _refuse
    __iadd__ = __imul__ = _refuse
    sort: Any = _refuse
    __setitem__: Any = _refuse
    __delitem__: Any = _refuse


_BITS: dict[str, int] = {}


def _bit(kind: str) -> int:
    bit = _BITS.get(kind)
    if bit is None:
        bit = _BITS[kind] = 1 << len(_BITS)
    return bit


def _bits(kinds: Collection[str] | None) -> int:
    return -1 if kinds is None else sum(map(_bit, set(kinds)))


def attr(identifier: str = "", classes: list[str] | None = None, **keyvals: str) -> Attr:
    """Make an attribute triple; underscores in keyword names become hyphens."""
    pairs = [[name.replace("_", "-"), value] for name, value in keyvals.items()]
    return [identifier, list(classes or []), pairs]


_ATTRIBUTES_FIRST = frozenset(
    {"CodeBlock", "Div", "Figure", "Table", "Code", "Link", "Image", "Span"}
)
WITH_ATTRIBUTES = _ATTRIBUTES_FIRST | {"Header"}
"""Types that have attributes."""


def attr_of(node: Node) -> Attr | None:
    """Give a node's attribute triple, or None where its type has none."""
    kind = node["t"]
    if kind in _ATTRIBUTES_FIRST:
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


def table_rows(table: Block) -> list[Any]:
    """Give all rows of a Table, `[attributes, cells]` each: of its head, bodies and foot."""
    _, _, _, head, bodies, foot = table["c"]
    return [*head[1], *(row for body in bodies for row in [*body[2], *body[3]]), *foot[1]]


def held(items: list[Any]) -> Sequence[int]:
    """Give the positions in a list of what is more than words and blanks; a row knows them."""
    return items.held if type(items) is Row else _held(items, WORDS)


def others(items: list[Any]) -> list[Any]:
    """Give what in a list is more than words and blanks; of a row, without a look at them."""
    return [items[n] for n in held(items)]


def is_node(value: object) -> bool:
    """Tell whether a JSON value is a node of the tree."""
    return isinstance(value, dict) and "t" in value


def nodes(value: Any, kinds: Collection[str] | None = None) -> Iterator[Node]:
    """Give every node at and below a JSON value, in reading order, parents first.

    With `kinds`, only nodes of these types are given; the walk is then quicker.
    """
    skipped = _skipped(kinds)
    quick, wanted = skipped >= WORDS, _bits(kinds)
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            if not quick or type(current) is not Row:
                stack += [current[n] for n in reversed(_held(current, skipped))]
            elif current.kinds & wanted:
                stack += [current[n] for n in reversed(current.held)]
        elif isinstance(current, dict):
            kind = current.get("t")
            if kind is None:
                stack.extend(reversed(list(current.values())))
                continue
            if kinds is None or kind in kinds:
                yield current
            if kind not in LEAVES:
                stack.append(current.get("c"))


def _held(items: list[Any], skipped: Set[str]) -> Sequence[int]:
    """Give the positions in a list that a walk must look at."""
    return [
        n
        for n, item in enumerate(items)
        if (item.get("t") not in skipped if type(item) is dict else isinstance(item, _HOLDERS))
    ]


_HOLDERS = (list, dict)
_HELD = frozenset({list, dict, Row})


def _skipped(kinds: Collection[str] | None) -> Set[str]:
    """Give the types that a walk for `kinds` need not even look at."""
    return frozenset() if kinds is None else LEAVES.difference(kinds)


Change = Callable[[Node], list[Node] | Node | None]


def rewrite(value: Any, change: Change, kinds: Collection[str] | None = None) -> Any:
    """Rebuild a JSON value from the leaves up, each node through `change`.

    `change` gets a node whose children are already rewritten and gives a node,
    or None to keep it, or a list of nodes to put in its place (in a list only).
    With `kinds`, only nodes of these types go through it. What does not change
    is shared with the old value, not copied.
    """
    return _Walk(None, change, kinds).value(value)


def rewrite_down(value: Any, change: Change, kinds: Collection[str] | None = None) -> Any:
    """Rebuild a JSON value from the root down, in reading order, each node through `change`.

    As `rewrite`, but `change` gets a node before its children, which are then
    rewritten in what it gives; what stands in a list that it gives is final.
    """
    return _Walk(change, None, kinds).value(value)


class _Walk:
    """A rebuilding walk: a change on the way down, one on the way up, the types they are for."""

    def __init__(
        self, down: Change | None, up: Change | None, kinds: Collection[str] | None
    ) -> None:
        self.down, self.up, self.kinds = down, up, kinds
        self.skipped = _skipped(kinds)
        self.quick, self.wanted = self.skipped >= WORDS, _bits(kinds)

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return self._list(value)
        if isinstance(value, dict):
            return self._node(value) if "t" in value else self._mapping(value)
        return value

    def _list(self, items: list[Any]) -> list[Any]:
        result: list[Any] = []
        held: list[int] = []
        done = 0
        is_row = self.quick and type(items) is Row
        if is_row and not items.kinds & self.wanted:  # type: ignore[attr-defined]
            return items
        for position in items.held if is_row else _held(items, self.skipped):  # type: ignore[attr-defined]
            item = items[position]
            new = self.value(item)
            start = len(result) + position - done
            if new is item:
                held.append(start)
                continue
            result += items[done:position]
            result += new if isinstance(new, list) and is_node(item) else [new]
            held += range(start, len(result))
            done = position + 1
        if not done:
            return items
        result += items[done:]
        return Row(result, held) if is_row else result

    def _mapping(self, mapping: dict[str, Any]) -> dict[str, Any]:
        new: dict[str, Any] = {}
        for key, item in mapping.items():
            if not isinstance(item, _HOLDERS) or (
                self.quick and type(item) is Row and not item.held
            ):
                continue
            value = self.value(item)
            if value is not item:
                new[key] = value
        return {**mapping, **new} if new else mapping

    def _node(self, node: Node) -> Any:
        meant = self.kinds is None or node["t"] in self.kinds
        if meant and self.down is not None:
            changed = self.down(node)
            if isinstance(changed, list):
                return changed
            node = node if changed is None else changed
        if node["t"] not in LEAVES and "c" in node:
            content = self.value(node["c"])
            if content is not node["c"]:
                node = {**node, "c": content}
        if meant and self.up is not None:
            changed = self.up(node)
            return node if changed is None else changed
        return node


def indexed(value: Any, most: int) -> Any:
    """Give a tree the lists of which are rows, so that walks over it are quick.

    Raises:
        RecursionError: lists and mappings stand in each other more than `most` deep.
    """
    return _indexed(value, most)[0]


def _indexed(value: Any, most: int) -> tuple[Any, int]:
    """Give a value with its rows, and the types in it as bits."""
    if not most:
        raise RecursionError
    kinds = 0
    if type(value) is Row:
        return value, value.kinds
    if type(value) is list:
        items, held = value, []
        for position in _held(value, WORDS):
            item, found = _indexed(value[position], most - 1)
            kinds |= found
            if item is not value[position]:
                items = value[:] if items is value else items
                items[position] = item
            if type(item) is not Row or item.held:
                held.append(position)
        return Row(items, held, kinds), kinds
    if type(value) is not dict:
        return value, 0
    kind = value.get("t")
    if kind is not None:
        kinds = _bit(kind)
        if kind in LEAVES:
            return value, kinds
    new = {}
    for name, item in value.items():
        if type(item) in _HELD:
            new[name], found = _indexed(item, most - 1)
            kinds |= found
        else:
            new[name] = item
    return new, kinds


def stringify(value: Any) -> str:
    """Give the plain text of inlines or blocks; notes are left out, blanks are one space.

    No-break and other special spaces stay what they are.
    """
    out: list[str] = []
    _stringify(value, out)
    return BLANKS.sub(" ", "".join(out)).strip(" ")


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
