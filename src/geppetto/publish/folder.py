"""The release folder: its files, their sums, what was built how; and whether it is still so.

`SHA256SUMS` is in the form that `sha256sum --check` reads. `metadata.json` is for
programs, `BUILD.md` for people.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

SUMS, METADATA, BUILD = "SHA256SUMS", "metadata.json", "BUILD.md"
FORM = 1
"""The form of `metadata.json`; another one is another number."""
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_SHOWN = 12


@dataclass(frozen=True)
class File:
    """A file of a release: its name there, where it was made, what it is for."""

    name: str
    path: Path
    purpose: str


@dataclass(frozen=True)
class Facts:
    """What is written down of a release.

    `epoch` is the book's moment in Unix seconds; `sources` are the digests of the
    files that the book is made of, by their paths in its folder; `tools` versions by
    program; `book` what book.yaml says of it; `pages` those of each PDF by its name.
    """

    version: str
    revision: str
    epoch: int
    book: Mapping[str, Any]
    tools: Mapping[str, str]
    sources: Mapping[str, str]
    pages: Mapping[str, int]


def metadata(facts: Facts, files: Sequence[File]) -> str:
    """Give the text of `metadata.json`."""
    listed = [
        {"name": f.name, "purpose": f.purpose, "bytes": f.path.stat().st_size, "sha256": digest(f.path)}
        for f in files
    ]  # fmt: skip
    told = {"form": FORM, **asdict(facts), "files": listed}
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=False) + "\n"


def digest(path: Path) -> str:
    """Give the SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def sums(folder: Path) -> str:
    """Give the text of `SHA256SUMS` for a folder's files."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{digest(folder / n)}  {n}\n" for n in names if n != SUMS)


def facts_of(folder: Path) -> dict[str, Any]:
    """Read what is written down of a release.

    Raises:
        GeppettoError: the folder is no release of Geppetto's.
    """
    try:
        told = json.loads((folder / METADATA).read_text("utf-8"))
        if told["form"] == FORM and isinstance(told["files"], list):
            return dict(told)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    says = f"{folder} is no release that Geppetto can read: its {METADATA} is missing or damaged."
    hint = "Name a folder that geppetto publish wrote, such as build/release/1.0."
    raise GeppettoError(Diagnostic("release-damaged", says, hint=hint), ExitCode.USAGE)


def damage(folder: Path) -> list[Diagnostic]:
    """Compare a release folder's files with its sums."""
    try:
        listed = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [_damaged(f"{SUMS} is missing, or cannot be read.")]
    known = {match[2]: match[1] for line in listed if (match := _LINE.fullmatch(line))}
    if len(known) != len(listed) or METADATA not in known:
        return [_damaged(f"{SUMS} is no list of sums any more.")]
    return list(_differences(folder, known))


def _differences(folder: Path, known: Mapping[str, str]) -> Iterable[Diagnostic]:
    held = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {SUMS}
    for name in sorted(held | known.keys()):
        if name not in held:
            yield _damaged(f"{name} is missing.")
        elif name not in known:
            yield _damaged(f"{name} has been added.")
        elif (now := digest(folder / name)) != known[name]:
            yield _damaged(
                f"{name} has been changed: its sum is {now[:_SHOWN]}…, not {known[name][:_SHOWN]}…"
            )


def _damaged(says: str) -> Diagnostic:
    hint = "Take the folder from where it was uploaded to, or publish again from the same sources."
    return Diagnostic("release-damaged", says, hint=hint)


def changed_sources(told: Mapping[str, Any], now: Mapping[str, str]) -> list[str]:
    """Give the paths of the book's files that are not what they were for a release."""
    then = dict(told["sources"])
    return sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path))
