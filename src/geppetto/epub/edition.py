"""Makes the EPUB: the resolved book in, the archive's bytes and diagnostics out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    navigation,
    package,
    pages,
    stylesheets,
)
from geppetto.epub.package import Resource
from geppetto.epub.pages import Frame, Page
from geppetto.model.book import Document, Resolved
from geppetto.progress.count import Tally
from geppetto.store.shelf import NOTHING, Shelf


def build(
    resolved: Resolved,
    *,
    epoch: int,
    front: Resource,
    shelf: Shelf = NOTHING,
    tally: Tally | None = None,
) -> tuple[bytes, list[Diagnostic]]:
    """Make the EPUB, and tally its documents.

    `epoch` (seconds since 1970) is the moment the book says it was changed;
    `front` is the cover; `shelf` has pages that earlier builds made, which are not
    made again.
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
    every, entries = _ordered(resolved, frame, texts, shared.names, front.name)
    matter = access.Matter(
        [(_source(d), page.holdings) for d, page in zip(resolved.documents, texts, strict=True)],
        moving=_moving(held),
        faint=_faint(styles),
    )
    documents = {
        "content.opf": package.opf(frame, every, resources, epoch=epoch, access=access.describe(book.settings, matter)),
        "toc.ncx": _ncx(frame, entries),
    }
    data = archive.pack(package.parts(every, resources, documents), epoch)
    return data, [*diagnostics, *more, *access.unclaimed(book.settings, matter)]


def _ordered(
    resolved: Resolved,
    frame: Frame,
    texts: Sequence[Page],
    names: Mapping[str, str],
    front: str,
) -> tuple[list[Page], tuple[navigation.Entry, ...]]:
    """Give all pages in reading order, and the contents."""
    parts = pages.parts(frame, resolved.documents)
    by_slug = dict(zip((d.slug for d in resolved.documents), texts, strict=True))
    files = {slug: page.name for slug, page in by_slug.items()}
    files |= {f"part {slug}": page.name for slug, page in parts.items()}
    depth = resolved.book.settings.toc_depth
    entries = navigation.contents(resolved.documents, names, depth, files)
    named = {"cover": "cover.xhtml", "titlepage": "titlepage.xhtml", "toc": "nav.xhtml"}
    first: dict[str, str] = {}
    body: list[Page] = []
    for document in resolved.documents:
        opened = [parts[document.slug]] if document.slug in parts else []
        body += [*opened, by_slug[document.slug]]
        first.setdefault(document.role.value, (opened or body[-1:])[0].name)
    contents = pages.navigation(frame, entries, pages.landmarks(resolved, named, first))
    return [*pages.opening(frame, front), contents, *body], entries


def _ncx(frame: Frame, entries: Sequence[navigation.Entry]) -> bytes:
    page = frame.page(
        "toc.ncx",
        "toc.ncx",
        frame.settings.title,
        identifier=metadata.identifier(frame.settings),
        entries=entries,
        depth=max((entry.depth for entry in entries), default=1),
    )
    return page.markup.encode()


def _moving(pictures: dict[str, Resource]) -> bool:
    return any(cover.frames(r.data) > 1 for r in pictures.values() if r.kind == "image/gif")


def _faint(styles: Sequence[Resource]) -> str | None:
    return next((found for s in styles if (found := contrast.faint(s.data.decode()))), None)


def _source(document: Document) -> str:
    return document.chapter.path if document.chapter else "book.yaml"
