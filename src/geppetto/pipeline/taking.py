"""`geppetto comments FILE…`: the remarks in returned files, taken and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.progress import OnStep, Step
from geppetto.review import drafts, ledger, records
from geppetto.review.answers import Echo
from geppetto.review.kept import echoing, keeping

if TYPE_CHECKING:
    from geppetto.review.returned import Returned


@dataclass(frozen=True)
class Taken:
    """What a returned file gave: how many remarks it has, how many are new, how many say more."""

    file: Path
    draft: str
    reviewer: str
    remarks: int
    new: int
    updated: int


def take(
    root: Path, files: Sequence[Path], on_step: OnStep, when: str
) -> tuple[list[Taken], list[Diagnostic], ExitCode]:
    """Take the remarks out of returned files, and keep those that are new.

    `when` is the time (ISO 8601) that the ledger notes, where it has not seen the
    file yet. A file that cannot be read does not keep the others from it.
    """
    taken: list[Taken] = []
    said: list[Diagnostic] = []
    code = ExitCode.BUILT
    for file in files:
        on_step(Step(f"reading {file.name}"))
        try:
            one, more = _take(root, file, when)
        except GeppettoError as fault:
            said += fault.diagnostics
            code = max(code, fault.exit_code)
            continue
        taken.append(one)
        said += more
    return taken, said, code


def _take(root: Path, file: Path, when: str) -> tuple[Taken, list[Diagnostic]]:
    from geppetto.review import returned  # noqa: PLC0415 - only where a file is read

    found, said = returned.read(file, root)
    added, answered = keeping.Added(), 0
    if found.remarks or found.echoes:
        with keeping.alone(root):
            files, faults = keeping.read(root)
            answered = echoing.keep(files, _unseen(root, found))
            if found.remarks:
                revision = drafts.find(root, found.draft).draft.revision
                files = keeping.read(root)[0] if answered else files
                added = keeping.add(files, root, found.remarks, revision)
        said = [*said, *(f for f in faults if f not in said)]
    said = [*said, *_noted(root, file, found, when)]
    count, updated = len(found.remarks) + len(found.echoes), added.updated + answered
    return Taken(file, found.draft, found.copy, count, added.new, updated), said


def _unseen(root: Path, found: Returned) -> list[Echo]:
    """Give what a returned answer says of remarks; a file read before settles none again."""
    is_known = any(one.sha256 == found.digest for one in ledger.read(root).returned())
    return [replace(one, resolved=False) if is_known else one for one in found.echoes]


def _noted(root: Path, file: Path, found: Returned, when: str) -> tuple[Diagnostic, ...]:
    """Note in the ledger that a file came back, once however often it is read."""
    count = len(found.remarks)
    record = records.Returned(found.draft, found.copy, file.name, found.digest, when, count)

    def is_known(known: ledger.Ledger) -> bool:
        return any(one.sha256 == found.digest for one in known.returned(draft=found.draft))

    try:
        ledger.append(root, [record], unless=is_known)
    except GeppettoError as fault:
        return fault.diagnostics
    return ()
