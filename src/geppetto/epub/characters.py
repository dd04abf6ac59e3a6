"""Which characters and names XML can hold, and how others are brought into it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geppetto.templates import xml

# Namespaces in XML 1.0, production [4] NCName; `\w` holds the letters and digits of any script.
_NOT_NAME = re.compile(r"[^\w.\-]", re.ASCII)
_BLANKS = re.compile(r"[ \t\n\r]+")
# Identifiers of notes; no other identifier may come to have their XML names.
NOTE = "geppetto:note:"
NOTEREF = "geppetto:noteref:"
_GENERATED = re.compile(r"(note|noteref)-\d+")


def line(text: str) -> str:
    """Give a text on one line, fit for an attribute or a title; no-break spaces stay."""
    return _BLANKS.sub(" ", xml(text)).strip(" ")


def names(identifiers: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Map identifiers to XML names without colons (NCName), each to another one.

    ASCII letters, digits, full stops, hyphens and underscores stay; the rest is
    written by its code point, since old readers fail at other letters in a link.
    """
    mapping: dict[str, str] = {}
    used = set(taken)
    for identifier in dict.fromkeys(identifiers):
        wanted = _name(identifier)
        name, count = wanted, 2
        while name in used:
            name, count = f"{wanted}-{count}", count + 1
        used.add(name)
        mapping[identifier] = name
    return mapping


def _name(identifier: str) -> str:
    if identifier.startswith((NOTE, NOTEREF)):
        return identifier.removeprefix("geppetto:").replace(":", "-")
    simple = identifier.replace(":", "-").replace("/", "-")
    name = _NOT_NAME.sub(lambda found: f"u{ord(found[0]):x}", simple)
    if not name or not (name[0].isalpha() or name[0] == "_") or _GENERATED.fullmatch(name):
        return f"id-{name}"
    return name
