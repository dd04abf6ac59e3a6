"""What is kept of findings and files between two runs: as JSON, by the content of files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import geppetto
from geppetto import store
from geppetto.diagnostics import CATALOGUE, Diagnostic, Location, Severity


def version() -> str:
    """Give Geppetto's version with a digest of its codes: one that looks for more looks again."""
    catalogue = hashlib.sha256(" ".join(CATALOGUE).encode()).hexdigest()[:12]
    return f"{geppetto.__version__} {catalogue}"


def digest(path: Path) -> str:
    """Give the digest of a file, or of the names in a folder; nothing where there is none."""
    if not path.is_dir():
        return store.digest(path)
    try:
        return of_names(n for n in os.listdir(path) if n != "build" and not n.startswith("."))  # noqa: PTH208
    except OSError:
        return ""


def of_names(names: Iterable[str]) -> str:
    """Give the digest of a set of names."""
    listed = "\0".join(sorted(names))
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


def from_diagnostic(diagnostic: Diagnostic) -> list[object]:
    """Give a diagnostic as JSON keeps it."""
    place = diagnostic.location
    return [
        diagnostic.code,
        diagnostic.message,
        [place.path, place.line, place.column] if place else None,
        diagnostic.hint,
        diagnostic.detail,
        diagnostic.severity,
    ]


def to_diagnostic(record: list[object]) -> Diagnostic:
    """Give a diagnostic back."""
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
