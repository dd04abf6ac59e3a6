"""A tree with marks made ready for an edition: every mark on words, code, formulas or images.

Marks on blocks go down to what the blocks hold, so that an edition need only
know how to mark a run of inlines. What was deleted keeps its form as far as it
can without taking part in the book: see `geppetto.review.changes.bygone`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from geppetto.ast import SPACES, Block, Inline, attr, div, link, nodes, para, text
from geppetto.model.changes import WAS, Kind, Mark, mark_of, marked_inlines
from geppetto.review.changes import bygone, lines

ANCHOR = "passage-changed-"
"""What the identifier of a change begins with; its number follows."""
CODE = "changed-code"
"""The class of the Div in which the lines of two blocks of code stand."""
_ALONE = frozenset(
    {"Emph", "Strong", "Underline", "Strikeout", "SmallCaps", "Superscript", "Subscript"}
)
_SECOND = frozenset({"Quoted", "Span", "Cite", "Link"})
_APART = frozenset({"Note", "RawInline", "Image", "Math"})
"""Inlines that cannot stand in a mark with words."""


def show(blocks: Sequence[Block]) -> list[Block]:
    """Give the tree of a document whose changes are numbered as editions can set it."""
    return _Shower().blocks(_forgetting(list(blocks)), None)


def _forgetting(value: Any) -> Any:
    """Leave out what only the old revision has of nodes that both have."""
    if isinstance(value, list):
        return [_forgetting(item) for item in value]
    if isinstance(value, dict):
        return {name: _forgetting(item) for name, item in value.items() if name != WAS}
    return value


def anchor(number: int) -> str:
    """Give the identifier of a change."""
    return f"{ANCHOR}{number}"


class _Shower:
    """Shows marks; `anchored` are the changes that have their identifier."""

    def __init__(self) -> None:
        self.anchored: set[int] = set()

    def blocks(self, blocks: Sequence[Block], mark: Mark | None) -> list[Block]:
        """Show blocks that stand in a mark, or in none."""
        return [new for block in blocks for new in self.block(block, mark)]

    def block(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show one block."""
        own = mark_of(block)
        if own is not None:
            if own.kind is Kind.REWRITTEN:
                return [self.rewritten(block["c"][1], own)]
            return self.blocks(block["c"][1], own)
        if mark is not None and mark.kind.is_old:
            block = bygone.block(block)
        make = _BLOCKS.get(block["t"])
        return [block] if make is None else make(self, block, mark)

    def prose(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a paragraph."""
        return [{**block, "c": self.inlines(block["c"], mark)}]

    def header(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a heading; one that is gone is a paragraph, for it is in no contents."""
        level, attributes, words = block["c"]
        own = (mark_of(words[0]) if len(words) == 1 else None) or mark
        if own is None or not own.kind.is_old or ("unnumbered" in attributes[1] and level == 1):
            return [{"t": "Header", "c": [level, attributes, self.inlines(words, mark)]}]
        bare = words[0]["c"][1] if mark_of(words[0] if words else {}) else words
        return [para(self.run([{"t": "Strong", "c": bare}], own))]

    def code(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show code in a mark, line by line."""
        if mark is None:
            return [block]
        return [self.lines([(mark.kind, one) for one in block["c"][1].split("\n")], mark)]

    def raw(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show the source of an author's own LaTeX or HTML; what is new is set, too."""
        if mark is None:
            return [block]
        shown = self.code({"t": "CodeBlock", "c": [attr(), block["c"][1]]}, mark)
        return shown if mark.kind.is_old else [*shown, block]

    def rewritten(self, both: Sequence[Block], mark: Mark) -> Block:
        """Show the lines of two blocks of code."""
        old, new = both
        shown = self.lines(lines.compare(old["c"][1], new["c"][1]), mark)
        return div([shown], attr(new["c"][0][0], [CODE]))

    def lines(self, compared: Sequence[lines.Line], mark: Mark) -> Block:
        """Show lines of code, each in its mark."""
        made = []
        for kind, line in compared:
            code = {"t": "Code", "c": [attr(), line or " "]}
            own = None if kind is None else Mark(kind, number=mark.number, other=mark.other)
            made.append([code] if own is None else self.run([code], own))
        return div([{"t": "LineBlock", "c": made}], attr("", [CODE]))

    def rule(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a break between scenes."""
        return [block] if mark is None else [para(self.run(text("* * *"), mark))]

    def verse(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show verse."""
        return [{"t": "LineBlock", "c": [self.inlines(line, mark) for line in block["c"]]}]

    def quote(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a quotation."""
        return [{"t": "BlockQuote", "c": self.blocks(block["c"], mark)}]

    def division(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a division."""
        return [{**block, "c": [block["c"][0], self.blocks(block["c"][1], mark)]}]

    def bulleted(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a list without numbers."""
        return [{"t": "BulletList", "c": [self.blocks(item, mark) for item in block["c"]]}]

    def ordered(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a list with numbers: what is gone has none, and stands in the item before it."""
        attributes, items = block["c"]
        made: list[list[Block]] = []
        waiting: list[Block] = []
        for item in items:
            own = mark_of(item[0]) if len(item) == 1 else None
            shown = self.blocks(item, mark)
            if mark is None and own is not None and own.whole and own.kind.is_old:
                waiting, into = ([*waiting, *shown], None) if not made else (waiting, made[-1])
                if into is not None:
                    into += shown
            else:
                made.append([*waiting, *shown])
                waiting = []
        return [{"t": "OrderedList", "c": [attributes, [*made, *([waiting] if waiting else [])]]}]

    def defined(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show terms and what they mean."""
        made = [
            [self.inlines(term, mark), [self.blocks(one, mark) for one in definitions]]
            for term, definitions in block["c"]
        ]
        return [{"t": "DefinitionList", "c": made}]

    def figure(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a figure."""
        attributes, caption, content = block["c"]
        words = [caption[0], self.blocks(caption[1], mark)]
        return [{"t": "Figure", "c": [attributes, words, self.blocks(content, mark)]}]

    def table(self, block: Block, mark: Mark | None) -> list[Block]:
        """Show a table."""
        attributes, caption, columns, head, bodies, foot = block["c"]

        def rows(every: list[Any]) -> list[Any]:
            return [[r[0], [[*c[:4], self.blocks(c[4], mark)] for c in r[1]]] for r in every]

        words = [caption[0], self.blocks(caption[1], mark)]
        shown = [[b[0], b[1], rows(b[2]), rows(b[3])] for b in bodies]
        content = [
            attributes,
            words,
            columns,
            [head[0], rows(head[1])],
            shown,
            [foot[0], rows(foot[1])],
        ]
        return [{"t": "Table", "c": content}]

    def inlines(self, inlines: Sequence[Inline], mark: Mark | None) -> list[Inline]:
        """Show inlines that stand in a mark, or in none."""
        if mark is not None:
            return self.run(inlines, mark)
        made: list[Inline] = []
        for node in inlines:
            own = mark_of(node)
            made += [self.holder(node, None)] if own is None else self.run(node["c"][1], own)
        return made

    def holder(self, node: Inline, mark: Mark | None) -> Inline:
        """Show what an inline holds."""
        if node["t"] in _ALONE:
            return {**node, "c": self.inlines(node["c"], mark)}
        if node["t"] in _SECOND:
            first, content, *rest = node["c"]
            return {**node, "c": [first, self.inlines(content, mark), *rest]}
        if node["t"] == "Note":
            return {**node, "c": self.blocks(node["c"], mark)}
        return node

    def run(self, inlines: Sequence[Inline], mark: Mark) -> list[Inline]:
        """Show inlines in a mark: words together, and what cannot stand with words by itself."""
        if mark.kind.is_old:
            inlines = bygone.inlines(inlines)
        blank, inlines = _parted(inlines)
        label = self.label(mark)
        before = [self.marked(blank, mark)] if label and blank else []
        made, together = ([*before, *label], []) if label else ([], list(blank))
        for node in inlines:
            if not _stands_apart(node):
                together.append(node)
                continue
            made += [self.marked(together, mark)] if together else []
            made += self.apart(node, mark)
            together = []
        return [*made, *([self.marked(together, mark)] if together else [])]

    def apart(self, node: Inline, mark: Mark) -> list[Inline]:
        """Show in a mark what cannot stand in it with words."""
        own = mark_of(node)
        if own is not None:
            return self.run(node["c"][1], own)
        if node["t"] in {"Math", "Image"}:
            return [self.marked([node], mark)]
        if node["t"] == "RawInline":
            return [self.marked([{"t": "Code", "c": [attr(), node["c"][1]]}], mark), node]
        if node["t"] == "Note":
            return [self.marked([self.holder(node, mark)], mark)]
        return [self.holder(node, mark)]

    def marked(self, inlines: Sequence[Inline], mark: Mark) -> Inline:
        """Mark inlines; the first that a change marks has its identifier."""
        made = marked_inlines(inlines, mark)
        if mark.number in self.anchored:
            return made
        self.anchored.add(mark.number)
        return {**made, "c": [[anchor(mark.number), made["c"][0][1], []], made["c"][1]]}

    def label(self, mark: Mark) -> list[Inline]:
        """Say at the beginning of what moved where its other end is."""
        if not mark.other or mark.number in self.anchored:
            return []
        where = "to" if mark.kind is Kind.MOVED_FROM else "from"
        words = text(f"[{mark.number}, moved {where} {mark.other}]")
        leading = [link(words, f"#{anchor(mark.other)}"), {"t": "Space"}]
        return [self.marked(leading, mark)]


def _parted(inlines: Sequence[Inline]) -> tuple[list[Inline], list[Inline]]:
    """Part the blanks at the beginning from the rest."""
    said = next((n for n, one in enumerate(inlines) if one["t"] not in SPACES), len(inlines))
    return list(inlines[:said]), list(inlines[said:])


def _stands_apart(node: Inline) -> bool:
    held = nodes(node)
    return any(one["t"] in _APART or mark_of(one) is not None for one in held)


_BLOCKS: dict[str, Callable[[_Shower, Block, Mark | None], list[Block]]] = {
    "Para": _Shower.prose,
    "Plain": _Shower.prose,
    "Header": _Shower.header,
    "CodeBlock": _Shower.code,
    "RawBlock": _Shower.raw,
    "HorizontalRule": _Shower.rule,
    "LineBlock": _Shower.verse,
    "BlockQuote": _Shower.quote,
    "Div": _Shower.division,
    "BulletList": _Shower.bulleted,
    "OrderedList": _Shower.ordered,
    "DefinitionList": _Shower.defined,
    "Figure": _Shower.figure,
    "Table": _Shower.table,
}
