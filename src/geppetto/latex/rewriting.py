"""The rewriting of the resolved tree: where a node stands, and the rule for its type.

The rules themselves are in `blocks`, `captioned`, `divisions` and `inlines`;
each puts its own into the tables here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from geppetto.ast import TEX_FORMATS, Attr, Block, Inline, raw_block, raw_inline
from geppetto.latex.setting import Setting
from geppetto.sourcemap import AT

STOP_MACRO = "\\atstop"


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

    @property
    def tagged(self) -> bool:
        """Whether the PDF is tagged."""
        return bool(self.setting.standard)

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
    """Rewrite one block, and say at its beginning where in the chapter it stands."""
    make = BLOCKS.get(node["t"])
    made = [node] if make is None else make(node, context)
    return placed(node.get(AT), made)


def placed(stop: int | None, made: list[Block]) -> list[Block]:
    r"""Put `\atstop` before blocks: in their first paragraph or raw block if there is one."""
    if stop is None or not made:
        return made
    first, mark = made[0], at_stop(stop)
    if first["t"] in {"Plain", "Para"}:
        return [{"t": first["t"], "c": [latex(mark), *first["c"]]}, *made[1:]]
    if first["t"] == "RawBlock" and first["c"][0] in TEX_FORMATS:
        return [raw_block("latex", mark + first["c"][1]), *made[1:]]
    return [raw_block("latex", f"{mark}%"), *made]


def stop_around(content: list[Block]) -> tuple[list[Inline], list[Block], list[Inline]]:
    """Take the stop from the first of a note's blocks; give what opens and closes it instead."""
    if not content or AT not in content[0]:
        return [], content, []
    first = {key: value for key, value in content[0].items() if key != AT}
    opens = [latex("{" + at_stop(content[0][AT]))]
    return opens, [first, *content[1:]], [latex("}")]


def at_stop(number: int | str) -> str:
    r"""Give the LaTeX that says where in the chapter what follows stands (`sourcemap.stops`)."""
    return f"{STOP_MACRO}{{{number}}}"


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
    """Put LaTeX at the very beginning of blocks, in their first paragraph if there is one.

    A stop comes before it: a label and the text beside it are to have one
    attribute, for luaotfload would not kern across a change.
    """
    if made and made[0]["t"] in {"Plain", "Para"}:
        content = made[0]["c"]
        stop = content[:1] if content and _is_stop(content[0]) else []
        return [{**made[0], "c": [*stop, latex(before), *content[len(stop) :]]}, *made[1:]]
    return [raw_block("latex", before.rstrip()), *made]


def _is_stop(node: Inline) -> bool:
    return node["t"] == "RawInline" and str(node["c"][1]).startswith(STOP_MACRO)


def anchored(attributes: Attr, made: list[Block]) -> list[Block]:
    """Put a destination before blocks, where their attributes have an identifier."""
    return [raw_block("latex", anchor(attributes[0])), *made] if attributes[0] else made


BlockRule = Callable[[Block, Context], list[Block]]
InlineRule = Callable[[Inline, Context], list[Inline]]
BLOCKS: dict[str, BlockRule] = {}
INLINES: dict[str, InlineRule] = {}
