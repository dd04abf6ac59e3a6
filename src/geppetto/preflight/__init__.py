"""Looks at a print file as the printer would: a table of checks. Knows pikepdf and pypdfium2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf

from geppetto.diagnostics import Diagnostic, Location
from geppetto.preflight import (
    colours,
    counts,
    covers,
    extras,
    images,
    margins,
    sizes,
    standards,
    typefaces,
)
from geppetto.preflight.asked import Asked
from geppetto.preflight.opened import Opened

__all__ = ["Asked", "examine"]

Check = Callable[[Opened, Asked], Iterator[Diagnostic]]
BOTH: tuple[Check, ...] = (
    extras.encrypted,
    counts.large,
    typefaces.fonts,
    extras.notes,
    extras.bookmarks,
    extras.scripts,
    extras.attached,
    extras.layers,
    extras.metadata,
    colours.transparency,
    colours.colours,
    colours.inks,
    standards.standard,
    images.resolution,
)
PAGES: tuple[Check, ...] = (
    counts.pages,
    counts.last,
    sizes.one,
    sizes.trim,
    sizes.marks,
    sizes.bleed,
    margins.margins,
)
COVER: tuple[Check, ...] = (covers.size,)


def examine(file: Path, asked: Asked, name: str = "") -> list[Diagnostic]:
    """Give all in which a print file is not what a printer asks; `name` is what it is called."""
    place = Location(name or file.name)
    try:
        with Opened(file) as opened:
            checks = (*BOTH, *(COVER if asked.cover else PAGES))
            found = [d for check in checks for d in _looked(check, opened, asked)]
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError) as fault:
        found = [_unread(fault)]
    return [replace(one, location=place) for one in dict.fromkeys(found)]


def _looked(check: Check, opened: Opened, asked: Asked) -> list[Diagnostic]:
    """Let one check look; what stops it is a fault of the file, and does not stop the others."""
    try:
        return list(check(opened, asked))
    except (ValueError, TypeError, AttributeError, LookupError) as fault:
        says = "Part of the file is not as a PDF is, and was not looked at."
        hint = "Make it anew, with another program if it stays so."
        return [Diagnostic("print-unread", says, hint=hint, detail=str(fault))]


def _unread(fault: Exception) -> Diagnostic:
    if isinstance(fault, pikepdf.PasswordError):
        says, hint = "The file opens with a password only.", "Write it without a password."
        return Diagnostic("print-encrypted", says, hint=hint)
    return Diagnostic(
        "print-unread",
        "The file is no PDF that can be read.",
        hint="Make it anew; a download or a copy may have been cut off.",
        detail=str(fault),
    )
