"""The book's documents as pages: one XHTML file each."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment
from markupsafe import Markup

from geppetto import pandoc, templates
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic
from geppetto.epub import dialect, finish, holdings, rawhtml, remarks, xhtml
from geppetto.epub.characters import line, names
from geppetto.epub.holdings import Holdings
from geppetto.epub.pages import Page, language_values
from geppetto.model.book import Document, Resolved, Role
from geppetto.progress.count import Tally
from geppetto.store.shelf import NOTHING, Shelf, key
from geppetto.terms import terms

# role -> epub:type and role of the section, epub:type of the body
KINDS = {
    Role.FRONT: ("", "", "frontmatter"),
    Role.MAIN: ("chapter", "doc-chapter", "bodymatter"),
    Role.APPENDIX: ("appendix", "doc-appendix", "backmatter"),
    Role.BACK: ("bibliography", "doc-bibliography", "backmatter"),
}
PICTURES = frozenset({".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})


@dataclass(frozen=True)
class Pieces:
    """What every chapter of one book shares.

    `images` maps targets to names counted from the pages, `names` identifiers
    to XML names, `homes` identifiers to file names.
    """

    environment: Environment
    images: Mapping[str, str]
    names: Mapping[str, str]
    homes: Mapping[str, str]
    styles: tuple[str, ...]


def file_name(slug: str) -> str:
    """Give the file that a document is in."""
    return f"{slug}.xhtml"


def pieces(
    resolved: Resolved, environment: Environment, images: Mapping[str, str], styles: Sequence[str]
) -> Pieces:
    """Gather what the chapters share."""
    homes = {identifier: file_name(slug) for identifier, slug in resolved.homes.items()}
    return Pieces(
        environment,
        {target: f"../{name}" for target, name in images.items()},
        names(homes),
        homes,
        tuple(f"../{name}" for name in styles),
    )


@dataclass(frozen=True)
class _Written:
    """A document's page but for its frame: its elements, what they hold, what was left out.

    `labelled` is the XML identifier of the title, which names the section.
    """

    content: str
    holdings: Holdings
    labelled: str | None
    removed: tuple[str, ...]


def make(
    resolved: Resolved, shared: Pieces, shelf: Shelf = NOTHING, tally: Tally | None = None
) -> tuple[list[Page], list[Diagnostic]]:
    """Give the pages of the book's documents, in order, and tally them; see `edition.build`."""
    tally = tally or Tally()
    names = _names(resolved, shared)
    written = {slug: found for slug, name in names.items() if (found := _kept(shelf, name))}
    new = [one for one in resolved.documents if one.slug not in written]
    tally.add(len(written))
    for document, one in _write(resolved, new, shared):
        tally.add()
        written[document.slug] = one
        if document.slug in names:
            shelf.put("xhtml", names[document.slug], _record(one))
    pages = [_page(resolved, one, written[one.slug], shared) for one in resolved.documents]
    diagnostics: list[Diagnostic] = []
    for document, page in zip(resolved.documents, pages, strict=True):
        diagnostics += remarks.removed(document, written[document.slug].removed)
        diagnostics += remarks.unconverted(document, page.markup)
    return pages, diagnostics


def _names(resolved: Resolved, shared: Pieces) -> dict[str, str]:
    """Give by what each document's page is known: all that it is made from."""
    lang = resolved.book.settings.lang
    basis = key(pandoc.makers(), shared.images, shared.names, shared.homes, lang)
    return {
        one.slug: key(basis, one.made_from, one.slug, one.role)
        for one in resolved.documents
        if one.made_from
    }


def _record(written: _Written) -> list[object]:
    held = {**vars(written.holdings), "identifiers": sorted(written.holdings.identifiers)}
    return [written.content, held, written.labelled, written.removed]


def _kept(shelf: Shelf, name: str) -> _Written | None:
    record = shelf.get("xhtml", name)
    if record is None:
        return None
    content, held, labelled, removed = record
    counted = Holdings(**{**held, "identifiers": frozenset(held["identifiers"])})
    return _Written(content, counted, labelled, tuple(removed))


