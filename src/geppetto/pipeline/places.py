"""Leads LaTeX's places back to the manuscript: to the piece of LaTeX, or the block's line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from geppetto import sourcemap
from geppetto.ast import Block
from geppetto.diagnostics import Location
from geppetto.latex import pieces
from geppetto.latex.log import Kind, LogMessage
from geppetto.latex.pieces import Piece
from geppetto.model.book import Document, Reference
from geppetto.references.citations import ENTRY
from geppetto.store.shelf import NOTHING, Shelf

MARKER = re.compile(r"^%@block (\d+)")
STOP = re.compile(r"\\atstop\{(\d+)\}")


@dataclass(frozen=True)
class Known:
    """Where a document's blocks and stops come from.

    `top` are the lines of its chapter on which its blocks begin, `stops` those
    of its stops, `entries` the identifiers of the bibliography's entries that
    the stops are in, empty for others.
    """

    top: tuple[int, ...]
    stops: tuple[int, ...]
    entries: tuple[str, ...]


class Lines:
    """The lines of documents, and the pieces of the author's LaTeX in them, found once for each."""

    def __init__(self, shelf: Shelf = NOTHING) -> None:
        self.shelf = shelf
        self._found: dict[int, tuple[Document, Known]] = {}
        self._listed: dict[int, tuple[Document, tuple[Piece, ...]]] = {}

    def of(self, document: Document) -> Known:
        """Give the lines of a document, and keep them."""
        known = self._found.get(id(document))
        if known is None:
            known = self._found[id(document)] = (document, self._kept(document))
        return known[1]

    def pieces(self, document: Document) -> tuple[Piece, ...]:
        """Give the pieces of a document, and keep them."""
        listed = self._listed.get(id(document))
        if listed is None:
            listed = self._listed[id(document)] = (document, pieces.listed(document.blocks))
        return listed[1]

    def ready(self, documents: Iterable[Document]) -> None:
        """Find the lines of documents ahead, while something else is waited for.

        No more is asked of them, as a rule: their memory is given back.
        """
        for document in documents:
            self.of(document)
            document.forget()

    def _kept(self, document: Document) -> Known:
        record = self.shelf.made("lines", document.made_from, lambda: _known(document))
        return Known(*map(tuple, record))


@dataclass(frozen=True)
class Finder:
    """Finds what a message of LaTeX's speaks of, and its place in the chapter.

    `parts` are the LaTeX files by name; `documents` the resolved ones by the
    name of the part each became; `references` the bibliography's entries.
    """

    parts: Mapping[str, str]
    documents: Mapping[str, Document]
    references: Mapping[str, Reference] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)

    def block(self, file: str, line: int) -> tuple[Document, int] | None:
        """Give the document and the index of the block whose marker is nearest above."""
        name = file.removeprefix("./")
        document = self.documents.get(name)
        if document is None or name not in self.parts:
            return None
        lines = self.parts[name].split("\n")[:line]
        for text in reversed(lines):
            match = MARKER.match(text)
            if match:
                return document, int(match[1])
        return document, 0

    def piece(self, message: LogMessage) -> tuple[Document, int] | None:
        """Give the document and the number of the piece of the author's LaTeX that failed.

        TeX names the last that it came to. That is not the one if TeX reads
        another block by now, unless it reads on and on for an argument's end.
        """
        at = self.block(message.file, message.line) if message.file and message.line else None
        slug, number = message.piece or ("", 0)
        document = next((d for d in self.documents.values() if d.slug == slug), None)
        if document is None or not number:
            return self._naming(*at, message) if at and message.subject else None
        listed = self.lines.pieces(document)
        if at and message.excerpt is None and at != (document, listed[number - 1].block):
            return None
        return document, _named(listed, number, message.subject)

    def trace(self, message: LogMessage) -> Location | None:
        """Give the place of the piece of the author's LaTeX that a message speaks of."""
        found = self.piece(message)
        if found is None:
            return None
        document, number = found
        listed = self.lines.pieces(document)
        if entry := listed[number - 1].entry:
            return self._in_entry(entry, document, message)
        chapter = document.chapter
        span = _span(listed, number, chapter.markdown if chapter else "", self.lines.of(document))
        if chapter is None or span is None:
            return None
        offset = self._offset(message, document, number)
        return Location(chapter.path, *_within(chapter.markdown, span, message, offset))

    def _in_entry(self, name: str, document: Document, message: LogMessage) -> Location | None:
        """Give the place of a bibliography's entry, of the line that holds what a message names."""
        reference = self.references.get(entry_key(name, document))
        if reference is None or reference.location.line is None:
            return None
        before, found, _ = reference.raw.partition(message.subject or "\0")
        lines = before.count("\n") if found else 0
        return Location(reference.location.path, reference.location.line + lines)

    def _offset(self, message: LogMessage, document: Document, number: int) -> int:
        """Give in which line of a piece, from 0, TeX found the fault; 0 where it cannot be told."""
        name = next(name for name, other in self.documents.items() if other is document)
        mark = f"{pieces.MARK}{{{number}}}"
        before, found, after = self.parts.get(name, "").partition(mark)
        if not found or message.file != name or message.line is None:
            return 0
        begins = before.count("\n") + (2 if after.startswith("%\n") else 1)
        offset = message.line - begins
        listed = self.lines.pieces(document)
        return offset if 0 < offset <= listed[number - 1].text.count("\n") else 0

    def locate(self, file: str, line: int) -> Location | None:
        """Give the chapter and the line at the stop that is nearest above, else at the block."""
        found = self.block(file, line)
        chapter = found[0].chapter if found else None
        if found is None or chapter is None:
            return None
        document, index = found
        stop = self._stop(file, line)
        known = self.lines.of(document)
        if 0 < stop <= len(known.stops) and known.stops[stop - 1] >= known.top[index]:
            return Location(chapter.path, known.stops[stop - 1])
        return Location(chapter.path, known.top[index])

    def _stop(self, file: str, line: int) -> int:
        """Give the first stop on a line of a part, or the last above it in the same block; 0 if none."""
        lines = self.parts[file.removeprefix("./")].split("\n")
        if first := STOP.search(lines[line - 1] if line <= len(lines) else ""):
            return int(first[1])
        for text in reversed(lines[: line - 1]):
            if MARKER.match(text):
                break
            if stops := STOP.findall(text):
                return int(stops[-1])
        return 0

    def _naming(
        self, document: Document, block: int, message: LogMessage
    ) -> tuple[Document, int] | None:
        """Give the first piece of a block that names the label or key of a warning."""
        words = (message.subject or "", "cite" if message.kind is Kind.UNDEFINED_CITATION else "")
        for number, piece in enumerate(self.lines.pieces(document), 1):
            if piece.block == block and all(word in piece.text for word in words):
                return document, number
        return None


