"""The step from the resolved book to its PDF: fonts, images, LaTeX, a finished file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from geppetto import config, fonts, images
from geppetto.ast import Block, Node, attr, div, para, rewrite, span, text
from geppetto.diagnostics import Diagnostic, GeppettoError, Location, has_errors
from geppetto.latex import engine, faults, finish, log, parts, pieces, tagging, traits
from geppetto.latex.faces import specifications
from geppetto.latex.mistakes import mistakes
from geppetto.latex.page import lay_out
from geppetto.latex.setting import make_setting
from geppetto.model.book import Document, Resolved
from geppetto.pipeline import glyphs, mapping, patterns, places, reasons
from geppetto.pipeline.edition import MAIN, TAGGED, WORK, Made, Workshop
from geppetto.pipeline.places import Finder
from geppetto.progress import Step
from geppetto.progress.count import Count, Tally

ROUNDS = 12
"""How often a lenient build mends what LaTeX stops at before it gives up."""


@dataclass(frozen=True)
class _Set:
    """A typeset book: LaTeX's run, what it said, and where its places lead."""

    run: engine.Run
    finder: Finder
    messages: tuple[log.LogMessage, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        """Whether LaTeX stopped at a fault, or left out what stands after one."""
        return not self.run.ok or bool(mistakes(self.messages))


@dataclass(frozen=True)
class _Marks:
    """What to say in place of a document's blocks, by index, and of its pieces of LaTeX, by number."""

    blocks: dict[int, str] = field(default_factory=dict)
    pieces: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Press:
    """What a book is set with: fonts, the images' files by their targets, metadata, the workshop.

    `standard` is that of its tags, empty without.
    """

    plan: fonts.FontPlan
    files: Mapping[str, str]
    info: finish.PdfInfo
    workshop: Workshop
    work: Path
    standard: str = ""


def make(resolved: Resolved, workshop: Workshop) -> Made:
    """Make the PDF in the work folder, `build/latex/`; a tagged one in `build/tagged/`."""
    workshop.on_step(Step("choosing fonts"))
    found, read = traits.book(resolved, workshop.shelf), resolved
    used = glyphs.used(resolved, found)
    plan, diagnostics = fonts.plan(
        resolved.book.settings.pdf,
        used.text,
        found.languages,
        code=used.code,
        math=used.math,
        marks=config.load(resolved.book.root).marks,
    )
    missing = glyphs.missing(resolved, plan.missing)
    diagnostics += missing
    if has_errors(diagnostics) and not (workshop.lenient and _markable(diagnostics)):
        return Made("pdf", None, 0, "pages", tuple(diagnostics))
    resolved = glyphs.marked(resolved, plan.missing)
    standard, more = _standard(resolved, workshop)
    diagnostics += more
    work = workshop.folder / (TAGGED if standard else WORK)
    workshop.on_step(Step("preparing images"))
    files, more = images.for_latex(resolved.images, work)
    diagnostics += more
    if has_errors(more) and not (workshop.lenient and _markable(more)):
        return Made("pdf", None, 0, "pages", tuple(diagnostics))
    resolved = _without_images(resolved, more)
    if resolved is not read:
        found = traits.book(resolved, workshop.shelf)
    info = finish.info_from(resolved.book.settings, workshop.epoch, standard)
    done, more = _typeset(resolved, found, _Press(plan, files, info, workshop, work, standard))
    diagnostics += more
    if done.run.pdf is None or not done.run.ok:
        return Made("pdf", None, 0, "pages", tuple(diagnostics))
    out, pages = done.run.pdf, done.run.pages
    if not done.run.finished:
        out = work / f"{resolved.book.slug}-finished.pdf"
        pages = finish.finish(done.run.pdf, out, info)
    finder, book = done.finder, resolved.book
    beside = mapping.files(finder.documents.values(), finder.lines, book, done.run.places, out)
    said = reasons.say(resolved, done.run.reasons, work)
    return Made("pdf", out, pages, "pages", tuple(diagnostics), beside, done.run.read, said)


def _standard(resolved: Resolved, workshop: Workshop) -> tuple[str, list[Diagnostic]]:
    """Give the standard of the tags, empty without; say so where TeX here can make none."""
    wanted = resolved.book.settings.pdf.standard
    return tagging.standard(wanted) if workshop.tagged else ("", [])


def _markable(diagnostics: list[Diagnostic]) -> bool:
    return all(d.markable for d in diagnostics if d.is_error)


def _without_images(resolved: Resolved, faults: Sequence[Diagnostic]) -> Resolved:
    """Put a mark in the place of each image that cannot be set."""
    said = {d.location.path: d.message for d in faults if d.location}

    def change(node: Node) -> Node | None:
        words = said.get(node["c"][2][0])
        return None if words is None else span(text(f"[{words}]"), attr("", ["fault"]))

    documents = (
        d.with_blocks(rewrite(list(d.blocks), change, {"Image"})) for d in resolved.documents
    )
    return replace(resolved, documents=tuple(documents)) if said else resolved


def _typeset(
    resolved: Resolved, found: traits.Book, press: _Press
) -> tuple[_Set, list[Diagnostic]]:
    """Typeset; where that must go on past a fault, mark what LaTeX stopped at and typeset again.

    A lenient build goes on past every fault, others past those at which LaTeX
    gave up: what stands below has faults, too.
    """
    told: list[Diagnostic] = []
    for _ in range(ROUNDS):
        done = _settle(resolved, found, press)
        if not done.failed or not (press.workshop.lenient or done.run.pdf is None):
            break
        marks = _marks(done)
        if not marks:
            break
        told += [d for d in done.diagnostics if d.code == "latex-error"]
        resolved = _with_marks(resolved, marks)
        found = traits.book(resolved, press.workshop.shelf)
    return done, list(dict.fromkeys([*told, *done.diagnostics]))


def _settle(resolved: Resolved, found: traits.Book, press: _Press) -> _Set:
    """Typeset until the margins, which grow with the page count, fit the pages."""
    workshop = press.workshop
    pages = engine.last_pages(press.work, MAIN) or _estimate(resolved)
    lines = places.Lines(workshop.shelf)
    waiting = workshop.begun.result() if workshop.begun else None
    while True:
        setting = make_setting(resolved, press.plan, press.files, pages, found)
        setting = replace(setting, standard=press.standard)
        tally = Tally()
        count = Count(len(resolved.documents), "chapters", tally.done)
        workshop.on_step(Step("writing LaTeX", count))
        book = parts.write_parts(resolved, setting, workshop.shelf, tally)
        try:
            with ThreadPoolExecutor(1) as beside:
                beside.submit(lines.ready, resolved.documents)
                run = engine.typeset(
                    {**book.files},
                    press.work,
                    jobname=MAIN,
                    epoch=workshop.epoch,
                    fonts=specifications(press.plan),
                    read=(resolved.book.root,),
                    waiting=waiting,
                    last=finish.Ending(press.info),
                    apart=found.private and not press.standard,
                    fresh=workshop.whole or bool(press.standard),
                    on_pass=partial(_tell, workshop),
                    pages=pages,
                )
        except GeppettoError as stopped:
            raise _in_chapter(stopped, resolved) from stopped
        settled = lay_out(resolved.book.settings.pdf, run.pages) == setting.page
        if settled or not run.ok:
            return _heard(resolved, book, run, found.languages, lines)
        pages, waiting = run.pages, None


def _tell(workshop: Workshop, step: Step) -> None:
    workshop.on_step(replace(step, name=f"typesetting, {step.name}"))


def _in_chapter(stopped: GeppettoError, resolved: Resolved) -> GeppettoError:
    """Lead from the LaTeX file in which LuaLaTeX was stopped to its chapter."""
    chapters = {
        f"{parts.FOLDER}/{d.slug}.tex": Location(d.chapter.path)
        for d in resolved.documents
        if d.chapter is not None
    }
    led = [
        replace(d, location=chapters.get(d.location.path)) if d.location else d
        for d in stopped.diagnostics
    ]
    return GeppettoError(led, stopped.exit_code)


def _estimate(resolved: Resolved) -> int:
    """Guess the page count from the characters, to begin with margins that are likely to stay."""
    page = lay_out(resolved.book.settings.pdf, None)
    characters = sum(len(chapter.text) for chapter in resolved.book.chapters)
    lines = page.text_height / page.leading
    return round(characters / (page.characters * lines)) + 2 * len(resolved.documents)


def _heard(
    resolved: Resolved,
    book: parts.LatexBook,
    run: engine.Run,
    languages: Sequence[str],
    lines: places.Lines,
) -> _Set:
    named = {f"{parts.FOLDER}/{d.slug}.tex": d for d in resolved.documents}
    finder = Finder(book.files, named, resolved.book.bibliography.references, lines)
    messages = log.parse(run.log)
    heard = faults.to_diagnostics(messages, finder.locate, book.files, finder.trace)
    if not run.ok and not any(d.code == "latex-error" for d in heard):
        heard.append(faults.unexplained(run.log))
    heard += patterns.unpatterned(resolved, languages, messages)
    return _Set(run, finder, messages, (*heard, *run.diagnostics))


def _marks(done: _Set) -> dict[str, _Marks]:
    """Give what LaTeX stopped at, by document, with what to say of each."""
    found: dict[str, _Marks] = {}
    for message in mistakes(done.messages):
        says, _ = faults.meaning(message)
        if (piece := done.finder.piece(message)) is not None:
            marks = found.setdefault(piece[0].slug, _Marks())
            marks.pieces.setdefault(piece[1], says)
        elif message.file is not None and message.line is not None:
            place = done.finder.block(message.file, message.line)
            if place is not None and place[1] > 0:
                found.setdefault(place[0].slug, _Marks()).blocks.setdefault(place[1], says)
    return found


def _with_marks(resolved: Resolved, marks: Mapping[str, _Marks]) -> Resolved:
    documents = tuple(
        _marked(document, marks[document.slug]) if document.slug in marks else document
        for document in resolved.documents
    )
    return replace(resolved, documents=documents)


def _marked(document: Document, marks: _Marks) -> Document:
    listed = pieces.listed(document.blocks)
    by = {n: _piece_mark(says, listed[n - 1]) for n, says in marks.pieces.items()}
    blocks = [
        _mark(marks.blocks[i], block) if i in marks.blocks else block
        for i, block in enumerate(pieces.replaced(document.blocks, by))
    ]
    return document.with_blocks(blocks)


def _piece_mark(says: str, piece: pieces.Piece) -> Node:
    """Put what LaTeX stopped at, as plain text, where the piece stood."""
    if piece.is_block:
        return _fault(says, piece.text)
    code = {"t": "Code", "c": [attr(), piece.text.strip()]}
    words = [*text(f"LaTeX stopped here: {says}"), {"t": "Space"}, code]
    return span(words, attr("", ["fault"]))


def _mark(says: str, block: Block) -> Block:
    """Put what LaTeX stopped at, as plain text, where the block stood."""
    return _fault(says, glyphs.source(block))


def _fault(says: str, source: str) -> Block:
    code = {"t": "CodeBlock", "c": [attr(), source]}
    return div([para(text(f"[LaTeX stopped here: {says}]")), code], attr("", ["fault"]))
