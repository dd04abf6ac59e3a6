"""What the Markdown holds: every run of words that stands together, and what is counted.

Taken from Pandoc's own reading of each chapter, before any step of Geppetto's,
so that what one of those loses is missed. Citations are what citeproc made of
them, since no edition prints a key.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geppetto.ast import SPACES, Block, Node, keyvals, nodes, stringify, table_rows
from geppetto.model.book import Chapter, Document
from geppetto.verification.ink import runs_leftward, words

_APART = frozenset({"Math", "RawInline", "Image", "Cite", "Note"})
# Attributes of a custom that Pandoc does not read: pandoc-crossref's on equations and captions.
_ATTRIBUTES = re.compile(r"\{[#.][^{}]*\}")


@dataclass(frozen=True)
class Run:
    """Words without anything between them that an edition sets in its own way.

    Of a citation, `key` is its first key, and `nth` how many of this key's citations
    stand before it in the chapter.
    """

    kind: str
    path: str
    words: tuple[str, ...]
    key: str | None = None
    nth: int = 0


@dataclass(frozen=True)
class Picture:
    """An image: its target, the `nth` of this target; the runs before and after it by index."""

    target: str
    alternative: str
    nth: int
    after: int


@dataclass(frozen=True)
class Content:
    """What one chapter holds, in reading order.

    `formulas` are TeX's source; `tables` the runs of each table, by first and last index.
    """

    chapter: Chapter
    runs: tuple[Run, ...]
    images: tuple[Picture, ...] = ()
    formulas: tuple[str, ...] = ()
    tables: tuple[range, ...] = ()
    notes: int = 0


def content(
    chapter: Chapter, blocks: Sequence[Block], citations: Iterable[tuple[str, str]] = ()
) -> Content:
    """Gather what a chapter holds, as Pandoc read it, with its citations as they are printed."""
    collector = _Collector(chapter.path)
    collector.blocks(blocks)
    authors = [Run("text", chapter.path, tuple(words(name))) for name in chapter.meta.author]
    runs = [*collector.runs, *authors, *_cited(chapter, citations)]
    return Content(
        chapter,
        tuple(runs),
        tuple(collector.images),
        tuple(collector.formulas),
        tuple(collector.tables),
        collector.notes,
    )


def _cited(chapter: Chapter, citations: Iterable[tuple[str, str]]) -> Iterator[Run]:
    seen: Counter[str] = Counter()
    for key, text in citations:
        if found := tuple(words(text)):
            yield Run("citation", chapter.path, found, key, seen[key])
        seen[key] += 1


def printed_citations(document: Document) -> list[tuple[str, str]]:
    """Give first key and text of each citation of a resolved document, less note styles' notes."""
    found: list[tuple[str, str]] = []
    for node in nodes(list(document.blocks), {"Cite"}):
        inlines = [one for one in node["c"][1] if one["t"] != "Note"]
        found.append((node["c"][0][0]["citationId"], stringify(inlines)))
    return found


@dataclass
class _Collector:
    """Walks blocks and inlines; a run ends where an edition may put something of its own."""

    path: str
    runs: list[Run] = field(default_factory=list)
    images: list[Picture] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    tables: list[range] = field(default_factory=list)
    notes: int = 0
    _kind: str = "text"
    _text: list[str] = field(default_factory=list)
    _later: list[list[Block]] = field(default_factory=list)

    def blocks(self, blocks: Iterable[Block], kind: str = "text") -> None:
        for block in blocks:
            self._block(block, kind)

    def _block(self, block: Block, kind: str) -> None:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                self._inlines(content, kind)
            case "Header":
                self._inlines(content[2], "heading")
            case "CodeBlock":
                for line in content[1].split("\n"):
                    self._add("code", line)
            case "Table":
                self._table(block)
            case "Figure":
                self.blocks(content[1][1], "caption")
                self.blocks(content[2], kind)
            case _:
                self._container(block["t"], content, kind)

    def _container(self, block_type: str, content: Any, kind: str) -> None:
        match block_type:
            case "Div":
                self.blocks(content[1], kind)
            case "BlockQuote":
                self.blocks(content, kind)
            case "BulletList" | "OrderedList":
                for item in content if block_type == "BulletList" else content[1]:
                    self.blocks(item, kind)
            case "LineBlock":
                for line in content:
                    self._inlines(line, kind)
            case "DefinitionList":
                for term, definitions in content:
                    self._inlines(term, kind)
                    for definition in definitions:
                        self.blocks(definition, kind)

    def _table(self, table: Block) -> None:
        start = len(self.runs)
        self.blocks(table["c"][1][1], "caption")
        for row in table_rows(table):
            for cell in row[1]:
                self.blocks(cell[4], "cell")
        self.tables.append(range(start, len(self.runs)))

    def _inlines(self, inlines: Sequence[Node], kind: str) -> None:
        outer, self._kind = self._kind, kind
        self._walk(inlines)
        self._end()
        self._kind = outer
        later, self._later = self._later, []
        for note in later:
            self.blocks(note, "note")

    def _walk(self, inlines: Iterable[Node]) -> None:
        for node in inlines:
            self._inline(node)

    def _inline(self, node: Node) -> None:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            self._text.append(str(content))
        elif kind in SPACES:
            self._text.append(" ")
        elif kind in _APART:
            self._end()
            self._apart(kind, content)
        elif content is not None:
            held = content[1] if kind in {"Code", "Link", "Span", "Quoted"} else content
            self._text.append(held) if kind == "Code" else self._walk(held)

    def _apart(self, kind: str, content: Any) -> None:
        if kind == "Math":
            self.formulas.append(content[1])
        elif kind == "Image":
            self._picture(content)
        elif kind == "Note":
            self.notes += 1
            self._later.append(content)

    def _picture(self, content: list[Any]) -> None:
        attributes, description, (target, _) = content
        alternative = keyvals(attributes).get("alt", stringify(description))
        nth = sum(1 for image in self.images if image.target == target)
        self.images.append(Picture(target, alternative, nth, len(self.runs)))

    def _end(self) -> None:
        text = _ATTRIBUTES.sub(" ", "".join(self._text))
        self._text.clear()
        self._add(self._kind, text)

    def _add(self, kind: str, text: str) -> None:
        """Add a run, or one for each stretch of words that run in one direction."""
        for _, stretch in itertools.groupby(words(text), runs_leftward):
            self.runs.append(Run(kind, self.path, tuple(stretch)))


def contents(
    chapters: Sequence[Chapter],
    read: Mapping[str, Sequence[Block]],
    documents: Sequence[Document],
) -> tuple[Content, ...]:
    """Gather what every chapter holds: `read` are its pieces by path, `documents` the resolved."""
    cited = {d.chapter.path: printed_citations(d) for d in documents if d.chapter is not None}
    return tuple(
        content(chapter, read[chapter.path], cited.get(chapter.path, ()))
        for chapter in chapters
        if chapter.path in read
    )
