"""Numbers: of chapters, sections, figures, tables, equations and listings.

Figures and their kin are counted by chapter ("2.1"), or through the book where
chapters carry no number. Figures and tables are numbered that have a caption or
a label, equations and listings likewise; figures within a figure are its parts
("2.1a").
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from geppetto.ast import (
    WITH_ATTRIBUTES,
    Attr,
    Block,
    Node,
    attr_of,
    keyvals,
    nodes,
    rewrite_down,
    stringify,
)
from geppetto.model.book import Chapter, Role
from geppetto.model.settings import Settings
from geppetto.references.identifiers import Named
from geppetto.references.quotations import set_quotes
from geppetto.terms import Terms

CHAPTER, SECTION, APPENDIX = "chapter", "section", "appendix"
PART = ""
"""The label of a figure within a figure."""
LABELLED = {"Figure": re.compile("fig[:-]"), "Table": re.compile("tbl[:-]")}


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
    title: Target
    targets: tuple[Target, ...]

    def with_blocks(self, blocks: list[Block]) -> Numbered:
        """Give the chapter with other blocks."""
        return replace(self, blocks=blocks)


@dataclass
class _Counters:
    """What has been counted so far; lives only while one book is numbered."""

    chapters: int = 0
    appendices: int = 0
    sections: list[int] = field(default_factory=lambda: [0] * 8)
    floats: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    number: str | None = None
    numbers_sections: bool = False


def number(chapters: Iterable[Named], settings: Settings, words: Terms) -> list[Numbered]:
    """Number everything in the book, in reading order."""
    counters = _Counters()
    return [_Chapter(named.chapter, counters, settings, words).number(named) for named in chapters]


@dataclass
class _Chapter:
    """One chapter while it is numbered: what holds for it, and what was found in it."""

    chapter: Chapter
    counters: _Counters
    settings: Settings
    words: Terms
    targets: list[Target] = field(default_factory=list)

    def number(self, named: Named) -> Numbered:
        blocks: list[Block] = rewrite_down(named.blocks, self._change, WITH_ATTRIBUTES)
        title = self.targets[0]
        return Numbered(named.chapter, blocks, title.number, title, tuple(self.targets))

    def _change(self, node: Node) -> Node | None:
        if node["t"] == "Header":
            return self._heading(node)
        attributes = attr_of(node)
        kind = _float_kind(node)
        if attributes is None or (kind is None and not attributes[0]):
            return None
        if kind is None:
            self.targets.append(Target(attributes[0], "anchor", None))
            return None
        pairs = keyvals(attributes)
        if pairs.get("label") == PART:
            self.targets.append(Target(attributes[0], kind, pairs["number"]))
            return None
        count = self._count(kind)
        self.targets.append(Target(attributes[0], kind, count))
        return self._numbered(node, kind, count)

    def _heading(self, node: Node) -> Node:
        level, attributes, inlines = node["c"]
        count = self._chapter_number(attributes) if level == 1 else self._section_number(node)
        kind = SECTION
        if level == 1:
            kind = APPENDIX if self.chapter.role is Role.APPENDIX else CHAPTER
        lang = self.chapter.meta.lang or self.settings.lang
        words = stringify(set_quotes(inlines, lang))
        self.targets.append(Target(attributes[0], kind, count, words))
        return {"t": "Header", "c": [level, _heading_attr(attributes, count), inlines]}

    def _chapter_number(self, attributes: Attr) -> str | None:
        counters, role = self.counters, self.chapter.role
        plain = "unnumbered" in attributes[1] or role is Role.FRONT
        counters.sections = [0] * 8
        counters.numbers_sections = self.settings.number_sections and not plain
        if plain or not self.settings.number_chapters:
            counters.number = None
        elif role is Role.APPENDIX:
            counters.appendices += 1
            counters.number = _letters(counters.appendices)
        else:
            counters.chapters += 1
            counters.number = str(counters.chapters)
        return counters.number

    def _section_number(self, node: Node) -> str | None:
        level, attributes, _ = node["c"]
        counters = self.counters
        if "unnumbered" in attributes[1] or not counters.numbers_sections:
            return None
        counters.sections[level] += 1
        counters.sections[level + 1 :] = [0] * (7 - level)
        parts = [str(n) for n in counters.sections[2 : level + 1]]
        return ".".join([counters.number, *parts] if counters.number else parts)

    def _count(self, kind: str) -> str:
        counters = self.counters
        counters.floats[counters.number, kind] += 1
        count = str(counters.floats[counters.number, kind])
        return f"{counters.number}.{count}" if counters.number else count

    def _numbered(self, node: Node, kind: str, count: str) -> Node:
        label = getattr(self.words, kind)[0]
        numbered = _with_number(node, label[:1].upper() + label[1:], count)
        if kind == "figure":
            return _with_parts(numbered, count)
        return numbered


def _letters(count: int) -> str:
    """Give A, B, … Z, AA, AB, …."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters


def _float_kind(node: Node) -> str | None:
    kind, content = node["t"], node["c"]
    if kind in LABELLED:
        named = content[1][1] or LABELLED[kind].match(content[0][0])
        return kind.lower() if named else None
    if kind == "Span" and "equation" in content[0][1]:
        return "equation"
    if kind == "Div" and "listing" in content[0][1]:
        return "listing"
    return None


def _heading_attr(attributes: Attr, count: str | None) -> Attr:
    identifier, classes, pairs = attributes
    pairs = [pair for pair in pairs if pair[0] != "number"]
    if count is not None:
        return [identifier, classes, [*pairs, ["number", count]]]
    if "unnumbered" in classes:
        return [identifier, classes, pairs]
    return [identifier, [*classes, "unnumbered"], pairs]


def _with_number(node: Node, label: str, count: str) -> Node:
    content = list(node["c"])
    identifier, classes, pairs = content[0]
    kept = [pair for pair in pairs if pair[0] not in {"label", "number"}]
    content[0] = [identifier, classes, [*kept, ["label", label], ["number", count]]]
    return {"t": node["t"], "c": content}


def _with_parts(figure: Node, count: str) -> Node:
    """Letter the figures within a figure: 2.1a, 2.1b; their captions show no other label."""
    attributes, caption, body = figure["c"]
    if next(nodes(body, {"Figure"}), None) is None:
        return figure
    letters = 0

    def change(node: Node) -> Node | None:
        nonlocal letters
        if _float_kind(node) is None:
            return None
        letters += 1
        letter = _letters(letters).lower()
        return _with_number(node, PART, f"{count}{letter}")

    return {"t": "Figure", "c": [attributes, caption, rewrite_down(body, change, {"Figure"})]}


def index(chapters: Sequence[Numbered]) -> dict[str, Target]:
    """Give every target of the book by its identifier."""
    return {target.id: target for chapter in chapters for target in chapter.targets if target.id}
