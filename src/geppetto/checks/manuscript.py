"""What the checks are given: the book, each chapter as text and as tree, and facts of its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from geppetto import sourcemap
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Book, Chapter, Reference
from geppetto.sourcemap import SourceMap

# Attributes, and where links and images lead, are no words of the text.
_UNREAD = re.compile(
    r"\{[^{}\n]*\}|\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|^[ \t]*\[[^\]\n]+\]:[ \t]+\S.*$"
    r"|<(?:https?:|mailto:)[^<>\s]*>|\bhttps?://\S+",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Page:
    """One chapter. `blocks` are Pandoc's before citeproc, `data` the file's own bytes."""

    chapter: Chapter
    blocks: Sequence[Block]
    data: bytes = b""

    @property
    def path(self) -> str:
        """The chapter's file, from the book's folder."""
        return self.chapter.path

    @cached_property
    def masked(self) -> str:
        """The text without code, mathematics, raw TeX and HTML, comments: blanks in their stead."""
        return sourcemap.mask(self.chapter.text)

    @cached_property
    def prose(self) -> str:
        """What of the masked text is read: no attributes, no addresses."""
        return _UNREAD.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), self.masked)

    @cached_property
    def lines(self) -> SourceMap:
        """On which line each block of the tree begins."""
        return sourcemap.align(self.blocks, self.chapter.markdown)

    def language(self, book: Book) -> str:
        """Give the language of the chapter, without its region."""
        return (self.chapter.meta.lang or book.settings.lang).split("-")[0].lower()

    def at(self, offset: int) -> Location:
        """Give the place of a character of the text."""
        return Location(self.path, *sourcemap.point(self.chapter.text, offset))


@dataclass(frozen=True)
class Pixels:
    """The size of a raster image in pixels, and how many it means for an inch, if it says so."""

    width: float
    height: float
    dpi: float | None = None


@dataclass(frozen=True)
class Manuscript:
    """The book as the checks see it.

    `cited` are the keys that the text or `nocite` names, None where all are;
    `pixels` the size of each raster image by its target in the trees, `room`
    the width and height of the text on the page in inches.
    """

    book: Book
    pages: tuple[Page, ...]
    cited: frozenset[str] | None = None
    pixels: Mapping[str, Pixels] = field(default_factory=dict)
    room: tuple[float, float] = (4.3, 7.0)

    @property
    def references(self) -> Iterable[Reference]:
        """The entries of the bibliography."""
        return self.book.bibliography.references.values()


Check = Callable[[Manuscript], Iterable[Diagnostic]]


def field_place(reference: Reference, name: str) -> Location:
    """Give the place of a field of an entry, or of the entry where it is not found."""
    found = re.search(rf"(?:^|[,{{\s])({re.escape(name)})\s*=", reference.raw, re.IGNORECASE)
    line = reference.location.line
    if found is None or line is None:
        return reference.location
    row, column = sourcemap.point(reference.raw, found.start(1))
    return Location(reference.location.path, line + row - 1, column if row > 1 else None)
