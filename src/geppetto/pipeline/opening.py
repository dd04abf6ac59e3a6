"""Each chapter opened: read by Pandoc, its author's notes left out, its heading at its head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from geppetto import pandoc, sourcemap
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Book, Chapter
from geppetto.model.places import Places, file_of
from geppetto.pipeline import distrusting
from geppetto.references import constructs, notes, openings, raw
from geppetto.terms import terms

Opened = tuple[list[tuple[Chapter, list[Block]]], dict[str, Places], list[Diagnostic]]
"""The chapters with their blocks, where things stand in each, what is wrong."""


def open_chapters(book: Book, meanwhile: Callable[[], None]) -> Opened:
    """Open every chapter; do `meanwhile` while Pandoc reads them."""
    sources = {chapter.path: openings.sources(chapter) for chapter in book.chapters}
    noted = {name: _notes(text) for pieces in sources.values() for name, text in pieces.items()}
    tangled = _tangled(book.chapters)
    marked = {
        name: notes.with_faults(text, noted[name])
        for path, pieces in sources.items()
        for name, text in pieces.items()
        if path not in tangled
    }
    opening = _Opening(book, sources, noted)
    with pandoc.Reading(marked) as reading:
        places = {chapter.path: _places(chapter) for chapter in book.chapters}
        for chapter in book.chapters:
            opening.diagnostics += notes.examine(chapter.path, places[chapter.path])
            opening.diagnostics += notes.examine(chapter.path, _notes(chapter.meta.markdown))
        meanwhile()
        for name, blocks in reading:
            opening.take(name, blocks)
        opening.finish()
    heard = [_at_the_deepest(d, book.chapters) for d in reading.diagnostics]
    diagnostics = [*opening.diagnostics, *tangled.values(), *heard]
    if opening.left_out:
        plural = "author’s note is" if opening.left_out == 1 else "author’s notes are"
        says = f"{opening.left_out} {plural} left out of this edition."
        diagnostics.append(Diagnostic("author-notes-left-out", says))
    done = [(c, opening.opened[c.path]) for c in book.chapters if c.path in opening.opened]
    return done, places, diagnostics


class _Opening:
    """Opens each chapter as soon as Pandoc has read all its pieces."""

    def __init__(
        self, book: Book, sources: Mapping[str, Mapping[str, str]], noted: Mapping[str, Places]
    ) -> None:
        self.book, self.noted = book, noted
        self.words = terms(book.settings.lang)
        self.chapters = {chapter.path: chapter for chapter in book.chapters}
        self.wanted = {path: set(pieces) for path, pieces in sources.items()}
        self.pieces: dict[str, list[Block]] = {}
        self.opened: dict[str, list[Block]] = {}
        self.diagnostics: list[Diagnostic] = []
        self.left_out = 0

    def take(self, name: str, blocks: list[Block]) -> None:
        """Take a piece of a chapter in; with its last one, open the chapter."""
        path = file_of(name)
        pieces = {name: notes.set_marks(blocks, self.noted[name])}
        if self.book.settings.trust == "none":
            pieces, more = distrusting.chapters(self.book, pieces)
            self.diagnostics += more
        self.pieces |= pieces
        self.wanted[path].discard(name)
        if not self.wanted[path]:
            self.opened[path] = self._open(self.chapters[path])

    def finish(self) -> None:
        """Open the chapters of which some piece could not be read, but the text could."""
        for path, chapter in self.chapters.items():
            if path in self.pieces and path not in self.opened:
                self.opened[path] = self._open(chapter)

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
