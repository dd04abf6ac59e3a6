"""Citations: their keys checked, citeproc's work divided, its bibliography taken back.

Citeproc sees the whole book as one document, so that "2024a" and "ibid." mean
the same in every edition; with `bibliography-per: chapter` it sees each chapter
by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from geppetto.ast import Block, Inline, Node, attr, div, nodes, rewrite, rewrite_down, text
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Bibliography
from geppetto.model.places import Places
from geppetto.references.faults import did_you_mean, everywhere, mark, mark_block
from geppetto.references.identifiers import every, with_identifier

BOOK = "book"
REFERENCES = "refs"
ENTRY = "ref-"
WRAPPER = "geppetto-document-"


def check(
    blocks: list[Block], path: str, bibliography: Bibliography, places: Places
) -> tuple[list[Block], list[Diagnostic]]:
    """Find keys that are in no bibliography; mark them where they stand.

    The key of an entry that cannot be read is said there, not here once more.
    """
    known = bibliography.references.keys()
    marked, unknown = mark_unknown(blocks, known)
    diagnostics = [
        d
        for key in unknown
        if key not in bibliography.broken
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


def mark_unknown(
    blocks: list[Block], known: Collection[str]
) -> tuple[list[Block], dict[str, None]]:
    """Mark the citations whose key is not known; give these keys."""
    unknown: dict[str, None] = {}

    def change(node: Node) -> list[Node] | None:
        keys = dict.fromkeys(part["citationId"] for part in node["c"][0])
        missing = [key for key in keys if key not in known]
        if not missing:
            return None
        unknown.update(dict.fromkeys(missing))
        return _without(node, missing)

    marked: list[Block] = rewrite(blocks, change, {"Cite"})
    return marked, unknown


def _without(node: Node, missing: list[str]) -> list[Node]:
    kept = [part for part in node["c"][0] if part["citationId"] not in missing]
    marks: list[Inline] = [{"t": "Cite", "c": [kept, node["c"][1]]}] if kept else []
    for part in node["c"][0]:
        key = part["citationId"]
        if key not in missing:
            continue
        if marks:
            marks.append({"t": "Space"})
        before, after = part["citationPrefix"], part["citationSuffix"]
        marks += [*before, {"t": "Space"}] if before else []
        marks += [mark(f"[@{key}?]"), *after]
    return marks


def check_nocite(
    keys: Sequence[str], bibliography: Bibliography, place: Callable[[int], Location]
) -> tuple[tuple[str, ...], list[Block], list[Diagnostic]]:
    """Give the keys of `nocite` that the bibliography holds, and marks of those it does not.

    `place` gives the place of the nth key in book.yaml.
    """
    known = bibliography.references.keys()
    found: list[str] = []
    marks: list[Block] = []
    diagnostics: list[Diagnostic] = []
    for number, key in enumerate(key.removeprefix("@") for key in keys):
        if key == "*" or key in known:
            found.append(key)
            continue
        marks.append(mark_block(f"[@{key}?]"))
        if key in bibliography.broken:
            continue
        diagnostics.append(
            Diagnostic(
                "citation-unknown",
                f"`nocite` names @{key}, which is in no bibliography.",
                place(number),
                did_you_mean(key, list(known), "Add the entry to the .bib file."),
            )
        )
    return tuple(found), marks, diagnostics


def cited(documents: Iterable[Sequence[Block]]) -> set[str]:
    """Give every key that is cited."""
    return {
        part["citationId"]
        for blocks in documents
        for node in nodes(list(blocks), {"Cite"})
        for part in node["c"][0]
    }


def mark_faults(blocks: list[Block], faults: Mapping[str, str]) -> list[Block]:
    """Set a visible mark at each entry of the bibliography that has a fault."""

    def change(node: Node) -> Node | None:
        attributes, content = node["c"]
        words = faults.get(attributes[0].removeprefix(ENTRY))
        if words is None or "csl-entry" not in attributes[1]:
            return None
        return {"t": "Div", "c": [attributes, [*content, mark_block(f"[{words}]")]]}

    marked: list[Block] = rewrite(blocks, change, {"Div"}) if faults else blocks
    return marked


def join(documents: Mapping[str, list[Block]]) -> list[Block]:
    """Make one document of many, its notes and citations counted through."""
    wrapped = [div(blocks, attr(f"{WRAPPER}{slug}")) for slug, blocks in documents.items()]
    return counted(wrapped)


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


def counted(blocks: list[Block]) -> list[Block]:
    """Number notes and citations as Pandoc's reader does: one count for each outside a note.

    Note styles tell "ibid." by these numbers.
    """
    count = 0

    def change(node: Node) -> Node | list[Node]:
        nonlocal count
        count += 1
        if node["t"] == "Cite":
            return [_at(node, count)]
        within = rewrite(node["c"], lambda inner: _at(inner, count), {"Cite"})
        return [{"t": "Note", "c": within}]

    counted: list[Block] = rewrite_down(blocks, change, {"Note", "Cite"})
    return counted


def _at(cite: Node, number: int) -> Node:
    parts = [{**part, "citationNoteNum": number} for part in cite["c"][0]]
    return {"t": "Cite", "c": [parts, cite["c"][1]]}


def for_chapter(
    slug: str, blocks: list[Block], title: str, *, placed: bool
) -> tuple[list[Block], str | None]:
    """Give a chapter with a bibliography of its own, and the identifier of that one's heading.

    The bibliography's identifiers get the chapter's slug before them. Where
    the author has `placed` it, the author has given it a heading, too.
    """
    prefix = f"{slug}-"
    own = {name for name in every(blocks) if _is_reference(name)}

    def change(node: Node) -> Node | None:
        kind, content = node["t"], node["c"]
        if kind == "Div" and content[0][0] in own:
            return with_identifier(node, prefix + content[0][0])
        if kind == "Link" and content[2][0].startswith("#") and content[2][0][1:] in own:
            target = f"#{prefix}{content[2][0][1:]}"
            return {"t": kind, "c": [content[0], content[1], [target, content[2][1]]]}
        return None

    changed: list[Block] = rewrite(blocks, change, {"Div", "Link"})
    if placed or REFERENCES not in own:
        return changed, None
    name = f"{prefix}refs-heading"
    heading = {"t": "Header", "c": [2, attr(name, ["unnumbered"]), text(title)]}
    return [*changed[:-1], heading, changed[-1]], name


def has_place(blocks: Sequence[Block]) -> bool:
    """Tell whether the author has given the bibliography a place (`::: {#refs}`)."""
    return any(node["c"][0][0] == REFERENCES for node in nodes(list(blocks), {"Div"}))


def _is_reference(identifier: str) -> bool:
    return identifier == REFERENCES or identifier.startswith(ENTRY)
