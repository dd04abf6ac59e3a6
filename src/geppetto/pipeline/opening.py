"""Each chapter opened: read by Pandoc, its author's notes left out, its heading at its head."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from geppetto import pandoc, sourcemap
from geppetto.ast import Block, indexed
from geppetto.cutting import Cutter, Taken
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Book, Chapter
from geppetto.model.places import Places, file_of
from geppetto.pipeline import records
from geppetto.progress.count import Count
from geppetto.references import constructs, notes, openings, raw
from geppetto.store.shelf import NOTHING, Shelf, key
from geppetto.terms import terms

CORES = Cutter(
    mark="geppetto-core",
    needed=frozenset({"Header", "Div", "Span", "Link", "Image", "Figure", "Table", "Cite", "Note"}),
    named=frozenset({"Code", "CodeBlock"}),
    whole=frozenset({"Header", "Image", "Cite"}),
    near=6,
    splits=False,
    veiled=frozenset({"Note", "Link"}),
)
"""What of a chapter other places of the book can see, and what citeproc looks at."""
DEEPEST = 480


@dataclass(frozen=True)
class Opened:
    """A chapter as Pandoc reads it.

    `read` gives its tree without what no other place of the book sees, and where
    things stand in its text; `digest` is the tree's. What was taken out is known
    by `name` on the shelf, or else `taken` holds it.
    """

    chapter: Chapter
    read: Callable[[], tuple[list[Block], Places]]
    digest: str = ""
    name: str = ""
    taken: Taken = field(default_factory=list)

    @property
    def core(self) -> list[Block]:
        """The chapter's core: its tree without what no other place of the book sees."""
        return self.read()[0]

    @property
    def places(self) -> Places:
        """Where things stand in the chapter's text."""
        return self.read()[1]

    def whole(self, core: Sequence[Block], shelf: Shelf) -> list[Block]:
        """Put back what was taken out into a core that has been changed meanwhile."""
        taken = list(self.taken)  # another edition may let go of it meanwhile
        if not taken and self.name:
            taken = shelf.need("rest", self.name)
        if not taken:
            return list(core)
        blocks: list[Block] = indexed(CORES.restore(list(core), taken), DEEPEST)
        if self.name and shelf.has("rest", self.name):
            self.taken.clear()
        return blocks


