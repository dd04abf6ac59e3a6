"""What a reviewer remarked: as read from a returned file, and as led to the manuscript."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a remark was made: by a PDF's annotations, or in Word."""

    HIGHLIGHT = "highlight"
    UNDERLINE = "underline"
    SQUIGGLY = "squiggly"
    STRIKEOUT = "strikeout"
    CARET = "caret"
    NOTE = "note"
    TEXT = "text"
    INK = "ink"
    STAMP = "stamp"
    COMMENT = "comment"
    INSERTION = "insertion"
    DELETION = "deletion"
    REPLACEMENT = "replacement"
    MOVE = "move"


class Certainty(StrEnum):
    """How surely the place of a remark is known."""

    EXACT = "exact"
    """The words were found there, and nowhere else that they could be meant."""
    AMBIGUOUS = "ambiguous"
    """The words stand there more than once; the nearest was taken."""
    BLOCK = "block"
    """The block is known, the words in it were not found, or none were marked."""
    PAGE = "page"
    """Nothing stands where the mark is; the nearest line of the page was taken."""
    LOST = "lost"
    """There is no place for it."""


@dataclass(frozen=True)
class Span:
    """A stretch of a chapter's file: lines and columns from 1, the end exclusive.

    An insertion's span is empty: it ends where it begins.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Reply:
    """An answer to a remark: who, when (ISO 8601), what.

    `state` is a reviewer's verdict instead of words, as PDF programs write it:
    "Accepted", "Rejected", "Cancelled", "Completed", "None", else empty.
    """

    author: str
    date: str
    text: str
    state: str = ""


@dataclass(frozen=True)
class Remark:
    """One remark.

    `id` is the same whenever the same remark is read again, from the same file or
    a later return of it. `draft` and `reviewer` name the copy it was made in (the
    reviewer's slug). `author` and `date` (ISO 8601) are what the file says.
    `text` is what was said, `quote` the words it was said of, as the reader saw
    them; `replacement` what is to stand in their place (an insertion's own words),
    None where nothing is proposed. `resolved` is what the file says of it. `page`
    is that of the copy, from 1, None in Word. `place` is where it stands in the
    sources of that draft, None where that is lost.
    """

    id: str
    draft: str
    reviewer: str
    kind: Kind
    author: str
    date: str
    text: str
    quote: str
    replacement: str | None = None
    replies: tuple[Reply, ...] = ()
    resolved: bool = False
    page: int | None = None
    place: Span | None = None
    certainty: Certainty = Certainty.LOST
