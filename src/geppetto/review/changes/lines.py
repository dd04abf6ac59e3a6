"""What changed in code, line by line."""

from __future__ import annotations

from geppetto.model.changes import Kind
from geppetto.review.changes.aligning import runs

Line = tuple[Kind | None, str]


def compare(old: str, new: str) -> list[Line]:
    """Give the lines of both, each with what happened to it; what was deleted comes first."""
    before, after = old.split("\n"), new.split("\n")
    made: list[Line] = []
    at = to = 0
    for start, target, length in runs(before, after):
        made += [(Kind.DELETED, line) for line in before[at:start]]
        made += [(Kind.INSERTED, line) for line in after[to:target]]
        made += [(None, line) for line in after[target : target + length]]
        at, to = start + length, target + length
    return made
