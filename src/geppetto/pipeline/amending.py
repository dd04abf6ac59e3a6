"""`geppetto comments apply`: changes that reviewers proposed, made in the chapters.

A change is made only where the words read as they did in the draft, and only if
Pandoc then reads the proposed words there and everything else as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import pandoc
from geppetto.diagnostics import Diagnostic, Location
from geppetto.pipeline.carried import Passage, Today
from geppetto.pipeline.commenting import write
from geppetto.progress import OnStep, Step
from geppetto.review.kept import keeping
from geppetto.review.kept.applying import (
    BY_HAND,
    Made,
    Proposal,
    UnfitError,
    change,
    holds,
    proposed,
)
from geppetto.review.kept.carrying import Fate
from geppetto.review.kept.keeping import Change, File
from geppetto.review.kept.sheets import Part
from geppetto.review.remarks import Certainty, Kind, Remark

NOTE = "Applied."
SHOWN = 60
"""Characters of the words of today that a message quotes."""


@dataclass(frozen=True)
class Applied:
    """A change that was made: of which remark, and where."""

    id: str
    location: Location


@dataclass(frozen=True)
class _Refused(Exception):  # noqa: N818 - what it is, not that it is a fault
    """Why a change is not made."""

    why: str
    remedy: str


def apply(
    root: Path, names: Sequence[str], on_step: OnStep, *, ambiguous: bool = False
) -> tuple[list[Applied], list[Diagnostic]]:
    """Make the changes that remarks propose; each that is made settles its remark.

    `ambiguous` makes those, too, whose words stood more than once in the draft, so
    that the nearest were taken for them.

    Raises:
        GeppettoError: a remark is not known; book.yaml has faults; a file cannot be written.
    """
    applied: list[Applied] = []
    with keeping.alone(root):
        files, said = keeping.read(root)
        parts = keeping.named(files, names)
        today = Today(root)
        for part in parts:
            on_step(Step(f"applying {part.entry.remark.id}"))
            try:
                applied.append(_apply(part, today, ambiguous=ambiguous))
            except _Refused as refused:
                said.append(_said(part, refused, today, files))
                continue
            settled = {part.entry.remark.id: Change("resolved", note=NOTE)}
            keeping.change(keeping.read(root)[0], settled)
    return applied, [*today.diagnostics, *said]


def _apply(part: Part, today: Today, *, ambiguous: bool) -> Applied:
    remark = part.entry.remark
    new = proposed(remark)
    if part.entry.state != "open":
        raise _Refused(
            f"it is {part.entry.state}.", f"Open it again: geppetto comments reopen {remark.id}."
        )
    if new is None:
        raise _Refused("it proposes nothing.", "Read what it says, and change the text by hand.")
    if remark.kind is Kind.MOVE:
        raise _Refused("it moves words, from where they are not gone.", BY_HAND)
    passage = _passage(remark, today, ambiguous=ambiguous)
    text = today.text(passage.path)
    spaced = remark.kind is Kind.CARET
    try:
        made = change(text, Proposal(remark.id, passage.start, passage.end, new, spaced))
    except UnfitError as unfit:
        raise _Refused(unfit.why, unfit.remedy) from unfit
    old = today.plain(passage.path).text[passage.start : passage.end]
    if not _reads_as_proposed(made, old):
        raise _Refused("more than the words would change there.", BY_HAND)
    write(today.root / passage.path, text, made.content)
    today.renew(passage.path)
    return Applied(remark.id, Location(passage.path, passage.span.line, passage.span.column))


def _passage(remark: Remark, today: Today, *, ambiguous: bool) -> Passage:
    """Give where the words stand today, if they surely are those and read as they did."""
    sure = {Certainty.EXACT, Certainty.AMBIGUOUS} if ambiguous else {Certainty.EXACT}
    if remark.certainty not in sure:
        if remark.certainty is Certainty.AMBIGUOUS:
            remedy = "Look whether the place is right; then say --ambiguous."
            raise _Refused("its words stood more than once in the draft.", remedy)
        raise _Refused("its words were not found in the draft's text.", BY_HAND)
    passage, fate = today.stands(remark)
    if fate is None:
        raise _Refused("its place in the draft is not known here.", BY_HAND)
    then = today.read_then(remark)
    if passage is None or then is None:
        raise _Refused("its passage is gone.", BY_HAND)
    now = today.plain(passage.path).text[passage.start : passage.end]
    if fate is Fate.CHANGED or now.split() != then.split():
        shown = now if len(now) <= SHOWN else f"{now[:SHOWN]}…"
        raise _Refused(f"the passage has changed since; it reads “{shown}” now.", BY_HAND)
    return passage


def _reads_as_proposed(made: Made, old: str) -> bool:
    """Ask Pandoc whether the change is one of words alone."""
    blocks, _ = pandoc.read({"before": made.before, "after": made.after})
    if blocks.keys() != {"before", "after"}:
        return False
    return holds(blocks["before"], blocks["after"], made.words, old)


def _said(part: Part, refused: _Refused, today: Today, files: Sequence[File]) -> Diagnostic:
    remark = part.entry.remark
    passage, _ = today.stands(remark)
    place = next(
        Location(file.sheet.path, _line_of(file.text.read, part.start))
        for file in files
        if part in file.sheet.parts
    )
    if passage is not None:
        place = Location(passage.path, passage.span.line, passage.span.column)
    why = f"{refused.why[:1].lower()}{refused.why[1:]}"
    says = f"The change of remark {remark.id} is not made: {why}"
    return Diagnostic("remark-unapplied", says, place, refused.remedy)


def _line_of(text: str, at: int) -> int:
    """Give the line of an offset."""
    return text.count("\n", 0, at) + 1
