"""Compares the finished editions with the Markdown: every word is there, and no more than once.

An EPUB is also given to EPUBCheck, and what that says led back to the chapters; a
tagged PDF to veraPDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import pandoc, sourcemap, verapdf
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location, ordered
from geppetto.epub import check, origins
from geppetto.latex import finish
from geppetto.model.book import Book, Resolved
from geppetto.pipeline import reading
from geppetto.pipeline.resolving import resolve
from geppetto.progress import OnStep, Step
from geppetto.references import constructs, openings
from geppetto.verification import edition
from geppetto.verification.compare import Loss, compare
from geppetto.verification.manuscript import contents

EDITIONS = ("pdf", "epub", "docx")
BETWEEN = r"(?:[\W_]|\{[^{}\n]*\}|\]\([^()\n]*\))+"  # markup, attributes, targets
SHOWN = 12  # words of a loss that a message quotes
AGAIN = "Build again if the chapters have changed since; if it stays so, the fault is Geppetto's."
NAMES = {
    "note": ("footnote", "a footnote"),
    "caption": ("caption", "a caption"),
    "cell": ("table cell", "a table cell"),
    "heading": ("heading", "a heading"),
    "code": ("code", "code"),
    "citation": ("citation", "a citation"),
    "text": ("text", "the text"),
}
CODES = {"note": "lost-note", "citation": "lost-citation", "figure": "lost-figure",
         "table": "lost-table", "equation": "lost-equation"}  # fmt: skip


@dataclass(frozen=True)
class Verified:
    """Which files were compared with the chapters, and what they lack."""

    files: tuple[Path, ...]
    diagnostics: tuple[Diagnostic, ...]


def verify(
    root: Path, files: Sequence[Path], on_step: OnStep, *, checked: bool = False
) -> Verified:
    """Compare finished editions, by default those in `build/`, with the chapters.

    EPUBs are given to EPUBCheck, too, and tagged PDFs to veraPDF, unless they are
    known to be `checked`.

    Raises:
        GeppettoError: there is no edition, or one cannot be read.
    """
    on_step(Step("reading the book"))
    book, csl, _ = reading.read(root)
    files = tuple(files) or _built(book)
    resolved, _ = resolve(book, csl, on_step)
    on_step(Step("reading the chapters once more, by Pandoc alone"))
    held = contents(book.chapters, _plain(book), resolved.documents)
    diagnostics: list[Diagnostic] = []
    for file in files:
        on_step(Step(f"comparing {file.name}"))
        made = _read(file)
        diagnostics += (_diagnostic(book, loss, made.name) for loss in compare(held, made))
        if not checked:
            diagnostics += _looked_at(file, resolved, on_step)
    return Verified(tuple(files), ordered(diagnostics))


def _plain(book: Book) -> dict[str, list[Block]]:
    """Read every chapter, and the Markdown of its YAML block, by Pandoc alone."""
    pieces = [openings.sources(chapter) for chapter in book.chapters]
    read, _ = pandoc.read({name: text for one in pieces for name, text in one.items()})
    plain: dict[str, list[Block]] = {}
    for chapter in book.chapters:
        has_heading = openings.has_heading(read.get(chapter.path, []))
        printed = replace(chapter.meta, title=None) if has_heading else chapter.meta
        names = openings.sources(replace(chapter, meta=printed))
        blocks = [block for name in names for block in read.get(name, [])]
        plain[chapter.path] = constructs.without_author_notes(blocks)[0]
    return plain


def _built(book: Book) -> tuple[Path, ...]:
    folder = book.root / "build"
    found = tuple(p for kind in EDITIONS if (p := folder / f"{book.slug}.{kind}").is_file())
    if not found:
        raise GeppettoError(
            Diagnostic(
                "edition-missing",
                f"There is no {book.slug}.pdf, .epub or .docx in build/ to verify.",
                hint="Build them first, with 'geppetto all', or name a file.",
            ),
            ExitCode.USAGE,
        )
    return found


def _read(file: Path) -> edition.Edition:
    try:
        return edition.read(file)
    except (ValueError, OSError) as fault:
        raise GeppettoError(
            Diagnostic("edition-broken", f"{fault}.", hint="Build it again."), ExitCode.USAGE
        ) from fault


def _looked_at(file: Path, resolved: Resolved, on_step: OnStep) -> list[Diagnostic]:
    """Give what the programs say that know an edition's own format."""
    if file.suffix.lower() == ".epub":
        on_step(Step(f"checking {file.name} with EPUBCheck"))
        return _checked(file, resolved)
    return _tags(file, on_step) if file.suffix.lower() == ".pdf" else []


