"""One form for what authors write in several customs.

- `$$…$$ {#eq:x}` (pandoc-crossref, Quarto) becomes Span.equation
- a code block with `#lst:x` or a caption becomes Div.listing
- `::: {#fig-x}` and `::: {#tbl-x}` (Quarto) become a Figure, a Table
- `> [!NOTE]` (GitHub) and `::: {.callout-note}` (Quarto) become Div.callout
- author's notes are taken out, and counted
"""

from __future__ import annotations

import re
from typing import Any

from geppetto.ast import Attr, Block, Node, attr, div, keyvals, nodes, plain, rewrite, span, text
from geppetto.terms import Terms

EQUATION = re.compile(r"^\{#(eq[:-][^\s}]+)\}(.*)$", re.DOTALL)
CALLOUTS = ("note", "tip", "warning", "important", "caution")


def normalise(blocks: list[Block], words: Terms) -> list[Block]:
    """Bring a chapter's blocks to one form."""

    def change(node: Node) -> Node | None:
        kind = node["t"]
        if kind in {"Para", "Plain"}:
            return _equations(node)
        if kind == "CodeBlock":
            return _listing(node)
        if kind == "Div":
            return _division(node, words)
        return None

    changed: list[Block] = rewrite(blocks, change)
    return changed


def without_author_notes(blocks: list[Block]) -> tuple[list[Block], int]:
    """Take out the author's notes; give what is left, and how many there were."""
    count = sum(1 for node in nodes(blocks) if _is_author_note(node))
    if not count:
        return blocks, 0
    kept: list[Block] = rewrite(blocks, lambda n: [] if _is_author_note(n) else None)
    return kept, count


def _is_author_note(node: Node) -> bool:
    return node["t"] in {"Div", "Span"} and "author-note" in node["c"][0][1]


def _equations(node: Node) -> Node | None:
    """Wrap display mathematics followed by `{#eq:x}`; Pandoc reads the label as text."""
    inlines = node["c"]
    result: list[Any] = []
    position = 0
    while position < len(inlines):
        current = inlines[position]
        label, rest, width = _label_after(inlines, position)
        if label is None:
            result.append(current)
            position += 1
            continue
        result.append(span([current], attr(label, ["equation"])))
        result.extend(text(rest))
        position += width
    return {"t": node["t"], "c": result} if len(result) != len(inlines) else None


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
    is_listing = re.match(r"lst[:-]", identifier)
    if not (caption or is_listing):
        return None
    rest = [[k, v] for k, v in pairs if k not in {"caption", "lst-cap", "lst-label"}]
    identifier = identifier or named.get("lst-label", "")
    blocks: list[Block] = [{"t": "CodeBlock", "c": [["", classes, rest], code]}]
    if caption:
        blocks.insert(0, div([plain(text(caption))], attr("", ["caption"])))
    return div(blocks, attr(identifier, ["listing"]))


def _division(node: Node, words: Terms) -> Node | None:
    (identifier, classes, _), blocks = node["c"]
    if re.match(r"fig[:-]", identifier):
        return _figure(node["c"][0], blocks)
    if re.match(r"tbl[:-]", identifier):
        return _table(identifier, blocks)
    for name in CALLOUTS:
        if f"callout-{name}" in classes or (classes == [name] and _github_title(blocks)):
            return _callout(node["c"][0], blocks, name, getattr(words, name))
    return None


def _figure(attributes: Attr, blocks: list[Block]) -> Block | None:
    """A Quarto figure: its last paragraph is its caption."""
    if len(blocks) < 2 or blocks[-1]["t"] not in {"Para", "Plain"}:
        return None
    body = [_unwrapped(block) for block in blocks[:-1]]
    return {"t": "Figure", "c": [attributes, [None, [plain(blocks[-1]["c"])]], body]}


def _unwrapped(block: Block) -> Block:
    """An image alone in a paragraph has become a Figure already: take the image out again."""
    if block["t"] == "Figure" and len(block["c"][2]) == 1:
        inner: Block = block["c"][2][0]
        return inner
    return block


def _table(identifier: str, blocks: list[Block]) -> Block | None:
    tables = [block for block in blocks if block["t"] == "Table"]
    if len(tables) != 1 or len(blocks) > 2:
        return None
    content = list(tables[0]["c"])
    content[0] = [identifier, content[0][1], content[0][2]]
    captions = [block for block in blocks if block["t"] in {"Para", "Plain"}]
    if captions and not content[1][1]:
        content[1] = [None, [plain(captions[0]["c"])]]
    return {"t": "Table", "c": content}


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
