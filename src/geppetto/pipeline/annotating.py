"""The resolved book as a draft that has no pages: line numbers and author's notes in its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from geppetto import sourcemap
from geppetto.ast import Block, Inline, Node, attr, div, para, plain, rewrite, span, text
from geppetto.latex.margins import AuthorNote
from geppetto.model.book import Document, Resolved
from geppetto.pipeline.places import Lines
from geppetto.review import drafts
from geppetto.sourcemap import AT
from geppetto.sourcemap.leaves import LEAVES

NUMBER = "source-line"
"""The class of a line's number."""


def annotated(
    resolved: Resolved,
    stops: Mapping[str, drafts.Document],
    notes: Sequence[AuthorNote],
    lines: Lines,
) -> Resolved:
    """Put before each block the line on which it begins, and the author's notes where they stand.

    `stops` are the draft's documents by their slugs. The marks of stops stay in the blocks.
    """
    documents = tuple(
        document.with_blocks(_annotated(document, stops[document.slug], notes, lines))
        for document in resolved.documents
    )
    return replace(resolved, documents=documents)


def selected(resolved: Resolved, slugs: Set[str]) -> Resolved:
    """Give some of the documents, with the whole book's numbers; what leads to others is plain text.

    The bibliography stays.
    """
    kept = tuple(d for d in resolved.documents if d.slug in slugs or d.chapter is None)
    there = {one.slug for one in kept}
    homes = {name: slug for name, slug in resolved.homes.items() if slug in there}

    def change(node: Node) -> list[Inline] | None:
        target = str(node["c"][2][0])
        lost = target.startswith("#") and target[1:] not in homes
        return list(node["c"][1]) if lost else None

    documents = tuple(d.with_blocks(rewrite(list(d.blocks), change, {"Link"})) for d in kept)
    return replace(resolved, documents=documents, homes=homes)


def _annotated(
    document: Document, known: drafts.Document, notes: Sequence[AuthorNote], lines: Lines
) -> list[Block]:
    """Put each note before the first block that begins below it, and numbers before all."""
    own = [one for one in notes if one.path == known.path]
    name = drafts.label(known)

    def change(node: Node) -> list[Node] | Node | None:
        number = node.get(AT)
        stop = known.stops[number - 1] if number else None
        if stop is None:
            return None
        label = name if stop.path == known.path else stop.path.rpartition(".")[2]
        return _with_number(node, f"{label}:{stop.line}")

    made: list[Block] = []
    marked = sourcemap.marked(document.blocks)
    for line, block in zip(lines.of(document).top, marked, strict=True):
        while own and own[0].line < line and made:
            made.append(_note(own.pop(0)))
        made += rewrite([block], change, LEAVES)
    return [*made, *map(_note, own)]


def _with_number(node: Node, label: str) -> list[Node] | Node:
    """Put a line's number at the head of a block's words, or before a block without words."""
    mark: list[Inline] = [span(text(label), attr("", [NUMBER])), {"t": "Space"}]
    if node["t"] in {"Para", "Plain"}:
        return {**node, "c": [*mark, *node["c"]]}
    if node["t"] == "Header":
        level, attributes, inlines = node["c"]
        return {**node, "c": [level, attributes, [*mark, *inlines]]}
    if node["t"] == "LineBlock" and node["c"]:
        return {**node, "c": [[*mark, *node["c"][0]], *node["c"][1:]]}
    return [plain(mark[:1]), node] if node["t"] == "CodeBlock" else node


def _note(note: AuthorNote) -> Block:
    return div([para(text(words)) for words in note.words], attr("", ["author-note"]))