class Opening:
    """The chapters of a book while Pandoc reads them; a context, which starts and ends Pandoc.

    Each chapter is opened as soon as all its pieces are read. What can be done
    in the meantime is done between entering and `finish`. A chapter that is on
    the shelf is not read again; without a shelf, chapters are given whole.
    """

    def __init__(self, book: Book, shelf: Shelf = NOTHING) -> None:
        self.book, self.shelf = book, shelf
        self.words = terms(book.settings.lang)
        self.chapters = {chapter.path: chapter for chapter in book.chapters}
        self.names = self._names()
        self.kept = self._kept()
        new = [chapter for chapter in book.chapters if chapter.path not in self.kept]
        sources = {chapter.path: openings.sources(chapter) for chapter in new}
        texts = {name: text for pieces in sources.values() for name, text in pieces.items()}
        self.noted = {name: _notes(text) for name, text in texts.items()}
        self.tangled = _tangled(new)
        self.wanted = {path: set(pieces) for path, pieces in sources.items()}
        self.pieces: dict[str, list[Block]] = {}
        self.opened: dict[str, list[Block]] = {}
        self.said: dict[str, list[Diagnostic]] = {path: [] for path in self.wanted}
        self.left_out: Counter[str] = Counter()
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

    @property
    def count(self) -> Count:
        """The chapters that are read anew."""
        return Count(len(self.wanted), "chapters", lambda: len(self.opened))

    def finish(self) -> tuple[list[Opened], list[Diagnostic]]:
        """Wait for the chapters, and open them; give what is wrong, too."""
        places = {path: _places(self.chapters[path]) for path in self.wanted}
        for path, found in places.items():
            self.said[path] += notes.examine(path, found)
            self.said[path] += notes.examine(path, _notes(self.chapters[path].meta.markdown))
        for name, blocks in self.reading:
            self._take(name, blocks)
        for path in self.wanted:  # of which some piece could not be read
            if path in self.pieces and path not in self.opened:
                self.opened[path] = self._open(self.chapters[path])
        read = [_at_the_deepest(d, self.book.chapters) for d in self.reading.diagnostics]
        opened = {path: self._cut(path, places[path], read) for path in self.opened}
        opened |= {path: self._given(path) for path in self.kept}
        diagnostics = [*self.tangled.values(), *read]
        diagnostics += (d for said in self.said.values() for d in said)
        if left_out := sum(self.left_out.values()):
            plural = "author’s note is" if left_out == 1 else "author’s notes are"
            says = f"{left_out} {plural} left out of this edition."
            diagnostics.append(Diagnostic("author-notes-left-out", says))
        return [opened[path] for path in self.chapters if path in opened], diagnostics

    def _take(self, name: str, blocks: list[Block]) -> None:
        """Take a piece of a chapter in; with its last one, open the chapter."""
        path = file_of(name)
        pieces = {name: notes.set_marks(blocks, self.noted[name])}
        if self.book.settings.trust == "none":
            from geppetto.pipeline import distrusting  # noqa: PLC0415 - for strangers alone

            pieces, more = distrusting.chapters(self.book, pieces)
            self.said[path] += more
        self.pieces |= pieces
        self.wanted[path].discard(name)
        if not self.wanted[path]:
            self.opened[path] = self._open(self.chapters[path])

    def _open(self, chapter: Chapter) -> list[Block]:
        blocks, more = openings.open_chapter(chapter, self.pieces)
        blocks, count = constructs.without_author_notes(blocks)
        self.said[chapter.path] += [*more, *raw.examine(chapter, blocks)]
        self.left_out[chapter.path] = count
        return constructs.normalise(blocks, self.words)

    def _names(self) -> dict[str, str]:
        """Give by what each chapter's tree is known: all that it is made from."""
        if self.shelf.folder is None:
            return {}
        basis = key(pandoc.makers(), self.book.settings.lang)
        return {path: key(basis, replace(c, marks=())) for path, c in self.chapters.items()}

    def _kept(self) -> dict[str, Any]:
        """Find the chapters that are on the shelf."""
        found = {}
        for path, name in self.names.items():
            if self.shelf.has("rest", name) and self.shelf.has("core", name):
                record = self.shelf.get("opened", name)
                if record is not None:
                    found[path] = record
        return found

    def _cut(self, path: str, places: Places, read: Sequence[Diagnostic]) -> Opened:
        """Cut a chapter, and keep it if all of it could be read."""
        chapter, blocks = self.chapters[path], self.opened[path]
        name = self.names.get(path, "")
        if not name or any(d.location and file_of(d.location.path) == path for d in read):
            return Opened(chapter, lambda: (blocks, places))
        core, taken = CORES.cut(blocks)
        digest = key(core)
        found = {one.name: getattr(places, one.name) for one in fields(places)}
        said = [records.from_diagnostic(d) for d in self.said[path]]
        self.shelf.put("core", name, [core, found])
        self.shelf.put("rest", name, taken)
        self.shelf.put("opened", name, [digest, said, self.left_out[path]])
        core = indexed(core, DEEPEST)
        return Opened(chapter, lambda: (core, places), digest, name, taken)

    def _given(self, path: str) -> Opened:
        """Give a chapter from the shelf."""
        name = self.names[path]
        digest, said, left_out = self.kept[path]
        self.said[path] = [records.to_diagnostic(one) for one in said]
        self.left_out[path] = left_out

        @functools.cache
        def read() -> tuple[list[Block], Places]:
            core, places = self.shelf.need("core", name)
            return indexed(core, DEEPEST), Places(**places)

        return Opened(self.chapters[path], read, digest, name)


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
