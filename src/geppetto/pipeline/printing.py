"""The print files: the book set for paper, whole and anew, then made what each printer takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import store, stores
from geppetto.diagnostics import Diagnostic, Location, has_errors, ordered
from geppetto.model.book import Book
from geppetto.model.settings import Settings
from geppetto.pagemap import PageMap, stored
from geppetto.pipeline import pdf, preflighting, reading, unmarking
from geppetto.pipeline.edition import PRINT, Made, Workshop
from geppetto.pipeline.preflighting import Question
from geppetto.pipeline.resolving import resolve
from geppetto.preflight import examine
from geppetto.printing import finishing
from geppetto.printing.finishing import Finished, Wanted
from geppetto.printing.inks import Target
from geppetto.printing.standards import Statement
from geppetto.progress import OnStep, Step
from geppetto.stores import Print, Store

_PAGE = re.compile(r"\b[Pp]ages? (\d+)")


@dataclass(frozen=True)
class PrintFile:
    """A printer's file of the pages: `pages` are all its pages, the blank ones at its end included.

    `map_file` is the map of its pages, beside it, by which `geppetto where` answers.
    """

    store: Store
    path: Path
    pages: int
    map_file: Path


@dataclass(frozen=True)
class PrintFiles:
    """The print edition: its files by printer, its pages as they were set, and their map.

    `page_map` are the pages of the print edition, which an EPUB's page list names,
    `map_file` is where that is kept, beside the pages with their folios. `set` are the
    pages without the blank ones that a printer's file ends with. Without files, `diagnostics` says why.
    """

    files: tuple[PrintFile, ...] = ()
    set: int = 0
    page_map: PageMap | None = None
    map_file: Path | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def pages(self, key: str) -> int:
        """Give the count of pages by which a printer reckons the spine."""
        return next((one.pages for one in self.files if one.store.key == key), self.set)


def make(root: Path, chosen: Sequence[str], on_step: OnStep) -> PrintFiles:
    """Make the print files of these printers, every one if none is named, in `build/print/`.

    Raises:
        GeppettoError: the configuration, a tool or the disk does not let it be done.
    """
    printers = [one for one in stores.named(chosen) if one.print is not None]
    if not printers:
        return PrintFiles()
    build = root / "build"
    with store.locked(build):
        store.record(build, [PRINT])
        on_step(Step("reading the book"))
        book, csl, told = reading.read(root)
        book = replace(book, settings=_for_paper(book))
        resolved, found = resolve(book, csl, on_step)
        told = [*told, *_impossible(book, printers), *unmarking.at_home(found, book)]
        if has_errors(told):
            return PrintFiles(diagnostics=ordered(told))
        folder = build / PRINT
        workshop = Workshop(folder, reading.epoch(book), lenient=False, on_step=on_step, whole=True)
        made = pdf.make(resolved, workshop)
        told += unmarking.at_home(made.diagnostics, book)
        if made.file is None or has_errors(told):
            return PrintFiles(diagnostics=ordered(told))
        return _finished(book, made, printers, workshop, told)


def _for_paper(book: Book) -> Settings:
    """Give the settings of the book on paper: its links are black, its pages have no tags."""
    own = book.settings.pdf.model_copy(update={"links": "print", "standard": "none"})
    return book.settings.model_copy(update={"pdf": own})


def _impossible(book: Book, printers: Sequence[Store]) -> list[Diagnostic]:
    """Say that PDF/X-4 in inks cannot be made: the profile of a press that it must hold is not ours."""
    own = book.settings.print
    asks = any("x-4" in one.print.standards for one in printers if one.print is not None)
    if own.pdfx != "x-4" or own.ink == "black" or not asks:
        return []
    says = "A book in colour cannot be PDF/X-4 here: that must hold the profile of a press."
    hint = "Take 'pdfx: x-1a' under print: in book.yaml, which IngramSpark asks for anyway."
    return [Diagnostic("print-standard", says, Location("book.yaml"), hint)]


def _finished(
    book: Book,
    made: Made,
    printers: Sequence[Store],
    workshop: Workshop,
    told: list[Diagnostic],
) -> PrintFiles:
    """Make each printer's file of the typeset pages, and look at it as the printer would."""
    if made.file is None:
        raise RuntimeError("the pages were not set")
    page_map = stored.unpacked(made.beside[stored.SUFFIX])
    files = []
    for printer in printers:
        workshop.on_step(Step(f"making the print file for {printer.name}"))
        done = finishing.finish(made.file, wanted(book, printer, workshop.epoch))
        path = workshop.folder / f"{book.slug}-{printer.key}.pdf"
        store.write_bytes(path, done.data)
        own = replace(page_map, pdf=store.digest(path))
        store.write_bytes(stored.beside(path), stored.packed(own))
        files.append(PrintFile(printer, path, done.pages, stored.beside(path)))
        workshop.on_step(Step(f"checking the print file for {printer.name}"))
        asked = preflighting.asked(Question(path, printer.key), book.settings)
        name = path.relative_to(book.root).as_posix()
        found = [replace(d, location=Location(name)) for d in done.diagnostics]
        told += [_led(d) for d in (*found, *examine(path, asked, name))]
    pages = workshop.folder / f"{book.slug}.pdf"
    store.publish(made.file, pages)
    store.write_bytes(stored.beside(pages), made.beside[stored.SUFFIX])
    return PrintFiles(tuple(files), made.count, page_map, stored.beside(pages), ordered(told))


def _led(diagnostic: Diagnostic) -> Diagnostic:
    """Say how to find the lines of the chapters that stand on the page that is named first."""
    page = _PAGE.search(diagnostic.message)
    if page is None or diagnostic.location is None:
        return diagnostic
    says = f"'geppetto where {diagnostic.location.path} --page {page[1]}' names its lines."
    return replace(diagnostic, hint=f"{diagnostic.hint} {says}" if diagnostic.hint else says)


def wanted(book: Book, printer: Store, epoch: int) -> Wanted:
    """Give what a printer's file of the book is to be."""
    settings = book.settings
    target = Target.GREY if settings.print.ink == "black" else Target.CMYK
    demands = printer.print
    said = Statement(
        settings.title, epoch, _standard(demands, settings.print.pdfx), _press(demands)
    )
    return Wanted(printer, target, said)


def cover(book: Book, printer: Store, file: Path, epoch: int) -> Finished:
    """Make a printer's file of a drawn cover: in the inks of the press, by its standard.

    Raises:
        GeppettoError: the drawn cover cannot be read.
    """
    asked = replace(wanted(book, printer, epoch), target=Target.CMYK)
    return finishing.finish_cover(file, asked, printer.cover.bleed if printer.cover else 0)


def _standard(demands: Print | None, asked: str) -> str:
    return asked if demands is not None and demands.standards else ""


def _press(demands: Print | None) -> str:
    return demands.condition if demands is not None else ""
