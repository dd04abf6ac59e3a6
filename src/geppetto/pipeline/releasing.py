"""The files of a release, each made when it is first asked for.

All are made whole, with nothing of an earlier build in them, in a folder of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from geppetto import store as disk
from geppetto import stores
from geppetto.diagnostics import Diagnostic, GeppettoError, Location, ordered
from geppetto.epub import check, metadata, safe
from geppetto.model.book import Artifact, Book, Resolved
from geppetto.pipeline import building, covering, inputs, kept, printing, reading, records
from geppetto.pipeline.covering import Covers, Printed
from geppetto.pipeline.edition import Request
from geppetto.pipeline.printing import PrintFiles
from geppetto.pipeline.resolving import resolve
from geppetto.pipeline.verifying import finder
from geppetto.progress import OnStep
from geppetto.publish import onix, opf
from geppetto.publish.folder import File
from geppetto.stores import Store

MORE_SOURCES = ("templates", "book.yaml")
"""What of a book's folder an edition may be made from, beside what the book names."""


@dataclass(frozen=True)
class Making:
    """Files that were made together, what there was to say of it, and the pages of PDFs."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    pages: Mapping[str, int] = field(default_factory=dict)


class Release:
    """The release of the book in a folder; its files are made in another folder."""

    def __init__(
        self, root: Path, folder: Path, on_step: OnStep, version: str = "", revision: str = ""
    ) -> None:
        self.root, self.folder, self.on_step = root, folder, on_step
        self.version, self.revision = version, revision
        self._finders: dict[Path, Callable[..., Location]] = {}

    @cached_property
    def _read(self) -> tuple[Book, Path | None]:
        book, csl, _ = reading.read(self.root)
        return book, csl

    @property
    def book(self) -> Book:
        """The book as it is read."""
        return self._read[0]

    @cached_property
    def resolved(self) -> Resolved:
        """The book with all that one place says of another."""
        book, csl = self._read
        return resolve(book, csl, self.on_step)[0]

    @cached_property
    def stores(self) -> list[Store]:
        """The stores that the book is made ready for."""
        return stores.named(self.book.settings.publish.stores)

    def sources(self) -> dict[str, str]:
        """Give the digest of each file that the book is made of, by its path."""
        book, csl = self._read
        own = book.settings
        named = [
            book.root / name for name in (own.epub.cover, own.epub.css, own.cover.image) if name
        ]
        more = [
            book.root / name
            for name in inputs.stamps(book.root)
            if name.split("/", 1)[0] in MORE_SOURCES
        ]
        every = [*kept.sources(book, csl, self.resolved.images.values()), *named, *more]
        files = sorted({path.resolve() for path in every if path.is_file()})
        return {os.path.relpath(path, book.root.resolve()): records.digest(path) for path in files}

    @cached_property
    def screen(self) -> Making:
        """The PDF for the screen."""
        tagged = self.book.settings.pdf.standard != "none"
        purpose = "the book for the screen, with links and bookmarks"
        return self._built(replace(self._wanted("pdf"), tagged=tagged), purpose)

    @property
    def pdf(self) -> Path:
        """The PDF for the screen."""
        return self._only(self.screen)

    @cached_property
    def word(self) -> Making:
        """The DOCX."""
        return self._built(self._wanted("docx"), "the book for Word and LibreOffice")

    @cached_property
    def printed(self) -> PrintFiles:
        """The pages for the printers among the stores.

        Raises:
            GeppettoError: errors of the manuscript stopped it.
        """
        printers = [store.key for store in self.stores if store.print is not None]
        made = printing.make(self.root, printers, self.on_step) if printers else PrintFiles()
        if printers and not made.files:
            raise GeppettoError(made.diagnostics)
        return made

    @cached_property
    def paper(self) -> Making:
        """The files of the pages for printers, under the release's names."""
        files: list[File] = []
        pages: dict[str, int] = {}
        for one in self.printed.files:
            name = f"{self.book.slug}-print-{one.store.key}.pdf"
            files.append(File(name, one.path, f"the pages for {one.store.name}"))
            pages[name] = one.pages
        said = [d for d in self.printed.diagnostics if not is_of_print(d)]
        return Making(tuple(files), tuple(said), pages)

    @cached_property
    def covers(self) -> Making:
        """The front of the cover, and a sheet for each printer with its proof."""
        self.folder.mkdir(parents=True, exist_ok=True)
        drawn = [self._drawn(one.pages, [one.store]) for one in self.printed.files]
        drawn = drawn or [self._drawn(0, [])]
        slug, said = self.book.slug, [d for one in drawn for d in one.diagnostics]
        files = [File(f"{slug}-cover.jpg", drawn[0].front, "the front of the cover")]
        for sheet in (sheet for one in drawn for sheet in one.printed):
            said += self._for_press(sheet)
            name, whose = f"{slug}-cover-{sheet.store.key}", sheet.store.name
            files.append(File(f"{name}.pdf", sheet.file, f"the cover for {whose}"))
            files.append(File(f"{name}-proof.pdf", sheet.proof, "its proof, to look at"))
        return Making(tuple(files), ordered(said))

    def _drawn(self, pages: int, printers: Sequence[Store]) -> Covers:
        return covering.make(self.book, pages, printers, self.folder, self.on_step)

    def cover(self, printer: str) -> Path:
        """Give the cover for a printer, by its key."""
        name = f"{self.book.slug}-cover-{printer}.pdf"
        return next(file.path for file in self.covers.files if file.name == name)

    def _for_press(self, sheet: Printed) -> Sequence[Diagnostic]:
        """Make a drawn cover what a printer with a standard of its own takes."""
        demands = sheet.store.print
        if demands is None or not demands.standards:
            return ()
        epoch = reading.epoch(self.book)
        done = printing.cover(self.book, sheet.store, sheet.file, epoch)
        disk.write_bytes(sheet.file, done.data)
        return done.diagnostics

    @cached_property
    def ebook(self) -> Making:
        """The EPUB, with the pages of the print edition if there is one."""
        request = replace(self._wanted("epub"), pages=self.printed.map_file)
        return self._built(request, "the e-book")

    @cached_property
    def kindle(self) -> Making:
        """The EPUB for stores that take neither MathML nor SVG, where it must differ."""
        takers = [store.name for store in self.stores if store.ebook.kindle_safe]
        if not takers or not safe.is_needed(self._only(self.ebook)):
            return Making(())
        purpose = f"the e-book for {', '.join(takers)}: without MathML and SVG"
        wanted = self._wanted("epub", "-kindle")
        return self._built(replace(wanted, pages=self.printed.map_file, safe=True), purpose)

    @cached_property
    def _record(self) -> Making:
        epub = self._only(self.ebook)
        told = onix.Told(
            reading.epoch(self.book),
            metadata.identifier(self.book.settings),
            opf.read(epub),
            epub.stat().st_size,
            max((one.pages for one in self.printed.files), default=None),
        )
        file = self.folder / f"{self.book.slug}-onix.xml"
        file.write_bytes(onix.record(self.book.settings, told))
        return Making((File(file.name, file, "the record for shops and libraries, ONIX 3.1"),))

    @property
    def record(self) -> Path:
        """The ONIX record."""
        return self._only(self._record)

    def _makings(self) -> Sequence[Making]:
        return (
            *(self.ebook, self.kindle, self.screen, self.paper, self.covers),
            *(self.word, self._record),
        )

    def files(self) -> tuple[File, ...]:
        """Give every file of the release.

        Raises:
            GeppettoError: one could not be made.
        """
        return tuple(file for making in self._makings() for file in making.files)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Give what there was to say of the files while they were made."""
        return ordered(d for making in self._makings() for d in making.diagnostics)

    def pages(self) -> dict[str, int]:
        """Give the pages of each PDF."""
        return {name: n for making in self._makings() for name, n in making.pages.items()}

    def editions(self) -> tuple[Path, ...]:
        """Give the editions that hold the book's whole text."""
        return (self.pdf, *self.epubs(), self._only(self.word))

    def epubs(self) -> tuple[Path, ...]:
        """Give the EPUBs."""
        return tuple(file.path for file in (*self.ebook.files, *self.kindle.files))

    @cached_property
    def epubchecked(self) -> dict[Path, list[Diagnostic]]:
        """What EPUBCheck says of each EPUB, on the lines of the chapters."""
        return {file: check.check(file, self.find_in(file)) for file in self.epubs()}

    def find_in(self, epub: Path) -> Callable[..., Location]:
        """Give what leads places in an EPUB to the chapters; of each it is made once."""
        return self._finders.setdefault(epub, finder(self.resolved, epub))

    def epub_for(self, store: Store) -> Path:
        """Give the EPUB that a store gets."""
        kindle = self.kindle.files if store.ebook.kindle_safe else ()
        return kindle[0].path if kindle else self._only(self.ebook)

    def pdfs(self) -> tuple[Path, ...]:
        """Give the PDFs."""
        return tuple(file.path for file in self.files() if file.path.suffix == ".pdf")

    @staticmethod
    def _only(making: Making) -> Path:
        return making.files[0].path

    def _wanted(self, kind: str, mark: str = "") -> Request:
        """Give what is asked for of an edition: all of it anew, in the release's own folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{self.book.slug}{mark}.{kind}"
        return Request(self.root, (kind,), target, whole=True)

    def _built(self, request: Request, purpose: str) -> Making:
        """Build an edition.

        Raises:
            GeppettoError: errors of the manuscript stopped it.
        """
        outcome = building.build(request, self.on_step)
        files = tuple(File(one.path.name, one.path, purpose) for one in outcome.artifacts)
        if not files:
            raise GeppettoError(outcome.diagnostics)
        return Making(files, outcome.diagnostics, _pages(outcome.artifacts))


def is_of_print(diagnostic: Diagnostic) -> bool:
    """Tell whether a printer would say it of a file, and not the author of the book."""
    return diagnostic.code.startswith("print-")


def _pages(artifacts: Sequence[Artifact]) -> dict[str, int]:
    return {one.path.name: one.count for one in artifacts if one.unit == "pages"}
