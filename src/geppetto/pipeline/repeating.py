"""A second build in another folder, byte for byte; and a release looked at again, later."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geppetto import store
from geppetto.diagnostics import Diagnostic, has_errors
from geppetto.pipeline import inputs, reading
from geppetto.pipeline.releasing import Release
from geppetto.progress import OnStep, Step
from geppetto.publish import folder as kept
from geppetto.publish.folder import File

SAME = "The same input must give the same bytes: look for a template or a program that does not."
_SHOWN = 8


@dataclass(frozen=True)
class Looked:
    """What a later look at a release found: how many files are whole, how many were made again."""

    whole: int
    again: int
    diagnostics: tuple[Diagnostic, ...]


def differences(release: Release) -> list[Diagnostic]:
    """Make all files of a release once more, from a copy of the book elsewhere; say what differs."""
    release.on_step(Step("making everything once more, in another folder"))
    first = release.files()
    with store.workspace() as place, _at(reading.epoch(release.book)):
        root = copied(release.root, place / "the same book")
        second = Release(root, place / "files", _silent, release.version, release.revision)
        return list(_compared(first, {file.name: file.path for file in second.files()}))


def _silent(_: Step) -> None:
    """Say nothing of the steps of the second build."""


def copied(root: Path, to: Path) -> Path:
    """Copy the files of a book, but for hidden ones and what was built."""
    for name in sorted(inputs.stamps(root)):
        source, target = root / name, to / name
        if inputs.is_looked_at(name) and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return to


@contextmanager
def _at(epoch: int) -> Iterator[None]:
    """Let the book's moment be known where git does not tell it, in another time zone."""
    kept_values = {name: os.environ.get(name) for name in ("SOURCE_DATE_EPOCH", "TZ")}
    os.environ |= {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "Pacific/Auckland"}
    try:
        yield
    finally:
        for name, value in kept_values.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _compared(first: tuple[File, ...], second: dict[str, Path]) -> Iterator[Diagnostic]:
    for file in first:
        other = second.get(file.name)
        if other is None:
            says = f"{file.name} was not made a second time."
            yield Diagnostic("release-differs", says, hint=SAME)
        elif (at := _first_difference(file.path.read_bytes(), other.read_bytes())) is not None:
            says = f"{file.name} has other bytes when it is made again."
            yield Diagnostic("release-differs", says, hint=SAME, detail=f"from byte {at} on")


def _first_difference(one: bytes, other: bytes) -> int | None:
    if one == other:
        return None
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def look(root: Path, folder: Path, on_step: OnStep) -> Looked:
    """Compare a release folder with its sums, and with what the sources at hand give now.

    Raises:
        GeppettoError: it is no release folder.
    """
    told = kept.facts_of(folder)
    found = kept.damage(folder)
    whole = len(told["files"]) - len(found)
    if has_errors(found) or not (root / "book.yaml").is_file():
        return Looked(max(whole, 0), 0, tuple(found))
    on_step(Step("comparing the sources"))
    with store.workspace() as place, _at(int(told["epoch"])):
        again = Release(root, place / "files", on_step, told["version"], told["revision"])
        if others := kept.changed_sources(told, again.sources()):
            return Looked(whole, 0, (*found, _other_sources(others, told["revision"])))
        listed = {one["name"]: folder / one["name"] for one in told["files"]}
        made = again.files()
        differing = list(_compared(made, listed))
    return Looked(whole, len(made) - len(differing), (*found, *differing))


def _other_sources(paths: list[str], revision: str) -> Diagnostic:
    shown = ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")
    says = f"The book's files are not those of the release, so it was not made again: {shown}."
    at = (
        f"'git worktree add ../then {revision.rstrip('+')}' gives them"
        if revision
        else "Look for them in a backup"
    )
    return Diagnostic("release-sources", says, hint=f"{at}; then name that folder with -C.")
