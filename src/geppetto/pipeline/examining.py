"""A whole look at the book, for `geppetto check`.

Little is loaded before Pandoc has been started: it takes longest, and even to
load what follows takes a while.
"""

from __future__ import annotations

from pathlib import Path

from geppetto.diagnostics import ordered, without_consequences
from geppetto.pipeline import kept, reading, unmarking
from geppetto.pipeline.opening import Opening
from geppetto.progress import OnStep, Step

REPLACED = frozenset({"author-notes-left-out"})  # each note has its own place here


def examine(root: Path, on_step: OnStep) -> kept.Kept:
    """Find everything, and say what it depends on.

    Raises:
        GeppettoError: the configuration does not let the check go on.
    """
    on_step(Step("reading the book"))
    begun = reading.begin(root)
    with Opening(begun.book) as opening:
        from geppetto.pipeline.querying import query  # noqa: PLC0415 - while Pandoc reads

        book, csl, read = reading.complete(begun)
        inputs, queried = query(book, csl, opening, on_step)
    found = without_consequences([*read, *unmarking.at_home(queried, book)])
    return kept.Kept(inputs, ordered(d for d in found if d.code not in REPLACED))
