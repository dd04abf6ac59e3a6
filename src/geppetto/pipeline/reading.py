"""From the book's folder to the book: configuration, chapters, bibliography, style, date."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import config, manuscript, tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.markedyaml import Marks
from geppetto.model.book import Book
from geppetto.pipeline import repository, unmarking

Found = tuple[Book, Path | None, list[Diagnostic]]
EARLIEST = 315532800
"""The first second of 1980, the earliest that a ZIP file, and so an EPUB, can hold."""


@dataclass(frozen=True)
class Begun:
    """A book as far as Pandoc needs it to read the chapters: its bibliography is not yet read."""

    book: Book
    marks: Marks
    diagnostics: list[Diagnostic]


def begin(root: Path) -> Begun:
    """Read the configuration and the chapters.

    Raises:
        GeppettoError: book.yaml is absent or has faults (exit code 2).
    """
    configuration = config.load(root)
    settings, marks = configuration.settings, configuration.marks
    chapters, diagnostics = manuscript.read(root, settings, marks)
    if any(unmarking.may_have_marks(chapter) for chapter in chapters):
        chapters = tuple(unmarking.without_marks(chapter) for chapter in chapters)
    book = Book(root, settings, chapters, slug=manuscript.book_slug(settings))
    return Begun(book, marks, diagnostics)


def complete(begun: Begun) -> Found:
    """Read the bibliography, and find the citation style."""
    from geppetto import bibliography, styles  # noqa: PLC0415 - a check starts Pandoc first

    root, settings, marks = begun.book.root, begun.book.settings, begun.marks
    references, more = bibliography.read(root, settings, marks)
    csl, faults = styles.find(root, settings.csl)
    faults = [replace(d, location=marks.value("csl")) for d in faults]
    book = replace(begun.book, bibliography=references)
    return book, csl, [*begun.diagnostics, *more, *faults]


def read(root: Path) -> Found:
    """Read a book's folder; give the book, its citation style, and what is wrong.

    Raises:
        GeppettoError: book.yaml is absent or has faults (exit code 2).
    """
    return complete(begin(root))


def epoch(book: Book) -> int:
    """Give the book's time in seconds since 1970: what every output is stamped with.

    The environment's SOURCE_DATE_EPOCH, else the book's date, else the newest
    commit's, else the first second of 1980; never the clock.

    Raises:
        GeppettoError: SOURCE_DATE_EPOCH is no whole number.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return max(_whole(given), EARLIEST)
    date = book.settings.date
    if date is not None:
        midnight = datetime.datetime.combine(date, datetime.time(), datetime.UTC)
        return max(int(midnight.timestamp()), EARLIEST)
    return max(_newest_commit(book.root), EARLIEST)


def dated_by(book: Book) -> list[Path]:
    """Give the files that change when the book's newest commit does; none where no commit matters."""
    if os.environ.get("SOURCE_DATE_EPOCH") or book.settings.date is not None:
        return []
    folders = [folder for folder in repository.folders(book.root) if folder.is_dir()]
    named = (folder / "HEAD" for folder in folders)
    heads = [head.read_text("utf-8", "replace") for head in named if head.is_file()]
    branches = [head.removeprefix("ref:").strip() for head in heads if head.startswith("ref:")]
    files = ("HEAD", "packed-refs", *branches)
    return [folder / name for folder in folders for name in files] or [book.root / ".git"]


def _whole(value: str) -> int:
    if value.isdecimal():
        return int(value)
    raise GeppettoError(
        Diagnostic(
            "config-value",
            f"The environment's SOURCE_DATE_EPOCH is {value!r}, not a whole number of seconds.",
            hint="Unset it, or set it to the seconds since 1970-01-01.",
        ),
        ExitCode.USAGE,
    )


def _newest_commit(root: Path) -> int:
    said = git(root, "log", "-1", "--format=%ct", "--", ".")
    return int(said) if said.isdecimal() else 0


def git(root: Path, *arguments: str) -> str:
    """Ask git of the book's folder; nothing where there is none, or it knows no answer."""
    if tools.find("git") is None:
        return ""
    result = repository.git(root, *arguments)
    return result.stdout.decode("utf-8", "replace").strip() if result.returncode == 0 else ""


def revision(root: Path, apart: Sequence[str] = ()) -> str:
    """Give the abbreviated commit, with a `+` if the folder differs from it; nothing without git.

    `apart` are paths that are about the book, and not of it.
    """
    commit = git(root, "rev-parse", "--short=7", "HEAD")
    if not commit:
        return ""
    excepted = [f":(exclude,literal){path}" for path in apart]
    changes = git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *excepted)
    return f"{commit}+" if changes else commit
