"""Geppetto's own files: where its templates are, and a digest of everything."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent


def template_root() -> Path:
    """Give the folder of Geppetto's own templates: in a checkout, or in the wheel."""
    checkout = PACKAGE.parents[1] / "templates"
    return checkout if checkout.is_dir() else PACKAGE / "_templates"


@functools.cache
def digest() -> str:
    """Give a digest of Geppetto's own files: another means that it may do otherwise."""
    found = hashlib.sha256()
    for folder in (PACKAGE, template_root()):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()
