"""What Pandoc says, in the author's words: its failures and its log."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.places import file_of


def failure(path: str, words: str | None) -> Diagnostic:
    """Say that a chapter could not be read or written."""
    return Diagnostic(
        "pandoc-failed",
        "Pandoc could not take this chapter.",
        Location(file_of(path)),
        hint="Take away what was changed last, and build again.",
        detail=words,
    )


def unwritten(edition: str, words: str) -> Diagnostic:
    """Say that an edition of the whole book could not be written."""
    return Diagnostic(
        "pandoc-failed",
        f"Pandoc could not write the {edition}.",
        hint="Take away what was changed last, and build again.",
        detail=words,
    )


def looping(path: str, text: str, words: str) -> Diagnostic | None:
    """Say where a LaTeX macro that calls itself is defined (Text.Pandoc.Readers.LaTeX.Parsing)."""
    loop = re.search(r"Loop encountered in expanding macro (\S+)", words)
    if loop is None:
        return None
    name = f"\\{loop[1]}"
    defined = re.search(rf"\\\w+\*?\s*\{{?{re.escape(name)}(?![A-Za-z])", text)
    before = text[: defined.start()] if defined else ""
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if defined else ()
    return Diagnostic(
        "pandoc-failed",
        f"The LaTeX macro {name} calls itself without end.",
        Location(file_of(path), *place),
        "Mend its definition, or take it away.",
        detail=words,
    )


def citing_failure(csl: Path | None, words: str) -> Diagnostic:
    """Say why citeproc set no citations: a style that is broken, or an entry."""
    if csl is not None and not words.startswith("Error reading bibliography"):
        return Diagnostic(
            "csl-broken",
            f"The citation style {csl.name} cannot be read.",
            Location("book.yaml"),
            hint="Take the style anew from the CSL project, or leave `csl` out.",
            detail=words,
        )
    return Diagnostic(
        "pandoc-failed",
        f"The citations could not be set: {words.splitlines()[-1] if words else 'no reason given'}.",
        hint="Take away the entry that was changed last, and build again.",
        detail=words,
    )


def heard(path: str | None, message: dict[str, Any]) -> Diagnostic | None:
    """Turn one of Pandoc's log messages (Text.Pandoc.Logging) into a diagnostic.

    Doubled notes and identifiers are found by `references`, with better places.
    """
    silent = {
        "DuplicateNoteReference",
        "DuplicateIdentifier",
        "NoteDefinedButNotUsed",
        "CouldNotParseYamlMetadata",
    }
    if message.get("verbosity") != "WARNING" or message["type"] in silent:
        return None
    place = None
    if path is not None:
        at = message.get("openpos", message)
        place = Location(file_of(path), at.get("line"), at.get("column"))
    if message["type"] == "UnclosedDiv":
        says, hint = "A div is opened here and not closed.", "Write ::: or </div> where it ends."
        return Diagnostic("pandoc-warning", says, place, hint)
    return Diagnostic("pandoc-warning", str(message.get("pretty", message["type"])), place)


def too_deep(path: str) -> Diagnostic:
    """Say that a chapter is nested more deeply than can be walked."""
    says = "Lists, quotations or divs stand in each other more deeply than a page can show."
    return Diagnostic(
        "nesting-deep", says, Location(file_of(path)), "Nest less: six levels are many."
    )
