"""One form for what authors write in several customs.

- `$$…$$ {#eq:x}` (pandoc-crossref, Quarto) becomes Span.equation
- an image with `#fig:x` alone in its paragraph becomes a Figure
- a code block with `#lst:x` or a caption becomes Div.listing
- `::: {#fig-x}` and `::: {#tbl-x}` (Quarto) become a Figure, a Table
- `> [!NOTE]` (GitHub) and `::: {.callout-note}` (Quarto) become Div.callout
- author's notes are taken out, and counted
"""

from __future__ import annotations

import re
from typing import Any

from geppetto.ast import (
    SPACES,
    Attr,
    Block,
    Inline,
    Node,
    attr,
    div,
    keyvals,
    others,
    plain,
    rewrite,
    rewrite_down,
    span,
    text,
)
from geppetto.terms import Terms

EQUATION = re.compile(r"^\{#(eq[:-][^\s}]+)\}(.*)$", re.DOTALL)
LISTING = re.compile(r"lst[:-]")
CALLOUTS = ("note", "tip", "warning", "important", "caution")


def normalise(blocks: list[Block], words: Terms) -> list[Block]:
    """Bring a chapter's blocks to one form."""

    def change(node: Node) -> Node | None:
        kind = node["t"]
        if kind in {"Para", "Plain"}:
            return _image_alone(node) or _equations(node)
        if kind == "CodeBlock":
            return _listing(node)
        return _division(node, words)

    changed: list[Block] = rewrite(blocks, change, {"Para", "Plain", "CodeBlock", "Div"})
    return changed


def without_author_notes(blocks: list[Block]) -> tuple[list[Block], int]:
    """Take out the author's notes; give what is left, and how many there were."""
    count = 0

    def change(node: Node) -> list[Node] | None:
        nonlocal count
        if "author-note" not in node["c"][0][1]:
            return None
        count += 1
        return []

    kept: list[Block] = rewrite_down(blocks, change, {"Div", "Span"})
    return kept, count


def _image_alone(node: Node) -> Node | None:
    """Make a figure of a labelled image without a caption; Pandoc does with a caption only."""
    inlines = node["c"]
    if len(inlines) != 1 or inlines[0]["t"] != "Image":
        return None
    (identifier, classes, pairs), words, target = inlines[0]["c"]
    if not re.match(r"fig[:-]", identifier):
        return None
    image = {"t": "Image", "c": [["", classes, pairs], words, target]}
    return {"t": "Figure", "c": [attr(identifier), [None, []], [plain([image])]]}


def _equations(node: Node) -> Node | None:
    """Wrap display mathematics followed by `{#eq:x}`; Pandoc reads the label as text."""
    inlines = node["c"]
    if not any(inline["t"] == "Math" for inline in others(inlines)):
        return None
    result: list[Any] = []
    position = 0
    found = False
    while position < len(inlines):
        current = inlines[position]
        label, rest, width = _label_after(inlines, position)
        position += width
        if label is None:
            result.append(current)
            continue
        found = True
        result.append(span([current], attr(label, ["equation"])))
        result.extend(text(rest))
    return {"t": node["t"], "c": result} if found else None


def _label_after(inlines: list[Any], position: int) -> tuple[str | None, str, int]:
    current = inlines[position]
    if current["t"] != "Math" or current["c"][0]["t"] != "DisplayMath":
        return None, "", 1
    after = position + 1
    while after < len(inlines) and inlines[after]["t"] in {"Space", "SoftBreak"}:
        after += 1
    if after < len(inlines) and inlines[after]["t"] == "Str":
        match = EQUATION.match(inlines[after]["c"])
        if match:
            return match[1], match[2], after - position + 1
    return None, "", 1


