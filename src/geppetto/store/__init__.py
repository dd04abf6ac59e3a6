"""Puts outputs in their place whole or not at all, and keeps two builds apart.

It knows files and folders, not what is in them.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

PREFIX = ".geppetto-"
RECORD = ".geppetto.json"
WORKSPACE = "geppetto-workspace-"
TRIES, PAUSE = 100, 0.1
"""How often a held folder is asked for, and the seconds between."""


def publish(source: Path, target: Path) -> None:
    """Copy a finished file to its target, whole or not at all.

    Raises:
        GeppettoError: the target's folder cannot be written or the disk is full.
    """
    _remove_abandoned(target.parent.glob(f"{PREFIX}*{target.suffix}"))
    with source.open("rb") as data:
        _replace(target, data)


def publish_folder(source: Path, target: Path) -> None:
    """Copy a finished folder to its target in place of what stands there, whole or not at all.

    Between the last two renames there is, for a moment, no folder; killed then, the
    old one is found beside it, under a hidden name.

    Raises:
        GeppettoError: the target's folder cannot be written or the disk is full.
    """
    new, old = (target.with_name(f"{PREFIX}{mark}-{target.name}") for mark in ("new", "old"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(source, new)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
            target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as fault:
        shutil.rmtree(new, ignore_errors=True)
        if old.exists() and not target.exists():
            old.rename(target)
        raise failed(target, fault) from fault


def write_text(target: Path, content: str) -> bool:
    """Write a UTF-8 text file; leave it alone, and give False, where it says so already."""
    return write_bytes(target, content.encode("utf-8"))


def write_bytes(target: Path, content: bytes) -> bool:
    """Write a file whole; leave it alone, and give False, where it holds this already.

    Raises:
        GeppettoError: the target's folder cannot be written or the disk is full.
    """
    if target.is_file() and target.read_bytes() == content:
        return False
    _replace(target, io.BytesIO(content))
    return True


def write_quickly(target: Path, content: bytes) -> None:
    """Write a file whole that can be made again: it may be lost with the machine's power.

    Raises:
        GeppettoError: the target's folder cannot be written or the disk is full.
    """
    _replace(target, io.BytesIO(content), lasting=False)


def _replace(target: Path, data: BinaryIO, *, lasting: bool = True) -> None:
    """Write beside the target, then rename (atomic by POSIX): a reader never sees a part."""
    name = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=target.suffix, dir=target.parent)
        with os.fdopen(handle, "wb") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            shutil.copyfileobj(data, out)
            out.flush()
            if lasting:
                os.fsync(out.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except OSError as fault:
        if name is not None:
            with suppress(OSError):
                Path(name).unlink()
        raise failed(target, fault) from fault


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which a killed process gives up by itself.

    Programs that it started inherit the lock (it is inheritable): while one of
    them outlives it and may still write here, no other build begins.

    Raises:
        GeppettoError: another build holds it, or the folder cannot be written.
    """
    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = path.open("w")
    except OSError as fault:
        raise failed(path, fault) from fault
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_at(path, handle.fileno()):
                raise BlockingIOError  # `geppetto clean` has just removed it
        except BlockingIOError as fault:
            raise GeppettoError(
                Diagnostic(
                    "build-locked",
                    f"Another build is writing to {folder}.",
                    hint="Wait until it has ended, then build again.",
                ),
                ExitCode.MACHINERY,
            ) from fault
        os.set_inheritable(handle.fileno(), True)
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder itself, so that no file of locks stands in what is kept in git.

    Another process that holds it is waited for, ten seconds at most.

    Raises:
        GeppettoError: it still holds it then, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as fault:
        raise failed(folder, fault) from fault
    try:
        _wait_for(handle, folder)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, folder: Path) -> None:
    for _ in range(TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE)
        else:
            return
    says = f"Another process has been writing to {folder} for {TRIES * PAUSE:.0f} seconds."
    hint = "Wait until it has ended, then try again."
    raise GeppettoError(Diagnostic("build-locked", says, hint=hint), ExitCode.MACHINERY)


def _is_at(path: Path, handle: int) -> bool:
    """Tell whether an open file is still the one of its name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def record(folder: Path, names: Iterable[str]) -> None:
    """Note files and folders as made here, before they are: what `recorded` gives."""
    known = recorded(folder)
    if added := [name for name in names if name not in known]:
        write_text(folder / RECORD, json.dumps([*known, *added], indent=1) + "\n")


def recorded(folder: Path) -> list[str]:
    """Give the names of all that was made in a folder, now or by an earlier build."""
    try:
        names = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    plain = (n for n in names if isinstance(n, str)) if isinstance(names, list) else ()
    return [name for name in plain if Path(name).name == name]


def sweep(folder: Path) -> None:
    """Remove what killed builds left half-written; the folder's lock is held."""
    for path in [*folder.glob(f"{PREFIX}*"), *folder.glob(f"*/**/{PREFIX}*")]:
        with suppress(OSError):
            path.unlink()
    _remove_abandoned(Path(tempfile.gettempdir()).glob(f"{WORKSPACE}*"))


@contextmanager
def workspace() -> Iterator[Path]:
    """Give a folder for files on the way; one that a killed process leaves is swept later.

    It is locked while it is in use. It gets its name once it is.
    """
    made = Path(tempfile.mkdtemp(prefix=f".{WORKSPACE}"))
    folder = made.with_name(made.name.removeprefix("."))
    handle = os.open(made, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        made.rename(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file's content; nothing where it cannot be read."""
    try:
        with path.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError:
        return ""


def stamp(path: Path) -> str:
    """Give the size and the time of a file; nothing where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def _remove_abandoned(paths: Iterable[Path]) -> None:
    """Remove files and folders that are ours and that no process holds locked."""
    for path in paths:
        with suppress(OSError):
            if path.is_symlink() or path.stat().st_uid != os.geteuid():
                continue
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
            finally:
                os.close(handle)


def full(fault: OSError) -> bool:
    """Tell whether there was no room left: on the disk, within a quota, within a limit."""
    return fault.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def failed(target: Path, fault: OSError) -> GeppettoError:
    """Say that a file could not be written, and that the last good one stands."""
    return GeppettoError(
        Diagnostic(
            "output-failed",
            f"{target} could not be written: {fault.strerror or fault}.",
            hint="The last good output, if any, is untouched. "
            + ("Make room, and build again." if full(fault) else "Check the folder's rights."),
        ),
        ExitCode.MACHINERY,
    )
