"""Puts outputs in their place whole or not at all, and keeps two builds apart.

It knows files and folders, not what is in them.
"""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

PREFIX = ".geppetto-"


def publish(source: Path, target: Path) -> None:
    """Copy a finished file to its target, whole or not at all.

    Raises:
        GeppettoError: the target's folder cannot be written or the disk is full.
    """
    with source.open("rb") as data:
        _replace(target, data)


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


def _replace(target: Path, data: BinaryIO) -> None:
    """Write beside the target, then rename (atomic by POSIX): a reader never sees a part."""
    name = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=target.suffix, dir=target.parent)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(data, out)
            out.flush()
            os.fsync(out.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except OSError as fault:
        if name is not None:
            with suppress(OSError):
                Path(name).unlink()
        raise _failed(target, fault) from fault


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which a killed process gives up by itself.

    Raises:
        GeppettoError: another build holds it, or the folder cannot be written.
    """
    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = path.open("w")
    except OSError as fault:
        raise _failed(path, fault) from fault
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise GeppettoError(
                Diagnostic(
                    "build-locked",
                    f"Another build is writing to {folder}.",
                    hint="Wait until it has ended, then build again.",
                ),
                ExitCode.MACHINERY,
            ) from fault
        yield


def _failed(target: Path, fault: OSError) -> GeppettoError:
    return GeppettoError(
        Diagnostic(
            "output-failed",
            f"{target} could not be written: {fault.strerror or fault}.",
            hint="The last good output, if any, is untouched. Check the folder's rights and the free space.",
        ),
        ExitCode.MACHINERY,
    )
