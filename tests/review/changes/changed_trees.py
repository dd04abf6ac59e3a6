"""Random trees with every kind of block and inline, and random edits of them, made from a number."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

WORDS = [
    "the",
    "a",
    "book",
    "of",
    "wood,",
    "nose.",
    "marionette",
    "lies;",
    "truth",
    "(grows)",
    "don’t",
    "self-made",
    "1883",
    "ἀνδρεῖος",
    "木偶",
    "dog’s",
    "–",
    "…",
    "\xa0x",
    "ﬁn",
    "7.2",
    "“quoted”",
]
EMPTY: Any = ["", [], []]


class Trees:
    """Makes trees and edits them."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)  # noqa: S311 - the same trees each time

    def some(self, make: Any, most: int, least: int = 0) -> list[Any]:
        """Make so many of something."""
        return [make() for _ in range(self.random.randint(least, most))]

    def attributes(self) -> Any:
        """Make attributes, mostly empty."""
        name = self.random.choice(["", "", "", "fig-a", "sec-b"])
        classes = self.random.choice([[], [], [], ["note"], ["mark"], ["inserted"]])
        pair = self.random.choice([[], [], ["number", "2.1"], ["number", "3.4"], ["lang", "it"]])
        return [name, classes, [pair] if pair else []]

    def leaf(self) -> Any:
        """Make an inline that holds no other."""
        chance = self.random.random()
        if chance < 0.5:
            return {"t": "Str", "c": self.random.choice(WORDS)}
        if chance < 0.85:
            return {"t": self.random.choice(["Space", "Space", "SoftBreak", "LineBreak"])}
        source = self.random.choice(["x^2", "y", "\\alpha + 1"])
        target = [self.random.choice(["a.png", "b.png"]), ""]
        kind = {"t": self.random.choice(["InlineMath", "DisplayMath"])}
        return self.random.choice(
            [
                {"t": "Code", "c": [self.attributes(), source]},
                {"t": "Math", "c": [kind, source]},
                {"t": "RawInline", "c": [self.random.choice(["latex", "html"]), source]},
                {"t": "Image", "c": [self.attributes(), [], target]},
            ]
        )

    def inlines(self, depth: int = 2) -> list[Any]:
        """Make a run of inlines."""
        return self.some(lambda: self.inline(depth), 12)

    def inline(self, depth: int) -> Any:
        """Make an inline that may hold others."""
        if not depth or self.random.random() < 0.75:
            return self.leaf()
        inner = self.inlines(depth - 1)
        kind = self.random.choice(
            [
                "Emph",
                "Strong",
                "SmallCaps",
                "Underline",
                "Strikeout",
                "Superscript",
                "Subscript",
                "Span",
                "Link",
                "Quoted",
                "Cite",
                "Note",
            ]
        )
        target = self.random.choice([["#sec-b", ""], ["#fig-a", ""], ["https://example.org", "A"]])
        first = {
            "Span": [self.attributes(), inner],
            "Link": [self.attributes(), inner, target],
            "Quoted": [{"t": "DoubleQuote"}, inner],
            "Cite": [[self.citation()], inner],
            "Note": self.some(lambda: {"t": "Para", "c": self.inlines(0)}, 2, 1),
        }
        return {"t": kind, "c": first.get(kind, inner)}

    def citation(self) -> Any:
        """Make a citation."""
        return {
            "citationId": self.random.choice(["collodi", "eco"]),
            "citationPrefix": [],
            "citationSuffix": [],
            "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": self.random.randint(1, 2),
            "citationHash": 0,
        }

    def blocks(self, depth: int = 2) -> list[Any]:
        """Make a run of blocks."""
        return self.some(lambda: self.block(depth), 6)

    def block(self, depth: int) -> Any:
        """Make a block."""
        if not depth or self.random.random() < 0.6:
            return self.simple()
        inner = self.blocks(depth - 1)
        items = self.some(lambda: self.blocks(depth - 1), 4)
        style = [self.random.choice([1, 3]), {"t": "Decimal"}, {"t": "Period"}]
        return self.random.choice(
            [
                {"t": "BlockQuote", "c": inner},
                {"t": "BulletList", "c": items},
                {"t": "OrderedList", "c": [style, items]},
                {"t": "DefinitionList", "c": [[self.inlines(1), items] for _ in items[:3]]},
                {"t": "Div", "c": [self.attributes(), inner]},
                {"t": "Figure", "c": [self.attributes(), [None, self.blocks(0)], inner]},
                self.table(),
                self.table(),
            ]
        )

    def simple(self) -> Any:
        """Make a block that holds no other."""
        lines = "\n".join(self.random.choices(["x = 1", "", "  return x", "pass"], k=3))
        form = self.random.choice(["latex", "html"])
        level = self.random.choice([2, 3])
        return self.random.choice(
            [
                {"t": "Para", "c": self.inlines()},
                {"t": "Para", "c": self.inlines()},
                {"t": "Plain", "c": self.inlines()},
                {"t": "Header", "c": [level, self.attributes(), self.inlines(1)]},
                {"t": "CodeBlock", "c": [self.attributes(), lines]},
                {"t": "RawBlock", "c": [form, lines]},
                {"t": "LineBlock", "c": self.some(lambda: self.inlines(1), 4)},
                {"t": "HorizontalRule"},
            ]
        )

    def table(self) -> Any:
        """Make a table, some of whose cells may be tall."""
        width = self.random.randint(1, 3)
        rows = self.some(lambda: [EMPTY, [self.cell() for _ in range(width)]], 4)
        columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in range(width)]
        caption = [None, self.some(lambda: {"t": "Plain", "c": self.inlines(0)}, 1)]
        body = [EMPTY, 0, [], rows[1:]]
        head, foot = [EMPTY, rows[:1]], [EMPTY, []]
        return {"t": "Table", "c": [self.attributes(), caption, columns, head, [body], foot]}

    def cell(self) -> Any:
        """Make a cell, which may be empty."""
        content = self.some(lambda: {"t": "Plain", "c": self.inlines(1)}, 1)
        return [EMPTY, {"t": "AlignDefault"}, 1, 1, content]

    def edited(self, tree: Any) -> Any:
        """Edit a tree: what its lists hold goes, moves, becomes other words, or is joined by more."""
        new = copy.deepcopy(tree)
        for _ in range(self.random.randint(1, 8)):
            places = _lists(new)
            members = _members(new)
            if members and self.random.random() < 0.4:
                self.shuffle(self.random.choice(members))
            elif places:
                self.edit(self.random.choice(places))
        return new

    def shuffle(self, members: list[Any]) -> None:
        """Edit the items of a list, the lines of a verse, the rows of a table, or attributes."""
        if members and isinstance(members[0], str):
            members[:] = self.attributes()
        elif members:
            at, to = (self.random.randrange(len(members)) for _ in range(2))
            how = self.random.choice([members.pop, lambda at: members.insert(to, members.pop(at))])
            how(at)
            if self.random.random() < 0.5 and len(members) > 0:
                members.insert(to, copy.deepcopy(self.random.choice(members)))

    def edit(self, place: list[Any]) -> None:
        """Edit one list of nodes."""
        at, to = (self.random.randrange(len(place)) for _ in range(2))
        is_prose = place[at]["t"] in {"Str", "Space", "SoftBreak", "Emph", "Code", "Note"}
        how = self.random.random()
        if how < 0.25:
            del place[at]
        elif how < 0.45:
            place.insert(to, place.pop(at))
        elif is_prose:
            place.insert(at, self.inline(1))
        elif place[at]["t"] == "CodeBlock":
            place[at]["c"][1] += "\nx = 1"
        elif place[at]["t"] in {"Para", "Plain", "Header", "BulletList", "Table", "LineBlock"}:
            place.insert(at, self.block(1))


