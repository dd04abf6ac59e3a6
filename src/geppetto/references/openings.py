"""The head of each chapter: its title, author and epigraph, however the file gives them.

A chapter's title is its first level-1 heading; else the `title` of its YAML
block; else its file name, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from geppetto.ast import Attr, Block, Inline, attr, div, keyvals, plain, text
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Chapter
from geppetto.model.places import piece


def sources(chapter: Chapter) -> dict[str, str]:
    """Give every piece of Markdown in a chapter's file: its text, and the pieces in its YAML."""
    pieces = {chapter.path: chapter.text}
    if chapter.meta.title:
        pieces[piece(chapter.path, "title")] = chapter.meta.title
    if chapter.meta.epigraph:
        pieces[piece(chapter.path, "epigraph")] = chapter.meta.epigraph.text
        if chapter.meta.epigraph.source:
            pieces[piece(chapter.path, "source")] = chapter.meta.epigraph.source
    return pieces


def open_chapter(
    chapter: Chapter, pieces: Mapping[str, Sequence[Block]]
) -> tuple[list[Block], list[Diagnostic]]:
    """Give a chapter's blocks with its heading first, author and epigraph after it."""
    body = list(pieces[chapter.path])
    has_text = bool(body)
    heading, body, diagnostics = _heading(chapter, pieces, body)
    opening = [heading]
    if chapter.meta.author:
        names = text(", ".join(chapter.meta.author))
        opening.append(div([plain(names)], attr("", ["chapter-author"])))
    if chapter.meta.epigraph:
        opening.append(_epigraph(chapter, pieces))
    if has_text and not body:
        diagnostics.append(
            Diagnostic(
                "chapter-empty",
                "The chapter has a heading, and no text.",
                Location(chapter.path),
                "Write it, or take it out of the book.",
            )
        )
    return opening + _in_language(chapter, body), diagnostics


def _heading(
    chapter: Chapter, pieces: Mapping[str, Sequence[Block]], body: list[Block]
) -> tuple[Block, list[Block], list[Diagnostic]]:
    lead = _lead(body)
    if has_heading(body):
        heading = body[lead]
        rest = body[:lead] + body[lead + 1 :]
        return _with_short_title(heading, chapter), rest, []
    diagnostics = []
    inlines = _inlines(pieces.get(piece(chapter.path, "title"), ()))
    if not inlines:
        title = _title_from_name(chapter.path)
        inlines = text(title)
        diagnostics.append(
            Diagnostic(
                "chapter-untitled",
                f"The chapter does not begin with a heading; its file name gives it the title “{title}”.",
                Location(chapter.path, 1),
                hint="Begin the file with a line `# Title`, or give `title:` in its YAML block.",
            )
        )
    heading = {"t": "Header", "c": [1, attr(chapter.slug), inlines]}
    return _with_short_title(heading, chapter), body, diagnostics


def has_heading(body: Sequence[Block]) -> bool:
    """Tell whether a chapter's text begins with its title, which then stands for `title:`."""
    lead = _lead(body)
    return lead < len(body) and body[lead]["t"] == "Header" and body[lead]["c"][0] == 1


def _lead(body: Sequence[Block]) -> int:
    return next((i for i, block in enumerate(body) if block["t"] != "RawBlock"), 0)


def _with_short_title(heading: Block, chapter: Chapter) -> Block:
    level, attributes, inlines = heading["c"]
    pairs: Attr = [attributes[0], attributes[1], list(attributes[2])]
    if chapter.meta.short_title and "short-title" not in keyvals(attributes):
        pairs[2].append(["short-title", chapter.meta.short_title])
    if chapter.meta.lang:
        inlines = [{"t": "Span", "c": [attr("", [], lang=chapter.meta.lang), inlines]}]
    return {"t": "Header", "c": [level, pairs, inlines]}


def _in_language(chapter: Chapter, body: list[Block]) -> list[Block]:
    if not chapter.meta.lang or not body:
        return body
    return [div(body, attr("", [], lang=chapter.meta.lang))]


def _epigraph(chapter: Chapter, pieces: Mapping[str, Sequence[Block]]) -> Block:
    blocks = list(pieces.get(piece(chapter.path, "epigraph"), ()))
    source = _inlines(pieces.get(piece(chapter.path, "source"), ()))
    if source:
        blocks.append(div([plain(source)], attr("", ["epigraph-source"])))
    language = {"lang": chapter.meta.lang} if chapter.meta.lang else {}
    return div(blocks, attr("", ["epigraph"], **language))


def _inlines(blocks: Sequence[Block]) -> list[Inline]:
    if blocks and blocks[0]["t"] in {"Para", "Plain", "Header"}:
        content = blocks[0]["c"]
        return list(content[2] if blocks[0]["t"] == "Header" else content)
    return []


def _title_from_name(path: str) -> str:
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = re.sub(r"[-_]+", " ", re.sub(r"^\d+[-_. ]*", "", stem)).strip() or stem
    return words[:1].upper() + words[1:]
