"""The resolved book's blocks made ready for Pandoc's DOCX writer.

Labels and numbers become text, classes become styles, raw text of other formats
goes, identifiers become names of bookmarks, and stops become marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from geppetto import ast
from geppetto.ast import RAW, Block, Inline, Node
from geppetto.docx import marks, notes, paragraphs
from geppetto.docx.styles import STYLE, styled
from geppetto.sourcemap import AT, STOP
from geppetto.terms import direction

CHANGED = (
    ast.WITH_ATTRIBUTES
    | RAW
    | {"Para", "Plain", "LineBlock", "HorizontalRule", "SoftBreak", "Note", "Cite", "BlockQuote"}
)
OWN_KEYS = frozenset({"number", "label", "short-title", STYLE})
SCHEMES = ("http:", "https:", "mailto:", "tel:")
"""Links outside the book that Word may follow, as those of the EPUB."""
NOT_IN_URI = re.compile(r"""[\s\\"<>^`{|}]""")
BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
NO_BREAK_SPACE, EN_SPACE = "\u00a0", "\u2002"
LONG = 9  # digits of a line's number
BREAK = "*\u2003*\u2003*"
DIVISIONS = {
    "chapter-author": "Chapter Author",
    "epigraph": "Epigraph",
    "epigraph-source": "Epigraph Source",
    "callout": "Callout",
    "callout-title": "Callout Title",
    "fault": "Fault",
    "author-note": "Author Note",
    "references": "Bibliography",
    "csl-bib-body": "Bibliography",
}
SPANS = {"fault": "Fault Mark", "source-line": "Source Line"}


@dataclass
class Frame:
    """What is the same for all of the book's documents, and what is left out of them.

    `names` maps the identifiers that stand in this DOCX to bookmarks, `images`
    targets to the names of its images; `links` gets the addresses that no link
    of a DOCX may have.
    """

    names: Mapping[str, str]
    images: Mapping[str, str]
    links: list[str] = field(default_factory=list)


def prepare(
    blocks: Sequence[Block], frame: Frame, *, appendix: str | None = None, stops: int | None = None
) -> list[Block]:
    """Give the blocks that Pandoc writes.

    `appendix` is the word that stands before an appendix's letter; `stops` is the
    document's number, where its stops are marked (see `geppetto.sourcemap.marked`).
    """
    changes = _Changes(frame, appendix, stops or 0)
    made: list[Block] = ast.rewrite(list(blocks), changes.change, CHANGED)
    return made


