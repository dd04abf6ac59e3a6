"""Answers where a line of a chapter stands in the PDF, and what stands at a place of the PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from geppetto import config, manuscript, store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.pagemap import PageMap, Row, stored
from geppetto.pipeline import excerpting

_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")
BUILD = "Build the PDF: 'geppetto pdf'."


@dataclass(frozen=True)
class Spot:
    """One answer: a line of a chapter, and a rectangle of a page in parts of its width and height.

    `page` counts from 1; `x` and `y` are the rectangle's upper left corner.
    """

    path: str
    line: int
    pdf: Path
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Answer:
    """Where something stands, and what is to be said of that."""

    spots: tuple[Spot, ...]
    diagnostics: tuple[Diagnostic, ...]


def in_text(pdf: Path, page: int, at: tuple[float, float] | None, root: Path) -> Answer:
    """Say which line of a chapter stands on a page of a PDF: at a point, else each of them.

    `at` is in parts of the page's width and height, from its upper left corner.

    Raises:
        GeppettoError: the PDF has no map of its own, or no such page.
    """
    made = _read(pdf, root)
    said = _stale_pdf(made, pdf, root)
    if not 1 <= page <= len(made.pages):
        raise _unknown(f"{_shown(pdf, root)} has {len(made.pages)} pages; there is no page {page}.")
    width, height = made.pages[page - 1]
    if at is None:
        rows, is_there = list(made.on(page)), True
    else:
        found = made.at(page, at[0] * width, at[1] * height)
        rows, is_there = ([found[0]], found[1]) if found else ([], True)
    if not rows:
        raise _unknown(f"Nothing of the text stands on page {page}.", "Name another page.")
    said += _stale_sources(made, {row.path for row in rows}, root)
    if not is_there:
        place = Location(rows[0].path, rows[0].line)
        said.append(
            Diagnostic("place-nearest", "Nothing is set there; this is the nearest.", place)
        )
    return Answer(_spots(made, rows, pdf), tuple(said))


def in_pdf(place: str, root: Path) -> Answer:
    """Say where a line of a chapter, `path:line`, stands in the book's PDF: one spot a page.

    A chapter may be named by its number, as in a draft's margin: `3:118`.

    Raises:
        GeppettoError: the PDF is not there, or has nothing of this file.
    """
    match = _LINE.fullmatch(place)
    if match is None:
        raise _unknown(f"{place} is no place.", "Name a line, as in chapters/01.md:118, or a PDF.")
    path, line = _named(match["path"], root), int(match["line"])
    pdf = _pdf(root)
    made = _read(pdf, root)
    rows = list(made.of(path, line))
    if not rows:
        raise _unknown(
            f"Nothing in {_shown(pdf, root)} comes from {path}.",
            f"It knows {', '.join(sorted(made.sources)[:5])} …",
        )
    said = [*_stale_pdf(made, pdf, root), *_stale_sources(made, {path}, root)]
    if rows[0].line != line:
        words = f"Line {line} begins nothing on a page; this is line {rows[0].line}."
        said.append(Diagnostic("place-nearest", words, Location(path, rows[0].line)))
    widest: dict[int, Row] = {}  # the mark of a note is a piece of the note's line, too
    for row in rows:
        if row.page not in widest or row.width > widest[row.page].width:
            widest[row.page] = row
    return Answer(_spots(made, [widest[page] for page in sorted(widest)], pdf), tuple(said))


def pdf_of(root: Path) -> Path | None:
    """Give the book's PDF, if it stands."""
    try:
        pdf = _pdf(root)
    except GeppettoError:
        return None
    return pdf if pdf.is_file() else None


def _pdf(root: Path) -> Path:
    return root / "build" / f"{manuscript.book_slug(config.load(root).settings)}.pdf"


def _named(name: str, root: Path) -> str:
    """Give a file's path from the book's folder; it may be named by its chapter's number."""
    path = _within(name, root)
    if (root / path).is_file():
        return path
    chapter = excerpting.chapter_of(root, name)
    return path if chapter is None else chapter.path


def _within(path: str, root: Path) -> str:
    """Give a file's path from the book's folder; it may be named from the current one."""
    for folder in (root, Path.cwd()):
        found = (folder / path).resolve()
        if found.is_file() and found.is_relative_to(root.resolve()):
            return found.relative_to(root.resolve()).as_posix()
    return Path(path).as_posix()


def _spots(made: PageMap, rows: list[Row], pdf: Path) -> tuple[Spot, ...]:
    return tuple(_spot(row, *made.pages[row.page - 1], pdf) for row in rows)


def _spot(row: Row, width: int, height: int, pdf: Path) -> Spot:
    return Spot(
        row.path,
        row.line,
        pdf,
        row.page,
        round(row.x / width, 4),
        round((row.y - row.height) / height, 4),
        round(row.width / width, 4),
        round((row.height + row.depth) / height, 4),
    )


def _read(pdf: Path, root: Path) -> PageMap:
    if not pdf.is_file():
        raise _missing(f"There is no {_shown(pdf, root)}.")
    file = stored.beside(pdf)
    try:
        return stored.unpacked(file.read_bytes())
    except FileNotFoundError as fault:
        raise _missing(f"{_shown(pdf, root)} has no page map, {file.name}, beside it.") from fault
    except (OSError, ValueError) as fault:
        raise GeppettoError(
            Diagnostic("map-damaged", f"{_shown(file, root)} cannot be read: {fault}.", hint=BUILD),
            ExitCode.USAGE,
        ) from fault


def _missing(words: str) -> GeppettoError:
    return GeppettoError(Diagnostic("map-missing", words, hint=BUILD), ExitCode.USAGE)


def _unknown(words: str, hint: str | None = None) -> GeppettoError:
    return GeppettoError(Diagnostic("place-unknown", words, hint=hint), ExitCode.USAGE)


def _stale_pdf(made: PageMap, pdf: Path, root: Path) -> list[Diagnostic]:
    if store.digest(pdf) == made.pdf:
        return []
    words = f"The page map beside {_shown(pdf, root)} was made of another PDF."
    return [Diagnostic("map-stale", words, hint=BUILD)]


def _stale_sources(made: PageMap, paths: set[str], root: Path) -> list[Diagnostic]:
    changed = [p for p in sorted(paths) if store.digest(root / p) != made.sources.get(p)]
    words = "The file has changed since the PDF was built; its lines may have moved."
    return [Diagnostic("map-stale", words, Location(path), BUILD) for path in changed]


def _shown(path: Path, root: Path) -> str:
    within = path.resolve().is_relative_to(root.resolve())
    return path.resolve().relative_to(root.resolve()).as_posix() if within else str(path)
