"""From the resolved tree to the tree that Pandoc's LaTeX writer is given.

What the book's own macros set (headings, figures, captions, notes held back,
links, code, quotations marks, languages) becomes raw LaTeX around the content;
what Pandoc writes well (paragraphs, lists, tables, mathematics) stays. The
macros are those of `templates/latex/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geppetto import terms
from geppetto.ast import (
    Attr,
    Block,
    Inline,
    Node,
    keyvals,
    nodes,
    plain,
    raw_block,
    raw_inline,
    rewrite,
    stringify,
    text,
)
from geppetto.latex import code, graphics, lists, tables
from geppetto.latex.language import language
from geppetto.latex.setting import Setting
from geppetto.templates import Tex, tex

HEADINGS = ("chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
CALLOUTS = ("note", "tip", "warning", "important", "caution")
RAW = frozenset({"latex", "tex"})


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


# Blocks ---------------------------------------------------------------------


def _paragraph(node: Block, context: Context) -> list[Block]:
    content = node["c"]
    alone = len(content) == 1 and content[0]["t"] == "Image"
    if alone and node["t"] == "Para" and not context.boxed:
        return environment("placedfigure", [plain(inlines(content, context.in_box()))])
    return [{**node, "c": inlines(content, context)}]


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
    return [node] if node["c"][0] in RAW else []


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
        made += _led(begin, blocks(item, context.inside()))
    return [*made, raw_block("latex", f"\\end{opening.partition('}')[0]}}}")]


def _led(before: str, made: list[Block]) -> list[Block]:
    """Put LaTeX at the very beginning of blocks."""
    if made and made[0]["t"] in {"Plain", "Para"}:
        return [{**made[0], "c": [latex(before), *made[0]["c"]]}, *made[1:]]
    return [raw_block("latex", before.rstrip()), *made]


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
    listed = _listed(content, context)
    result = [latex(f"\\headnumber{{{kind}}}{{{tex(number)}}}\n")] if number else []
    if number:
        result += [latex(f"\\{kind}[{{"), *listed, latex("}]{" + anchor(attributes[0]))]
    else:
        result.append(latex(f"\\{kind}*{{{anchor(attributes[0])}"))
    result += [*shown, latex("}")]
    if not number:
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


def _figure(node: Block, context: Context) -> list[Block]:
    attributes, caption, content = node["c"]
    (caption, content), held = _hold([caption, content], context)
    inner = context.in_box()
    parts = blocks(content, inner)
    if attributes[0]:
        parts.insert(0, raw_block("latex", anchor(attributes[0])))
    if caption[1]:
        parts += _caption("figurecaption", attributes, blocks(caption[1], inner))
    name = "placedfigure" if context.nested else "bookfigure"
    return [*held, *environment(name, parts)]


def _caption(name: str, attributes: Attr, content: list[Block]) -> list[Block]:
    return environment(name, content, f"{{{_numbered(attributes)}}}")


def _numbered(attributes: Attr) -> str:
    """Give "Figure 2.1", from the keys of a figure, table or listing, as LaTeX."""
    pairs = keyvals(attributes)
    if "number" not in pairs:
        return ""
    return tex(f"{pairs.get('label', '')}\u00a0{pairs['number']}".strip("\u00a0"))


def _table(node: Block, context: Context) -> list[Block]:
    measure = context.setting.page.characters * (0.85 if context.nested else 1.0)
    fit = tables.fit(node, measure)
    if fit.shares is not None:
        node = tables.break_words(tables.set_shares(node, fit.shares), fit)
    attributes, caption, specs, head, bodies, foot = node["c"]
    (caption, head), held = _hold([caption, head], context)
    inner = context.in_box()
    content = [
        ["", attributes[1], []],
        [None, _table_caption(attributes, caption[1], inner)],
        specs,
        _rows(head, inner),
        [[b[0], b[1], *(_row_list(r, inner) for r in b[2:])] for b in bodies],
        _rows(foot, inner),
    ]
    name = "boxedtable" if context.boxed else "nestedtable" if context.nested else "booktable"
    place = [] if caption[1] or not attributes[0] else [raw_block("latex", anchor(attributes[0]))]
    return [*held, *place, *environment(name, [{"t": "Table", "c": content}], f"{{\\{fit.size}}}")]


def _table_caption(attributes: Attr, caption: list[Block], context: Context) -> list[Block]:
    if not caption:
        return []
    words: list[Inline] = []
    for one in caption:
        words += [latex("\\par ")] if words else []
        words += (
            inlines(one["c"], context) if one["t"] in {"Plain", "Para"} else text(stringify(one))
        )
    before = f"{anchor(attributes[0])}\\tablecaption{{{_numbered(attributes)}}}{{"
    return [plain(wrapped(before, words))]


def _rows(part: Any, context: Context) -> Any:
    return [part[0], _row_list(part[1], context)]


def _row_list(rows: Any, context: Context) -> Any:
    return [[r[0], [[*cell[:4], blocks(cell[4], context)] for cell in r[1]]] for r in rows]


def _hold(content: Any, context: Context) -> tuple[Any, list[Block]]:
    """Take the notes out of what floats or repeats: marks stay, the notes go before it."""
    if context.boxed:
        return content, []
    count = sum(node["t"] == "Note" for node in nodes(content))
    if not count:
        return content, []
    notes: list[Inline] = []

    def change(node: Node) -> Node | None:
        if node["t"] != "Note":
            return None
        offset = count - 1 - sum(n["t"] == "Note" for n in notes)
        notes.extend([latex(f"\\heldnote{{{offset}}}"), node])
        return latex(f"\\heldmark{{{offset}}}")

    content = rewrite(content, change)
    hold = latex(f"\\holdnotes{{{count}}}%\n")
    return content, [plain([hold, *inlines(notes, context)])]


# Divisions ------------------------------------------------------------------


def _div(node: Block, context: Context) -> list[Block]:
    attributes, content = node["c"]
    for name in attributes[1]:
        if name in DIVISIONS:
            return DIVISIONS[name](attributes, content, context)
    kind = _callout_kind(attributes[1], content)
    if kind is not None:
        return _callout(kind, attributes, content, context)
    return _plain_div(attributes, content, context)


def _plain_div(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    tag = keyvals(attributes).get("lang")
    if tag:
        context = replace(context, lang=tag)
    made = _anchored(attributes, blocks(content, context))
    if tag:
        return environment("otherlanguage", made, f"{{{language(tag).name}}}")
    direction = keyvals(attributes).get("dir")
    if direction in {"rtl", "ltr"} and context.setting.right_to_left:
        return environment(f"{direction}block", made)
    return made


def _anchored(attributes: Attr, made: list[Block]) -> list[Block]:
    return [raw_block("latex", anchor(attributes[0])), *made] if attributes[0] else made


def _named(name: str) -> Callable[[Attr, list[Block], Context], list[Block]]:
    """Make the rewriting of a division that is an environment of the book's."""

    def division(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
        return environment(name, _plain_div(attributes, content, context.inside()))

    return division


def _listing(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    is_caption = [b["t"] == "Div" and "caption" in b["c"][0][1] for b in content]
    captions = [b["c"][1] for b, yes in zip(content, is_caption, strict=True) if yes]
    body = [b for b, yes in zip(content, is_caption, strict=True) if not yes]
    made = _anchored(attributes, [])
    numbered = {**keyvals(attributes)}.get("number")
    if captions or numbered:
        words = [one for caption in captions for one in caption]
        made += _caption("listingcaption", attributes, blocks(words, context.inside()))
    return environment("listing", [*made, *blocks(body, context)])


def _references(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    hanging = "hanging-indent" in attributes[1]
    name = "hangingreferences" if hanging else "references"
    return environment(name, _plain_div(attributes, content, context.inside()))


def _entry(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    """Set one entry; its mark stands in the first paragraph, for a blank line would end it."""
    made = blocks(content, context.inside())
    mark = f"\\reference{anchor(attributes[0])}"
    if made and made[0]["t"] in {"Para", "Plain"}:
        first = {"t": "Para", "c": [raw_inline("latex", mark), *made[0]["c"]]}
        return [first, *made[1:]]
    return [raw_block("latex", mark), *made]


def _callout_kind(classes: list[str], content: list[Block]) -> str | None:
    for name in classes:
        if name.startswith("callout-") and name[8:] in CALLOUTS:
            return name[8:]
        titled = content and content[0]["t"] == "Div" and "title" in content[0]["c"][0][1]
        if name in CALLOUTS and titled:
            return name
    return None


def _callout(kind: str, attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    word = getattr(terms.terms(context.lang), kind)
    title: list[Inline] = text(keyvals(attributes).get("title", word))
    first = content[0] if content else None
    if first is not None and first["t"] == "Header":
        title, content = first["c"][2], content[1:]
        attributes = [attributes[0] or first["c"][1][0], *attributes[1:]]
    elif first is not None and first["t"] == "Div" and "title" in first["c"][0][1]:
        title, content = _alert_title(first, title), content[1:]
    inner = context.inside()
    head = plain(wrapped("\\callouttitle{", inlines(title, inner)))
    return environment("callout", [head, *_plain_div(attributes, content, inner)], f"{{{kind}}}")


def _alert_title(title: Block, word: list[Inline]) -> list[Inline]:
    """Pandoc titles an alert with its English name; the book's own word stands for it."""
    own = [i for b in title["c"][1] if b["t"] in {"Plain", "Para"} for i in b["c"]]
    return word if not own or stringify(own).lower() in CALLOUTS else own


# Inlines --------------------------------------------------------------------


def _nest(node: Inline, context: Context) -> list[Inline]:
    return [{**node, "c": inlines(node["c"], context)}]


def _macro(name: str) -> Callable[[Inline, Context], list[Inline]]:
    def make(node: Inline, context: Context) -> list[Inline]:
        return wrapped(f"\\{name}{{", inlines(node["c"], context))

    return make


def _quoted(node: Inline, context: Context) -> list[Inline]:
    marks = terms.quotes(context.lang)
    left, right = marks[2:] if node["c"][0]["t"] == "SingleQuote" else marks[:2]
    inner = inlines(node["c"][1], context)
    return [{"t": "Str", "c": left}, *inner, {"t": "Str", "c": right}]


def _cite(node: Inline, context: Context) -> list[Inline]:
    return inlines(node["c"][1], context)


def _code(node: Inline, _: Context) -> list[Inline]:
    attributes, source = node["c"]
    return [latex(anchor(attributes[0]) + code.inline(source))]


def _math(node: Inline, _: Context) -> list[Inline]:
    kind, source = node["c"]
    return [{**node, "c": [kind, _fitting_math(source)]}]


def _fitting_math(source: str) -> str:
    r"""Make an environment that is a display of its own one that stands inside `\[…\]`."""
    inner = {"align": "aligned", "gather": "gathered", "alignat": "alignedat"}
    match = re.fullmatch(
        r"\s*\\begin\{(align|gather|alignat|equation|displaymath)\*?\}(.*)\\end\{\1\*?\}\s*",
        source,
        re.DOTALL,
    )
    if match is None:
        return re.sub(r"\n\s*\n", "\n", source)
    name = inner.get(match[1])
    return f"\\begin{{{name}}}{match[2]}\\end{{{name}}}" if name else match[2]


def _raw_inline(node: Inline, _: Context) -> list[Inline]:
    return [node] if node["c"][0] in RAW else []


def _link(node: Inline, context: Context) -> list[Inline]:
    attributes, content, target = node["c"]
    place = [latex(anchor(attributes[0]))] if attributes[0] else []
    inner = inlines(content, context)
    if target[0].startswith("#"):
        return [*place, *wrapped(f"\\booklink{{{label(target[0][1:])}}}{{", inner)]
    return [*place, {**node, "c": [["", attributes[1], []], inner, target]}]


def _image(node: Inline, context: Context) -> list[Inline]:
    attributes, content, target = node["c"]
    path = context.setting.images.get(target[0], target[0])
    return [latex(anchor(attributes[0]) + graphics.include(path, attributes, stringify(content)))]


def _note(node: Inline, context: Context) -> list[Inline]:
    return [{**node, "c": blocks(node["c"], context.in_box())}]


def _span(node: Inline, context: Context) -> list[Inline]:
    attributes, content = node["c"]
    if "equation" in attributes[1]:
        return _equation(attributes, content, context)
    pairs = keyvals(attributes)
    tag = pairs.get("lang")
    if tag:
        context = replace(context, lang=tag)
    made = inlines(content, context)
    for name in attributes[1]:
        if name in SPANS:
            made = wrapped(SPANS[name], made)
    if tag:
        made = wrapped(f"\\foreignlanguage{{{language(tag).name}}}{{", made)
    elif pairs.get("dir") in {"rtl", "ltr"} and context.setting.right_to_left:
        made = wrapped(f"\\{pairs['dir']}text{{", made)
    return [latex(anchor(attributes[0])), *made] if attributes[0] else made


def _equation(attributes: Attr, content: list[Inline], context: Context) -> list[Inline]:
    number = keyvals(attributes).get("number")
    made = [latex(anchor(attributes[0]))] if attributes[0] else []
    for node in content:
        if node["t"] == "Math" and number:
            source = _fitting_math(node["c"][1]).strip()
            made.append(latex(f"\\[{source}\\tag{{{tex(number)}}}\\]"))
            number = None
        else:
            made += inline(node, context)
    return made


SPANS = {
    "fault": "\\fault{",
    "mark": "\\highLight{",
    "smallcaps": "\\textsc{",
    "sc": "\\textsc{",
    "underline": "\\underLine{",
    "ul": "\\underLine{",
    "csl-left-margin": "\\referencelabel{",
    "csl-indent": "\\referenceindent{",
    "csl-block": "\\referenceblock{",
}
DIVISIONS: dict[str, Callable[[Attr, list[Block], Context], list[Block]]] = {
    "chapter-author": _named("chapterauthor"),
    "epigraph": _named("epigraph"),
    "epigraph-source": _named("epigraphsource"),
    "author-note": _named("authornote"),
    "fault": _named("faulty"),
    "listing": _listing,
    "references": _references,
    "csl-bib-body": _references,
    "csl-entry": _entry,
}
BLOCKS: dict[str, Callable[[Block, Context], list[Block]]] = {
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
    "Table": _table,
    "Figure": _figure,
    "Div": _div,
}
INLINES: dict[str, Callable[[Inline, Context], list[Inline]]] = {
    "Emph": _nest,
    "Strong": _nest,
    "Superscript": _nest,
    "Subscript": _nest,
    "SmallCaps": _nest,
    "Underline": _macro("underLine"),
    "Strikeout": _macro("strikeThrough"),
    "Quoted": _quoted,
    "Cite": _cite,
    "Code": _code,
    "Math": _math,
    "RawInline": _raw_inline,
    "Link": _link,
    "Image": _image,
    "Note": _note,
    "Span": _span,
}
