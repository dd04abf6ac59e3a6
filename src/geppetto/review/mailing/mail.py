"""A letter with its enclosures as a message of mail (RFC 5322, MIME).

The same letter gives the same bytes: the boundaries come from the message's
identifier, and the moment is given. Names and the subject are encoded here, whole,
as Python before 3.13 could let a comma of an encoded name fall out of its quotation
when it broke the line.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from geppetto.manuscript import slug
from geppetto.model.mailboxes import Mailbox
from geppetto.review.mailing.letters import Letter

TYPES = {
    "pdf": ("application", "pdf"),
    "epub": ("application", "epub+zip"),
    # ECMA-376 as registered with IANA.
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
LONGEST = 45  # octets of an encoded word's content: 75 characters in all (RFC 2047, 2)
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter: its name, its format, its content."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """A message ready to go: who sends and gets it, and its octets, lines ended by CR LF."""

    id: str
    sender: Mailbox | None
    to: Mailbox
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether a server must know SMTPUTF8."""
        return self.to.needs_utf8 or bool(self.sender and self.sender.needs_utf8)


def identifier(book: str, draft: str, reviewer: str, to: Mailbox, sender: Mailbox | None) -> str:
    """Give the Message-ID: the same for the same draft to the same reviewer, and for no other."""
    said = "\0".join((book, draft, reviewer, to.address))
    digest = hashlib.sha256(said.encode()).hexdigest()[:20]
    domain = sender.domain if sender else "geppetto.invalid"
    return f"<{slug(draft) or 'draft'}.{digest}@{domain}>"


def compose(  # noqa: PLR0913 - a parameter for each part of a message
    letter: Letter,
    enclosures: Sequence[Enclosure],
    *,
    message: str,
    sender: Mailbox | None,
    to: Mailbox,
    moment: datetime.datetime,
    unsent: bool,
) -> Message:
    """Put a message together. One that is `unsent` is opened by mail programs to be sent."""
    made = EmailMessage(_policy(to, sender))
    made["Date"] = format_datetime(moment)
    made["Message-ID"] = _Written("Message-ID", [message])
    if sender is not None:
        made["From"] = _Written("From", _mailbox(sender))
    made["To"] = _Written("To", _mailbox(to))
    made["Subject"] = _Written("Subject", _encoded(letter.subject))
    if unsent:
        made["X-Unsent"] = "1"
    encoding = "quoted-printable" if _mostly_ascii(letter.text) else "base64"
    made.set_content(letter.text, cte=encoding)
    made.add_alternative(letter.html, subtype="html", cte=encoding)
    for part in made.iter_parts():
        part["Content-Language"] = letter.lang
    for one in enclosures:
        maintype, subtype = TYPES[one.kind]
        made.add_attachment(one.content, maintype, subtype, filename=one.name)
    _set_boundaries(made, message)
    return Message(message, sender, to, made.as_bytes())


class _Written(str):
    """A header's value that is encoded and needs only be put on lines: no parser touches it.

    `email.policy` takes a value with a `name` as it is, and asks it to fold itself
    (EmailPolicy.header_store_parse, EmailPolicy.fold).
    """

    name: str
    pieces: list[str]

    def __new__(cls, name: str, pieces: list[str]) -> _Written:
        made = super().__new__(cls, " ".join(pieces))
        made.name, made.pieces = name, pieces
        return made

    def fold(self, *, policy: EmailPolicy) -> str:
        """Give the header's lines, 78 characters at most where a piece is not longer itself."""
        lines = [f"{self.name}:"]
        for piece in self.pieces:
            if len(lines[-1]) + 1 + len(piece) > 78 and lines[-1].strip() != f"{self.name}:":
                lines.append("")
            lines[-1] += f" {piece}"
        return "".join(line + policy.linesep for line in lines)


def _policy(to: Mailbox, sender: Mailbox | None) -> EmailPolicy[EmailMessage]:
    beyond = to.needs_utf8 or (sender is not None and sender.needs_utf8)
    return policy.SMTPUTF8 if beyond else policy.SMTP


def _mailbox(one: Mailbox) -> list[str]:
    if not one.name:
        return [one.address]
    return [*_phrase(one.name), f"<{one.address}>"]


def _phrase(name: str) -> list[str]:
    """Give a name as a phrase (RFC 5322, 3.2.5): words, a quoted string, or encoded words."""
    if not name.isascii() or "=?" in name or len(name) > 60:
        return list(_words(name))
    if _PLAIN.fullmatch(name):
        return name.split(" ")
    return ['"' + re.sub(r'([\\"])', r"\\\1", name) + '"']


def _encoded(text: str) -> list[str]:
    """Give unstructured text as it can stand in a header."""
    plain = text.isascii() and text.isprintable() and "=?" not in text
    if plain and all(len(word) < 70 for word in text.split(" ")):
        return text.split(" ")
    return list(_words(text))


def _words(text: str) -> Iterator[str]:
    """Give encoded words (RFC 2047): no character is parted, none is left outside."""
    piece = b""
    for char in text:
        octets = char.encode()
        if len(piece) + len(octets) > LONGEST:
            yield _word(piece)
            piece = b""
        piece += octets
    yield _word(piece)


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode('ascii')}?="


def _mostly_ascii(text: str) -> bool:
    return sum(c.isascii() for c in text) * 6 > len(text) * 5


def _set_boundaries(made: EmailMessage, message: str) -> None:
    """Part the parts by what neither quoted-printable nor base64 can hold (RFC 2045, 6.7)."""
    digest = hashlib.sha256(message.encode()).hexdigest()[:24]
    parts = (part for part in made.walk() if part.is_multipart())
    for number, part in enumerate(parts, start=1):
        part.set_boundary(f"=_{digest}_{number}")
