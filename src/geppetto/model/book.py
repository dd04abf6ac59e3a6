"""The book as the steps see it: chapters, references, documents, artifacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, overload

from geppetto.ast import Block, Inline
from geppetto.diagnostics import Diagnostic, Location

if TYPE_CHECKING:  # pydantic is slow to load, and who asks what stands needs none
    from geppetto.model.settings import Settings


class Role(StrEnum):
    """Where in the book a document stands; SUMMARY is before it, and in comparisons only."""

    SUMMARY = "summary"
    FRONT = "front"
    MAIN = "main"
    APPENDIX = "appendix"
    BACK = "back"


@dataclass(frozen=True)
class Epigraph:
    """A motto at the head of a chapter: text and source in Pandoc's Markdown."""

    text: str
    source: str | None = None


@dataclass(frozen=True)
class ChapterMeta:
    """What a chapter's own YAML block may set.

    `markdown` are the block's lines with its Markdown alone, each word in its
    line and column.
    """

    title: str | None = None
    short_title: str | None = None
    author: tuple[str, ...] = ()
    epigraph: Epigraph | None = None
    lang: str | None = None
    markdown: str = field(default="", compare=False)


@dataclass(frozen=True)
class Chapter:
    """One Markdown file.

    `path` is relative to the book's folder, with forward slashes. `slug` is
    unique in the book and safe as a file name and an XML id (ASCII letters,
    digits and hyphens). `text` is the file with LF line ends and no byte-order
    mark; its YAML block, if any, is blanked to empty lines, so that every line
    of `text` has the number it has in the file. `part` is the title of the
    part that opens just before this chapter. `marks` are reviewers' remarks that
    stand in the file and not in `text`: line and column of `text`, from 1, and how
    many characters are left out there.
    """

    path: str
    slug: str
    role: Role
    text: str
    meta: ChapterMeta = ChapterMeta()
    part: str | None = None
    marks: tuple[tuple[int, int, int], ...] = ()

    @property
    def markdown(self) -> str:
        """All of the file's Markdown, that of its YAML block too, each word in its place."""
        head = self.meta.markdown.split("\n") if self.meta.markdown else []
        lines = self.text.split("\n")
        return "\n".join([*head, *lines[len(head) :]])


@dataclass(frozen=True)
class Reference:
    """One entry of a bibliography.

    `raw` is the entry's own text, braces and all, for Pandoc; `fields` are as they stand
    in the file (unresolved); `location` is the line its `@` stands on.
    """

    key: str
    kind: str
    fields: Mapping[str, str]
    raw: str
    location: Location


@dataclass(frozen=True)
class Bibliography:
    """All entries, first come first, and the `@string` definitions they use (raw).

    `faults` says what is wrong with an entry, by its key, for a mark beside it
    in the printed bibliography. `broken` are the keys of entries that stand there
    and cannot be read.
    """

    references: Mapping[str, Reference] = field(default_factory=dict)
    strings: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    def subset(self, keys: set[str]) -> str:
        """Give BibTeX text that holds the entries of `keys` and what they `crossref` to."""
        wanted = dict.fromkeys(k for k in self.references if k in keys)
        for key in list(wanted):
            self._add_parents(key, wanted)
        bodies = [self.references[k].raw for k in wanted]
        return "\n\n".join([self.strings, *bodies] if self.strings else bodies) + "\n"

    def _add_parents(self, key: str, wanted: dict[str, None]) -> None:
        fields = self.references[key].fields
        named = ",".join(fields.get(f, "") for f in ("crossref", "xdata", "xref", "related"))
        for parent in (name.strip() for name in named.split(",")):
            if parent in self.references and parent not in wanted:
                wanted[parent] = None
                self._add_parents(parent, wanted)


@dataclass(frozen=True)
class Book:
    """Everything read from the book's folder, before Pandoc sees it."""

    root: Path
    settings: Settings
    chapters: tuple[Chapter, ...]
    bibliography: Bibliography = Bibliography()
    slug: str = "book"

    def chapter(self, path: str) -> Chapter | None:
        """Give the chapter at a path relative to the book's folder."""
        return next((c for c in self.chapters if c.path == path), None)


class Later(Sequence[Block]):
    """Blocks that are made when they are first looked at."""

    def __init__(self, make: Callable[[], list[Block]]) -> None:
        self._make = make
        self._made: list[Block] | None = None

    def _blocks(self) -> list[Block]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def forget(self) -> None:
        """Give their memory back; they are made again if they are looked at again."""
        self._made = None

    def __len__(self) -> int:
        return len(self._blocks())

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> list[Block]: ...
    def __getitem__(self, index: int | slice) -> Block | list[Block]:
        return self._blocks()[index]

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks())


@dataclass(frozen=True)
class Heading:
    """One entry of the contents: a chapter or section heading."""

    level: int
    id: str
    text: str
    number: str | None


@dataclass(frozen=True)
class Document:
    """One file of the resolved book: a chapter, or the bibliography.

    `blocks` are Pandoc's own blocks (see `geppetto.ast`), the first of them
    the chapter's level-1 Header. Identifiers are unique in the whole book, so
    a link to `#id` needs no file name until an edition splits the book.
    `number` is the chapter's number as printed ("3", "A"), None if unnumbered.
    `title` is plain text. `made_from` is the same for the same blocks; empty
    where that is not known.
    """

    slug: str
    role: Role
    title: str
    blocks: Sequence[Block]
    number: str | None = None
    title_inlines: tuple[Inline, ...] = ()
    part: str | None = None
    chapter: Chapter | None = None
    headings: tuple[Heading, ...] = ()
    made_from: str = ""

    def forget(self) -> None:
        """Give the blocks' memory back where they can be made again."""
        if isinstance(self.blocks, Later):
            self.blocks.forget()

    def with_blocks(self, blocks: Sequence[Block]) -> Document:
        """Give the document with other blocks."""
        return replace(self, blocks=tuple(blocks), made_from="")


@dataclass(frozen=True)
class Resolved:
    """The whole book with every citation, cross-reference and identifier resolved.

    `homes` maps each identifier to the slug of the document it stands in.
    `images` maps each image target as it stands in the AST to its file.
    """

    book: Book
    documents: tuple[Document, ...]
    homes: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Artifact:
    """One output: what kind, where, how long (pages or documents), how large in bytes."""

    kind: str
    path: Path
    count: int
    unit: str
    size: int
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What a build gave, and why it made each edition that it made."""

    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...]
    reasons: tuple[str, ...] = ()
