"""Leads LaTeX's places back to the manuscript: part and line, to block, to chapter and line."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geppetto import sourcemap
from geppetto.diagnostics import Location
from geppetto.model.book import Document

MARKER = re.compile(r"^%@block (\d+)")


@dataclass(frozen=True)
class Finder:
    """Finds the block that a line of a LaTeX part was made from, and its place in the chapter.

    `parts` are the LaTeX files by name; `documents` the resolved ones by the
    name of the part each became.
    """

    parts: Mapping[str, str]
    documents: Mapping[str, Document]

    def block(self, file: str, line: int) -> tuple[Document, int] | None:
        """Give the document and the index of the block whose marker is nearest above."""
        name = file.removeprefix("./")
        document = self.documents.get(name)
        if document is None or name not in self.parts:
            return None
        lines = self.parts[name].split("\n")[:line]
        for text in reversed(lines):
            match = MARKER.match(text)
            if match:
                return document, int(match[1])
        return document, 0

    def locate(self, file: str, line: int) -> Location | None:
        """Give the chapter and the line on which the block begins."""
        found = self.block(file, line)
        chapter = found[0].chapter if found else None
        if found is None or chapter is None:
            return None
        document, index = found
        return Location(chapter.path, _lines(document)[index])


def _lines(document: Document) -> tuple[int, ...]:
    return _aligned(_Key(document))


@dataclass(frozen=True)
class _Key:
    """A document as a cache's key: by what it is, since its blocks cannot be hashed."""

    document: Document

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.document is self.document


@functools.lru_cache(maxsize=64)
def _aligned(key: _Key) -> tuple[int, ...]:
    document = key.document
    text = document.chapter.text if document.chapter else ""
    return sourcemap.align(document.blocks, text).top
