"""Citations: their keys checked, citeproc's work divided, its bibliography taken back.

Citeproc sees the whole book as one document, so that "2024a" and "ibid." mean
the same in every edition; with `bibliography-per: chapter` it sees each chapter
by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geppetto.ast import Block, Inline, Node, attr, div, nodes, rewrite, text
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Bibliography
from geppetto.model.places import Places
from geppetto.references.faults import did_you_mean, everywhere, mark

BOOK = "book"
REFERENCES = "refs"
WRAPPER = "geppetto-document-"


def check(
    blocks: list[Block], path: str, bibliography: Bibliography, places: Places
) -> tuple[list[Block], list[Diagnostic]]:
    """Find keys that are in no bibliography; mark them where they stand."""
    known = bibliography.references.keys()
    unknown: dict[str, None] = {}

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Cite":
            return None
        missing = [part["citationId"] for part in node["c"][0] if part["citationId"] not in known]
        if not missing:
            return None
        unknown.update(dict.fromkeys(missing))
        return _without(node, set(missing))

    marked: list[Block] = rewrite(blocks, change)
    diagnostics = [
        d
        for key in unknown
        for d in everywhere(
            "citation-unknown",
            f"The citation key @{key} is in no bibliography.",
            path,
            places.citations.get(key, ()),
            did_you_mean(
                f"@{key}",
                [f"@{k}" for k in known],
                "Add the entry to the .bib file; write \\@ for a plain @.",
            ),
        )
    ]
    return marked, diagnostics


def _without(node: Node, missing: set[str]) -> list[Node]:
    kept = [part for part in node["c"][0] if part["citationId"] not in missing]
    marks: list[Inline] = []
    for key in missing:
        if marks:
            marks.append({"t": "Space"})
        marks.append(mark(f"[@{key}?]"))
    if not kept:
        return marks
    return [{"t": "Cite", "c": [kept, node["c"][1]]}, {"t": "Space"}, *marks]


def check_nocite(
    keys: Sequence[str], bibliography: Bibliography
) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Give the keys of `nocite` that the bibliography holds, `*` for all of them."""
    bare = [key.lstrip("@") for key in keys]
    known = bibliography.references.keys()
    diagnostics = [
        Diagnostic(
            "citation-unknown",
            f"`nocite` names @{key}, which is in no bibliography.",
            Location("book.yaml"),
            did_you_mean(key, list(known), "Add the entry to the .bib file."),
        )
        for key in bare
        if key != "*" and key not in known
    ]
    return tuple(k for k in bare if k == "*" or k in known), diagnostics


def cited(documents: Iterable[Sequence[Block]]) -> set[str]:
    """Give every key that is cited."""
    return {
        part["citationId"]
        for blocks in documents
        for node in nodes(list(blocks))
        if node["t"] == "Cite"
        for part in node["c"][0]
    }


def join(documents: Mapping[str, list[Block]]) -> list[Block]:
    """Make one document of many, its notes and citations counted through."""
    wrapped = [div(blocks, attr(f"{WRAPPER}{slug}")) for slug, blocks in documents.items()]
    return _counted(wrapped)


def split(blocks: Sequence[Block]) -> tuple[dict[str, list[Block]], list[Block]]:
    """Undo `join`: give the documents, and the bibliography's blocks that stand after them."""
    documents: dict[str, list[Block]] = {}
    rest: list[Block] = []
    for block in blocks:
        name = block["c"][0][0] if block["t"] == "Div" else ""
        if name.startswith(WRAPPER):
            documents[name.removeprefix(WRAPPER)] = block["c"][1]
        else:
            rest.append(block)
    return documents, rest


def _counted(blocks: list[Block]) -> list[Block]:
    """Number notes and citations as Pandoc's reader does: one count for each outside a note.

    Note styles tell "ibid." by these numbers.
    """
    count = 0

    def walk(value: Any, in_note: bool) -> Any:
        nonlocal count
        if isinstance(value, list):
            return [walk(item, in_note) for item in value]
        if not isinstance(value, dict):
            return value
        kind = value.get("t")
        if kind == "Note" or (kind == "Cite" and not in_note):
            count += 1
        if kind == "Cite":
            parts = [{**part, "citationNoteNum": count} for part in value["c"][0]]
            return {"t": "Cite", "c": [parts, value["c"][1]]}
        return {k: walk(v, in_note or kind == "Note") for k, v in value.items()}

    counted: list[Block] = walk(blocks, False)
    return counted


def for_chapter(slug: str, blocks: list[Block], title: str) -> list[Block]:
    """Give a chapter that ends with a bibliography of its own its heading and its own identifiers."""
    if not blocks or not _is_bibliography(blocks[-1]):
        return blocks
    prefix = f"{slug}-"

    def change(node: Node) -> Node | None:
        kind, content = node["t"], node.get("c", None)
        if kind == "Div" and _is_reference(content[0][0]):
            return {"t": kind, "c": [[prefix + content[0][0], *content[0][1:]], content[1]]}
        if kind == "Link" and content[2][0].startswith("#ref-"):
            target = f"#{prefix}{content[2][0][1:]}"
            return {"t": kind, "c": [content[0], content[1], [target, content[2][1]]]}
        return None

    own: list[Block] = rewrite(blocks, change)
    heading = {"t": "Header", "c": [2, attr(f"{prefix}bibliography", ["unnumbered"]), text(title)]}
    return [*own[:-1], heading, own[-1]]


def _is_bibliography(block: Block) -> bool:
    return bool(block["t"] == "Div" and block["c"][0][0] == REFERENCES)


def _is_reference(identifier: str) -> bool:
    return identifier == REFERENCES or identifier.startswith("ref-")
