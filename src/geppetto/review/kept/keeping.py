"""The remarks of a book: `reviews/<reviewer>-<draft>.md`, read, added to, and changed.

What changes is put where it belongs, a line or a few; all else in a file stays as it
is, an author's own text above all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from geppetto import store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.review.kept import pieces, quoting, reading, sheets
from geppetto.review.kept.sheets import Entry, Part, Sheet
from geppetto.review.kept.texts import Edit, Text
from geppetto.review.remarks import Remark
from geppetto.suggest import nearest

W = TypeVar("W")

FOLDER = "reviews"
LARGEST = 50_000_000


@dataclass(frozen=True)
class File:
    """A file of remarks: where it is, its text, what it holds."""

    path: Path
    text: Text
    sheet: Sheet


@dataclass(frozen=True)
class Change:
    """What is to become of a remark; None, or an empty note, leaves that as it is."""

    state: str | None = None
    assigned: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Added:
    """How many remarks were new, and how many had something new."""

    new: int = 0
    updated: int = 0


def read(root: Path) -> tuple[tuple[File, ...], list[Diagnostic]]:
    """Read all remarks of a book; what cannot be read is said, and left alone."""
    files: list[File] = []
    said: list[Diagnostic] = []
    for path in sorted((root / FOLDER).glob("*.md")):
        name = f"{FOLDER}/{path.name}"
        try:
            text = _text(path)
        except (OSError, ValueError) as fault:
            hint = "Save it as UTF-8, or take it from git as it was."
            says = f"The file cannot be read: {fault}."
            said.append(Diagnostic("review-fault", says, Location(name), hint))
            continue
        sheet, faults = reading.parse(name, text.read)
        if sheet.parts or sheet.draft or sheet.reviewer:
            files.append(File(path, text, sheet))
            said += faults
    return tuple(files), said


def _text(path: Path) -> Text:
    with path.open("rb") as data:
        content = data.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 1_000_000} MB")
    try:
        return Text(content.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise ValueError("it is not UTF-8") from fault


def alone(root: Path) -> AbstractContextManager[None]:
    """Let no other process change the remarks meanwhile; see `store.alone`."""
    return store.alone(root / FOLDER)


def add(files: Sequence[File], root: Path, remarks: Sequence[Remark], revision: str = "") -> Added:
    """Keep the remarks of one copy: those that are new, and what is new of the others.

    Raises:
        GeppettoError: the folder cannot be written.
    """
    first = remarks[0]
    same = (first.draft, first.reviewer)
    file = next((f for f in files if (f.sheet.draft, f.sheet.reviewer) == same), None)
    if file is None:
        path = _free(root, first.reviewer, first.draft)
        text = Text(sheets.head(first.draft, first.reviewer, revision))
        file = File(path, text, Sheet(path.name, first.draft, first.reviewer))
    parts = {p.entry.remark.id: p for f in files for p in f.sheet.parts}
    new = [remark for remark in remarks if remark.id not in parts]
    edits = {r.id: _updates(parts[r.id], r, file.text.read) for r in remarks if r.id in parts}
    here = {p.entry.remark.id for p in file.sheet.parts}
    end = len(file.text.read)
    begun = "" if not end or file.text.read.endswith("\n") else "\n"
    added = [Edit(end, end, begun + "".join(sheets.written(_entry(r)) for r in new))] if new else []
    changes = [edit for name, some in edits.items() if name in here for edit in some]
    store.write_bytes(file.path, file.text.edited([*changes, *added]))
    return Added(len(new), sum(bool(some) for name, some in edits.items() if name in here))


def _entry(remark: Remark) -> Entry:
    return Entry(remark, state=_state(remark))


def _state(remark: Remark) -> str:
    return "resolved" if remark.resolved else "open"


def _free(root: Path, reviewer: str, draft: str) -> Path:
    """Give a path that no file has; what strangers call themselves leads nowhere else."""
    plain = re.sub(r"[^\w.-]+|^\.+", "-", f"{reviewer or 'somebody'}-{draft}")[:150]
    path = root / FOLDER / f"{plain}.md"
    number = 1
    while path.exists():
        number += 1
        path = root / FOLDER / f"{plain}-{number}.md"
    return path


def _updates(part: Part, remark: Remark, text: str) -> list[Edit]:
    """Give what a later return of a copy has that was not known."""
    kept = part.entry.remark
    if remark.date < kept.date or set(remark.replies) < set(kept.replies):
        return []  # an earlier return, read late
    edits: list[Edit] = []
    if kept.place is None and remark.place is not None:
        edits += _placed(part, remark, text)
    for name, words in sheets.spoken(remark):
        piece = part.piece(name)
        if name != sheets.WORDS and words != (piece and piece.value):
            edits.append(pieces.section(part, name, words, text))
    if remark.resolved != kept.resolved:
        edits.append(
            pieces.field(part, "returned", "resolved" if remark.resolved else "open", text)
        )
        if part.entry.state == _state(kept):
            edits.append(pieces.field(part, "state", _state(remark), text))
    if edits and remark.date != kept.date:
        edits.append(pieces.field(part, "date", remark.date, text))
    at = pieces.end_of_sections(part, text)
    new = [reply for reply in remark.replies if reply not in kept.replies]
    return edits + [pieces.lines(at, "\n" + sheets.reply_section(reply), text) for reply in new]


def _placed(part: Part, remark: Remark, text: str) -> list[Edit]:
    title = text[part.start :].split("\n", 1)[0]
    known = sheets.title(remark)
    end = f"{remark.place.end_line}:{remark.place.end_column}" if remark.place else ""
    return [
        Edit(part.start, part.start + len(title), known),
        pieces.field(part, "to", end, text),
        pieces.field(part, "found", remark.certainty.value, text),
    ]


def change(files: Iterable[File], changes: Mapping[str, Change]) -> int:
    """Change remarks, by their ids; give how many were not so already.

    Raises:
        GeppettoError: the folder cannot be written.
    """
    return rewrite(files, changes, _changes)


def rewrite(
    files: Iterable[File], wanted: Mapping[str, W], edits_of: Callable[[Part, W, str], list[Edit]]
) -> int:
    """Edit remarks by what is wanted of each, by its id; give how many there was something to do for.

    Raises:
        GeppettoError: the folder cannot be written.
    """
    count = 0
    for file in files:
        edits: list[Edit] = []
        for part in file.sheet.parts:
            its = wanted.get(part.entry.remark.id)
            some = edits_of(part, its, file.text.read) if its else []
            count += bool(some)
            edits += some
        if edits:
            store.write_bytes(file.path, file.text.edited(edits))
    return count


def _changes(part: Part, wanted: Change, text: str) -> list[Edit]:
    edits: list[Edit] = []
    if wanted.state is not None and wanted.state != part.entry.state:
        edits.append(pieces.field(part, "state", wanted.state, text))
    if wanted.assigned is not None and wanted.assigned != part.entry.assigned:
        edits.append(pieces.field(part, "assigned", wanted.assigned, text))
    if wanted.note.strip():
        end = part.start + len(text[part.start : part.end].rstrip("\n"))
        ending = "" if text[end : end + 1] == "\n" else "\n"
        edits.append(Edit(end, end, "\n\n" + quoting.plain(wanted.note.strip()) + ending))
    return edits


def named(files: Sequence[File], names: Sequence[str]) -> list[Part]:
    """Find remarks by their ids, or by the beginnings of these.

    Raises:
        GeppettoError: some are none, or could be more than one (exit code 2).
    """
    parts = {part.entry.remark.id: part for file in files for part in file.sheet.parts}
    found: list[Part] = []
    faults: list[Diagnostic] = []
    for name in dict.fromkeys(names):
        ids = [name] if name in parts else [known for known in parts if known.startswith(name)]
        if name and len(ids) == 1:
            found.append(parts[ids[0]])
        else:
            faults.append(_unknown(name, ids, parts))
    if faults:
        raise GeppettoError(faults, ExitCode.USAGE)
    return found


def _unknown(name: str, ids: Sequence[str], parts: Mapping[str, Part]) -> Diagnostic:
    if name and ids:
        says = f"More than one remark could be meant by {name}."
        return Diagnostic("remark-unknown", says, hint=f"Write more of it: {', '.join(ids[:5])}.")
    near = nearest(name, parts)
    hint = f"Did you mean {near}?" if near else "'geppetto comments list --all' has all there are."
    return Diagnostic("remark-unknown", f"There is no remark {name}.", hint=hint)
