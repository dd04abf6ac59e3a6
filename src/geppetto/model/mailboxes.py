"""Addresses of electronic mail: what one is, and what cannot stand in one.

An address is local part, `@` and domain (RFC 5321, 4.1.2), its letters those of
any script (RFC 6531). Quoted local parts and address literals are not taken: no
person has one. Nothing that ends a line is taken, so that no name and no address
can add a header to a message.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# atext (RFC 5322, 3.2.3), and what RFC 6531, 3.3 adds to it.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>")
_DIRECTIONS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@dataclass(frozen=True)
class Mailbox:
    """A name, which may be empty, and an address: `local` and `domain`, the latter in ASCII."""

    name: str
    local: str
    domain: str

    @property
    def address(self) -> str:
        """The address as a server takes it."""
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether the server must know SMTPUTF8 (RFC 6531): the local part is beyond ASCII."""
        return not self.local.isascii()


def mailbox(written: str) -> Mailbox:
    """Read `Ann Author <ann@example.org>`, or an address alone.

    Raises:
        ValueError: it is no address.
    """
    match = _NAMED.fullmatch(written.strip())
    if _unfit(written):
        raise ValueError("has a character that no name has")
    if match is None:
        return addressed("", written.strip())
    return addressed(match["name"].strip().strip('"'), match["address"])


def addressed(name: str, address: str) -> Mailbox:
    """Give the mailbox of a name and an address.

    Raises:
        ValueError: one of the two cannot stand in a message's header.
    """
    name = person(name)
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or _unfit(local) or len(local.encode()) > 64:
        raise ValueError("is no e-mail address")
    return Mailbox(name, unicodedata.normalize("NFC", local), _ascii(domain))


def person(name: str) -> str:
    """Give a person's name as it can stand in a header.

    Raises:
        ValueError: it has a line end, another control character, or angle brackets.
    """
    if _unfit(name) or re.search("[<>]", name):
        raise ValueError("has a character that no name has")
    if len(name) > 200:
        raise ValueError("is too long for a name")
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _ascii(domain: str) -> str:
    """Give a domain by its A-labels (RFC 5890), in small letters."""
    try:
        ascii_only = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_only = ""
    labels = ascii_only.split(".")
    well = all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    if not well or len(labels) < 2 or len(ascii_only) > 253:
        raise ValueError("is no e-mail address: what follows the @ is no domain")
    return ascii_only


def _unfit(text: str) -> bool:
    """Tell whether text ends a line, controls something or changes the direction."""
    return any(
        unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        or unicodedata.bidirectional(c) in _DIRECTIONS
        for c in text
    )
