"""The rewriting of the resolved tree: where a node stands, and the rule for its type.

The rules themselves are in `blocks`, `captioned`, `divisions` and `inlines`;
each puts its own into the tables here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from geppetto.ast import Attr, Block, Inline, raw_block, raw_inline
from geppetto.latex.setting import Setting


@dataclass(frozen=True)
class Context:
    """Where in the document a node stands.

    `nested`: in a list, quotation or callout, where nothing floats. `boxed`: in
    a note, float or table cell, where neither verbatim text nor a table that
    breaks over pages can stand.
    """

    setting: Setting
    lang: str
    nested: bool = False
    boxed: bool = False

    def inside(self) -> Context:
        """Give the context of what stands in a list or quotation."""
        return replace(self, nested=True)

    def in_box(self) -> Context:
        """Give the context of what stands in a note, float or cell."""
        return replace(self, nested=True, boxed=True)


def latex(content: str) -> Inline:
    """Make raw inline LaTeX."""
    return raw_inline("latex", content)


def label(identifier: str) -> str:
    """Make an identifier a name for a destination: ASCII, nothing special to TeX."""
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "-+=:;.") else f"ux{ord(c):x}" for c in identifier
    )


def anchor(identifier: str) -> str:
    """Give the LaTeX of a destination, or nothing without an identifier."""
    return f"\\anchor{{{label(identifier)}}}" if identifier else ""


def blocks(content: Iterable[Block], context: Context) -> list[Block]:
    """Rewrite blocks."""
    return [new for one in content for new in block(one, context)]


def block(node: Block, context: Context) -> list[Block]:
    """Rewrite one block."""
    make = BLOCKS.get(node["t"])
    return [node] if make is None else make(node, context)


def inlines(content: Iterable[Inline], context: Context) -> list[Inline]:
    """Rewrite inlines."""
    return [new for one in content for new in inline(one, context)]


def inline(node: Inline, context: Context) -> list[Inline]:
    """Rewrite one inline."""
    make = INLINES.get(node["t"])
    return [node] if make is None else make(node, context)


def wrapped(before: str, content: list[Inline], after: str = "}") -> list[Inline]:
    """Put LaTeX around inlines."""
    return [latex(before), *content, latex(after)]


def environment(name: str, content: list[Block], arguments: str = "") -> list[Block]:
    """Put blocks into a LaTeX environment."""
    begin, end = f"\\begin{{{name}}}{arguments}", f"\\end{{{name}}}"
    return [raw_block("latex", begin), *content, raw_block("latex", end)]


def led(before: str, made: list[Block]) -> list[Block]:
    """Put LaTeX at the very beginning of blocks, in their first paragraph if there is one."""
    if made and made[0]["t"] in {"Plain", "Para"}:
        return [{**made[0], "c": [latex(before), *made[0]["c"]]}, *made[1:]]
    return [raw_block("latex", before.rstrip()), *made]


def anchored(attributes: Attr, made: list[Block]) -> list[Block]:
    """Put a destination before blocks, where their attributes have an identifier."""
    return [raw_block("latex", anchor(attributes[0])), *made] if attributes[0] else made


BlockRule = Callable[[Block, Context], list[Block]]
InlineRule = Callable[[Inline, Context], list[Inline]]
BLOCKS: dict[str, BlockRule] = {}
INLINES: dict[str, InlineRule] = {}
