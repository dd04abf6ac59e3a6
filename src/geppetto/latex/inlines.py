"""Inlines as LaTeX: words, code, mathematics, links, images, notes, spans."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from geppetto import terms
from geppetto.ast import TEX_FORMATS, Attr, Inline, keyvals, rewrite, stringify
from geppetto.emoji import SEQUENCE
from geppetto.latex import changed, code, graphics
from geppetto.latex.language import language, tag_of
from geppetto.latex.rewriting import (
    INLINES,
    Context,
    anchor,
    at_stop,
    blocks,
    inline,
    inlines,
    label,
    latex,
    stop_around,
    wrapped,
)
from geppetto.model.changes import CHANGE
from geppetto.sourcemap import STOP
from geppetto.templates import tex

# What the font's TeX ligatures, or Pandoc's way of writing for them, would change.
LIGATURES = re.compile(r"""[`'"]|[-–—][-–—]|,,|<<|>>""")


# A word without a blank, as long as no word of a language is: an address, a path, a name of code.
LONG = 28
JOINTS = re.compile(r"(?<=[^\W_][/\\_.,:;=&?#%+|@])(?=[^\W_])")


def _words(node: Inline, _: Context) -> list[Inline]:
    word = node["c"]
    if len(word) > LONG and JOINTS.search(word):
        return [latex("\\allowbreak{}".join(tex(piece) for piece in JOINTS.split(word)))]
    own = LIGATURES.search(word) or SEQUENCE.search(word)
    return [latex(tex(word))] if own else [node]


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
    return [{**node, "c": [kind, fitting_math(source)]}]


def fitting_math(source: str) -> str:
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
    if node["c"][0] == STOP:
        return [latex(at_stop(node["c"][1]))]
    return [node] if node["c"][0] in TEX_FORMATS else []


def _link(node: Inline, context: Context) -> list[Inline]:
    attributes, content, target = node["c"]
    place = [latex(anchor(attributes[0]))] if attributes[0] else []
    if context.tagged:  # a link within a link is none
        content = rewrite(content, lambda node: list(node["c"][1]), {"Link"})
    inner = inlines(content, context)
    if target[0].startswith("#"):
        return [*place, *wrapped(f"\\booklink{{{label(target[0][1:])}}}{{", inner)]
    return [*place, {**node, "c": [["", attributes[1], []], inner, target]}]


def _image(node: Inline, context: Context) -> list[Inline]:
    attributes, content, target = node["c"]
    path = context.setting.images.get(target[0], target[0])
    return [latex(anchor(attributes[0]) + graphics.include(path, attributes, stringify(content)))]


def _note(node: Inline, context: Context) -> list[Inline]:
    """Set a note; its stop stands around it, so that all of its first line has one attribute.

    luaotfload would not kern across a change within it.
    """
    opens, content, closes = stop_around(node["c"])
    note = {**node, "c": blocks(content, context.in_box())}
    return [*opens, note, *closes]


def _span(node: Inline, context: Context) -> list[Inline]:
    attributes, content = node["c"]
    if CHANGE in node:
        formula = changed.display(node)
        source = fitting_math(formula["c"][1]).strip() if formula else ""
        return changed.run(node, context, source)
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
        if context.tagged:
            made = wrapped(f"\\taggedtext{{tag=Span,lang={tag_of(tag)}}}{{", made)
    elif pairs.get("dir") in {"rtl", "ltr"} and context.setting.right_to_left:
        made = wrapped(f"\\{pairs['dir']}text{{", made)
    return [latex(anchor(attributes[0])), *made] if attributes[0] else made


def _equation(attributes: Attr, content: list[Inline], context: Context) -> list[Inline]:
    """Number the equation; its destination stands in it, not in a line of its own above."""
    number = keyvals(attributes).get("number")
    place = anchor(attributes[0])
    made: list[Inline] = []
    for node in content:
        formula = node if node["t"] == "Math" else changed.display(node)
        if formula and number and not changed.is_old(node):
            source = changed.in_display(node, fitting_math(formula["c"][1]).strip())
            made.append(latex(f"\\[{place}{source}\\tag{{{tex(number)}}}\\]"))
            number, place = None, ""
        else:
            made += inline(node, context)
    return [latex(place), *made] if place else made


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

INLINES.update(
    {
        "Str": _words,
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
)
