"""All pages of the EPUB in reading order, with its lists: the contents, the landmarks, the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geppetto.diagnostics import Diagnostic
from geppetto.epub import navigation, pagelist, pages, spots
from geppetto.epub.navigation import Entry
from geppetto.epub.pages import Frame, Page
from geppetto.model.book import Resolved
from geppetto.pagemap.printed import Printed

NAVIGATION = "nav.xhtml"


@dataclass(frozen=True)
class Bound:
    """The pages in reading order, the contents, and the list of the print edition's pages."""

    pages: tuple[Page, ...]
    contents: tuple[Entry, ...]
    printed: tuple[Entry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def bind(  # noqa: PLR0913 - each is a choice of the caller's own
    resolved: Resolved,
    frame: Frame,
    texts: Sequence[Page],
    names: Mapping[str, str],
    *,
    front: str,
    printed: Sequence[Printed] = (),
) -> Bound:
    """Put the documents' pages among those that no chapter holds; mark the printed pages in them.

    `names` maps identifiers to XML names, `front` is the cover's file.
    """
    parts = pages.parts(frame, resolved.documents)
    by_slug = dict(zip((d.slug for d in resolved.documents), texts, strict=True))
    files = {slug: page.name for slug, page in by_slug.items()}
    files |= {f"part {slug}": page.name for slug, page in parts.items()}
    depth = resolved.book.settings.toc_depth
    entries = navigation.contents(resolved.documents, names, depth, files)
    named = {"cover": "cover.xhtml", "titlepage": "titlepage.xhtml", "toc": NAVIGATION}
    first: dict[str, str] = {}
    body: list[Page] = []
    for document in resolved.documents:
        opened = [parts[document.slug]] if document.slug in parts else []
        body += [*opened, by_slug[document.slug]]
        first.setdefault(document.role.value, (opened or body[-1:])[0].name)
    landmarks = pages.landmarks(resolved, named, first)
    contents = pages.navigation(frame, entries, landmarks)
    bound = Bound((*pages.opening(frame, front), contents, *body), entries)
    if not printed:
        return bound
    marked, listed, said = pagelist.mark(bound.pages, printed)
    listing = pages.navigation(frame, entries, landmarks, listed)
    marked = [_listing(listing, listed) if one.name == NAVIGATION else one for one in marked]
    return Bound(tuple(marked), entries, listed, tuple(said))


def _listing(page: Page, listed: Sequence[Entry]) -> Page:
    """Mark the printed page with the contents in the page that lists all of them, too."""
    own = [one.text for one in listed if one.href.startswith(f"{NAVIGATION}#")]
    text, _ = spots.inserted(page.markup, [(folio, spots.top(page.markup)) for folio in own])
    return replace(page, markup=text)
