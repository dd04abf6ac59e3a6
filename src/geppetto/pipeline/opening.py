"""Each chapter opened: read by Pandoc, its author's notes left out, its heading at its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

from geppetto import pandoc, sourcemap
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Book, Chapter
from geppetto.model.places import Places, file_of
from geppetto.references import constructs, notes, openings, raw
from geppetto.terms import terms

Opened = tuple[list[tuple[Chapter, list[Block]]], dict[str, Places], list[Diagnostic]]
"""The chapters with their blocks, where things stand in each, what is wrong."""


class Opening:
    """The chapters of a book while Pandoc reads them; a context, which starts and ends Pandoc.

    Each chapter is opened as soon as all its pieces are read. What can be done
    in the meantime is done between entering and `finish`.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.words = terms(book.settings.lang)
        self.chapters = {chapter.path: chapter for chapter in book.chapters}
        sources = {chapter.path: openings.sources(chapter) for chapter in book.chapters}
        texts = {name: text for pieces in sources.values() for name, text in pieces.items()}
        self.noted = {name: _notes(text) for name, text in texts.items()}
        self.tangled = _tangled(book.chapters)
        self.wanted = {path: set(pieces) for path, pieces in sources.items()}
        self.pieces: dict[str, list[Block]] = {}
        self.opened: dict[str, list[Block]] = {}
        self.diagnostics: list[Diagnostic] = list(self.tangled.values())
        self.left_out = 0
        self.reading = pandoc.Reading(
            {
                name: notes.with_faults(text, self.noted[name])
                for name, text in texts.items()
                if file_of(name) not in self.tangled
            }
        )

    def __enter__(self) -> Self:
        self.reading.__enter__()
        return self

    def __exit__(self, *fault: Any) -> None:
        self.reading.__exit__(*fault)

    def finish(self) -> Opened:
        """Wait for the chapters, and open them."""
        places = {chapter.path: _places(chapter) for chapter in self.book.chapters}
        for path, chapter in self.chapters.items():
            self.diagnostics += notes.examine(path, places[path])
            self.diagnostics += notes.examine(path, _notes(chapter.meta.markdown))
        for name, blocks in self.reading:
            self._take(name, blocks)
        for path, chapter in self.chapters.items():  # of which some piece could not be read
            if path in self.pieces and path not in self.opened:
                self.opened[path] = self._open(chapter)
        chapters = self.book.chapters
        self.diagnostics += (_at_the_deepest(d, chapters) for d in self.reading.diagnostics)
        if self.left_out:
            plural = "author’s note is" if self.left_out == 1 else "author’s notes are"
            says = f"{self.left_out} {plural} left out of this edition."
            self.diagnostics.append(Diagnostic("author-notes-left-out", says))
        done = [(c, self.opened[c.path]) for c in chapters if c.path in self.opened]
        return done, places, self.diagnostics

    def _take(self, name: str, blocks: list[Block]) -> None:
        """Take a piece of a chapter in; with its last one, open the chapter."""
        path = file_of(name)
        pieces = {name: notes.set_marks(blocks, self.noted[name])}
        if self.book.settings.trust == "none":
            from geppetto.pipeline import distrusting  # noqa: PLC0415 - for strangers alone

            pieces, more = distrusting.chapters(self.book, pieces)
            self.diagnostics += more
        self.pieces |= pieces
        self.wanted[path].discard(name)
        if not self.wanted[path]:
            self.opened[path] = self._open(self.chapters[path])

    def _open(self, chapter: Chapter) -> list[Block]:
        blocks, more = openings.open_chapter(chapter, self.pieces)
        blocks, count = constructs.without_author_notes(blocks)
        self.diagnostics += [*more, *raw.examine(chapter, blocks)]
        self.left_out += count
        return constructs.normalise(blocks, self.words)


def _places(chapter: Chapter) -> Places:
    """Find where things stand in a chapter; notes of its YAML block are that one's own."""
    return replace(
        _notes(chapter.text),
        citations=sourcemap.citations(chapter.markdown),
        identifiers=sourcemap.identifiers(chapter.markdown),
        images=sourcemap.images(chapter.markdown),
        links=sourcemap.links(chapter.markdown),
    )


def _notes(text: str) -> Places:
    return Places(
        note_references=sourcemap.footnote_references(text),
        note_definitions=sourcemap.footnote_definitions(text),
    )


def _tangled(chapters: Sequence[Chapter]) -> dict[str, Diagnostic]:
    """Find the chapters whose brackets would keep Pandoc busy without end."""
    found = {chapter.path: sourcemap.tangled(chapter.markdown) for chapter in chapters}
    says = "Too many square brackets stand in each other, or are not closed, in this paragraph."
    hint = "Close them, or write \\[ for a bracket that is only a sign."
    return {
        path: Diagnostic("nesting-deep", says, Location(path, *place), hint)
        for path, place in found.items()
        if place is not None
    }


def _at_the_deepest(diagnostic: Diagnostic, chapters: Sequence[Chapter]) -> Diagnostic:
    """Give what is said of too deep a chapter the line that stands deepest."""
    if diagnostic.code != "nesting-deep" or diagnostic.location is None:
        return diagnostic
    path = diagnostic.location.path
    text = next(chapter.markdown for chapter in chapters if chapter.path == path)
    return replace(diagnostic, location=Location(path, *(sourcemap.deepest(text) or ())))
