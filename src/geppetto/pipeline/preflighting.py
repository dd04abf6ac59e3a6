"""`geppetto preflight`: a print file held against a printer's demands, and the book's own choices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geppetto import config, stores
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, ordered
from geppetto.model.settings import Settings, inches, trim_size
from geppetto.preflight import Asked, examine
from geppetto.preflight.asked import BLACK
from geppetto.progress import OnStep, Step


@dataclass(frozen=True)
class Question:
    """What is looked at: a file, for which printer; of a cover, the pages of its book if known."""

    file: Path
    printer: str
    cover: bool = False
    pages: int | None = None


def preflight(root: Path, question: Question, on_step: OnStep) -> tuple[Diagnostic, ...]:
    """Give all in which the file is not what the printer asks.

    The trim, the ink and the paper are those of the book in `root`, if there is one.

    Raises:
        GeppettoError: book.yaml has faults.
    """
    on_step(Step(f"looking at {question.file.name}"))
    inside = question.file.is_relative_to(root)
    name = question.file.relative_to(root).as_posix() if inside else question.file.name
    settings = _settings(root)
    return ordered(examine(question.file, asked(question, settings), name))


def asked(question: Question, settings: Settings | None) -> Asked:
    """Give what a file is held against: the printer's demands, the book's choices."""
    store = stores.every()[question.printer]
    if settings is None:
        return Asked(store, ink=BLACK, cover=question.cover, pages=question.pages)
    width, height = (inches(one) for one in trim_size(settings.pdf.trim))
    own = settings.print
    return Asked(
        store,
        ink=own.ink,
        pdfx=own.pdfx,
        cover=question.cover,
        trim=(width, height),
        pages=question.pages,
        caliper=store.cover.thickness(own.stock, own.thickness) if store.cover else None,
    )


def _settings(root: Path) -> Settings | None:
    """Give the settings of the book in a folder; nothing where there is no book."""
    try:
        return config.load(root).settings
    except GeppettoError as fault:
        if fault.exit_code is ExitCode.USAGE and not (root / "book.yaml").exists():
            return None
        raise