class _Changes:
    """The change of each type of node; those below it are changed already."""

    def __init__(self, frame: Frame, appendix: str | None, document: int) -> None:
        self.frame, self.appendix, self.document = frame, appendix, document
        self.by_type: dict[str, Callable[[Node], list[Node] | Node]] = {
            "Header": self.header,
            "Image": self.image,
            "Link": self.link,
            "Span": self.span,
            "Div": self.division,
            "Figure": self.captioned,
            "Table": self.captioned,
            "CodeBlock": self.code,
            "Code": self.bare,
            "Para": self.paragraph,
            "Plain": self.paragraph,
            "LineBlock": self.verse,
            "HorizontalRule": lambda _: paragraphs.of_style("Scene Break", ast.text(BREAK)),
            "SoftBreak": lambda _: {"t": "Space"},
            "Note": lambda node: {"t": "Note", "c": notes.flat(node["c"])},
            "Cite": lambda node: list(node["c"][1]),
            "BlockQuote": lambda node: [marks.block(marks.OPEN), node, marks.block(marks.CLOSE)],
        }

    def change(self, node: Node) -> list[Node] | Node:
        """Change a node; what begins at a stop is marked with it."""
        if node["t"] in RAW:
            return self.raw(node)
        made = self.by_type[node["t"]](node)
        stop = node.get(AT)
        if stop is None or not self.document:
            return made
        mark = marks.inline(marks.STOP, self.document, stop)
        return paragraphs.led(mark, made if isinstance(made, list) else [made])

    def raw(self, node: Node) -> list[Node]:
        """Leave out an author's own text for other formats; a stop becomes its mark."""
        form, text = node["c"]
        if form == STOP and node["t"] == "RawInline" and text.isdecimal():
            return [marks.inline(marks.STOP, self.document, text)] if self.document else []
        return []

    def attributes(self, attributes: ast.Attr, style: str | None = None) -> ast.Attr:
        """Name the bookmark and the style; leave out keys that have become text."""
        identifier, classes, pairs = attributes
        kept = [pair for pair in pairs if pair[0] not in OWN_KEYS]
        keys = {key for key, _ in kept}
        lang = dict(pairs).get("lang")
        if lang and "dir" not in keys and direction(lang) == "rtl":
            kept.append(["dir", "rtl"])
        return styled([self.frame.names.get(identifier, ""), classes, kept], style)

    def bare(self, node: Node) -> Node:
        """Change the attributes alone."""
        attributes, text = node["c"]
        return {"t": node["t"], "c": [self.attributes(attributes), text]}

    def code(self, node: Node) -> list[Node] | Node:
        """Mark code of which the lines are to be numbered, with the first number."""
        attributes, _ = node["c"]
        if not {"numberLines", "number-lines"} & set(attributes[1]):
            return self.bare(node)
        first = ast.keyvals(attributes).get("startFrom", "1")
        start = int(first) if first.isdecimal() and len(first) < LONG else 1
        return [marks.block(marks.LINES, start), self.bare(node)]

    def header(self, node: Node) -> Node:
        """Put the number before a heading's words."""
        level, attributes, inlines = node["c"]
        number = ast.keyvals(attributes).get("number")
        if number:
            words = f"{self.appendix} {number}" if self.appendix and level == 1 else number
            label = ast.span(ast.text(words), styled(ast.attr(), "Section Number"))
            inlines = [label, {"t": "Str", "c": EN_SPACE}, *inlines]
        return {"t": "Header", "c": [level, self.attributes(attributes), inlines]}

    def image(self, node: Node) -> Node:
        """Give an image its name in the DOCX, and its alternative text."""
        attributes, description, (target, title) = node["c"]
        words = ast.keyvals(attributes).get("alt", ast.stringify(description))
        if target not in self.frame.images:
            return _fault(f"[{words or target}]")
        is_decorative = "decorative" in attributes[1]
        title = marks.DECORATIVE if is_decorative else title
        said = ast.text("" if is_decorative else words)
        bare = self.attributes(attributes)
        kept = [bare[0], [], [pair for pair in bare[2] if pair[0] in {"width", "height"}]]
        return {"t": "Image", "c": [kept, said, [self.frame.images[target], title]]}

    def link(self, node: Node) -> Node:
        """Lead a link to a bookmark; what leads nowhere in this DOCX becomes plain text."""
        attributes, words, (target, title) = node["c"]
        bare = self.attributes(attributes)
        inlines = ast.rewrite(words, lambda inner: list(inner["c"][1]), {"Link"})
        if target.startswith("#"):
            name = self.frame.names.get(target[1:])
            if name is not None:
                return {"t": "Link", "c": [bare, inlines, [f"#{name}", title]]}
        elif target.lower().startswith(SCHEMES):
            return {"t": "Link", "c": [bare, inlines, [_address(target), title]]}
        else:
            self.frame.links.append(target)
        return ast.span(inlines, [bare[0], [], []])

    def span(self, node: Node) -> list[Node] | Node:
        """Style a fault; an equation keeps its class and number until its paragraph is parted."""
        attributes, inlines = node["c"]
        _, classes, pairs = attributes
        if "equation" in classes and dict(pairs).get("number"):
            bare = self.attributes(attributes)
            return ast.span(inlines, [bare[0], ["equation"], [["number", dict(pairs)["number"]]]])
        style = next((SPANS[name] for name in classes if name in SPANS), dict(pairs).get(STYLE))
        identifier, kept, keys = self.attributes(attributes, style)
        kept = [name for name in kept if name != "csl-right-inline"]  # Pandoc's tab is plain text
        if "csl-left-margin" not in classes:
            return ast.span(inlines, [identifier, kept, keys])
        bare = inlines[:-1] if inlines and inlines[-1]["t"] == "Space" else inlines
        return [ast.span(bare, [identifier, kept, keys]), marks.tab()]

    def paragraph(self, node: Node) -> list[Node] | Node:
        """Part a paragraph at its numbered equations; a picture alone stands in the middle."""
        if node["t"] == "Para" and [one["t"] for one in node["c"]] == ["Image"]:
            return ast.div([{"t": "Para", "c": node["c"]}], styled(ast.attr(), "Figure"))
        return paragraphs.parted(node)

    def verse(self, node: Node) -> Node:
        """Style the lines of a poem."""
        return ast.div([{"t": "LineBlock", "c": node["c"]}], styled(ast.attr(), "Verse"))

    def division(self, node: Node) -> list[Node] | Node:
        """Style what a division holds by its class."""
        attributes, blocks = node["c"]
        classes = attributes[1]
        if "listing" in classes:
            return self.listing(attributes, blocks)
        style = next((DIVISIONS[name] for name in classes if name in DIVISIONS), None)
        style = style or ast.keyvals(attributes).get(STYLE)
        made = ast.div(blocks, self.attributes(attributes, style))
        if "callout" in classes:
            made["c"][1] = [*blocks, marks.empty("CalloutEnd")]
        return made

    def listing(self, attributes: ast.Attr, blocks: list[Block]) -> Node:
        """Put a listing's number before its caption."""
        is_caption = [b["t"] == "Div" and "caption" in b["c"][0][1] for b in blocks]
        caption = [
            one for b, yes in zip(blocks, is_caption, strict=True) if yes for one in b["c"][1]
        ]
        body = [b for b, yes in zip(blocks, is_caption, strict=True) if not yes]
        words = _labelled(caption, _label(attributes))
        head = [ast.div(words, styled(ast.attr(), "Listing Caption"))] if words else []
        return ast.div([*head, *body], self.attributes(attributes))

    def captioned(self, node: Node) -> Node:
        """Put the number of a figure or table before its caption."""
        attributes, (_, caption), *rest = node["c"]
        words = _labelled(caption, _label(attributes))
        return {"t": node["t"], "c": [self.attributes(attributes), [None, words], *rest]}