def _checked(file: Path, resolved: Resolved) -> list[Diagnostic]:
    """Give what EPUBCheck says, on the lines of the chapters."""
    if not check.available():
        says = f"EPUBCheck did not look at {file.name}: it, or Java, is not installed."
        hint = "'geppetto doctor' prints the lines that install them."
        return [Diagnostic("epub-unchecked", says, hint=hint)]
    return check.check(file, finder(resolved, file))


def _tags(file: Path, on_step: OnStep) -> list[Diagnostic]:
    """Give what veraPDF says of a tagged PDF, by the standards that it names."""
    flavours = verapdf.FLAVOURS[finish.standard(file) or "none"]
    if flavours and not verapdf.available():
        says = f"veraPDF did not look at {file.name}: it, or Java, is not installed."
        return [Diagnostic("pdf-unchecked", says, hint=verapdf.remedy())]
    found: list[Diagnostic] = []
    for flavour in flavours:
        on_step(Step(f"checking {file.name} with veraPDF, {flavour}"))
        found += verapdf.check(file, flavour)
    return found


def finder(resolved: Resolved, file: Path) -> Callable[..., Location]:
    """Give what leads a place in the package home; it is made when first asked."""
    made = functools.cache(lambda: origins.of(resolved, file))
    return lambda *place: made().find(*place)


def _diagnostic(book: Book, loss: Loss, name: str) -> Diagnostic:
    code = "doubled-words" if loss.twice else CODES.get(loss.kind, "lost-words")
    if not loss.whole and loss.kind in {"note", "citation"}:
        code = "lost-words"
    return Diagnostic(code, _message(loss, name), _place(book, loss), AGAIN)


def _message(loss: Loss, name: str) -> str:
    said = " ".join(loss.words[:SHOWN]) + (" …" if len(loss.words) > SHOWN else "")
    if loss.kind == "note" and not loss.words:
        return f"{loss.missing} more footnotes stand in the chapters than in the {name}."
    apart = {
        "figure": f"The image '{loss.key}', or one beside it, is missing from the {name}.",
        "table": f"The table with the words “{said}” is missing from the {name}, or some of them.",
        "equation": f"The formula {said} is missing from the {name}.",
    }
    return apart.get(loss.kind) or _of_words(loss, said, name)


def _of_words(loss: Loss, said: str, name: str) -> str:
    what, within = NAMES[loss.kind]
    if loss.twice:
        return f"The {what} “{said}” stands in the {name} more often than in the chapters."
    if loss.whole:
        return f"The {what} “{said}” is missing from the {name}."
    verb = "is" if len(loss.words) == 1 else "are"
    return f"“{said}”, in {within}, {verb} missing from the {name}."


def _place(book: Book, loss: Loss) -> Location:
    """Find what is lost in the chapter's file, its YAML block included."""
    chapter = book.chapter(loss.path)
    if chapter is not None and loss.key is not None:
        find = sourcemap.images if loss.kind == "figure" else sourcemap.citations
        points = find(chapter.text).get(loss.key, [])
        if points:
            return Location(loss.path, *points[min(loss.nth, len(points) - 1)])
    text = (book.root / loss.path).read_text("utf-8-sig", "replace")
    for pattern in _patterns(loss):
        matches = list(re.finditer(pattern, text))
        if matches:
            return _at(loss.path, text, matches[-1].start("here"))
    return Location(loss.path)


def _patterns(loss: Loss) -> Iterator[str]:
    """Give patterns of the source to look for: the lost words after those before, then alone."""
    is_formula = loss.kind == "equation"
    between = r"\s+" if is_formula else BETWEEN
    spelled = re.escape if is_formula else _spelled
    for count in range(min(len(loss.words), SHOWN), 0, -1):
        lost = between.join(map(spelled, loss.words[:count]))
        if loss.before:
            yield between.join(map(spelled, loss.before)) + rf"{between}(?P<here>{lost})"
        yield rf"(?P<here>{lost})"


def _spelled(word: str) -> str:
    """Give a pattern of a word that may have markup within: 10^th^."""
    return r"[*_^~`\\]*".join(map(re.escape, word))


def _at(path: str, text: str, offset: int) -> Location:
    line = text.count("\n", 0, offset) + 1
    return Location(path, line, offset - text.rfind("\n", 0, offset))
