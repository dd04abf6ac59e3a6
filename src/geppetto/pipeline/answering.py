"""`geppetto docx --answer`: today's book for a reviewer, with what changed and what they remarked.

It is kept as a draft of its own, so that it can come back with more remarks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import config, docx, store
from geppetto.diagnostics import Diagnostic, has_errors, ordered
from geppetto.docx import archive, comments
from geppetto.docx import xml as word
from geppetto.docx.package import DOCUMENT, FOOTNOTES
from geppetto.model.book import Artifact, Outcome
from geppetto.pipeline import changing, drafting, reading, replying, revisions, stopping
from geppetto.pipeline.carried import Shown, Today, shown
from geppetto.pipeline.changing import Marked
from geppetto.pipeline.commenting import OPEN, shortest
from geppetto.pipeline.commission import Order, Shared, sheet_for
from geppetto.progress import OnStep, Step
from geppetto.review import answers, drafts, ledger, reviewers
from geppetto.review.answers import Answer, Hand
from geppetto.review.drafts import Copy, Document, Draft, Kept
from geppetto.review.kept import keeping
from geppetto.review.returned.word import story
from geppetto.review.returned.word.spotting import Spots
from geppetto.review.reviewers import Reviewer
from geppetto.store.shelf import key
from geppetto.titlepage import authors

KIND = "docx"
_CHANGES = (word.q("w:ins"), word.q("w:del"))


@dataclass(frozen=True)
class Request:
    """What is asked for: `reviewer` is a name of the list; `every` asks for all reviewers' remarks.

    `date` is the day (ISO 8601). `output` is where a copy is put instead of build/.
    """

    root: Path
    date: str
    reviewer: str
    every: bool = False
    output: Path | None = None


@dataclass(frozen=True)
class Answered:
    """What was made: the draft that is kept of it, how many remarks and changes stand in it."""

    outcome: Outcome
    draft: str = ""
    remarks: int = 0
    changes: int = 0


@dataclass(frozen=True)
class _Task:
    """What is asked for, for whom, since which draft, and the book with both revisions."""

    request: Request
    reviewer: Reviewer
    since: str
    marked: Marked


@dataclass(frozen=True)
class _Remarks:
    """The remarks that are answered, as they stand today; `key` is another if anything of them is."""

    today: Today
    listed: tuple[Shown, ...]
    names: dict[str, str]
    key: str
    diagnostics: tuple[Diagnostic, ...]


def answer(request: Request, on_step: OnStep) -> Answered:
    """Make the answer, keep it as a draft, and put a copy in its place.

    Raises:
        GeppettoError: there is no such reviewer or no draft for them, a draft cannot be
            read, or a tool or the disk does not let it go on.
    """
    root = request.root
    known = reviewers.read(root, config.load(root).settings)
    found = reviewers.find(known, request.reviewer)
    reviewer = replace(found, chapters=(), formats=(KIND,), spacing="single")
    with store.locked(root / "build"), store.workspace() as folder:
        store.sweep(root / "build")
        on_step(Step("reading the revisions"))
        old = revisions.find(root, None, reviewer.slug, changing.made(folder / "old"))
        marked, told = changing.compared(old, revisions.today(root), folder, on_step)
        if marked is None:
            return Answered(Outcome((), told))
        answered, records = _made(_Task(request, reviewer, old.name, marked), on_step)
    if answered.draft:
        ledger.append(root, records)
    said = ordered([*told, *answered.outcome.diagnostics])
    return replace(answered, outcome=Outcome(answered.outcome.artifacts, said))


def _made(task: _Task, on_step: OnStep) -> tuple[Answered, Sequence[ledger.Record]]:
    started, marked = time.monotonic(), task.marked
    resolved, documents = stopping.stopped(marked.resolved)
    made = changing.tracked_docx(replace(marked, resolved=resolved), on_step, stops=True)
    said = changing.lenient(made.diagnostics)
    if made.file is None or has_errors(said):
        return Answered(Outcome((), tuple(said))), ()
    on_step(Step("putting the remarks in"))
    remarks = _remarks(task.request, task.reviewer)
    shared = _shared(task, documents, remarks)
    aside = replace(shared, folder=marked.folder / "kept")
    data, sent = _with_remarks(made.file.read_bytes(), aside, remarks, task.since)
    sheet = sheet_for(shared, task.reviewer)
    data = docx.stamp(data, sheet.foot, shared.name(task.reviewer), sheet)
    copy = _keep(shared, task.reviewer, data, sent)
    target = task.request.output or _target(shared, task.reviewer)
    store.write_bytes(target, data)
    spent = time.monotonic() - started
    artifact = Artifact(KIND, target, made.count, made.unit, len(data), spent)
    outcome = Outcome((artifact,), (*remarks.diagnostics, *said))
    count = marked.comparison.total.changes
    done = Answered(outcome, shared.draft.id, len(sent.remarks), count)
    return done, drafting.records(shared, [copy])


def _target(shared: Shared, reviewer: Reviewer) -> Path:
    build = shared.order.root / "build"
    name = f"{shared.draft.slug}-answer-{reviewer.slug}.{KIND}"
    store.record(build, [name])
    return build / name


def _remarks(request: Request, reviewer: Reviewer) -> _Remarks:
    """Give the open remarks of a reviewer, on whatever draft, or of all."""
    files, faults = keeping.read(request.root)
    today = Today(request.root)
    every = shown(files, today)
    chosen = [one for one in every if one.entry.state == OPEN]
    if not request.every:
        names = {reviewer.slug, reviewer.name.casefold()}
        chosen = [one for one in chosen if _is_by(one, names)]
    ids = sorted(one.entry.remark.id for one in every)
    said = (*faults, *today.diagnostics)
    digest = key(request.every, [file.text.read for file in files])
    return _Remarks(today, tuple(chosen), shortest(ids), digest, said)


def _is_by(one: Shown, names: set[str]) -> bool:
    remark = one.entry.remark
    return remark.reviewer in names or remark.author.casefold() in names


def _shared(task: _Task, documents: tuple[Document, ...], remarks: _Remarks) -> Shared:
    request, slug, resolved = task.request, task.reviewer.slug, task.marked.resolved
    root, book = request.root, resolved.book
    revision, texts = reading.revision(root), drafting.sources(book)
    made_from = ("answer", task.since, slug, remarks.key)
    name = drafting.name_of(request.date, revision, texts, made_from)
    draft = Draft(name, request.date, revision, book.slug, texts)
    order = Order(root, request.date, (request.reviewer,), formats=(KIND,))
    folder = drafts.folder(root) / name
    return Shared(order, resolved, documents, (), reading.epoch(book), draft, folder)


def _with_remarks(
    data: bytes, shared: Shared, remarks: _Remarks, since: str
) -> tuple[bytes, Answer]:
    """Put the remarks into the DOCX, by the draft's texts and stops, kept for the while."""
    drafting.keep(shared, ())
    held = archive.unpack(data)
    document, notes = word.parse(held[DOCUMENT]), word.parse(held[FOOTNOTES])
    hands = tuple(dict.fromkeys(_hands([document, notes])))
    told = story.told(document, [notes], hands)
    author = authors(shared.settings) or "Geppetto"
    spots = Spots(told, Kept(shared.folder))
    desk = replying.Desk(remarks.today, spots, told[0], document, remarks.names, author)
    placed = desk.placed(remarks.listed)
    listed = comments.put([(one.range, one.comment) for one in placed])
    new = {**held, DOCUMENT: word.serialise(document), FOOTNOTES: word.serialise(notes)}
    packed = archive.pack(comments.parts(new, listed), shared.epoch)
    return packed, Answer(since, hands, tuple(one.sent for one in placed))


def _hands(roots: Sequence[word.Element]) -> list[Hand]:
    names = (word.q("w:author"), word.q("w:date"))
    changes = (one for root in roots for one in root.iter(*_CHANGES))
    return [Hand(*(one.get(name, "") for name in names)) for one in changes]


def _keep(shared: Shared, reviewer: Reviewer, data: bytes, sent: Answer) -> Copy:
    """Keep the answer as a draft: what it was sent with first, its record last."""
    file = shared.file(reviewer, KIND)
    store.write_text(shared.folder / answers.FILE, answers.record(sent))
    store.write_bytes(file, data)
    copy = Copy(reviewer.slug, reviewer.name, KIND, file.name, store.digest(file))
    drafting.keep(shared, [copy])
    return copy
