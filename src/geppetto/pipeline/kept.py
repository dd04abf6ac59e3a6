"""What the last check found, kept by the content of everything that it read.

A check of an unchanged book gives the same again without reading a chapter. The
record is thrown away when it cannot be read, or was written by another version.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geppetto
from geppetto import store
from geppetto.diagnostics import CATALOGUE, Diagnostic, GeppettoError, Location, Severity

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
        if record["version"] != _version():
            return None
        inputs = {str(path): str(value) for path, value in record["inputs"].items()}
        if any(_digest(root / path) != value for path, value in inputs.items()):
            return None
        return Kept(inputs, tuple(_diagnostic(one) for one in record["diagnostics"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def write(root: Path, inputs: Mapping[str, str], diagnostics: Iterable[Diagnostic]) -> None:
    """Keep what a check found. Where the folder cannot be written, the next check looks again."""
    record = {
        "version": _version(),
        "inputs": dict(inputs),
        "diagnostics": [_record(one) for one in diagnostics],
    }
    try:
        store.write_text(root / "build" / FILE, json.dumps(record, ensure_ascii=False) + "\n")
    except (GeppettoError, UnicodeEncodeError):
        return


def inputs(book: Book, csl: Path | None, images: Iterable[Path]) -> dict[str, str]:
    """Give the digests of all that a check of the book depends on, by path from its folder."""
    settings = book.settings
    paths = [book.root / "book.yaml", book.root / CHAPTERS]
    paths += [book.root / chapter.path for chapter in book.chapters]
    paths += [book.root / name for name in settings.bibliography or _bibliographies(book.root)]
    paths += [csl] if csl else []
    paths += sorted(images)
    return {os.path.relpath(path, book.root): _digest(path) for path in dict.fromkeys(paths)}


def _bibliographies(root: Path) -> list[str]:
    return [".", *(path.name for path in sorted(root.glob("*.bib")))]


def _digest(path: Path) -> str:
    """Give the digest of a file, or of the names in a folder; nothing where there is none."""
    try:
        if path.is_dir():
            names = sorted(n for n in os.listdir(path) if n != "build" and not n.startswith("."))  # noqa: PTH208
            return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
        with path.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError:
        return ""


def _version() -> str:
    return f"{FORMAT} {geppetto.__version__} {hash_of_catalogue()}"


def hash_of_catalogue() -> str:
    """Give a digest of the codes there are: a version that looks for more looks again."""
    return hashlib.sha256(" ".join(CATALOGUE).encode()).hexdigest()[:12]


def _record(diagnostic: Diagnostic) -> list[object]:
    place = diagnostic.location
    return [
        diagnostic.code,
        diagnostic.message,
        [place.path, place.line, place.column] if place else None,
        diagnostic.hint,
        diagnostic.detail,
        diagnostic.severity,
    ]


def _diagnostic(record: list[object]) -> Diagnostic:
    code, message, place, hint, detail, severity = record
    location = Location(*place) if isinstance(place, list) else None
    return Diagnostic(
        str(code),
        str(message),
        location,
        None if hint is None else str(hint),
        None if detail is None else str(detail),
        Severity(str(severity)),
    )
