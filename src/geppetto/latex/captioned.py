"""Figures and tables as LaTeX: their captions, their numbers, the notes they hold back."""

from __future__ import annotations

from typing import Any

from geppetto.ast import (
    Attr,
    Block,
    Inline,
    Node,
    keyvals,
    nodes,
    plain,
    raw_block,
    rewrite,
    stringify,
    text,
)
from geppetto.latex import tables
from geppetto.latex.rewriting import (
    BLOCKS,
    Context,
    anchor,
    at_stop,
    blocks,
    environment,
    inlines,
    latex,
    led,
    stop_around,
    wrapped,
)
from geppetto.sourcemap import AT
from geppetto.templates import tex

# How much of a page's text a table may fill that floats, or that stays whole where it is.
FLOATING, KEPT = 0.7, 0.4
# A figure's caption of more lines than these, of the text's measure, is not centred.
CAPTION_LINES = 3


def _figure(node: Block, context: Context) -> list[Block]:
    attributes, words, content = node["c"]
    (words, content), held = _hold([words, content], context)
    inner = context.in_box()
    parts = blocks(content, inner)
    if attributes[0]:
        parts.insert(0, raw_block("latex", anchor(attributes[0])))
    if words[1]:
        long = len(stringify(words[1])) > CAPTION_LINES * context.setting.page.characters
        name = "longcaption" if long else "figurecaption"
        parts += set_caption(name, attributes, blocks(words[1], inner))
    nested = "captionedfigure" if words[1] and context.tagged else "placedfigure"
    return [*held, *environment(nested if context.nested else "bookfigure", parts)]


def set_caption(name: str, attributes: Attr, content: list[Block]) -> list[Block]:
    """Make a caption: its number, then its words."""
    number = _numbered(attributes)
    return environment(name, led(f"\\captionlabel{{{number}}}", content) if number else content)


def _numbered(attributes: Attr) -> str:
    """Give "Figure 2.1", from the keys of a figure, table or listing, as LaTeX."""
    pairs = keyvals(attributes)
    if "number" not in pairs:
        return ""
    return tex(f"{pairs.get('label', '')}\u00a0{pairs['number']}".strip("\u00a0"))


def _table(node: Block, context: Context) -> list[Block]:
    measure = context.setting.page.characters * (0.85 if context.nested else 1.0)
    fit = tables.fit(node, measure)
    lines = tables.height(node, fit)
    if fit.shares is not None:
        node = tables.break_words(tables.set_shares(node, fit.shares), fit)
    attributes, words, specs, head, bodies, foot = node["c"]
    (words, head, bodies, foot), held = _hold([words, head, bodies, foot], context)
    inner = context.in_box()
    name = _table_name(bool(words[1]), lines, fit, context)
    caption = _table_caption(attributes, words[1], context)
    above = caption if context.boxed else []
    apart = bool(words[1]) and context.tagged and name != "floatingtable"
    if name == "floatingtable" or apart:
        above = _above(attributes, words[1], inner)
    content = [
        ["", attributes[1], []],
        [None, [] if above else caption],
        specs,
        _rows(head, inner),
        [[b[0], b[1], *(_row_list(r, inner) for r in b[2:])] for b in bodies],
        _rows(foot, inner),
    ]
    place = [] if words[1] or not attributes[0] else [raw_block("latex", anchor(attributes[0]))]
    style = f"\\{fit.size}\\openrows" if fit.shares is not None else f"\\{fit.size}"
    style += _headers(head, bodies) if context.tagged else ""
    table: Block = {"t": "Table", "c": content}
    if apart:
        made = environment(name, [table], f"{{{style}}}")
        made = environment("captionedtable", [raw_block("latex", "\\captionabove"), *above, *made])
    else:
        made = environment(name, [*above, table], f"{{{style}}}")
    return [*held, *place, *made]


def _headers(head: Any, bodies: Any) -> str:
    """Say which rows and columns of a table are its heads."""
    columns = max((body[1] for body in bodies), default=0)
    rows = ",".join(str(n + 1) for n in range(len(head[1])))
    said = f"\\headerrows{{{rows}}}"
    return said + f"\\headercolumns{{{','.join(str(n + 1) for n in range(columns))}}}"


def _table_name(captioned: bool, lines: int, fit: tables.Fit, context: Context) -> str:
    """Name the environment: a table that fits on a page is not broken over two."""
    if context.boxed:
        return "boxedtable"
    if context.nested:
        return "nestedtable"
    page = context.setting.page
    share = lines * page.sizes[fit.size][1] * 1.2 / page.text_height
    if captioned and share <= FLOATING:
        return "floatingtable"
    return "kepttable" if not captioned and share <= KEPT else "booktable"


def _above(attributes: Attr, caption: list[Block], context: Context) -> list[Block]:
    """Set a caption that stands above what floats."""
    place = [raw_block("latex", anchor(attributes[0]))] if attributes[0] else []
    return [*place, *set_caption("abovetable", attributes, blocks(caption, context))]


def _table_caption(attributes: Attr, caption: list[Block], context: Context) -> list[Block]:
    if not caption:
        return []
    words: list[Inline] = []
    inner = context.in_box()
    for one in caption:
        words += [latex("\\par ")] if words else []
        words += [latex(at_stop(one[AT]))] if AT in one else []
        words += inlines(one["c"], inner) if one["t"] in {"Plain", "Para"} else text(stringify(one))
    macro = "boxedcaption" if context.boxed else "tablecaption"
    before = f"{anchor(attributes[0])}\\{macro}{{{_numbered(attributes)}}}{{"
    return [plain(wrapped(before, words))]


def _rows(part: Any, context: Context) -> Any:
    return [part[0], _row_list(part[1], context)]


def _row_list(rows: Any, context: Context) -> Any:
    return [[r[0], [[*cell[:4], blocks(cell[4], context)] for cell in r[1]]] for r in rows]


def _hold(content: Any, context: Context) -> tuple[Any, list[Block]]:
    """Take the notes out of what floats or repeats: marks stay, the notes go before it."""
    content = rewrite(content, _described)
    if context.boxed:
        return content, []
    count = sum(1 for _ in nodes(content, {"Note"}))
    if not count:
        return content, []
    notes: list[Inline] = []

    def change(node: Node) -> Node | None:
        if node["t"] != "Note":
            return None
        offset = count - 1 - sum(n["t"] == "Note" for n in notes)
        opens, held, closes = stop_around(node["c"])
        notes.extend([*opens, latex(f"\\heldnote{{{offset}}}"), {**node, "c": held}, *closes])
        return latex(f"\\heldmark{{{offset}}}")

    content = rewrite(content, change)
    hold = latex(f"\\holdnotes{{{count}}}%\n")
    return content, [plain([hold, *inlines(notes, context)])]


def _described(node: Node) -> Node | None:
    """Take the notes out of an image's description, which Pandoc makes of the caption."""
    if node["t"] != "Image":
        return None
    attributes, content, target = node["c"]
    return {**node, "c": [attributes, text(stringify(content)), target]}


BLOCKS.update({"Figure": _figure, "Table": _table})
