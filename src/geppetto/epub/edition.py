"""Makes the EPUB: the resolved book in, the archive's bytes and diagnostics out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import geppetto
from geppetto import images, templates
from geppetto.diagnostics import Diagnostic
from geppetto.epub import (
    access,
    archive,
    chapters,
    contrast,
    cover,
    metadata,
    package,
    pagelist,
    safe,
    stylesheets,
)
from geppetto.epub.binding import Bound, bind
from geppetto.epub.characters import line
from geppetto.epub.package import Resource
from geppetto.epub.pages import Frame
from geppetto.epub.safe import Drawer
from geppetto.model.book import Document, Resolved
from geppetto.model.settings import Settings
from geppetto.pagemap.printed import Printed
from geppetto.progress.count import Tally
from geppetto.store.shelf import NOTHING, Shelf


def build(  # noqa: PLR0913 - each is a choice of the caller's own
    resolved: Resolved,
    *,
    epoch: int,
    front: Resource,
    shelf: Shelf = NOTHING,
    tally: Tally | None = None,
    printed: Sequence[Printed] = (),
    drawer: Drawer | None = None,
) -> tuple[bytes, list[Diagnostic]]:
    """Make the EPUB, and tally its documents.

    `epoch` (seconds since 1970) is the moment the book says it was changed;
    `front` is the cover; `shelf` has pages that earlier builds made, which are not
    made again; `printed` are the pages of the print edition, which are marked;
    with `drawer`, which draws formulas, it holds neither MathML nor SVG.
    """
    book = resolved.book
    environment = templates.xml_environment(book.root)
    pictures, diagnostics = images.for_epub({**chapters.raw_images(resolved), **resolved.images})
    styles, named = stylesheets.gather(book)
    sheets = tuple(style.name for style in styles)
    frame = Frame(environment, book.settings, sheets, geppetto.__version__)
    files = {target: name for target, (name, _, _) in pictures.items()}
    shared = chapters.pieces(resolved, environment, files, sheets)
    texts, more = chapters.make(resolved, shared, shelf, tally)
    held = {name: Resource(name, data, kind) for name, data, kind in pictures.values()}
    resources = [*styles, *named, front, *(held[name] for name in sorted(held))]
    bound = bind(resolved, frame, texts, shared.names, front=front.name, printed=printed)
    if drawer is not None:
        listed, resources = safe.made(bound.pages, resources, drawer)
        bound = replace(bound, pages=tuple(listed))
    holdings = {page.name: page.holdings for page in bound.pages}
    matter = access.Matter(
        [
            (_source(d), holdings[page.name])
            for d, page in zip(resolved.documents, texts, strict=True)
        ],
        moving=_moving(held),
        faint=_faint(styles),
        source=_printed_edition(book.settings) if bound.printed else None,
    )
    said = access.describe(book.settings, matter)
    documents = {
        "content.opf": package.opf(frame, bound.pages, resources, epoch=epoch, access=said),
        "toc.ncx": _ncx(frame, bound),
    }
    data = archive.pack(package.parts(bound.pages, resources, documents), epoch)
    unclaimed = access.unclaimed(book.settings, matter)
    return data, [*diagnostics, *more, *bound.diagnostics, *unclaimed]


def _ncx(frame: Frame, bound: Bound) -> bytes:
    page = frame.page(
        "toc.ncx",
        "toc.ncx",
        frame.settings.title,
        identifier=metadata.identifier(frame.settings),
        entries=bound.contents,
        depth=max((entry.depth for entry in bound.contents), default=1),
        printed=bound.printed,
        largest=pagelist.largest(bound.printed),
    )
    return page.markup.encode()


def _moving(pictures: dict[str, Resource]) -> bool:
    return any(cover.frames(r.data) > 1 for r in pictures.values() if r.kind == "image/gif")


def _faint(styles: Sequence[Resource]) -> str | None:
    return next((found for s in styles if (found := contrast.faint(s.data.decode()))), None)


def _source(document: Document) -> str:
    return document.chapter.path if document.chapter else "book.yaml"


def _printed_edition(settings: Settings) -> str:
    """Name the edition whose pages are marked: by its ISBN, else by the title."""
    isbn = settings.identifier.isbn_13
    return "urn:isbn:" + re.sub(r"[-\s]", "", isbn) if isbn else line(settings.title)
