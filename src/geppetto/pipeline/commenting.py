"""`geppetto comments`: kept remarks shown, settled, put into the chapters and taken out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.pipeline.carried import Shown, Today, shown
from geppetto.review.kept import inserting, keeping
from geppetto.review.kept.applying import proposed
from geppetto.review.kept.carrying import Fate
from geppetto.review.kept.inserting import Insertion
from geppetto.review.kept.keeping import Change
from geppetto.review.kept.literal import literal
from geppetto.review.kept.texts import Edit, Text
from geppetto.review.remarks import Certainty

OPEN = "open"
SURE = frozenset((Certainty.EXACT, Certainty.AMBIGUOUS))
"""The words themselves are known; of others only about where they stand."""
SHORTEST = 4
"""Characters of an id that are shown at least."""


@dataclass(frozen=True)
class Choice:
    """Which remarks are asked for; an empty word asks for all."""

    reviewer: str = ""
    draft: str = ""
    chapter: str = ""
    settled: bool = False


@dataclass(frozen=True)
class Listed:
    """The remarks asked for, in the book's order, and what is to be said besides.

    `names` are the shortest beginnings of ids by which each can be named.
    """

    remarks: tuple[Shown, ...]
    names: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Marked:
    """How many remarks were put into a chapter, or taken out of it."""

    path: str
    count: int


def listed(root: Path, choice: Choice) -> Listed:
    """Give the remarks asked for, where they stand today.

    Raises:
        GeppettoError: book.yaml is absent or has faults.
    """
    files, faults = keeping.read(root)
    today = Today(root)
    found = [one for one in shown(files, today) if _is_chosen(one, choice)]
    ids = sorted(part.entry.remark.id for file in files for part in file.sheet.parts)
    return Listed(tuple(found), shortest(ids), (*faults, *today.diagnostics))


def shortest(ids: Sequence[str]) -> dict[str, str]:
    """Give as many characters of each id as tell it from its neighbours in the alphabet."""
    names = {}
    for before, name, after in zip(["", *ids[:-1]], ids, [*ids[1:], ""], strict=True):
        same = max(_alike(name, other) for other in (before, after))
        names[name] = name[: max(same + 1, SHORTEST)]
    return names


def _alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _is_chosen(one: Shown, choice: Choice) -> bool:
    remark = one.entry.remark
    if one.entry.state != OPEN and not choice.settled:
        return False
    if choice.reviewer and choice.reviewer.casefold() not in {
        remark.reviewer.casefold(),
        remark.author.casefold(),
    }:
        return False
    return choice.draft in {"", remark.draft} and _is_in(one, choice.chapter)


def _is_in(one: Shown, chapter: str) -> bool:
    if not chapter:
        return True
    place = one.passage or one.entry.remark.place
    path = place.path if place else ""
    return chapter.removeprefix("./") in {path, Path(path).name, Path(path).stem}


def settle(root: Path, names: Sequence[str], change: Change) -> int:
    """Change remarks: their state, who sees to them, a note; give how many were not so.

    Raises:
        GeppettoError: a remark is not known (exit code 2).
    """
    with keeping.alone(root):
        files, _ = keeping.read(root)
        found = keeping.named(files, names)
        return keeping.change(files, {part.entry.remark.id: change for part in found})


def insert(root: Path, names: Sequence[str]) -> tuple[list[Marked], list[Diagnostic]]:
    """Put remarks into the chapters as marks: those named, else all that are open.

    Raises:
        GeppettoError: a remark is not known; book.yaml has faults.
    """
    files, said = keeping.read(root)
    wanted = {part.entry.remark.id for part in keeping.named(files, names)}
    today = Today(root)
    chosen = [
        one
        for one in shown(files, today)
        if (one.entry.remark.id in wanted if names else one.entry.state == OPEN)
    ]
    new = [one for one in chosen if one.entry.remark.id not in today.inserted]
    said += [*today.diagnostics, *(_unplaced(one) for one in new if one.passage is None)]
    marked = []
    for path in today.order:
        here = [one for one in new if one.passage is not None and one.passage.path == path]
        edits, left = inserting.edits(today.text(path).read, [_insertion(one) for one in here])
        if edits:
            _replace(root, path, today.text(path), edits)
            marked.append(Marked(path, len(here) - len(left)))
        said += [_unplaced(one) for one in here if one.entry.remark.id in left]
    return marked, said


def _insertion(one: Shown) -> Insertion:
    """Give a remark as a mark; what is proposed for words that have changed is only said."""
    remark, passage = one.entry.remark, one.passage
    if passage is None:
        raise ValueError(remark.id)
    new = proposed(remark)
    replies = (f"{reply.author}: {reply.text or reply.state}" for reply in remark.replies)
    said = [remark.text, *replies]
    start, end = passage.start, passage.end
    if one.fate is Fate.CHANGED or remark.certainty not in SURE:
        quoted = f"“{remark.quote}”" if remark.quote else ""
        said.insert(0, quoted if new is None else f"{quoted} → “{new}”")
        new = None
        start = start if one.fate is Fate.CHANGED and remark.certainty in SURE else end
    return Insertion(
        remark.id,
        remark.author or remark.reviewer,
        " / ".join(words for words in said if words),
        start,
        end,
        None if new is None else literal(new, "a", "a"),
    )


def _unplaced(one: Shown) -> Diagnostic:
    says = f"The remark {one.entry.remark.id} could not be put into the text: "
    says += "its passage is gone." if one.fate is Fate.GONE else "there is no place for it."
    hint = "Read it here, and settle it: geppetto comments resolve."
    return Diagnostic("remark-unplaced", says, one.kept, hint)


def remove(root: Path, names: Sequence[str]) -> list[Marked]:
    """Take the marks of remarks out of the chapters: of those named, else all.

    Raises:
        GeppettoError: a remark is not known; book.yaml has faults.
    """
    today = Today(root)
    ids = _ids(root, names, today)
    marked = []
    for path in today.order:
        plain = today.plain(path)
        cuts = [cut for mark in plain.marks for cut in mark.cuts_of(ids)]
        if cuts:
            _replace(root, path, today.text(path), [Edit(*cut, "") for cut in cuts])
            count = sum(name in ids for mark in plain.marks for name, _, _ in mark.comments)
            marked.append(Marked(path, count))
    return marked


def _ids(root: Path, names: Sequence[str], today: Today) -> frozenset[str]:
    """Give the ids meant: a mark may outlive the file of its remark."""
    if not names:
        return today.inserted
    known = [name for name in names if name in today.inserted]
    files, _ = keeping.read(root)
    others = keeping.named(files, [name for name in names if name not in known])
    return frozenset([*known, *(part.entry.remark.id for part in others)])


def _replace(root: Path, path: str, text: Text, edits: Iterable[Edit]) -> None:
    """Write a chapter, if it is still as it was read."""
    write(root / path, text, text.edited(edits))


def write(file: Path, text: Text, content: bytes) -> None:
    """Write a chapter whole, unless somebody has saved it meanwhile.

    Raises:
        GeppettoError: it is no longer what was read, is no UTF-8, or cannot be written.
    """
    file = file.resolve()
    try:
        content_now = file.read_bytes()
    except OSError as fault:
        raise store.failed(file, fault) from fault
    if content_now != text.written.encode():
        says = "The chapter was saved while it was changed; it is left as it is."
        raise GeppettoError(
            Diagnostic("input-changed", says, Location(file.name), "Do it again."),
            ExitCode.MACHINERY,
        )
    store.write_bytes(file, content)
