"""`geppetto pdf --chapter`: the pages of one chapter, out of the whole book."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from geppetto import store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.latex import excerpt
from geppetto.model.book import Artifact, Chapter
from geppetto.pipeline.edition import MAIN, WORK
from geppetto.pipeline.reading import begin
from geppetto.suggest import nearest


def take(root: Path, chapter: str, book: Artifact) -> Artifact:
    """Write the pages of a chapter beside the book's PDF, which has just been built.

    `chapter` is its number as printed, its file, or its file's name.

    Raises:
        GeppettoError: there is no such chapter, or its pages cannot be written.
    """
    started = time.monotonic()
    part = _part(root, chapter)
    work, slug = root / "build" / WORK, Path(part).name
    target = book.path.with_name(f"{book.path.stem}-{slug}.pdf")
    if target.parent == root / "build":
        store.record(target.parent, [target.name])
    made = work / target.name
    count = len(excerpt.write(work, MAIN, [part], made))
    store.publish(made, target)
    made.unlink()
    spent = time.monotonic() - started
    return replace(book, path=target, count=count, size=target.stat().st_size, seconds=spent)


def chapter_of(root: Path, number: str) -> Chapter | None:
    """Give the chapter that has this number, or this name in a draft's margin, in the last build."""
    numbers = excerpt.numbers(root / "build" / WORK, MAIN)
    slugs = [Path(part).name for part, printed in numbers.items() if printed and printed == number]
    return next((c for c in begin(root).book.chapters if c.slug in {*slugs[:1], number}), None)


def _part(root: Path, wanted: str) -> str:
    numbers = excerpt.numbers(root / "build" / WORK, MAIN)
    slugs = {Path(part).name: part for part in numbers}
    for part, number in numbers.items():
        if number and number == wanted:
            return part
    known: dict[str, str] = {}
    for chapter in begin(root).book.chapters:
        if chapter.slug in slugs:
            names = (chapter.path, Path(chapter.path).name, Path(chapter.path).stem, chapter.slug)
            known |= dict.fromkeys(names, slugs[chapter.slug])
    if wanted in known:
        return known[wanted]
    near = nearest(wanted, known)
    hint = f"Did you mean {near}?" if near else "Name it by its number as printed, or by its file."
    says = f"The book has no chapter {wanted}."
    raise GeppettoError(Diagnostic("place-unknown", says, hint=hint), ExitCode.USAGE)
