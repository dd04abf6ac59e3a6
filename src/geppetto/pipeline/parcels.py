"""Who gets what of a kept draft: the copies, and the letter that goes with them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geppetto import store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Severity
from geppetto.model.mailboxes import Mailbox, mailbox
from geppetto.model.settings import Settings
from geppetto.review import drafts, ledger, reviewers
from geppetto.review.drafts import Copy, Kept
from geppetto.review.ledger import Ledger
from geppetto.review.mailing import amounts, letters, mail
from geppetto.review.mailing.letters import Letter, Occasion
from geppetto.review.mailing.mail import Enclosure, Message
from geppetto.review.reviewers import Reviewer
from geppetto.titlepage import authors

EVERYBODY = "all"
Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True)
class Parcel:
    """A reviewer's letter and copies; `message` is its Message-ID."""

    reviewer: Reviewer
    copies: tuple[Copy, ...]
    letter: Letter
    message: str
    again: bool

    @property
    def files(self) -> tuple[str, ...]:
        """The names of what is enclosed."""
        return tuple(one.file for one in self.copies)

    def known_as(self, desk: Desk) -> ledger.Letter:
        """Say by what the ledger knows it."""
        slug, to = self.reviewer.slug, self.reviewer.mailbox.address
        return ledger.Letter(desk.kept.draft.id, slug, to)


@dataclass(frozen=True)
class Desk:
    """What every letter of a run needs."""

    root: Path
    settings: Settings
    kept: Kept
    now: Clock

    @property
    def sender(self) -> Mailbox | None:
        """Who sends, where book.yaml says it."""
        said = self.settings.review.sender
        return mailbox(said) if said else None

    def message(self, parcel: Parcel, moment: datetime.datetime, *, unsent: bool) -> Message:
        """Put a parcel's message together, with the content of its files."""
        return mail.compose(
            parcel.letter,
            [_enclosure(self.kept, one) for one in parcel.copies],
            message=parcel.message,
            sender=self.sender,
            to=parcel.reviewer.mailbox,
            moment=moment,
            unsent=unsent,
        )


def made_up(
    desk: Desk, people: Sequence[Reviewer], to: Sequence[str], again: Sequence[str]
) -> tuple[list[Parcel], list[Diagnostic]]:
    """Choose who gets what, and write the letters; nothing goes out if one cannot.

    `to` and `again` are names, addresses or slugs of reviewers, or "all"; an empty
    `to` is all.

    Raises:
        GeppettoError: there is no such reviewer, no copy for one, or a damaged copy.
    """
    kept, sent = desk.kept, ledger.read(desk.root)
    chosen = _chosen(to, kept, people)
    once_more = _named(again, people)
    faults = [d for one in chosen for copy in _copies(kept, one) for d in _damage(kept, copy)]
    if faults:
        raise GeppettoError(faults, ExitCode.USAGE)
    parcels: list[Parcel] = []
    said: list[Diagnostic] = []
    now = amounts.chapters(kept)
    for one in chosen:
        occasion, faults = _occasion(desk, one, now, sent)
        letter, more = letters.write(desk.root, occasion, one.name, one.lang, one.note)
        said += faults + more
        address = one.mailbox
        message = mail.identifier(kept.draft.slug, kept.draft.id, one.slug, address, desk.sender)
        parcels.append(Parcel(one, _copies(kept, one), letter, message, one.slug in once_more))
    return parcels, said


def _chosen(to: Sequence[str], kept: Kept, people: Sequence[Reviewer]) -> list[Reviewer]:
    """Give those who are asked for, each of whom has a copy, in the order of the list."""
    have = {copy.name: copy.reviewer for copy in kept.draft.copies if copy.reviewer}
    wanted = _named(to or (EVERYBODY,), people)
    if to and EVERYBODY not in to:
        lacking = [one for one in people if one.slug in wanted and one.slug not in have]
        faults = [_without_copy(one.name, kept, have) for one in lacking]
    else:
        known = {one.slug for one in people}
        faults = [_stranger(name, kept) for slug, name in have.items() if slug not in known]
        faults = faults or ([] if have else [_without_copy("anybody", kept, have)])
    if faults:
        raise GeppettoError(faults, ExitCode.USAGE)
    return [one for one in people if one.slug in wanted and one.slug in have]


