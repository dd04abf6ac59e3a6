"""What a build finds before it typesets, and what an editor would query, in one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from geppetto import checks, config
from geppetto.checks import Manuscript, Page, Pixels
from geppetto.diagnostics import CHECKED, Diagnostic, Severity
from geppetto.latex.page import POINTS, lay_out
from geppetto.model.book import Book
from geppetto.pipeline import kept
from geppetto.pipeline.opening import Opening
from geppetto.pipeline.resolving import Prepared, prepare
from geppetto.progress import OnStep, Step
from geppetto.references import citations

RASTER = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif"})


def query(
    book: Book, csl: Path | None, opening: Opening, on_step: OnStep
) -> tuple[kept.Inputs, list[Diagnostic]]:
    """Look at the text while Pandoc reads the chapters, then at what it has read.

    Gives what the findings depend on, and the findings.
    """
    severities = book.settings.checks
    off = frozenset(code for code, severity in severities.items() if severity == "off")
    pages = tuple(Page(c, (), _bytes(book.root / c.path)) for c in book.chapters)
    queries = [*checks.run(Manuscript(book, pages), off, of_trees=False)]
    prepared = prepare(book, on_step, opening)
    on_step(Step("checking"))
    queries += checks.run(_manuscript(book, prepared), off, of_trees=True)
    _, _, nocite = citations.check_nocite(
        book.settings.nocite,
        book.bibliography,
        lambda number: config.place(book.root, "nocite", number),
    )
    found = [*prepared.diagnostics, *nocite, *(_weighed(d, severities) for d in queries)]
    return kept.inputs(book, csl, prepared.images.values()), found


def _weighed(diagnostic: Diagnostic, severities: Mapping[str, str]) -> Diagnostic:
    """Give a finding the severity that book.yaml asks for."""
    asked = severities.get(diagnostic.code)
    if asked is None or diagnostic.code not in CHECKED:
        return diagnostic
    return replace(diagnostic, severity=Severity(asked))


def _manuscript(book: Book, prepared: Prepared) -> Manuscript:
    pages = tuple(
        Page(chapter.chapter, prepared.documents[chapter.chapter.slug])
        for chapter in prepared.numbered
    )
    cited = citations.cited(prepared.documents.values()) | set(book.settings.nocite)
    cited = {key.removeprefix("@") for key in cited}
    layout = lay_out(book.settings.pdf, None)
    return Manuscript(
        book,
        pages,
        None if "*" in cited else frozenset(cited),
        _pixels(prepared.images),
        (layout.text_width / POINTS["in"], layout.text_height / POINTS["in"]),
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _pixels(files: Mapping[str, Path]) -> dict[str, Pixels]:
    """Give the size of each raster image that can be read."""
    raster = {t: path for t, path in files.items() if path.suffix.lower() in RASTER}
    if not raster:
        return {}
    from geppetto import images  # noqa: PLC0415 - Pillow and pikepdf are slow to load

    found = {target: images.inspect(path)[0] for target, path in raster.items()}
    return {
        target: Pixels(info.width, info.height, info.dpi)
        for target, info in found.items()
        if info is not None and info.width and info.height
    }
