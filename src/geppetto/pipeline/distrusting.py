"""Strangers' chapters and bibliographies (`trust: none`): what is refused, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from geppetto import sourcemap
from geppetto.ast import RAW, Block, Node, rewrite
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Book
from geppetto.model.places import Point, file_of
from geppetto.pipeline.citing import Cited
from geppetto.references import trust
from geppetto.references.citations import ENTRY
from geppetto.references.trust import Refusal

Documents = dict[str, list[Block]]


def chapters(book: Book, read: Mapping[str, list[Block]]) -> tuple[Documents, list[Diagnostic]]:
    """Take what could do something out of chapters and their YAML blocks."""
    texts = {chapter.path: chapter.markdown for chapter in book.chapters}
    kept: Documents = {}
    diagnostics: list[Diagnostic] = []
    for name, blocks in read.items():
        path = file_of(name)
        kept[name], refused = trust.refuse(blocks)
        diagnostics += [_said(r, place(r, path, texts[path])) for r in refused]
    return kept, diagnostics


def citations(book: Book, cited: Cited) -> tuple[Cited, list[Diagnostic]]:
    """Take what could do something out of what the bibliography's entries have become."""
    diagnostics: list[Diagnostic] = []
    references = book.bibliography.references

    def sound(node: Node) -> Node | None:
        name = node["c"][0][0]
        if "csl-entry" not in node["c"][0][1]:
            return None
        key = name[name.find(ENTRY) + len(ENTRY) :]
        location = references[key].location if key in references else Location("book.yaml")
        blocks, refused = trust.refuse(node["c"][1], attributes=False)
        diagnostics.extend(_said(r, location) for r in refused)
        return {**node, "c": [node["c"][0], blocks]}

    paths = {chapter.slug: chapter.path for chapter in book.chapters}
    documents: Documents = {}
    for slug, blocks in cited.documents.items():
        entries = rewrite(blocks, sound, {"Div"})
        documents[slug], refused = trust.refuse(entries, attributes=False)
        diagnostics += [_said(r, Location(paths.get(slug, "book.yaml"))) for r in refused]
    bibliography = rewrite(cited.bibliography, sound, {"Div"})
    return replace(cited, documents=documents, bibliography=bibliography), diagnostics


def place(refused: Refusal, path: str, text: str) -> Location:
    """Find what is refused in the Markdown: the nth of its equals, or the word that is at fault."""
    points = _points(refused, text)
    return (
        Location(path, *points[min(refused.before, len(points) - 1)]) if points else Location(path)
    )


def _said(refused: Refusal, location: Location) -> Diagnostic:
    return Diagnostic("trust-refused", refused.message, location, refused.hint)


def _points(refused: Refusal, text: str) -> Sequence[Point]:
    kind = refused.kind
    if kind in {"Link", "Image"} and not refused.word:
        places = sourcemap.links(text) if kind == "Link" else sourcemap.images(text)
        return places.get(refused.said, ())
    if kind in RAW or kind == "Math":
        spans = sourcemap.occurrences(text, refused.said, is_math=kind == "Math")
        first = re.escape(refused.said.strip().partition("\n")[0])
        spans = spans or [match.span() for match in re.finditer(first, text)]
    else:
        pattern = rf"(?<![\w-]){re.escape(refused.word)}\s*=\s*[\"']?{re.escape(refused.said)}"
        spans = [match.span() for match in re.finditer(pattern, text)]
    starts = (max(text.find(refused.word, *span), span[0]) for span in spans)
    return [sourcemap.point(text, start) for start in starts]
