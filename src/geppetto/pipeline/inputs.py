"""The files that a book is made of, and whether one was changed while the book was built."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Resolved

Stamps = Mapping[str, tuple[int, int, int]]
SKIPPED = frozenset({"build", "node_modules"})
MOST = 50_000
"""So many files are looked at; a book's folder with more is somebody's home."""


def stamps(root: Path) -> Stamps:
    """Give size, time and number of every file in the book's folder, hidden ones apart."""
    found: dict[str, tuple[int, int, int]] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(filter(_is_entered, folders))
        for name in names:
            path = Path(folder, name)
            found[path.relative_to(root).as_posix()] = stamp(path)
        if len(found) > MOST:
            break
    return found


def is_looked_at(name: str) -> bool:
    """Tell whether `stamps` finds a file, by its path from the book's folder."""
    return all(map(_is_entered, Path(name).parts[:-1]))


def _is_entered(folder: str) -> bool:
    return folder not in SKIPPED and not folder.startswith(".")


def changed(before: Stamps, resolved: Resolved, csl: Path | None) -> list[Diagnostic]:
    """Say which of the book's files are others now than before they were read."""
    root = resolved.book.root
    names = [name for name in _named(resolved, csl) if name in before]
    return [
        Diagnostic(
            "input-changed",
            "This file was changed while the book was built.",
            Location(name),
            "The outputs may hold its old or its new text: build again.",
        )
        for name in sorted(set(names))
        if stamp(root / name) != before[name]
    ]


def _named(resolved: Resolved, csl: Path | None) -> Iterable[str]:
    book = resolved.book
    yield "book.yaml"
    yield from (chapter.path for chapter in book.chapters)
    yield from (r.location.path for r in book.bibliography.references.values())
    root = book.root.resolve()
    for path in (*resolved.images.values(), *([csl] if csl else [])):
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix()


def stamp(path: Path) -> tuple[int, int, int]:
    """Give size, time and number of a file, zeros where there is none."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0)
    return status.st_size, status.st_mtime_ns, status.st_ino
