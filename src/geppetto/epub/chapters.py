"""The book's documents as pages: one XHTML file each."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment
from markupsafe import Markup

from geppetto import pandoc, sourcemap, templates
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic, Location
from geppetto.epub import dialect, finish, rawhtml, xhtml
from geppetto.epub.characters import NOTE, line, names
from geppetto.epub.pages import Page, language_values
from geppetto.model.book import Document, Resolved, Role
from geppetto.terms import terms

# role -> epub:type and role of the section, epub:type of the body
KINDS = {
    Role.FRONT: ("", "", "frontmatter"),
    Role.MAIN: ("chapter", "doc-chapter", "bodymatter"),
    Role.APPENDIX: ("appendix", "doc-appendix", "backmatter"),
    Role.BACK: ("bibliography", "doc-bibliography", "backmatter"),
}
PICTURES = frozenset({".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
SHOWN = 60  # characters of a formula in a message
HTML_HINT = "Write it in Markdown, or leave it out of the book."
LINK_HINT = (
    "Links may lead to #identifiers of the book and to http, https, mailto and tel addresses."
)


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


def make(resolved: Resolved, shared: Pieces) -> tuple[list[Page], list[Diagnostic]]:
    """Give the pages of the book's documents, in order."""
    removed: dict[str, list[str]] = {}
    prepared: dict[str, list[Block]] = {}
    for document in resolved.documents:
        removed[document.slug] = []
        prepared[document.slug] = _prepared(resolved, document, shared, removed[document.slug])
    written = pandoc.write(prepared, "html", lang=resolved.book.settings.lang)
    pages: list[Page] = []
    diagnostics: list[Diagnostic] = []
    for document in resolved.documents:
        raw = dialect.holds_html(document.blocks)
        page, gone = _page(resolved, document, written[document.slug], shared, raw=raw)
        pages.append(page)
        diagnostics += _said(document, [*removed[document.slug], *gone])
        diagnostics += _unconverted(document, page.markup)
    return pages, diagnostics


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
    for document in resolved.documents:
        for source in dialect.image_sources(document.blocks):
            for name in _places(document, source):
                path = (root / name).resolve()
                if path.suffix.lower() in PICTURES and path.is_relative_to(root) and path.is_file():
                    found[name] = path
    return found


def _page(
    resolved: Resolved, document: Document, markup: str, shared: Pieces, *, raw: bool
) -> tuple[Page, list[str]]:
    tree, removed = xhtml.parse(markup, raw=raw)
    finish.structure(tree)
    name = file_name(document.slug)
    removed += finish.connect(tree, finish.Targets(name, shared.homes, shared.names))
    holdings = finish.holdings(tree)
    kind, role, matter = KINDS[document.role]
    lang = document.chapter.meta.lang if document.chapter else None
    title = f"{document.number or ''} {line(document.title)}".strip() or document.slug
    rendered = templates.render(
        shared.environment,
        "epub/chapter.xhtml",
        title=title,
        content=Markup(xhtml.inside(tree)),  # noqa: S704 (serialised by lxml)
        kind=kind,
        role=role,
        matter=matter,
        labelled=_first_heading(document, shared, holdings),
        styles=shared.styles,
        **language_values(lang or resolved.book.settings.lang),
    )
    return Page(f"text/{name}", title, rendered, holdings), removed


def _first_heading(document: Document, shared: Pieces, holdings: finish.Holdings) -> str | None:
    """Give the XML identifier of the chapter's title, which names its section."""
    first = document.blocks[0] if document.blocks else None
    if first is None or first["t"] != "Header":
        return None
    name = shared.names.get(first["c"][1][0], "")
    return name if name in holdings.identifiers else None


def _said(document: Document, removed: Sequence[str]) -> list[Diagnostic]:
    """Say once for each chapter and kind what was left out, with the line where it stands."""
    chapter = document.chapter
    diagnostics = []
    for thing in dict.fromkeys(removed):
        tag, _, attribute = thing.partition(" ")
        if tag == "a" and attribute and not attribute.startswith("on"):
            message = f"The link to {attribute} cannot stand in an EPUB; its text stays."
            sought, hint = re.escape(attribute), LINK_HINT
        elif tag == "img" and not attribute.startswith("on"):
            message = f"The image {attribute} is not in the book's folder; its description stays."
            sought, hint = re.escape(attribute), "Put the image beside the chapter."
        elif attribute:
            message = f"The attribute {attribute} of <{tag}> cannot stand in an EPUB."
            sought, hint = rf"\b{re.escape(attribute)}\s*=", HTML_HINT
        else:
            message = f"The element <{tag}> cannot stand in an EPUB and was left out."
            sought, hint = rf"<{re.escape(tag)}\b", HTML_HINT
        if NOTE in thing:
            continue
        location = _find(chapter.markdown, sought, chapter.path) if chapter else None
        diagnostics.append(Diagnostic("html-removed", message, location, hint))
    return diagnostics


def _find(text: str, sought: str, path: str) -> Location:
    match = re.search(sought, text, re.IGNORECASE)
    if match is None:
        return Location(path)
    before = text[: match.start()]
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _unconverted(document: Document, markup: str) -> list[Diagnostic]:
    """Say which formulas Pandoc could not turn into MathML; they show as TeX."""
    found = re.findall(r'<span class="math (?:inline|display)">([^<]*)', markup)
    hint = "Use only TeX's and amsmath's own commands in it."
    diagnostics = []
    for formula in dict.fromkeys(html.unescape(shown).strip("$").strip() for shown in found):
        short = formula if len(formula) <= SHOWN else f"{formula[:SHOWN]}…"
        message = f"The formula ${short}$ cannot be turned into MathML; the EPUB shows its TeX."
        diagnostics += [
            Diagnostic("pandoc-warning", message, place, hint)
            for place in _formulas(document, formula)
        ]
    return diagnostics


def _formulas(document: Document, formula: str) -> list[Location | None]:
    """Give every place of a formula; where it cannot be found, the chapter."""
    chapter = document.chapter
    if chapter is None:
        return [None]
    text = chapter.markdown
    spans = sourcemap.occurrences(text, formula, is_math=True)
    found = [Location(chapter.path, *sourcemap.point(text, start)) for start, _ in spans]
    return list(found or [Location(chapter.path)])
