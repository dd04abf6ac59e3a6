"""`geppetto check`: what was found the last time, if nothing has changed since, else a new look.

Loads as little as it can: most checks are of a book that has not changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto.diagnostics import Diagnostic, Severity, ordered
from geppetto.pipeline import kept
from geppetto.progress import OnStep

ABSENT = frozenset(
    {"image-missing", "image-outside", "chapter-missing", "bib-missing", "csl-missing"}
)
"""What may be mended by a file that no record knows of: such a book is looked at anew."""


@dataclass(frozen=True)
class Checked:
    """What was found, and whether that was known from the last time."""

    diagnostics: tuple[Diagnostic, ...]
    known: bool = False


def check(root: Path, files: Sequence[Path], on_step: OnStep, *, strict: bool = False) -> Checked:
    """Check a book without building it; of `files` alone, if any are named.

    Raises:
        GeppettoError: the configuration does not let the check go on.
    """
    found = kept.read(root)
    known = found is not None
    if found is None:
        from geppetto.pipeline.examining import examine  # noqa: PLC0415 - a quick second check

        found = examine(root, on_step)
        if not any(d.code in ABSENT for d in found.diagnostics):
            kept.write(root, found.inputs, found.diagnostics)
    chosen = _within(found.diagnostics, files, root)
    if strict:
        chosen = [
            replace(d, severity=Severity.ERROR) if d.severity is Severity.WARNING else d
            for d in chosen
        ]
    return Checked(ordered(chosen), known)


def _within(
    diagnostics: Iterable[Diagnostic], files: Sequence[Path], root: Path
) -> list[Diagnostic]:
    wanted = {file.resolve() for file in files}
    listed = list(diagnostics)
    if not wanted:
        return listed
    return [d for d in listed if d.location and (root / d.location.path).resolve() in wanted]
