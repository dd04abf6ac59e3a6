"""Numbers: of chapters, sections, figures, tables, equations and listings.

Figures and their kin are counted by chapter ("2.1"), or through the book where
chapters carry no number. Every figure and table with a caption is numbered;
equations and listings where they have a label or caption.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from geppetto.ast import Block, Node, attr_of, rewrite, stringify
from geppetto.model.book import Chapter, Heading, Role
from geppetto.model.settings import Settings
from geppetto.references.identifiers import Named
from geppetto.terms import Terms

CHAPTER, SECTION, APPENDIX = "chapter", "section", "appendix"


@dataclass(frozen=True)
class Target:
    """What a cross-reference can lead to. `text` is a heading's own words."""

    id: str
    kind: str
    number: str | None
    text: str = ""


@dataclass(frozen=True)
class Numbered:
    """A chapter with its numbers written into its attributes."""

    chapter: Chapter
    blocks: list[Block]
    number: str | None
    headings: tuple[Heading, ...]
    targets: tuple[Target, ...]

    def with_blocks(self, blocks: list[Block]) -> Numbered:
        """Give the chapter with other blocks."""
        return replace(self, blocks=blocks)


@dataclass
class _Counters:
    """What has been counted so far; lives only while one book is numbered."""

    chapters: int = 0
    appendices: int = 0
    sections: list[int] = field(default_factory=lambda: [0] * 7)
    floats: Counter[str] = field(default_factory=Counter)
    number: str | None = None
    kind: str = CHAPTER


def number(chapters: Iterable[Named], settings: Settings, words: Terms) -> list[Numbered]:
    """Number everything in the book, in reading order."""
    counters = _Counters()
    return [
        _Chapter(named.chapter.role, counters, settings, words).number(named) for named in chapters
    ]


@dataclass
class _Chapter:
    """One chapter while it is numbered: what holds for it, and what was found in it."""

    role: Role
    counters: _Counters
    settings: Settings
    words: Terms
    headings: list[Heading] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def number(self, named: Named) -> Numbered:
        """Number in reading order: `rewrite` visits siblings left to right, leaves first."""
        blocks: list[Block] = rewrite(named.blocks, self._change)
        first = self.headings[0].number if self.headings else None
        return Numbered(named.chapter, blocks, first, tuple(self.headings), tuple(self.targets))

    def _change(self, node: Node) -> Node | None:
        if node["t"] == "Header":
            heading, kind = _count_heading(node, self.role, self.counters, self.settings)
            self.headings.append(heading)
            self.targets.append(Target(heading.id, kind, heading.number, heading.text))
            return _numbered_header(node, heading.number)
        found = _float_kind(node)
        if found is None:
            _remember(node, self.targets)
            return None
        count = _count_float(found, self.counters)
        attributes = attr_of(node)
        if attributes is not None and attributes[0]:
            self.targets.append(Target(attributes[0], found, count))
        return _numbered_float(node, getattr(self.words, found)[0], count)


def _remember(node: Node, targets: list[Target]) -> None:
    attributes = attr_of(node)
    if attributes is not None and attributes[0]:
        targets.append(Target(attributes[0], "anchor", None))


def _count_heading(
    node: Node, role: Role, counters: _Counters, settings: Settings
) -> tuple[Heading, str]:
    level, attributes, inlines = node["c"]
    plain = "unnumbered" in attributes[1] or role is Role.FRONT
    if level == 1:
        number = None if plain or not settings.number_chapters else _next_chapter(role, counters)
        counters.number = number
        counters.kind = APPENDIX if role is Role.APPENDIX else CHAPTER
        counters.sections = [0] * 7
        if number is not None:
            counters.floats.clear()
        kind = counters.kind
    else:
        number = None if plain or not settings.number_sections else _next_section(level, counters)
        kind = SECTION
    return Heading(level, attributes[0], stringify(inlines), number), kind


def _next_chapter(role: Role, counters: _Counters) -> str:
    if role is Role.APPENDIX:
        counters.appendices += 1
        return _letters(counters.appendices)
    counters.chapters += 1
    return str(counters.chapters)


def _letters(count: int) -> str:
    """Give A, B, … Z, AA, AB, …."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters


def _next_section(level: int, counters: _Counters) -> str | None:
    counters.sections[level] += 1
    counters.sections[level + 1 :] = [0] * (6 - level)
    parts = [str(n) for n in counters.sections[2 : level + 1]]
    return ".".join([counters.number, *parts] if counters.number else parts)


def _float_kind(node: Node) -> str | None:
    kind = node["t"]
    if kind == "Figure" and node["c"][1][1]:
        return "figure"
    if kind == "Table" and node["c"][1][1]:
        return "table"
    if kind == "Span" and "equation" in node["c"][0][1]:
        return "equation"
    if kind == "Div" and "listing" in node["c"][0][1]:
        return "listing"
    return None


def _count_float(kind: str, counters: _Counters) -> str:
    counters.floats[kind] += 1
    count = str(counters.floats[kind])
    return f"{counters.number}.{count}" if counters.number else count


def _numbered_header(node: Node, number: str | None) -> Node:
    level, (identifier, classes, pairs), inlines = node["c"]
    if number is not None:
        pairs = [*pairs, ["number", number]]
    elif "unnumbered" not in classes:
        classes = [*classes, "unnumbered"]
    return {"t": "Header", "c": [level, [identifier, classes, pairs], inlines]}


def _numbered_float(node: Node, label: str, number: str) -> Node:
    content = list(node["c"])
    identifier, classes, pairs = content[0]
    content[0] = [identifier, classes, [*pairs, ["label", label], ["number", number]]]
    return {"t": node["t"], "c": content}


def index(chapters: Sequence[Numbered]) -> dict[str, Target]:
    """Give every target of the book by its identifier."""
    return {target.id: target for chapter in chapters for target in chapter.targets if target.id}
