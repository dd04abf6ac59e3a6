"""`geppetto draft`: the book as drafts for reviewers, kept so that their remarks can be placed.

What stands in `build/drafts/<id>/` is all that is needed to place them months later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import config, sourcemap, store
from geppetto.diagnostics import Diagnostic, ordered
from geppetto.model.book import Artifact, Book, Resolved
from geppetto.pagemap import stored
from geppetto.pipeline import copying, flowing, mapping, marginalia, places, reading
from geppetto.pipeline.commission import Order, Shared
from geppetto.pipeline.copying import Typeset
from geppetto.pipeline.resolving import resolve
from geppetto.progress import OnStep, Step
from geppetto.review import drafts, ledger, reviewers
from geppetto.review.drafts import Copy, Document, Draft, Stop
from geppetto.review.reviewers import Reviewer
from geppetto.store.shelf import FOLDER, Shelf, key

DIGITS = "23456789abcdefghjkmnpqrstvwxyz"
"""What a draft's id is written with: nothing that is misread when it is copied by hand."""
LENGTH = 6
ALL = "all"
REVIEWS = "reviews"
"""The folder of the ledger and of remarks: a draft changes it, and is no change of the book."""
SHOWN = frozenset({"author-notes-left-out"})
"""What an edition says that does not hold of a draft."""
NOBODY = "draft"
"""The name of the copy that is for nobody in particular."""


@dataclass(frozen=True)
class Drafted:
    """A draft that was made, its copies, and what is to be said; no draft where errors stopped it."""

    draft: Draft | None
    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...]


def draft(order: Order, on_step: OnStep) -> Drafted:
    """Make a draft: a copy for each reviewer, and what is kept of it.

    Raises:
        GeppettoError: the configuration, a tool or the disk does not let it go on, or
            there is no such chapter.
    """
    wanted = _wanted(order)
    spacings = sorted({one.spacing for one in wanted if "pdf" in one.formats})
    sets: list[Typeset] = []
    told: list[Diagnostic] = []
    for spacing in spacings or ["single"]:
        made, more = copying.typeset(order, spacing, on_step)
        told += more
        if made is None:
            return Drafted(None, (), ordered(told))
        sets.append(made)
    with store.locked(order.root / "build"):
        lines = places.Lines(Shelf(order.root / "build" / FOLDER))
        shared = _shared(order, sets, lines, on_step)
        copies, faults = _copies(shared, wanted, sets, lines, on_step)
        draft = keep(shared, [copy for copy, _ in copies])
    ledger.append(order.root, records(shared, [copy for copy, _ in copies]))
    said = [one for one in [*told, *faults] if one.code not in SHOWN]
    return Drafted(draft, tuple(artifact for _, artifact in copies), ordered(said))


def _copies(
    shared: Shared,
    wanted: Sequence[Reviewer],
    sets: Sequence[Typeset],
    lines: places.Lines,
    on_step: OnStep,
) -> tuple[list[tuple[Copy, Artifact]], list[Diagnostic]]:
    """Make every copy, of every kind."""
    copies: list[tuple[Copy, Artifact]] = []
    told: list[Diagnostic] = []
    for made in sets:
        on_step(Step(f"making the PDFs, {made.spacing} spacing"))
        takers = [w for w in wanted if w.spacing == made.spacing and "pdf" in w.formats]
        found, more = copying.make(shared, made, takers)
        copies, told = [*copies, *found], [*told, *more]
    for kind in flowing.KINDS:
        if takers := [one for one in wanted if kind in one.formats]:
            on_step(Step(f"making the {kind.upper()}s"))
            found, more = flowing.make(shared, kind, takers, lines)
            copies, told = [*copies, *found], [*told, *more]
    return copies, told


def _wanted(order: Order) -> list[Reviewer]:
    """Give whom a copy is for, with what the order says instead of what they like."""
    listed: tuple[Reviewer, ...] = (Reviewer(slug=NOBODY, name="", email=""),)
    if order.called:
        known = reviewers.read(order.root, config.load(order.root).settings)
        chosen = [known if one == ALL else (reviewers.find(known, one),) for one in order.called]
        listed = tuple(dict.fromkeys(one for some in chosen for one in some))
    return [
        replace(
            one,
            formats=order.formats or one.formats,
            chapters=order.chapters or one.chapters,
            spacing=order.spacing or one.spacing,
        )
        for one in listed
    ]


