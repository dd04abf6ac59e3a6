"""The resolved book's blocks made ready for Pandoc's HTML writer.

Notes move to the end of their document, labels and numbers become text, raw
text of other formats goes, and raw HTML is tidied. What cannot be said in
Pandoc's tree (roles, `aside`, `scope`) is added to the XHTML later, by class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from geppetto import ast
from geppetto.ast import HTML_FORMATS, RAW, Block, Inline, Node
from geppetto.epub import balance, rawhtml
from geppetto.epub.characters import NOTE, NOTEREF

CHANGED = ast.WITH_ATTRIBUTES | RAW | {"DefinitionList"}
OWN_KEYS = frozenset({"number", "label", "short-title"})
NO_BREAK_SPACE = "\u00a0"

Tidy = Callable[[str], str]


def prepare(
    blocks: Sequence[Block], *, appendix: str | None, images: dict[str, str], tidy: Tidy
) -> list[Block]:
    """Give the blocks that Pandoc writes.

    `appendix` is the word that stands before an appendix's letter; `images`
    maps targets to packaged names; `tidy` makes raw HTML safe.
    """

    def change(node: Node) -> list[Node] | Node | None:
        node = _plain_keys(node)
        if node["t"] in RAW:
            return _raw(node, tidy)
        if node["t"] == "Image":
            return _image(node, images)
        if node["t"] == "Header":
            return _header(node, appendix)
        maker = _CHANGES.get(node["t"])
        return (maker(node) if maker else None) or node

    def change_and_close(node: Node) -> list[Node] | Node | None:
        return change(balance.balanced(node))

    if holds_html(blocks):
        return _lift_notes(balance.close_blocks(ast.rewrite(list(blocks), change_and_close)))
    return _lift_notes(ast.rewrite(list(blocks), change, CHANGED))


def image_sources(blocks: Sequence[Block]) -> list[str]:
    """Give the addresses of the images in an author's own HTML."""
    return [
        source
        for node in ast.nodes(list(blocks), RAW)
        if node["c"][0] in HTML_FORMATS
        for source in rawhtml.image_sources(node["c"][1])
    ]


def holds_html(blocks: Sequence[Block]) -> bool:
    """Tell whether an author's own HTML stands in the blocks."""
    return any(node["c"][0] in HTML_FORMATS for node in ast.nodes(list(blocks), RAW))


def _plain_keys(node: Node) -> Node:
    """Leave out keys in a namespace (`epub:type`), which are this edition's to set."""
    attributes = ast.attr_of(node)
    if attributes is None or not any(":" in key for key, _ in attributes[2]):
        return node
    kept = [attributes[0], attributes[1], [p for p in attributes[2] if ":" not in p[0]]]
    return {"t": node["t"], "c": [kept if part is attributes else part for part in node["c"]]}


def _raw(node: Node, tidy: Tidy) -> list[Node] | Node:
    form, content = node["c"]
    if form not in HTML_FORMATS:
        return []
    return {"t": node["t"], "c": ["html", tidy(content)]}


def _image(node: Node, images: dict[str, str]) -> Node:
    attributes, alternative, (target, title) = node["c"]
    if target not in images:
        words = ast.keyvals(attributes).get("alt") or ast.stringify(alternative) or target
        return ast.span(ast.text(f"[{words}]"), ast.attr("", ["fault"]))
    words = ast.text(ast.stringify(alternative))  # a caption's notes are not the image's, too
    return {"t": "Image", "c": [attributes, words, [images[target], title]]}


def _header(node: Node, appendix: str | None) -> Node:
    level, attributes, inlines = node["c"]
    number = ast.keyvals(attributes).get("number")
    if number:
        kind = "chapter" if level == 1 else "section"
        words = f"{appendix} {number}" if appendix and level == 1 else number
        label = ast.span(ast.text(words), ast.attr("", [f"{kind}-number"]))
        inlines = [label, {"t": "Space"}, *inlines]
    return {"t": "Header", "c": [level, _without_keys(attributes), inlines]}


def _without_keys(attributes: ast.Attr) -> ast.Attr:
    identifier, classes, pairs = attributes
    return [identifier, classes, [pair for pair in pairs if pair[0] not in OWN_KEYS]]


