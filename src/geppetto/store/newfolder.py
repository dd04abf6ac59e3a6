"""A folder of new files, put in its place whole or not at all; nothing is overwritten.

Where the folder is not there yet, it is made beside its place and renamed. Where
it is (empty, or with nothing but version control's own), its files are written
beside each other in it, and taken back if one of them fails. What a killed run
left half-done, the next one takes back.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.store import PREFIX, failed

BESIDE, WITHIN = f"{PREFIX}beside-", f"{PREFIX}within-"
KEPT = frozenset({".git", ".hg", ".jj", ".svn", ".DS_Store", "LICENSE", "README.md"})
"""What may stand in a folder that is still new: what makes a repository of it."""


def place(target: Path, files: Mapping[str, bytes]) -> None:
    """Put files, named by their paths, into a folder that is new; the last one last.

    Raises:
        GeppettoError: something else is there, or the folder cannot be written.
    """
    anchor = _anchor(target)
    try:
        _sweep(anchor)
        _refuse_others(target)
        with _staging(anchor, WITHIN if anchor == target else BESIDE) as staging:
            _write(staging / target.relative_to(anchor), files)
            if anchor == target:
                _copy(staging, target, files)
            else:
                first = target.relative_to(anchor).parts[0]
                (staging / first).rename(anchor / first)
    except OSError as fault:
        raise failed(target, fault) from fault


def _anchor(target: Path) -> Path:
    """Give the nearest folder that is there: the target itself, or one above it."""
    return next(folder for folder in (target, *target.parents) if os.path.lexists(folder))


def _refuse_others(target: Path) -> None:
    others = _others(target)
    if others:
        more = f" and {len(others) - 1} more" if others[1:] else ""
        says = f"{target} is not new: there is {others[0]}{more}."
        hint = "Name a folder that is not there yet, or an empty one. Nothing was written."
        raise GeppettoError(Diagnostic("new-occupied", says, hint=hint), ExitCode.USAGE)


def _others(target: Path) -> list[str]:
    """Give what stands in the place of a new folder, or within it."""
    if target.is_dir():
        return sorted(path.name for path in target.iterdir() if path.name not in KEPT)
    return ["a file of this name"] if os.path.lexists(target) else []


@contextmanager
def _staging(anchor: Path, prefix: str) -> Iterator[Path]:
    """Give a folder for files on the way, locked as long as this process lives."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=anchor))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())


def _copy(staging: Path, target: Path, files: Mapping[str, bytes]) -> None:
    """Write what stands in `staging` once more, in its place; all of it, or nothing."""
    made: list[str] = []
    try:
        for name, content in files.items():
            made.append(name)
            _write(target, {name: content})
    except FileExistsError:
        _take_back(staging, target, made[:-1])  # the last one is somebody else's
        raise
    except BaseException:
        _take_back(staging, target, made)
        raise


def _take_back(staging: Path, target: Path, names: Iterable[str]) -> None:
    """Remove those of the files that hold what `staging` does, or its beginning."""
    for name in names:
        path = target / PurePosixPath(name)
        with suppress(OSError):
            if (staging / PurePosixPath(name)).read_bytes().startswith(path.read_bytes()):
                path.unlink()
        for folder in path.parents:
            if folder == target:
                break
            with suppress(OSError):
                folder.rmdir()


def _sweep(anchor: Path) -> None:
    """Take back what killed runs left in a folder, and what they had put in place from there."""
    for folder in [*anchor.glob(f"{BESIDE}*"), *anchor.glob(f"{WITHIN}*")]:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if folder.name.startswith(WITHIN):
                    staged = (path for path in folder.rglob("*") if path.is_file())
                    _take_back(folder, anchor, [p.relative_to(folder).as_posix() for p in staged])
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(handle)
