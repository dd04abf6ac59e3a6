"""The stylesheets: Geppetto's own or the book's in its stead, and the one the book adds."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from geppetto import installed
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.epub.package import Resource
from geppetto.model.book import Book

STYLE = "css/style.css"
BOOK_STYLE = "css/book.css"
# Core media types that a stylesheet may name (EPUB 3.3, section 3.2).
KINDS = {
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_URL = re.compile(r"""url\(\s*(?P<quote>['"]?)(?P<path>[^'")]*)(?P=quote)\s*\)""")


def gather(book: Book) -> tuple[list[Resource], list[Resource]]:
    """Give the stylesheets in the order they apply, and the fonts and images they name.

    Raises:
        GeppettoError: a stylesheet, or a file that one names, is not in the book's folder.
    """
    styles: list[Resource] = []
    named: dict[str, Resource] = {}
    for name, path in files(book).items():
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        styles.append(Resource(name, _rewritten(book, text, path, named).encode(), "text/css"))
    return styles, [named[name] for name in sorted(named)]


def files(book: Book) -> dict[str, Path]:
    """Give the files of the stylesheets by their names in the package, in the order they apply.

    Raises:
        GeppettoError: the book's own is not in its folder.
    """
    own = book.root / "templates" / "epub" / "style.css"
    sheets = {STYLE: own if own.is_file() else installed.template_root() / "epub" / "style.css"}
    if book.settings.epub.css is not None:
        sheets[BOOK_STYLE] = _within(book, book.root / book.settings.epub.css, "book.yaml")
    return sheets


def sources(book: Book) -> list[Path]:
    """Give the files of the stylesheets, and those that they name."""
    sheets = list(files(book).values())
    texts = ((s, s.read_text(encoding="utf-8-sig", errors="replace")) for s in sheets)
    named = [_target(sheet, found) for sheet, text in texts for found in _URL.finditer(text)]
    return [*sheets, *named]


def _target(sheet: Path, found: re.Match[str]) -> Path:
    return sheet.parent / found["path"].strip().partition("#")[0]


def _rewritten(book: Book, text: str, sheet: Path, named: dict[str, Resource]) -> str:
    def change(found: re.Match[str]) -> str:
        path = _within(book, _target(sheet, found), sheet.name)
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:8]
        name = f"{digest}{path.suffix.lower()}"
        named[name] = Resource(f"css/{name}", data, KINDS[path.suffix.lower()])
        return f'url("{name}")'

    return _URL.sub(change, text)


def _within(book: Book, path: Path, asker: str) -> Path:
    root = book.root.resolve()
    found = path.resolve()
    known = found.suffix.lower() in {*KINDS, ".css"}
    if known and found.is_relative_to(root) and found.is_file():
        return found
    raise GeppettoError(
        Diagnostic(
            "template-missing",
            f"{asker} names {path.name}, which is not in the book's folder.",
            Location(asker),
            hint="Stylesheets, fonts and their images must be files inside the book's folder.",
        ),
        ExitCode.USAGE,
    )