def _named(listed: tuple[Piece, ...], number: int, subject: str | None) -> int:
    """Give the piece that holds the command a message names: in a run only the first is marked."""
    block = listed[number - 1].block
    following = (n for n, p in enumerate(listed, 1) if n >= number and p.block == block)
    return next((n for n in following if subject and subject in listed[n - 1].text), number)


def _span(
    listed: tuple[Piece, ...], number: int, text: str, known: Known
) -> tuple[int, int] | None:
    """Find a piece in its chapter: by its order among its equals, in its block if it can be."""
    piece = listed[number - 1]
    found = sourcemap.occurrences(text, piece.text, is_math=piece.is_math)
    if not found:
        return None
    first, last = _range(known.top, piece.block)
    near = [span for span in found if first <= sourcemap.point(text, span[0])[0] < last]
    equals = [
        n for n, p in enumerate(listed, 1) if (p.text, p.is_math) == (piece.text, piece.is_math)
    ]
    beside = [n for n in equals if listed[n - 1].block == piece.block]
    if near and (len(near) == len(beside) or len(found) != len(equals)):
        return near[min(beside.index(number), len(near) - 1)]
    return found[min(equals.index(number), len(found) - 1)]


def _range(lines: Sequence[int], block: int) -> tuple[int, int]:
    following = next((line for line in lines[block + 1 :] if line > lines[block]), 1 << 40)
    return lines[block], following


def _within(
    text: str, span: tuple[int, int], message: LogMessage, offset: int
) -> tuple[int, int | None]:
    """Give the line and column, in a piece, of the command that a message names, or of its line."""
    if message.subject:
        pattern = re.compile(rf"{re.escape(message.subject)}(?![A-Za-z])")
        if found := pattern.search(text, *span):
            return sourcemap.point(text, found.start())
    line, column = sourcemap.point(text, span[0])
    return (line + offset, None) if offset else (line, column)


def entry_key(name: str, document: Document) -> str:
    """Give the key of an entry of the bibliography from its identifier in a document."""
    return name.removeprefix(f"{document.slug}-").removeprefix(ENTRY)


def _known(document: Document) -> tuple[Sequence[int], Sequence[int], Sequence[str]]:
    """Find the lines of a document: those of its blocks, of its stops, and the entries of these."""
    blocks, chapter = list(document.blocks), document.chapter
    source = sourcemap.align(blocks, chapter.markdown if chapter else "")
    listed = sourcemap.stops(blocks)
    lines = sourcemap.lines(listed, source) if chapter else (0,) * len(listed)
    entries = tuple(_entry(blocks, source.leaves[stop.leaf].path) for stop in listed)
    return source.top, lines, entries


def _entry(blocks: Sequence[Block], path: tuple[int, ...]) -> str:
    """Give the identifier of the bibliography's entry that a leaf is in, if it is in one."""
    for index in path:
        if index >= len(blocks) or blocks[index]["t"] != "Div":
            return ""
        attributes, blocks = blocks[index]["c"]
        if "csl-entry" in attributes[1]:
            return str(attributes[0])
    return ""