def _write(
    resolved: Resolved, documents: Sequence[Document], shared: Pieces
) -> Iterator[tuple[Document, _Written]]:
    """Have documents written; give each as soon as it is."""
    removed: dict[str, list[str]] = {}
    prepared: dict[str, list[Block]] = {}
    for document in documents:
        removed[document.slug] = []
        prepared[document.slug] = _prepared(resolved, document, shared, removed[document.slug])
    by_slug = {document.slug: document for document in documents}
    for slug, markup in pandoc.write(prepared, "html", lang=resolved.book.settings.lang):
        yield by_slug[slug], _finished(by_slug[slug], markup, shared, removed[slug])


def _prepared(
    resolved: Resolved, document: Document, shared: Pieces, removed: list[str]
) -> list[Block]:
    def locate(source: str) -> str | None:
        found = (shared.images.get(name) for name in _places(document, source))
        return next((name for name in found if name), None)

    def tidy(fragment: str) -> str:
        tidied, gone = rawhtml.tidy(fragment, locate)
        removed.extend(gone)
        return tidied

    word = terms(resolved.book.settings.lang).appendix[0]
    appendix = word[:1].upper() + word[1:] if document.role is Role.APPENDIX else None
    return dialect.prepare(
        document.blocks, appendix=appendix, images=dict(shared.images), tidy=tidy
    )


def _places(document: Document, source: str) -> list[str]:
    """Give where an image named in a chapter may be, from the book's folder."""
    folder = posixpath.dirname(document.chapter.path) if document.chapter else ""
    names = [source, unquote(source)]
    return [posixpath.normpath(posixpath.join(place, n)) for n in names for place in (folder, "")]


def raw_images(resolved: Resolved) -> dict[str, Path]:
    """Find the images that only an author's own HTML names, within the book's folder."""
    root = resolved.book.root.resolve()
    found: dict[str, Path] = {}
    for document in filter(_may_name_images, resolved.documents):
        for source in dialect.image_sources(document.blocks):
            for name in _places(document, source):
                path = (root / name).resolve()
                if path.suffix.lower() in PICTURES and path.is_relative_to(root) and path.is_file():
                    found[name] = path
    return found


def _may_name_images(document: Document) -> bool:
    """Tell from the text alone, which needs no tree, whether HTML with an image may stand in it."""
    return document.chapter is None or "<img" in document.chapter.markdown.lower()


def _finished(document: Document, markup: str, shared: Pieces, removed: Sequence[str]) -> _Written:
    """Make of what Pandoc wrote what may stand in an EPUB, linked and with its roles."""
    tree, gone = xhtml.parse(markup, raw=dialect.holds_html(document.blocks))
    finish.structure(tree)
    targets = finish.Targets(file_name(document.slug), shared.homes, shared.names)
    gone += finish.connect(tree, targets)
    held = holdings.count(tree)
    labelled = _first_heading(document, shared, held)
    return _Written(xhtml.inside(tree), held, labelled, (*removed, *gone))


def _page(resolved: Resolved, document: Document, written: _Written, shared: Pieces) -> Page:
    kind, role, matter = KINDS[document.role]
    lang = document.chapter.meta.lang if document.chapter else None
    title = f"{document.number or ''} {line(document.title)}".strip() or document.slug
    rendered = templates.render(
        shared.environment,
        "epub/chapter.xhtml",
        title=title,
        content=Markup(written.content),  # noqa: S704 (serialised by lxml)
        kind=kind,
        role=role,
        matter=matter,
        labelled=written.labelled,
        styles=shared.styles,
        **language_values(lang or resolved.book.settings.lang),
    )
    return Page(f"text/{file_name(document.slug)}", title, rendered, written.holdings)


def _first_heading(document: Document, shared: Pieces, held: Holdings) -> str | None:
    """Give the XML identifier of the chapter's title, which names its section."""
    first = document.blocks[0] if document.blocks else None
    if first is None or first["t"] != "Header":
        return None
    name = shared.names.get(first["c"][1][0], "")
    return name if name in held.identifiers else None