def _address(target: str) -> str:
    """Spell what no URI may hold (RFC 3986, 2): Word takes a package with one for broken."""
    spelled = BARE_PERCENT.sub("%25", target)
    return NOT_IN_URI.sub(lambda match: quote(match[0]), spelled)


def _fault(words: str) -> Inline:
    return ast.span(ast.text(words), styled(ast.attr(), "Fault Mark"))


def _label(attributes: ast.Attr) -> list[Inline]:
    """Give "Figure 2.1", or nothing where the element carries no number."""
    pairs = ast.keyvals(attributes)
    if not pairs.get("number"):
        return []
    words = NO_BREAK_SPACE.join(pairs[key] for key in ("label", "number") if pairs.get(key))
    return [ast.span(ast.text(words), styled(ast.attr(), "Caption Label"))]


def _labelled(blocks: list[Any], label: list[Inline]) -> list[Any]:
    """Put a label before a caption's words, behind the mark of a stop."""
    if not label:
        return blocks
    if not blocks or blocks[0]["t"] not in {"Plain", "Para"}:
        return [ast.plain(label), *blocks]
    words = blocks[0]["c"]
    stops = words[:1] if words and marks.is_mark(words[0]) else []
    first = [*stops, *label, {"t": "Space"}, *words[len(stops) :]]
    return [{"t": blocks[0]["t"], "c": first}, *blocks[1:]]
