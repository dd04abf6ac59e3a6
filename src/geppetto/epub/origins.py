"""Leads a place in a file of the package back to what the author wrote there.

EPUBCheck speaks of lines of the finished pages. The words of a page are matched
with those of its chapter (`sourcemap.match`); between the nearest two words
that agree, the author's own tag is looked for.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geppetto import images, sourcemap
from geppetto.diagnostics import Location
from geppetto.epub import chapters, stylesheets
from geppetto.epub.package import ROOT
from geppetto.model.book import Resolved

_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^<>]*>")
_HEAD = re.compile(r"<head\b.*?</head>", re.DOTALL)
_ENTITY = re.compile(r"&#?\w+;")
_NAME = re.compile(r"<(/?)([A-Za-z][\w:-]*)")


@dataclass(frozen=True)
class Aligned:
    """A page of the package beside the chapter that it was made from."""

    page: str
    source: str

    def find(self, line: int, column: int) -> tuple[int, int] | None:
        """Give line and column, from 1, of the chapter's text for those of the page.

        EPUBCheck gives the place where a tag ends, as SAX does.
        """
        offset = _offset(self.page, line, column)
        starts, matched = self._words
        before = max((m for m in matched[: bisect_left(starts, offset)] if m >= 0), default=-1)
        following = matched[bisect_left(starts, offset) :]
        after = next((m for m in following if m > before), len(self.source))
        tag = _tag_at(self.page, offset)
        written = self._written(tag, before, after) if tag else None
        if written is None:
            written = after if after < len(self.source) else before
        return _position(self.source, written) if written >= 0 else None

    @cached_property
    def _words(self) -> tuple[list[int], list[int]]:
        """Give where each word of the page begins, and its place in the source, or -1."""
        plain = self.page
        for markup in (_HEAD, _TAG, _ENTITY):
            plain = markup.sub(lambda m: " " * len(m[0]), plain)
        shown = list(_WORD.finditer(plain))
        written = list(_WORD.finditer(self.source))
        found = sourcemap.match([m[0] for m in shown], [m[0] for m in written])
        places = [written[at].start() if at >= 0 else -1 for at in found]
        return [m.start() for m in shown], places

    def _written(self, tag: re.Match[str], before: int, after: int) -> int | None:
        """Find the tag as the author wrote it, between the words around it."""
        name = _NAME.match(tag[0])
        if name is None:
            return None
        pattern = re.compile(rf"<{re.escape(name[2])}\b", re.IGNORECASE)
        start = 0 if name[1] else max(before, 0)  # what ends here began anywhere above
        found = [m.start() for m in pattern.finditer(self.source, start, after)]
        return found[-1 if name[1] else 0] if found else None


def _tag_at(page: str, offset: int) -> re.Match[str] | None:
    """Give the tag that ends at a place, or the place is in."""
    start = page.rfind("<", 0, offset)
    return _TAG.match(page, start) if start >= 0 else None


def _offset(text: str, line: int, column: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return at + max(column - 1, 0)


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@dataclass(frozen=True)
class Origins:
    """Which file of the book each file of the package was made from.

    `pages` are the chapters' pages by their path in the package, `sources`
    these chapters' paths, `files` the stylesheets' and pictures' of the book.
    """

    pages: Mapping[str, Aligned]
    sources: Mapping[str, str]
    files: Mapping[str, str]

    def find(self, path: str, line: int = 0, column: int = 0) -> Location:
        """Give the author's place for one of the package; what no file wrote, book.yaml did."""
        if path in self.pages:
            found = self.pages[path].find(line, column) if line > 0 else None
            return Location(self.sources[path], *(found or ()))
        if path in self.files:
            is_sheet = path.endswith(".css") and line > 0
            return Location(self.files[path], line if is_sheet else None)
        return Location("book.yaml")


def of(resolved: Resolved, file: Path) -> Origins:
    """Give the origins of the files of a finished EPUB of the book.

    Raises:
        zipfile.BadZipFile: the file is no EPUB.
    """
    made = {
        f"{ROOT}/text/{chapters.file_name(d.slug)}": d.chapter
        for d in resolved.documents
        if d.chapter is not None
    }
    with zipfile.ZipFile(file) as archive:
        held = set(archive.namelist())
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in made.keys() & held}
    pages = {name: Aligned(text, made[name].text) for name, text in texts.items()}
    return Origins(pages, {name: made[name].path for name in pages}, _files(resolved))


def _files(resolved: Resolved) -> dict[str, str]:
    root = resolved.book.root.resolve()
    pictures, _ = images.for_epub(resolved.images)
    made = {name: resolved.images[target] for target, (name, _, _) in pictures.items()}
    made |= {
        f"{posixpath.splitext(name)[0]}.png": path for name, path in made.items()
    }  # for Kindle
    made |= stylesheets.files(resolved.book)
    found = {name: path.resolve() for name, path in made.items()}
    return {
        f"{ROOT}/{name}": path.relative_to(root).as_posix()
        for name, path in found.items()
        if path.is_relative_to(root)
    }
