"""The words of Pandoc's tree, leaf block by leaf block, as the source spells them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geppetto.ast import Block, Node, table_rows

# Underscores, quotes and dashes differ between the tree and the source; letters and digits do not.
WORD = re.compile(r"[^\W_]+")
LEAVES = frozenset({"Para", "Plain", "Header", "CodeBlock", "LineBlock", "RawBlock"})


@dataclass
class Leaf:
    """A block that holds words itself.

    `path` gives the index of each block in its parent, from the top; the
    blocks of a parent (items, cells, captions, the notes of a paragraph)
    count on in reading order. `floating` leaves (notes, captions of tables)
    may stand elsewhere in the source than in the tree. `node` is the block, or
    the first inline of a term.
    """

    kind: str
    path: tuple[int, ...]
    words: list[str] = field(default_factory=list)
    floating: int = 0
    table: int = 0
    is_comment: bool = False
    node: Node | None = None
    breaks: list[Break] = field(default_factory=list)


@dataclass(frozen=True)
class Break:
    """Where the author began a new line within a leaf: the SoftBreak, the words before it.

    Of a line block it is the first inline of each line but the first. `within` is
    the inline of the leaf itself that the SoftBreak stands in, if in one.
    """

    node: Node
    words: int
    within: Node | None = None


def leaves(blocks: Sequence[Block]) -> list[Leaf]:
    """Give every leaf block in the order of the tree."""
    collector = _Collector()
    for index, block in enumerate(blocks):
        collector.block(block, (index,))
    return collector.found


class _Collector:
    """Walks the blocks; each method adds the leaves below one node."""

    def __init__(self) -> None:
        self.found: list[Leaf] = []
        self._floating = 0
        self._floats = 0
        self._table = 0
        self._tables = 0

    def block(self, block: Block, path: tuple[int, ...]) -> None:
        """Add the leaves of a block."""
        kind = block["t"]
        if kind in LEAVES or kind == "HorizontalRule":
            self._leaf(kind, block.get("c"), path).node = block
        elif kind == "Table":
            self._table_block(block, path)
        elif kind == "Figure":
            self._figure(block["c"], path)
        elif kind == "DefinitionList":
            self._definitions(block["c"], path)
        else:
            self._blocks(_children(block), path, 0)

    def _blocks(self, blocks: Sequence[Block], path: tuple[int, ...], start: int) -> int:
        for index, block in enumerate(blocks, start):
            self.block(block, (*path, index))
        return start + len(blocks)

    def _leaf(self, kind: str, content: Any, path: tuple[int, ...]) -> Leaf:
        leaf = Leaf(kind, path, floating=self._floating, table=self._table)
        self.found.append(leaf)
        notes: list[list[Block]] = []
        if kind == "CodeBlock":
            leaf.words = [w for c in content[0][1] for w in WORD.findall(c)]
            leaf.words += WORD.findall(content[1])
        elif kind == "RawBlock":
            leaf.words = WORD.findall(content[1])
            leaf.is_comment = content[1].lstrip().startswith("<!--")
        elif content is not None:
            collector = _Words(leaf, notes)
            for index, one in enumerate(content[2] if kind == "Header" else content):
                if kind == "LineBlock" and index and one:
                    leaf.breaks.append(Break(one[0], len(leaf.words)))
                collector.take(one)
        count = 0
        for note in notes:
            count = self._float(note, path, count)
        return leaf

    def _float(self, blocks: Sequence[Block], path: tuple[int, ...], start: int) -> int:
        """Add blocks that may stand elsewhere in the source."""
        outer, self._floats = self._floating, self._floats + 1
        self._floating = self._floats
        end = self._blocks(blocks, path, start)
        self._floating = outer
        return end

    def _definitions(self, items: list[Any], path: tuple[int, ...]) -> None:
        count = 0
        for term, definitions in items:
            self._leaf("Term", term, (*path, count)).node = term[0] if term else None
            count += 1
            for definition in definitions:
                count = self._blocks(definition, path, count)

    def _figure(self, content: list[Any], path: tuple[int, ...]) -> None:
        """Add a figure; the caption of an image alone in its paragraph is its description."""
        _, (_, caption), blocks = content
        before = len(self.found)
        count = self._blocks(caption, path, 0)
        described = [w for leaf in self.found[before:] for w in leaf.words]
        after = len(self.found)
        self._blocks(blocks, path, count)
        for leaf in self.found[after:]:
            if described and leaf.words[: len(described)] == described:
                leaf.words = leaf.words[len(described) :]

    def _table_block(self, table: Block, path: tuple[int, ...]) -> None:
        outer, self._tables = self._table, self._tables + 1
        self._table = self._tables
        count = self._float(table["c"][1][1], path, 0)
        for row in table_rows(table):
            for cell in row[1]:
                count = self._blocks(cell[4], path, count)
        self._table = outer


def _children(block: Block) -> list[Block]:
    """Give the blocks of a container in reading order."""
    kind, content = block["t"], block.get("c", [])
    if kind == "BlockQuote":
        return list(content)
    if kind == "Div":
        return list(content[1])
    items = content[1] if kind == "OrderedList" else content
    return [child for item in items for child in item]


@dataclass
class _Words:
    """Collects words, notes and breaks of one inline of a leaf (or a list of them)."""

    leaf: Leaf
    notes: list[list[Block]]
    outermost: Node | list[Node] | None = None
    in_citation: bool = False

    def take(self, one: Node | list[Node]) -> None:
        """Add what one of the leaf's own inlines holds; most are words and blanks."""
        if isinstance(one, dict) and one["t"] == "Str":
            self.leaf.words += WORD.findall(one["c"])
        elif isinstance(one, list) or one["t"] != "Space":
            self.outermost = one
            self.add(one)

    def add(self, value: Any) -> None:
        """Add what a value holds, in the order of the source."""
        if isinstance(value, list):
            for item in value:
                if type(item) is not dict or item["t"] != "Space":
                    self.add(item)
            return
        if not isinstance(value, dict):
            return
        kind = value["t"]
        if kind == "Str":
            self.leaf.words += WORD.findall(value["c"])
        elif kind == "SoftBreak":
            self._break(value)
        elif kind in {"Code", "Math", "RawInline"}:
            self.leaf.words += WORD.findall(value["c"][1])
        elif kind == "Cite":
            self._cite(value)
        elif kind == "Note":
            self.notes.append(value["c"])
        elif kind == "Image":
            self.add(value["c"][1])
            self.leaf.words += WORD.findall(value["c"][2][0])
        elif kind in {"Link", "Span", "Quoted"}:
            self.add(value["c"][1])
        elif "c" in value:
            self.add(value["c"])

    def _break(self, node: Node) -> None:
        outermost = self.outermost if isinstance(self.outermost, dict) else None
        within = None if outermost is node else outermost
        if not self.in_citation:
            self.leaf.breaks.append(Break(node, len(self.leaf.words), within))

    def _cite(self, cite: Node) -> None:
        """Collect a citation as the author wrote it, whether or not citeproc has run."""
        self.in_citation = True
        for citation in cite["c"][0]:
            self.add(citation["citationPrefix"])
            self.leaf.words += WORD.findall(citation["citationId"])
            self.add(citation["citationSuffix"])
        self.in_citation = False