def _shared(order: Order, sets: Sequence[Typeset], lines: places.Lines, on_step: OnStep) -> Shared:
    """Read the book once more, from what the build has kept, for what the copies share."""
    book, csl, _ = reading.read(order.root)
    resolved, _ = resolve(book, csl, on_step, lines.shelf)
    texts = sources(book)
    revision = reading.revision(order.root, (REVIEWS, book.settings.review.reviewers))
    name = _name(order, (order.date, revision, sorted(texts.items())), sets)
    draft = Draft(name, order.date, revision, book.slug, texts)
    folder = drafts.folder(order.root) / name
    listed = documents(resolved, lines)
    notes = marginalia.author_notes(book)
    epoch, known = reading.epoch(book), _known(order.root, name)
    return Shared(order, resolved, listed, notes, epoch, draft, folder, known)


def _known(root: Path, name: str) -> tuple[Copy, ...]:
    """Give the copies that were made of a draft before."""
    there = (drafts.folder(root) / name / drafts.RECORD).is_file()
    return drafts.find(root, name).draft.copies if there else ()


def sources(book: Book) -> dict[str, str]:
    """Give the digests of the book's texts by their paths."""
    listed = {one.location.path for one in book.bibliography.references.values()}
    paths = {"book.yaml", *(chapter.path for chapter in book.chapters), *listed}
    return {path: store.digest(book.root / path) for path in sorted(paths)}


def _name(order: Order, basis: Sequence[object], sets: Sequence[Typeset]) -> str:
    """Give the draft's name: the same for the same texts on the same day.

    Where the same texts stand on other pages than in a draft that is kept, as after a
    change of the template, it is another.
    """
    name = name_of(*basis)
    kept = drafts.folder(order.root) / name
    if all(_fits(kept, one) for one in sets):
        return name
    return name_of(*basis, [[one.page_map.pages, one.page_map.rows] for one in sets])


def _fits(kept: Path, made: Typeset) -> bool:
    """Tell whether pages are those of a kept draft, if it has any with this spacing."""
    file = kept / f"{made.spacing}{stored.SUFFIX}"
    if not file.is_file():
        return True
    try:
        before = stored.unpacked(file.read_bytes())
    except (OSError, ValueError):
        return True  # it is written anew
    return (before.pages, before.rows) == (made.page_map.pages, made.page_map.rows)


def name_of(*basis: object) -> str:
    """Give the name of a draft that is made from this."""
    number = int(key(*basis), 16)
    return "".join(DIGITS[number // len(DIGITS) ** n % len(DIGITS)] for n in range(LENGTH))


def documents(resolved: Resolved, lines: places.Lines) -> tuple[Document, ...]:
    """Give the documents with where each of their stops leads."""
    references = resolved.book.bibliography.references
    found = []
    for one in resolved.documents:
        known = mapping.stop_places(one, lines, references)
        begins = [stop.word == 0 for stop in sourcemap.stops(one.blocks)]
        stops = tuple(
            None if place is None else Stop(*place, begin)
            for place, begin in zip(known, begins, strict=True)
        )
        path = one.chapter.path if one.chapter else None
        found.append(Document(one.slug, path, one.number, stops))
    return tuple(found)


def keep(shared: Shared, copies: Sequence[Copy]) -> Draft:
    """Keep the texts as they are, where their blocks stand, and at last the draft's record.

    Copies that were made of it before stay in the record.
    """
    draft = shared.draft
    for path in draft.sources:
        data = (shared.order.root / path).read_bytes()
        store.write_bytes(shared.folder / drafts.SOURCES / path, data)
    store.write_text(shared.folder / drafts.BLOCKS, drafts.blocks(shared.documents))
    new = {(one.name, one.kind) for one in copies}
    kept = [one for one in shared.known if (one.name, one.kind) not in new]
    draft = replace(draft, copies=(*kept, *copies))
    store.write_text(shared.folder / drafts.RECORD, drafts.record(draft))
    (shared.folder / drafts.RECORD).touch()  # it is the newest, whether or not it was there
    return draft


def records(shared: Shared, copies: Sequence[Copy]) -> list[ledger.Record]:
    """Say for the ledger who has a copy; one that is for nobody in particular is not in it."""
    found: dict[str, list[Copy]] = {}
    for copy in copies:
        if copy.reviewer:
            found.setdefault(copy.name, []).append(copy)
    draft = shared.draft
    return [
        ledger.Drafted(
            draft.id,
            name,
            draft.date,
            draft.revision,
            tuple(one.kind for one in own),
            tuple(ledger.File(one.file, one.sha256) for one in own),
        )
        for name, own in found.items()
    ]
