"""The step from the resolved book to its PDF: fonts, images, LaTeX, a finished file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import config, fonts, images
from geppetto.ast import Block, attr, div, para, text
from geppetto.diagnostics import Diagnostic, has_errors
from geppetto.latex import engine, faults, finish, log, parts
from geppetto.latex.page import lay_out
from geppetto.latex.setting import languages, make_setting
from geppetto.model.book import Document, Resolved
from geppetto.pipeline import glyphs, patterns
from geppetto.pipeline.edition import Made, Workshop
from geppetto.pipeline.places import Finder

ROUNDS = 12
"""How often a lenient build mends what LaTeX stops at before it gives up."""


@dataclass(frozen=True)
class _Set:
    """A typeset book: LaTeX's run, what it said, and where its places lead."""

    run: engine.Run
    finder: Finder
    messages: tuple[log.LogMessage, ...]
    diagnostics: tuple[Diagnostic, ...]


def make(resolved: Resolved, workshop: Workshop) -> Made:
    """Make the PDF in the work folder, `build/latex/`."""
    workshop.on_step("choosing fonts")
    used = glyphs.used(resolved)
    plan, diagnostics = fonts.plan(
        resolved.book.settings.pdf,
        used.text,
        languages(resolved),
        code=used.code,
        math=used.math,
        marks=config.load(resolved.book.root).marks,
    )
    missing = glyphs.missing(resolved, plan.missing)
    diagnostics += missing
    if has_errors(diagnostics) and not (workshop.lenient and _markable(diagnostics)):
        return Made("pdf", None, 0, "pages", tuple(diagnostics))
    resolved = glyphs.marked(resolved, plan.missing)
    work = workshop.folder / "latex"
    workshop.on_step("preparing images")
    files, more = images.for_latex(resolved.images, work)
    diagnostics += more
    if has_errors(more):
        return Made("pdf", None, 0, "pages", tuple(diagnostics))
    done, more = _typeset(resolved, plan, files, work, workshop)
    diagnostics += more
    if done.run.pdf is None or not done.run.ok:
        return Made("pdf", None, 0, "pages", tuple(diagnostics))
    out = work / f"{resolved.book.slug}-finished.pdf"
    info = finish.info_from(resolved.book.settings, workshop.epoch)
    pages = finish.finish(done.run.pdf, out, info)
    return Made("pdf", out, pages, "pages", tuple(diagnostics))


def _markable(diagnostics: list[Diagnostic]) -> bool:
    return all(d.markable for d in diagnostics if d.is_error)


def _typeset(
    resolved: Resolved,
    plan: fonts.FontPlan,
    files: Mapping[str, str],
    work: Path,
    workshop: Workshop,
) -> tuple[_Set, list[Diagnostic]]:
    """Typeset; in a lenient build, mark each block that LaTeX stops at and typeset again."""
    told: list[Diagnostic] = []
    for _ in range(ROUNDS):
        done = _settle(resolved, plan, files, work, workshop)
        if done.run.ok or not workshop.lenient:
            break
        blocks = _faulty(done)
        if not blocks:
            break
        told += [d for d in done.diagnostics if d.code == "latex-error"]
        resolved = _with_marks(resolved, blocks)
    return done, list(dict.fromkeys([*told, *done.diagnostics]))


def _settle(
    resolved: Resolved,
    plan: fonts.FontPlan,
    files: Mapping[str, str],
    work: Path,
    workshop: Workshop,
) -> _Set:
    """Typeset until the margins, which grow with the page count, fit the pages."""
    pages = _estimate(resolved)
    while True:
        setting = make_setting(resolved, plan, files, pages)
        book = parts.write_parts(resolved, setting)
        run = engine.typeset(
            {**book.files},
            work,
            jobname=Path(book.main).stem,
            epoch=workshop.epoch,
            on_pass=lambda number: workshop.on_step(f"typesetting, pass {number}"),
        )
        settled = make_setting(resolved, plan, files, run.pages).page == setting.page
        if settled or not run.ok:
            return _heard(resolved, book, run)
        pages = run.pages


def _estimate(resolved: Resolved) -> int:
    """Guess the page count from the characters, to begin with margins that are likely to stay."""
    page = lay_out(resolved.book.settings.pdf, None)
    characters = sum(len(chapter.text) for chapter in resolved.book.chapters)
    lines = page.text_height / page.leading
    return round(characters / (page.characters * lines)) + 2 * len(resolved.documents)


def _heard(resolved: Resolved, book: parts.LatexBook, run: engine.Run) -> _Set:
    named = {f"{parts.FOLDER}/{d.slug}.tex": d for d in resolved.documents}
    finder = Finder(book.files, named)
    messages = log.parse(run.log)
    heard = faults.to_diagnostics(messages, finder.locate, book.files)
    unpatterned = patterns.unpatterned(resolved, messages)
    return _Set(run, finder, messages, (*heard, *unpatterned, *run.diagnostics))


def _faulty(done: _Set) -> dict[str, dict[int, str]]:
    """Give the blocks at which LaTeX stopped: by document and index, what to say of each."""
    found: dict[str, dict[int, str]] = {}
    for message in done.messages:
        if message.kind is not log.Kind.ERROR or message.file is None or message.line is None:
            continue
        place = done.finder.block(message.file, message.line)
        if place is not None and place[1] > 0:
            document, index = place
            found.setdefault(document.slug, {}).setdefault(index, message.message)
    return found


def _with_marks(resolved: Resolved, blocks: Mapping[str, Mapping[int, str]]) -> Resolved:
    documents = tuple(
        _marked(document, blocks[document.slug]) if document.slug in blocks else document
        for document in resolved.documents
    )
    return replace(resolved, documents=documents)


def _marked(document: Document, faulty: Mapping[int, str]) -> Document:
    marked = tuple(
        _mark(faulty[i], block) if i in faulty else block for i, block in enumerate(document.blocks)
    )
    return replace(document, blocks=marked)


def _mark(words: str, block: Block) -> Block:
    """Put what LaTeX stopped at, as plain text, where the block stood."""
    said = para(text(f"[LaTeX stopped here: {words}]"))
    source = {"t": "CodeBlock", "c": [attr(), glyphs.source(block)]}
    return div([said, source], attr("", ["fault"]))
