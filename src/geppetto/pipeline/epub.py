"""The step from the resolved book to its EPUB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from geppetto import ast, store, templates
from geppetto.diagnostics import Diagnostic, GeppettoError, Location
from geppetto.epub import chapters, cover, edition, stylesheets
from geppetto.epub.characters import line
from geppetto.epub.package import Resource
from geppetto.epub.safe import Drawer
from geppetto.model.book import Book, Resolved
from geppetto.model.formulas import Drawn, Formula
from geppetto.pagemap import printed
from geppetto.pagemap.printed import Printed
from geppetto.pipeline.edition import Made, Workshop
from geppetto.progress import Step
from geppetto.progress.count import Count, Tally
from geppetto.store.shelf import NOTHING, Shelf


def make(resolved: Resolved, workshop: Workshop) -> Made:
    """Make the EPUB in the work folder."""
    tally, book = Tally(), resolved.book
    count = Count(len(resolved.documents), "chapters", tally.done)
    workshop.on_step(Step("making the EPUB", count))
    folder, shelf = workshop.folder, workshop.shelf
    front = workshop.front.result() if workshop.front else draw(book, folder, shelf)
    epoch = workshop.epoch
    data, diagnostics = edition.build(
        resolved,
        epoch=epoch,
        front=front,
        shelf=shelf,
        tally=tally,
        printed=_printed(workshop.pages),
        drawer=_drawer(resolved, workshop) if workshop.safe else None,
    )
    file = _work(folder) / f"{book.slug}.epub"
    store.write_bytes(file, data)
    read = (*chapters.raw_images(resolved).values(), *stylesheets.sources(book), *_cover(book))
    if workshop.pages is not None:
        read = (*read, workshop.pages, workshop.pages.with_suffix(".pdf"))
    return Made("epub", file, count.of, "chapters", tuple(diagnostics), read=read)


def _printed(pages: Path | None) -> Sequence[Printed]:
    """Read the pages of the print edition.

    Raises:
        GeppettoError: its page map or its PDF cannot be read.
    """
    if pages is None:
        return ()
    try:
        return printed.read(pages)
    except ValueError as fault:
        says = f"The pages of the print edition cannot be read: {fault}."
        hint = "Make the print edition again; keep its page map beside it."
        raise GeppettoError(
            Diagnostic("pages-unknown", says, Location(pages.name), hint)
        ) from fault


def _drawer(resolved: Resolved, workshop: Workshop) -> Drawer:
    """Have LuaLaTeX draw the formulas that text cannot say."""
    from geppetto.latex import formulas  # noqa: PLC0415 - other EPUBs need no LaTeX

    found = (n for d in resolved.documents for n in ast.nodes(list(d.blocks), {"Math"}))
    sources = {line(node["c"][1]): str(node["c"][1]) for node in found}

    def draw_all(wanted: Sequence[Formula]) -> Mapping[Formula, Drawn]:
        book, work = resolved.book, workshop.folder / "formulas"
        work.mkdir(parents=True, exist_ok=True)
        return formulas.draw(wanted, book.settings, book.root, work, workshop.epoch)

    return Drawer(draw_all, sources)


def draw(book: Book, folder: Path, shelf: Shelf = NOTHING) -> Resource:
    """Make the cover, which needs nothing of the chapters."""
    return cover.make(book, templates.xml_environment(book.root), _work(folder), shelf)


def _work(folder: Path) -> Path:
    work = folder / "epub"
    work.mkdir(parents=True, exist_ok=True)
    return work


def _cover(book: Book) -> list[Path]:
    named = book.settings.epub.cover
    return [] if named is None else [book.root / named]
