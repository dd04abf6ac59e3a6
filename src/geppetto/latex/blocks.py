"""Paragraphs, headings, lists, quotations and code as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geppetto.ast import (
    TEX_FORMATS,
    Block,
    Inline,
    Node,
    keyvals,
    plain,
    raw_block,
    rewrite,
    stringify,
)
from geppetto.latex import changed, code, lists, pieces
from geppetto.latex.rewriting import (
    BLOCKS,
    Context,
    anchor,
    blocks,
    environment,
    inlines,
    latex,
    led,
    wrapped,
)
from geppetto.templates import Tex, tex

HEADINGS = ("chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")


def _paragraph(node: Block, context: Context) -> list[Block]:
    content = node["c"]
    alone = len(content) == 1 and content[0]["t"] == "Image"
    if alone and node["t"] == "Para" and not context.boxed:
        return environment("placedfigure", [plain(inlines(content, context.in_box()))])
    made = inlines(content, context)
    if content and not context.nested:
        said = [n for n in content if not pieces.is_mark(n)]
        opens, closes = (_is_display(said[n]) if said else False for n in (0, -1))
        made = [latex("\\displayopening "), *made] if opens else made
        made = [*made, latex("\\displayclosing ")] if closes else made
    return [{**node, "c": made}]


def _is_display(node: Inline) -> bool:
    """Tell whether an inline is a display, or a span around one (a numbered equation)."""
    if node["t"] == "Span":
        return any(_is_display(one) for one in node["c"][1][:2])
    return bool(node["t"] == "Math" and node["c"][0]["t"] == "DisplayMath")


def _line_block(node: Block, context: Context) -> list[Block]:
    lines: list[Block] = []
    for line in node["c"]:
        new = inlines(line, context)
        lines.append(plain(wrapped("\\verseline{", new)) if new else raw_block("latex", "\\stanza"))
    return environment("verselines", lines)


def _code_block(node: Block, context: Context) -> list[Block]:
    attributes, source = node["c"]
    place = [raw_block("latex", anchor(attributes[0]))] if attributes[0] else []
    if context.boxed:
        return [*place, raw_block("latex", code.lines(source))]
    if not attributes[1]:
        return [*place, raw_block("latex", code.verbatim(source))]
    return [*place, {**node, "c": [["", attributes[1], attributes[2]], source]}]


def _raw_block(node: Block, _: Context) -> list[Block]:
    return [node] if node["c"][0] in TEX_FORMATS else []


def _quote(node: Block, context: Context) -> list[Block]:
    return environment("quote", blocks(node["c"], context.inside()))


def _ordered(node: Block, context: Context) -> list[Block]:
    attributes, items = node["c"]
    labels = lists.labels(attributes, len(items))
    widest = max(labels, key=len, default="")
    return _list(f"{{numberlist}}{{{tex(widest)}}}", labels, items, context)


def _bulleted(node: Block, context: Context) -> list[Block]:
    items = node["c"]
    marks = [lists.checkbox(item) for item in items]
    bare = [lists.without_checkbox(i) if m else i for i, m in zip(items, marks, strict=True)]
    return _list("{bulletlist}", [Tex(f"\\{m}") if m else None for m in marks], bare, context)


def _list(
    opening: str, labels: Sequence[str | None], items: list[list[Block]], context: Context
) -> list[Block]:
    made = [raw_block("latex", f"\\begin{opening}")]
    if lists.is_tight(items):
        made.append(raw_block("latex", "\\tightlist"))
    for mark, item in zip(labels, items, strict=True):
        begin = "\\item " if mark is None else f"\\item[{{{tex(mark)}}}] "
        made += led(begin, blocks(item, context.inside()))
    return [*made, raw_block("latex", f"\\end{opening.partition('}')[0]}}}")]


def _defined(node: Block, context: Context) -> list[Block]:
    inner = context.inside()
    made: list[Block] = []
    for term, definitions in node["c"]:
        made.append(plain(wrapped("\\term{", inlines(term, inner))))
        for one in definitions:
            made += [*blocks(one, inner), raw_block("latex", "\\par")]
    return environment("termlist", made)


def _header(node: Block, context: Context) -> list[Block]:
    level, attributes, content = node["c"]
    if context.nested:
        before = f"\\inlineheading{{{anchor(attributes[0])}"
        return [plain(wrapped(before, inlines(content, context.in_box())))]
    number = keyvals(attributes).get("number")
    kind = HEADINGS[min(level, len(HEADINGS)) - 1]
    shown = inlines(content, context)
    kept = rewrite(content, lambda node: [] if changed.is_old(node) else None, {"Span"})
    listed = _listed(kept, context)
    result = [latex(f"\\headnumber{{{kind}}}{{{tex(number)}}}\n")] if number else []
    if number:
        result += [latex(f"\\{kind}[{{"), *listed, latex("}]{" + anchor(attributes[0]))]
    else:
        result.append(latex(f"\\{kind}*{{{anchor(attributes[0])}"))
    result += [*shown, latex("}")]
    if not number and (kept or not content):
        result += wrapped(f"\n\\addcontentsline{{toc}}{{{kind}}}{{", listed)
    return [plain(result)]


def _listed(content: list[Inline], context: Context) -> list[Inline]:
    """Make a heading for the contents and, as plain text, for the bookmarks."""
    listed = inlines(_bare(content), context)
    return [*wrapped("\\texorpdfstring{", listed), latex(f"{{{tex(stringify(content))}}}")]


def _bare(content: Any) -> Any:
    """Leave out what cannot move into the contents: notes, links, identifiers, images."""

    def change(node: Node) -> list[Node] | Node | None:
        kind = node["t"]
        if kind in {"Note", "Image", "RawInline"}:
            return []
        if kind in {"Link", "Span"}:
            return list(node["c"][1])
        return {"t": "Space"} if kind == "LineBreak" else None

    return rewrite(content, change)


BLOCKS.update(
    {
        "Plain": _paragraph,
        "Para": _paragraph,
        "LineBlock": _line_block,
        "CodeBlock": _code_block,
        "RawBlock": _raw_block,
        "BlockQuote": _quote,
        "OrderedList": _ordered,
        "BulletList": _bulleted,
        "DefinitionList": _defined,
        "Header": _header,
        "HorizontalRule": lambda *_: [raw_block("latex", "\\scenebreak")],
    }
)
