"""Identifiers: unique in the whole book.

Pandoc makes identifiers of headings, unique in their chapter; here those that
two chapters share get the chapter's slug before them. Identifiers that an
author wrote are never changed: two of one name are an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geppetto.ast import Block, Node, attr_of, nodes, rewrite
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Chapter
from geppetto.model.places import Places, Point
from geppetto.references.faults import everywhere, mark, mark_block


@dataclass(frozen=True)
class Named:
    """A chapter whose identifiers are the book's; `local` maps its own names to them."""

    chapter: Chapter
    blocks: list[Block]
    local: Mapping[str, str]


def unify(
    chapters: Sequence[tuple[Chapter, list[Block]]], places: Mapping[str, Places]
) -> tuple[list[Named], list[Diagnostic]]:
    """Make the identifiers of all chapters unique."""
    taken = _written(chapters, places)
    used: dict[str, str] = {}
    named: list[Named] = []
    diagnostics: list[Diagnostic] = []
    for chapter, blocks in chapters:
        written = places[chapter.path].identifiers
        doubled = _doubled(chapter, written, used)
        diagnostics.extend(d for found in doubled.values() for d in found)
        local = _names(chapter, blocks, written, taken, used)
        earlier = {name for name in doubled if name in used}
        used.update({name: chapter.path for name in local.values() if name not in earlier})
        named.append(Named(chapter, _renamed(blocks, local, set(doubled), earlier), local))
    return named, diagnostics


def _written(
    chapters: Sequence[tuple[Chapter, list[Block]]], places: Mapping[str, Places]
) -> set[str]:
    return {name for chapter, _ in chapters for name in places[chapter.path].identifiers}


def _doubled(
    chapter: Chapter, written: Mapping[str, Sequence[Point]], used: Mapping[str, str]
) -> dict[str, list[Diagnostic]]:
    found: dict[str, list[Diagnostic]] = {}
    for name, points in written.items():
        again = points if name in used else points[1:]
        if again:
            where = used.get(name, f"line {points[0][0]}")
            found[name] = everywhere(
                "id-duplicate",
                f"The identifier #{name} stands a second time; the first is in {where}.",
                chapter.path,
                again,
                "Give one of the two another name, and change the references to it.",
            )
    return found


def _names(
    chapter: Chapter,
    blocks: list[Block],
    written: Mapping[str, Sequence[Point]],
    taken: set[str],
    used: Mapping[str, str],
) -> dict[str, str]:
    local: dict[str, str] = {}
    for node in nodes(blocks):
        attributes = attr_of(node)
        name = attributes[0] if attributes else ""
        if not name or name in local:
            continue
        if name in written:
            local[name] = name
        else:
            local[name] = _free(chapter.slug, name, taken | used.keys() | set(local.values()))
    return local


def _free(slug: str, name: str, taken: set[str]) -> str:
    candidate = name if name not in taken else f"{slug}-{name}"
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{name}-{number}"
    return candidate


def _renamed(
    blocks: list[Block], local: Mapping[str, str], doubled: set[str], earlier: set[str]
) -> list[Block]:
    """Give every node its name in the book; a doubled name stays at its first place only."""
    seen = set(earlier)

    def change(node: Node) -> Node | list[Node] | None:
        attributes = attr_of(node)
        if not attributes or not attributes[0]:
            return None
        name = attributes[0]
        again = name in seen and name in doubled
        seen.add(name)
        new = _with_id(node, "" if again else local.get(name, name))
        return _marked(new, name) if again else new

    changed: list[Block] = rewrite(blocks, change)
    return changed


def _marked(node: Node, name: str) -> list[Node] | Node:
    words = f"[#{name} stands twice]"
    if node["t"] in {"Span", "Link", "Image", "Code"}:
        return [node, mark(words)]
    if node["t"] == "Header":
        level, attributes, inlines = node["c"]
        return {"t": "Header", "c": [level, attributes, [*inlines, {"t": "Space"}, mark(words)]]}
    return [mark_block(words), node]


def _with_id(node: Node, name: str) -> Node:
    content = list(node["c"])
    index = 1 if node["t"] == "Header" else 0
    content[index] = [name, *content[index][1:]]
    return {"t": node["t"], "c": content}


def every(blocks: Sequence[Block]) -> list[str]:
    """Give every identifier in the blocks, in reading order."""
    attributes = (attr_of(node) for node in nodes(list(blocks)))
    return [found[0] for found in attributes if found and found[0]]
