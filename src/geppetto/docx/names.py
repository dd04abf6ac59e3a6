"""Names of bookmarks: what Word takes for every identifier of the book.

A name has at most 40 characters, begins with a letter, holds letters, digits
and underscores, and is another in whatever case (ECMA-376 part 1, 17.13.6.2,
and what Word does: it drops a second of the same name, and reads names without
case).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 40
STOP = "src"
"""Bookmarks of stops are `src_<document>_<stop>`; no other is named like that."""


def bookmarks(identifiers: Iterable[str]) -> dict[str, str]:
    """Give a name for each identifier, the same for the same identifiers in their order."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in identifiers:
        if identifier not in names:
            name = _free(_plain(identifier), taken)
            taken.add(name.lower())
            names[identifier] = name
    return names


def stop(document: int, number: int) -> str:
    """Name the bookmark of a stop; both numbers count from 1."""
    return f"{STOP}_{document}_{number}"


def _plain(identifier: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "_", identifier).strip("_")
    if not plain or not plain[0].isalpha() or plain.lower().split("_")[0] == STOP:
        plain = f"x_{plain}".rstrip("_")
    return plain[:LONGEST]


def _free(plain: str, taken: set[str]) -> str:
    name, count = plain, 1
    while name.lower() in taken:
        count += 1
        name = f"{plain[: LONGEST - len(str(count)) - 1]}_{count}"
    return name