def _nodes(value: Any) -> list[Any]:
    found: list[Any] = []
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            stack += current
        elif isinstance(current, dict):
            found.append(current)
            stack += current["c"] if isinstance(current.get("c"), list) else []
    return found


def _members(tree: Any) -> list[list[Any]]:
    """Give the lists of items, lines and rows in a tree, and attributes."""
    found: list[list[Any]] = []
    for node in _nodes(tree):
        kind = node.get("t")
        if kind in {"BulletList", "LineBlock", "DefinitionList"}:
            found += [node["c"]] if kind != "DefinitionList" else [one[1] for one in node["c"]]
        elif kind == "OrderedList":
            found.append(node["c"][1])
        elif kind == "Table":
            found += [node["c"][4][0][3], node["c"][0]]
        elif kind in {"Header", "Div", "Span", "Link", "Figure", "Image", "CodeBlock"}:
            found.append(node["c"][1 if kind == "Header" else 0])
    return found


def _lists(tree: Any) -> list[list[Any]]:
    """Give every list of nodes in a tree that may become shorter or longer."""
    found = [tree] if tree else []
    for node in _nodes(tree):
        content = node.get("c")
        for one in [content, *(content if isinstance(content, list) else [])]:
            if isinstance(one, list) and one and all(isinstance(n, dict) and "t" in n for n in one):
                found.append(one)
    return found