def _named(names: Sequence[str], people: Sequence[Reviewer]) -> set[str]:
    if EVERYBODY in names:
        return {one.slug for one in people}
    return {reviewers.find(people, name).slug for name in names}


def _without_copy(name: str, kept: Kept, have: Mapping[str, str]) -> Diagnostic:
    hint = f"It has copies for {', '.join(have.values())}." if have else "Make one: geppetto draft."
    says = f"The draft {kept.draft.id} has no copy for {name}."
    return Diagnostic("reviewer-unknown", says, hint=hint)


def _stranger(name: str, kept: Kept) -> Diagnostic:
    says = f"The draft {kept.draft.id} has a copy for {name}, who is not in the list of reviewers."
    hint = "Put the name back into the list, or say who gets the draft: --to NAME."
    return Diagnostic("reviewer-unknown", says, hint=hint)


def _copies(kept: Kept, reviewer: Reviewer) -> tuple[Copy, ...]:
    return tuple(copy for copy in kept.draft.copies if copy.name == reviewer.slug)


def _damage(kept: Kept, copy: Copy) -> Iterator[Diagnostic]:
    if Path(copy.file).name != copy.file or copy.kind not in mail.TYPES:
        what = "is none that can be sent"
    elif not (kept.folder / copy.file).is_file():
        what = "is not there"
    elif store.digest(kept.folder / copy.file) != copy.sha256:
        what = "has been changed since it was made"
    else:
        return
    says = f"The copy {copy.file} of the draft {kept.draft.id} {what}."
    hint = "Take it from a backup, or make a draft anew: geppetto draft."
    yield Diagnostic("draft-damaged", says, hint=hint)


def _occasion(
    desk: Desk, reviewer: Reviewer, now: Sequence[amounts.Chapter], sent: Ledger
) -> tuple[Occasion, list[Diagnostic]]:
    """Say what the letter is about: what is enclosed, what is new since the last one."""
    draft = desk.kept.draft
    before, said = _before(desk, reviewer, sent)
    wanted = set(reviewer.chapters)
    mine = [one for one in now if not wanted or {one.path, one.number} & wanted]
    old = amounts.chapters(before) if before is not None else ()
    paths = {one.path for one in mine}
    changes = amounts.compare(old, now) if before is not None else ()
    kinds = frozenset(copy.kind for copy in _copies(desk.kept, reviewer))
    who = desk.sender.name if desk.sender and desk.sender.name else authors(desk.settings)
    occasion = Occasion(desk.settings.title, draft.date, who, kinds)
    return replace(
        occasion,
        chapters=tuple(letters.label(one.number, one.title) for one in mine) if wanted else (),
        since=before.draft.date if before is not None else "",
        changes=tuple(one for one in changes if not wanted or one.path in paths),
    ), said


def _before(desk: Desk, reviewer: Reviewer, sent: Ledger) -> tuple[Kept | None, list[Diagnostic]]:
    """Give the draft that a reviewer was sent before, if it is kept and no newer than this one."""
    last = sent.newest_sent(reviewer.slug, other_than=desk.kept.draft.id)
    if last is None:
        return None, []
    try:
        before = drafts.find(desk.root, last.draft)
    except GeppettoError as fault:
        says = f"What changed since {reviewer.name} was sent the draft {last.draft} is not known."
        code = fault.diagnostics[0].code
        hint = "The letter does not speak of it: the folder of that draft is not there, or damaged."
        return None, [Diagnostic(code, says, hint=hint, severity=Severity.NOTE)]
    return (before if before.draft.date <= desk.kept.draft.date else None), []


def _enclosure(kept: Kept, copy: Copy) -> Enclosure:
    return Enclosure(copy.file, copy.kind, (kept.folder / copy.file).read_bytes())