def _label(attributes: ast.Attr) -> list[Inline]:
    """Give "Figure 2.1" as a span, or nothing where the element carries no number."""
    pairs = ast.keyvals(attributes)
    words = [pairs[key] for key in ("label", "number") if pairs.get(key)]
    if not pairs.get("number"):
        return []
    label = ast.span(ast.text(NO_BREAK_SPACE.join(words)), ast.attr("", ["caption-label"]))
    return [label, {"t": "Space"}]


def _labelled(caption: list[Any], label: list[Inline]) -> list[Any]:
    short, blocks = caption
    if not label:
        return caption
    if blocks and blocks[0]["t"] in {"Plain", "Para"}:
        first = {"t": blocks[0]["t"], "c": [*label, *blocks[0]["c"]]}
        return [short, [first, *blocks[1:]]]
    return [short, [ast.plain(label[:1]), *blocks]]


def _captioned(node: Node) -> Node:
    attributes, caption, *rest = node["c"]
    return {
        "t": node["t"],
        "c": [_without_keys(attributes), _labelled(caption, _label(attributes)), *rest],
    }


def _division(node: Node) -> Node | None:
    attributes, blocks = node["c"]
    if "listing" in attributes[1]:
        return _listing(attributes, blocks)
    return None


def _listing(attributes: ast.Attr, blocks: list[Block]) -> Node:
    caption: list[Block] = []
    body = blocks
    if blocks and blocks[0]["t"] == "Div" and "caption" in blocks[0]["c"][0][1]:
        caption, body = blocks[0]["c"][1], blocks[1:]
    labelled = _labelled([None, caption], _label(attributes))
    return {"t": "Figure", "c": [_without_keys(attributes), labelled, body]}


def _definitions(node: Node) -> Node:
    """Part the paragraphs of a definition, which Pandoc reads as plain when they are tight."""
    terms = [
        [term, [_parted(blocks) if len(blocks) > 1 else blocks for blocks in definitions]]
        for term, definitions in node["c"]
    ]
    return {"t": "DefinitionList", "c": terms}


def _parted(blocks: list[Block]) -> list[Block]:
    return [ast.para(block["c"]) if block["t"] == "Plain" else block for block in blocks]


def _equation(node: Node) -> Node | None:
    attributes, inlines = node["c"]
    number = ast.keyvals(attributes).get("number")
    if "equation" not in attributes[1] or not number:
        return None
    shown = ast.span(ast.text(f"({number})"), ast.attr("", ["equation-number"]))
    return ast.span([*inlines, {"t": "Space"}, shown], _without_keys(attributes))


def _link(node: Node) -> list[Node] | None:
    """Put a note that stands in a link's text behind the link: links do not nest."""
    attributes, inlines, target = node["c"]
    notes = list(ast.nodes(inlines, {"Note"}))
    if not notes:
        return None
    bare = ast.rewrite(inlines, lambda _: [], {"Note"})
    return [{"t": "Link", "c": [attributes, bare, target]}, *notes]


_CHANGES: dict[str, Callable[[Node], list[Node] | Node | None]] = {
    "Figure": _captioned,
    "Table": _captioned,
    "DefinitionList": _definitions,
    "Div": _division,
    "Span": _equation,
    "Link": _link,
}


def _lift_notes(blocks: list[Block]) -> list[Block]:
    """Number the notes in reading order and put their texts at the end."""
    bodies: list[list[Block]] = []
    lifted = _lift(blocks, bodies)
    done: list[Block] = []
    while len(done) < len(bodies):  # a note's own notes come after all that stand before it
        number = len(done) + 1
        body = _lift(bodies[number - 1], bodies)
        done.append(ast.div(body, ast.attr(f"{NOTE}{number}", ["footnote"])))
    return [*lifted, ast.div(done, ast.attr("", ["footnotes"]))] if done else lifted


def _lift(blocks: list[Block], bodies: list[list[Block]]) -> list[Block]:
    """Put a reference in the place of each note; their texts go to `bodies`."""

    def change(note: Node) -> Node:
        bodies.append(note["c"])
        number = str(len(bodies))
        attributes = ast.attr(f"{NOTEREF}{number}", ["noteref"])
        return ast.link([{"t": "Str", "c": number}], f"#{NOTE}{number}", attributes)

    lifted: list[Block] = ast.rewrite_down(blocks, change, {"Note"})
    return lifted