def _listing(node: Node) -> Node | None:
    (identifier, classes, pairs), code = node["c"]
    named = dict(pairs)
    caption = named.get("caption") or named.get("lst-cap")
    identifier = identifier or named.get("lst-label", "")
    if not (caption or LISTING.match(identifier)):
        return None
    rest = [[k, v] for k, v in pairs if k not in {"caption", "lst-cap", "lst-label"}]
    blocks: list[Block] = [{"t": "CodeBlock", "c": [["", classes, rest], code]}]
    return _listed(identifier, text(caption) if caption else [], blocks)


def _listed(identifier: str, caption: list[Inline], blocks: list[Block]) -> Block:
    if caption:
        blocks = [div([plain(caption)], attr("", ["caption"])), *blocks]
    return div(blocks, attr(identifier, ["listing"]))


def _division(node: Node, words: Terms) -> Node | None:
    attributes, blocks = node["c"]
    identifier, classes, _ = attributes
    if re.match(r"fig[:-]", identifier):
        return _figure(attributes, blocks)
    if re.match(r"tbl[:-]", identifier):
        return _table(attributes, blocks)
    if LISTING.match(identifier):
        return _listing_division(identifier, blocks)
    for name in CALLOUTS:
        if f"callout-{name}" in classes or (classes == [name] and _github_title(blocks)):
            return _callout(attributes, blocks, name, getattr(words, name))
    return None


def _figure(attributes: Attr, blocks: list[Block]) -> Block | None:
    """A Quarto figure: its last paragraph is its caption; one figure alone keeps its own."""
    if len(blocks) == 1 and blocks[0]["t"] == "Figure" and not blocks[0]["c"][0][0]:
        return {"t": "Figure", "c": [attributes, *blocks[0]["c"][1:]]}
    if len(blocks) < 2 or not _is_words(blocks[-1]):
        return {"t": "Figure", "c": [attributes, [None, []], blocks]} if blocks else None
    return {"t": "Figure", "c": [attributes, [None, [plain(blocks[-1]["c"])]], blocks[:-1]]}


def _is_words(block: Block) -> bool:
    """Tell whether a block is a paragraph of more than images."""
    kinds = {inline["t"] for inline in block["c"]} if block["t"] in {"Para", "Plain"} else set()
    return bool(kinds - SPACES - {"Image"})


def _table(attributes: Attr, blocks: list[Block]) -> Block | None:
    """A Quarto table: a table, and its caption in a paragraph before or after it."""
    tables = [block for block in blocks if block["t"] == "Table"]
    captions = [block for block in blocks if block["t"] in {"Para", "Plain"}]
    if len(tables) != 1 or len(captions) > 1 or len(tables) + len(captions) < len(blocks):
        return None
    (identifier, classes, pairs), (short, caption), *rest = tables[0]["c"]
    if identifier or (captions and caption):
        return None
    both = [attributes[0], [*attributes[1], *classes], [*attributes[2], *pairs]]
    caption = [plain(captions[0]["c"])] if captions else caption
    return {"t": "Table", "c": [both, [short, caption], *rest]}


def _listing_division(identifier: str, blocks: list[Block]) -> Block | None:
    """A listing with its caption in a paragraph before or after the code."""
    code = [block for block in blocks if block["t"] == "CodeBlock"]
    captions = [block for block in blocks if block["t"] in {"Para", "Plain"}]
    if len(code) != 1 or len(captions) > 1 or len(code) + len(captions) < len(blocks):
        return None
    return _listed(identifier, captions[0]["c"] if captions else [], code)


def _github_title(blocks: list[Block]) -> bool:
    return bool(blocks) and blocks[0]["t"] == "Div" and blocks[0]["c"][0][1] == ["title"]


def _callout(attributes: Attr, blocks: list[Block], name: str, word: str) -> Block:
    title = text(keyvals(attributes).get("title", word))
    body = blocks
    if blocks and blocks[0]["t"] == "Header":
        title, body = blocks[0]["c"][2], blocks[1:]
    elif _github_title(blocks):
        body = blocks[1:]
    head = div([plain(title)], attr("", ["callout-title"]))
    return div([head, *body], [attributes[0], ["callout", f"callout-{name}"], []])
