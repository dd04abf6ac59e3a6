"""Two ways for letters to go out: as files that a mail program opens, and to a mail server.

A message is never mailed twice unless that is asked for: it is noted in the ledger
before the server gets it and after, and where a run ended between the two, nobody
but the author decides.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from geppetto import config, store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.model.sizes import octets
from geppetto.pipeline.parcels import Clock, Desk, Parcel
from geppetto.progress import OnStep, Step
from geppetto.review import ledger
from geppetto.review.ledger import Failed, Ledger, Sending, Sent
from geppetto.review.mailing import password
from geppetto.review.mailing.letters import Letter
from geppetto.review.mailing.mail import Message
from geppetto.review.mailing.smtp import Delivery, End, Patience, Session
from geppetto.review.reviewers import Reviewer

BROKEN = 2
"""How often in a row a server may break off before the others are left alone."""


@dataclass(frozen=True)
class Posted:
    """What became of one letter: `done` is "sent", "written" or "ready" (nothing was done)."""

    reviewer: Reviewer
    letter: Letter
    files: tuple[str, ...]
    size: int
    done: str
    path: Path | None = None


def _moment(clock: Clock) -> datetime.datetime:
    """Give the time with its zone."""
    return clock().astimezone()


class Post(ABC):
    """How letters go out."""

    def __init__(self, desk: Desk, *, dry: bool) -> None:
        self.desk, self.dry = desk, dry
        self.diagnostics: list[Diagnostic] = []
        self.limit = octets(desk.settings.review.limit)

    @abstractmethod
    def each(self, parcels: Sequence[Parcel], on_step: OnStep) -> Iterator[Posted]:
        """Let each letter go out, and say what became of it."""

    def fits(self, parcel: Parcel, size: int, limit: int, whose: str) -> bool:
        """Tell whether a message is small enough; if not, say what can be done."""
        if size <= limit:
            return True
        name = parcel.reviewer.name
        says = f"The message to {name} has {_sized(size)}; {whose} {_sized(limit)}."
        hint = (
            f"Put the files where {name} can fetch them and send a link, or give {name} fewer "
            "chapters or one format: `chapters` and `formats` in the list of reviewers."
        )
        self.diagnostics.append(Diagnostic("mail-large", says, parcel.reviewer.place, hint))
        return False

    def posted(self, parcel: Parcel, size: int, done: str, path: Path | None = None) -> Posted:
        """Say what became of a letter."""
        return Posted(parcel.reviewer, parcel.letter, parcel.files, size, done, path)


class Files(Post):
    """Letters become files that a mail program opens."""

    def each(self, parcels: Sequence[Parcel], on_step: OnStep) -> Iterator[Posted]:
        """Write each letter; the same letter is the same file however often it is written."""
        for parcel in parcels:
            on_step(Step(f"writing to {parcel.reviewer.name}"))
            known = ledger.read(self.desk.root).sent(parcel.known_as(self.desk))
            moment = _moment(self.desk.now)
            if known is not None and known.how == "eml":
                moment = datetime.datetime.fromisoformat(known.when)
            message = self.desk.message(parcel, moment, unsent=True)
            size = len(message.content)
            if not self.fits(parcel, size, self.limit, "the limit in book.yaml is"):
                continue
            if self.dry:
                yield self.posted(parcel, size, "ready")
                continue
            path = self.desk.kept.folder / f"{parcel.reviewer.slug}.eml"
            store.write_bytes(path, message.content)
            self._note(parcel, message, moment)
            yield self.posted(parcel, size, "written", path)

    def _note(self, parcel: Parcel, message: Message, moment: datetime.datetime) -> None:
        draft, slug = self.desk.kept.draft.id, parcel.reviewer.slug
        record = Sent(draft, slug, message.id, moment.isoformat(), message.to.address, "eml")
        ledger.append(self.desk.root, [record], lambda book: book.sent(record.letter) is not None)


class Mail(Post):
    """Letters go to a mail server."""

    def __init__(
        self,
        desk: Desk,
        environment: Mapping[str, str],
        patience: Patience | None,
        *,
        dry: bool,
    ) -> None:
        super().__init__(desk, dry=dry)
        self.server = desk.settings.review.smtp
        self._check()
        self.environment, self.patience = environment, patience
        self.sessions = ExitStack()
        self.session: Session | None = None
        self.breaks = 0

    def each(self, parcels: Sequence[Parcel], on_step: OnStep) -> Iterator[Posted]:
        """Mail each letter that was not mailed; what stops all of them is said once."""
        with self.sessions:
            yield from self._each(parcels, on_step)

    def _each(self, parcels: Sequence[Parcel], on_step: OnStep) -> Iterator[Posted]:
        for parcel in parcels:
            if not self._is_due(parcel, ledger.read(self.desk.root)):
                continue
            on_step(Step(f"sending to {parcel.reviewer.name}"))
            moment = _moment(self.desk.now)
            message = self.desk.message(parcel, moment, unsent=False)
            size = len(message.content)
            if not self.fits(parcel, size, self.limit, "the limit in book.yaml is"):
                continue
            if self.dry:
                yield self.posted(parcel, size, "ready")
                continue
            try:
                sent = self._send(parcel, message, moment)
            except GeppettoError as fault:
                self.diagnostics += fault.diagnostics
                return
            if sent:
                yield self.posted(parcel, size, "sent")

    def _check(self) -> None:
        review = self.desk.settings.review
        needed = {"review: from": review.sender, "review: smtp: host": self.server.host}
        lacking = [f"'{key}'" for key, value in needed.items() if not value]
        if lacking:
            says = f"book.yaml lacks {' and '.join(lacking)}, which sending mail needs."
            hint = (
                "For example:\n\nreview:\n  from: Ann Author <ann@example.org>\n"
                "  smtp: {host: smtp.example.org, user: ann@example.org}\n"
            )
            place = config.place(self.desk.root, "review")
            raise GeppettoError(Diagnostic("mail-settings", says, place, hint), ExitCode.USAGE)

    def _is_due(self, parcel: Parcel, book: Ledger) -> bool:
        """Tell whether a letter is to be mailed: it was not, or it is asked for again."""
        if parcel.again:
            return True
        letter = parcel.known_as(self.desk)
        sent, doubtful = book.sent(letter), book.doubtful(letter)
        if sent is not None:
            self.diagnostics.append(_was_sent(parcel, sent))
        elif doubtful is not None:
            self.diagnostics.append(_may_be_sent(parcel, doubtful))
        return sent is None and doubtful is None

    def _send(self, parcel: Parcel, message: Message, moment: datetime.datetime) -> bool:
        session = self._connected()
        draft, slug = self.desk.kept.draft.id, parcel.reviewer.slug
        begun = Sending(draft, slug, message.id, moment.isoformat(), message.to.address)
        noted = False

        def begin() -> bool:
            nonlocal noted
            noted = ledger.append(
                self.desk.root, [begun], lambda book: not parcel.again and _is_known(begun, book)
            )
            return noted

        delivery = session.deliver(message, begin)
        self._note(begun, delivery, noted=noted)
        self._tell(parcel, message, delivery, begun)
        self.breaks = self.breaks + 1 if delivery.end in {End.LOST, End.UNKNOWN} else 0
        if self.breaks >= BROKEN:
            raise self._gives_up()
        return delivery.end is End.TAKEN

    def _note(self, begun: Sending, delivery: Delivery, *, noted: bool) -> None:
        """Note how a delivery ended, unless nobody knows: then it stays open in the ledger."""
        when = _moment(self.desk.now).isoformat()
        draft, slug, message = begun.draft, begun.reviewer, begun.message
        record: Sent | Failed
        if delivery.end is End.TAKEN:
            record = Sent(draft, slug, message, when, begun.to, "smtp", begun.when)
        elif noted and delivery.end in {End.REFUSED, End.LOST}:
            record = Failed(draft, slug, message, when, begun.when, delivery.words)
        else:
            return
        ledger.append(self.desk.root, [record])

    def _tell(self, parcel: Parcel, message: Message, delivery: Delivery, begun: Sending) -> None:
        name, address = parcel.reviewer.name, message.to.address
        if delivery.end is End.LARGE:
            self.fits(parcel, len(message.content), int(delivery.words), "the server takes")
        elif delivery.end is End.REFUSED:
            says = f"The server refused the message to {name} ({address}): {delivery.words}."
            hint = "See to the address in the list of reviewers; what the server says tells more."
            self.diagnostics.append(Diagnostic("mail-refused", says, parcel.reviewer.place, hint))
        elif delivery.end is End.LOST:
            says = f"The connection broke before the server had the message to {name}."
            hint = "It was not sent. Send again: what was sent is not sent twice."
            self.diagnostics.append(Diagnostic("mail-server", says, parcel.reviewer.place, hint))
        elif delivery.end is End.UNKNOWN:
            self.diagnostics.append(_may_be_sent(parcel, begun, delivery.words))
        elif delivery.end is End.LEFT:
            says = f"Another process is sending this draft to {name}."
            self.diagnostics.append(Diagnostic("mail-sent", says, parcel.reviewer.place))

    def _connected(self) -> Session:
        if self.session is None or not self.session.is_open:
            user = self.server.user
            secret = password.find(user, self.server.host or "", self.environment) if user else None
            opened = Session(self.server, secret, self.patience)
            self.session = self.sessions.enter_context(opened)
        return self.session

    def _gives_up(self) -> GeppettoError:
        says = f"{self.server.host} broke off the connection twice; the others were not tried."
        hint = "Send again later: what was sent is not sent twice."
        return GeppettoError(Diagnostic("mail-server", says, hint=hint), ExitCode.MACHINERY)


def _is_known(begun: Sending, book: Ledger) -> bool:
    return book.sent(begun.letter) is not None or book.doubtful(begun.letter) is not None


def _was_sent(parcel: Parcel, sent: Sent) -> Diagnostic:
    name = parcel.reviewer.name
    day = sent.when[:10]
    says = f"This draft was sent to {name} on {day}; it is not sent again."
    if sent.how == "eml":
        says = f"A letter to {name} was written on {day}, ready to be sent; it is not mailed too."
    hint = f'To send it all the same: --again "{name}".'
    return Diagnostic("mail-sent", says, parcel.reviewer.place, hint)


def _may_be_sent(parcel: Parcel, begun: Sending, detail: str | None = None) -> Diagnostic:
    name = parcel.reviewer.name
    says = (
        f"The message to {name}, begun on {begun.when[:16].replace('T', ' at ')}, may have been "
        "sent or not: the connection or the run ended before the server's answer."
    )
    hint = f'Ask {name}, or look among the sent messages. To send it again: --again "{name}".'
    return Diagnostic("mail-doubtful", says, parcel.reviewer.place, hint, detail)


def _sized(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
