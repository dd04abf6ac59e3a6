"""What the last check found, kept by the content of everything that it read.

A check of an unchanged book gives the same again without reading a chapter. The
record is thrown away when it cannot be read, or was written by another version.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geppetto import store
from geppetto.diagnostics import Diagnostic, GeppettoError
from geppetto.pipeline import records

if TYPE_CHECKING:  # a second check loads no more than it needs
    from geppetto.model.book import Book

FILE = "check.json"
FORMAT = 1
CHAPTERS = "chapters"


Inputs = Mapping[str, str]
"""The digest of each file and folder that findings depend on, by its path."""


@dataclass(frozen=True)
class Kept:
    """What was found, and what that depends on."""

    inputs: Inputs
    diagnostics: tuple[Diagnostic, ...]


def read(root: Path) -> Kept | None:
    """Give what the last check found, if nothing that it read has changed."""
    try:
        record = json.loads((root / "build" / FILE).read_text("utf-8"))
        if record["version"] != f"{FORMAT} {records.version()}":
            return None
        inputs = {str(path): str(value) for path, value in record["inputs"].items()}
        if any(records.digest(root / path) != value for path, value in inputs.items()):
            return None
        return Kept(inputs, tuple(records.to_diagnostic(one) for one in record["diagnostics"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def write(root: Path, inputs: Mapping[str, str], diagnostics: Iterable[Diagnostic]) -> None:
    """Keep what a check found. Where the folder cannot be written, the next check looks again."""
    record = {
        "version": f"{FORMAT} {records.version()}",
        "inputs": dict(inputs),
        "diagnostics": [records.from_diagnostic(one) for one in diagnostics],
    }
    try:
        store.write_text(root / "build" / FILE, json.dumps(record, ensure_ascii=False) + "\n")
    except (GeppettoError, UnicodeEncodeError):
        return


def inputs(book: Book, csl: Path | None, images: Iterable[Path]) -> dict[str, str]:
    """Give the digests of all that a check of the book depends on, by path from its folder."""
    paths = sources(book, csl, images)
    return {os.path.relpath(path, book.root): records.digest(path) for path in paths}


def sources(book: Book, csl: Path | None, images: Iterable[Path]) -> list[Path]:
    """Give the files that a book is read from, and the folders the names in which matter."""
    settings = book.settings
    paths = [book.root / "book.yaml", book.root / CHAPTERS]
    paths += [book.root / chapter.path for chapter in book.chapters]
    paths += [book.root / name for name in settings.bibliography or _bibliographies(book.root)]
    paths += [csl] if csl else []
    paths += sorted(images)
    return list(dict.fromkeys(paths))


def _bibliographies(root: Path) -> list[str]:
    return [".", *(path.name for path in sorted(root.glob("*.bib")))]
