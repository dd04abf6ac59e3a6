"""The table of contents as a tree, for the navigation page, its page in the book and the NCX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geppetto.epub.characters import line
from geppetto.model.book import Document, Heading, Role


@dataclass(frozen=True)
class Entry:
    """One line of the contents, with those below it. `href` counts from the package."""

    text: str
    href: str
    kind: str = ""
    number: str | None = None
    children: tuple[Entry, ...] = ()

    @property
    def label(self) -> str:
        """The entry's number and text."""
        return f"{self.number} {self.text}" if self.number else self.text

    @property
    def depth(self) -> int:
        """How many levels the entry spans, itself included."""
        return 1 + max((child.depth for child in self.children), default=0)


@dataclass
class _Open:
    level: int
    heading: Heading
    below: list[_Open] = field(default_factory=list)


def contents(
    documents: Sequence[Document], names: Mapping[str, str], depth: int, pages: Mapping[str, str]
) -> tuple[Entry, ...]:
    """Build the contents, chapters under their parts, sections down to `depth`.

    `names` maps identifiers to those of the pages, `pages` a document's slug
    (and, for a part, "part " and that slug) to its file.
    """
    entries: list[Entry] = []
    part: Entry | None = None
    below: list[Entry] = []
    for document in documents:
        closes = document.part is not None or document.role in {Role.APPENDIX, Role.BACK}
        if closes and part is not None:
            entries.append(_with(part, below))
            part, below = None, []
        if document.part is not None:
            part = Entry(line(document.part), pages[f"part {document.slug}"], "part")
        chapter = _chapter(document, names, depth, pages[document.slug])
        (entries if part is None else below).append(chapter)
    if part is not None:
        entries.append(_with(part, below))
    return tuple(entries)


def _with(entry: Entry, children: Sequence[Entry]) -> Entry:
    return Entry(entry.text, entry.href, entry.kind, entry.number, tuple(children))


def _chapter(document: Document, names: Mapping[str, str], depth: int, page: str) -> Entry:
    sections = [h for h in document.headings if 1 < h.level <= depth and line(h.text) and h.id]
    top = _Open(1, Heading(1, "", "", None))
    path = [top]
    for heading in sections:  # a level left out (### after #) hangs from the one above
        while path[-1].level >= heading.level:
            path.pop()
        opened = _Open(heading.level, heading)
        path[-1].below.append(opened)
        path.append(opened)
    children = tuple(_section(each, names, page) for each in top.below)
    title = line(document.title) or document.number or document.slug
    number = document.number if line(document.title) else None
    return Entry(title, page, document.role.value, number, children)


def _section(opened: _Open, names: Mapping[str, str], page: str) -> Entry:
    heading = opened.heading
    return Entry(
        line(heading.text),
        f"{page}#{names.get(heading.id, heading.id)}",
        "section",
        heading.number,
        tuple(_section(each, names, page) for each in opened.below),
    )
