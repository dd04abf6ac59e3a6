"""Identifiers: unique in the whole book.

Pandoc makes identifiers of headings, unique in their chapter; here those that
are taken elsewhere in the book get the chapter's slug before them. Identifiers
that an author wrote are never changed: two of one name are an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from geppetto.ast import WITH_ATTRIBUTES, Block, Node, attr_of, nodes, rewrite_down
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
    chapters: Sequence[tuple[Chapter, list[Block]]],
    places: Mapping[str, Places],
    reserved: Collection[str] = (),
    repeated: Collection[str] = (),
) -> tuple[list[Named], list[Diagnostic]]:
    """Make the identifiers of all chapters unique.

    No heading gets a `reserved` name by chance; a `repeated` one may stand in
    each chapter once.
    """
    written = {name for chapter, _ in chapters for name in places[chapter.path].identifiers}
    used: dict[str, str] = {}
    named: list[Named] = []
    diagnostics: list[Diagnostic] = []
    for chapter, blocks in chapters:
        for name in repeated:
            used.pop(name, None)
        own = places[chapter.path].identifiers
        diagnostics += _doubled(chapter, own, used)
        made = _made_by_pandoc(blocks, own)
        naming = _Naming(chapter, own, made, {*written, *reserved}, used)
        changed: list[Block] = rewrite_down(blocks, naming.name, WITH_ATTRIBUTES)
        named.append(Named(chapter, changed, naming.local))
    return named, diagnostics


def _doubled(
    chapter: Chapter, own: Mapping[str, Sequence[Point]], used: Mapping[str, str]
) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for name, points in own.items():
        again = points if name in used else points[1:]
        if again:
            where = f"in {used[name]}" if name in used else f"on line {points[0][0]}"
            message = f"The identifier #{name} stands a second time; the first is {where}."
            hint = "Give one of the two another name, and change the references to it."
            found += everywhere("id-duplicate", message, chapter.path, again, hint)
    return found


def _made_by_pandoc(blocks: list[Block], own: Mapping[str, Sequence[Point]]) -> Counter[str]:
    """Count the headings that bear by chance a name that is written in their chapter too."""
    borne: Counter[str] = Counter()
    headings: Counter[str] = Counter()
    for node in nodes(blocks, WITH_ATTRIBUTES) if own else ():
        name = identifier(node)
        if name in own:
            borne[name] += 1
            headings[name] += node["t"] == "Header"
    surplus = {name: min(borne[name] - len(own[name]), headings[name]) for name in borne}
    return Counter({name: count for name, count in surplus.items() if count > 0})


@dataclass
class _Naming:
    """Names a chapter's nodes, in reading order."""

    chapter: Chapter
    own: Mapping[str, Sequence[Point]]
    made: Counter[str]
    taken: set[str]
    used: dict[str, str]
    local: dict[str, str] = field(default_factory=dict)

    def name(self, node: Node) -> Node | list[Node] | None:
        """Give a node its name in the book; a name written twice stays at its first place."""
        name = identifier(node)
        if not name:
            return None
        if name not in self.own or (node["t"] == "Header" and self.made[name] > 0):
            self.made[name] -= 1
            return self._free(node, name)
        if name in self.used:
            self.local.setdefault(name, name)
            return self._again(node, name)
        self.local[name] = name
        self.used[name] = self.chapter.path
        return None

    def _free(self, node: Node, name: str) -> Node | None:
        candidate, number = name, 1
        while candidate in self.taken or candidate in self.used:
            candidate = f"{self.chapter.slug}-{name}" + (f"-{number}" if number > 1 else "")
            number += 1
        self.used[candidate] = self.chapter.path
        self.local.setdefault(name, candidate)
        return None if candidate == name else with_identifier(node, candidate)

    def _again(self, node: Node, name: str) -> list[Node] | Node:
        words = f"[#{name} stands twice]"
        bare = with_identifier(node, "")
        if node["t"] == "Header":
            level, attributes, inlines = bare["c"]
            marked = [*inlines, {"t": "Space"}, mark(words)]
            return {"t": "Header", "c": [level, attributes, marked]}
        inner = {"t": bare["t"], "c": rewrite_down(bare["c"], self.name, WITH_ATTRIBUTES)}
        inline = node["t"] in {"Span", "Link", "Image", "Code"}
        return [inner, mark(words)] if inline else [mark_block(words), inner]


def identifier(node: Node) -> str:
    """Give a node's identifier, empty where it has none."""
    attributes = attr_of(node)
    return attributes[0] if attributes else ""


def with_identifier(node: Node, name: str) -> Node:
    """Give the node with another identifier."""
    content = list(node["c"])
    index = 1 if node["t"] == "Header" else 0
    content[index] = [name, *content[index][1:]]
    return {"t": node["t"], "c": content}


def every(blocks: Sequence[Block]) -> list[str]:
    """Give every identifier in the blocks, in reading order."""
    found = (identifier(node) for node in nodes(list(blocks), WITH_ATTRIBUTES))
    return [name for name in found if name]
