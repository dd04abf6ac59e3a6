"""Divisions as LaTeX: those that the book's own environments set, and languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from geppetto.ast import Attr, Block, attr, keyvals, nodes, span, stringify
from geppetto.latex.captioned import set_caption
from geppetto.latex.language import language, tag_of
from geppetto.latex.rewriting import (
    BLOCKS,
    Context,
    anchor,
    anchored,
    blocks,
    environment,
    led,
)

# A listing or callout of at most this share of a page is not broken; a longer one begins
# where there is room for so many of its lines.
WHOLE, LEAST = 0.4, 6


def _div(node: Block, context: Context) -> list[Block]:
    attributes, content = node["c"]
    for name in attributes[1]:
        if name in DIVISIONS:
            return DIVISIONS[name](attributes, content, context)
    return _plain_div(attributes, content, context)


def _plain_div(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    tag = keyvals(attributes).get("lang")
    if tag:
        context = replace(context, lang=tag)
    made = anchored(attributes, blocks(content, context))
    if tag and context.tagged:
        made = anchored(attributes, _in_language(tag, content, context))
    if tag:
        return environment("otherlanguage", made, f"{{{language(tag).name}}}")
    direction = keyvals(attributes).get("dir")
    if direction in {"rtl", "ltr"} and context.setting.right_to_left:
        return environment(f"{direction}block", made)
    return made


def _in_language(tag: str, content: list[Block], context: Context) -> list[Block]:
    """Tag what is in another language; a heading opens a section, which no tag may enclose."""
    made: list[Block] = []
    for is_heading, run in groupby(content, lambda one: any(True for _ in nodes(one, {"Header"}))):
        if is_heading and not context.nested:
            made += blocks([_in_span(tag, one) for one in run], context)
        else:
            made += environment("languagetag", blocks(run, context), f"{{{tag_of(tag)}}}")
    return made


def _in_span(tag: str, one: Block) -> Block:
    """Give a heading's words their language."""
    if one["t"] != "Header":
        return one
    level, attributes, words = one["c"]
    return {**one, "c": [level, attributes, [span(words, attr(lang=tag))]]}


def _named(name: str) -> Callable[[Attr, list[Block], Context], list[Block]]:
    """Make the rewriting of a division that is an environment of the book's."""

    def division(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
        return environment(name, _plain_div(attributes, content, context.inside()))

    return division


def _listing(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    is_caption = [b["t"] == "Div" and "caption" in b["c"][0][1] for b in content]
    captions = [b["c"][1] for b, yes in zip(content, is_caption, strict=True) if yes]
    body = [b for b, yes in zip(content, is_caption, strict=True) if not yes]
    made = anchored(attributes, [])
    numbered = {**keyvals(attributes)}.get("number")
    if captions or numbered:
        words = [one for caption in captions for one in caption]
        made += set_caption("listingcaption", attributes, blocks(words, context.inside()))
    return environment("listing", [*made, *blocks(body, context)], _room(content, context))


def _callout(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    made = _plain_div(attributes, content, context.inside())
    return environment("callout", made, _room(content, context))


def _room(content: list[Block], context: Context) -> str:
    """Give the lines for which a page must have room: all of a short block's, else some."""
    page = context.setting.page
    lines = 2 + sum(_lines(one, page.characters) for one in content)
    whole = lines * page.leading <= WHOLE * page.text_height
    return f"[{lines if whole else LEAST}]"


def _lines(block: Block, characters: float) -> int:
    """Count the lines of a block, about."""
    if block["t"] == "CodeBlock":
        return len(block["c"][1].split("\n"))
    paragraphs = nodes(block, {"Para", "Plain", "Header"})
    return sum(1 + int(len(stringify(p)) / characters) for p in paragraphs)


def _references(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    hanging = "hanging-indent" in attributes[1]
    name = "hangingreferences" if hanging else "references"
    return environment(name, _plain_div(attributes, content, context.inside()))


def _entry(attributes: Attr, content: list[Block], context: Context) -> list[Block]:
    """Set one entry; its mark stands in the first paragraph, for a blank line would end it."""
    return led(
        f"\\reference{anchor(attributes[0])}\\ignorespaces ", blocks(content, context.inside())
    )


DIVISIONS: dict[str, Callable[[Attr, list[Block], Context], list[Block]]] = {
    "chapter-author": _named("chapterauthor"),
    "epigraph": _named("epigraph"),
    "epigraph-source": _named("epigraphsource"),
    "callout": _callout,
    "callout-title": _named("callouttitle"),
    "author-note": _named("authornote"),
    "fault": _named("faulty"),
    "listing": _listing,
    "references": _references,
    "csl-bib-body": _references,
    "csl-entry": _entry,
}

BLOCKS["Div"] = _div
