"""Finished pieces of earlier builds, found again by what they were made from.

A piece that cannot be read, or is not what was written, is not there: it is
made again. The shelf is bounded: what was used least lately goes first.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from geppetto import store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

FOLDER = "store"
MOST = 256 * 1024**2
"""Bytes that a shelf holds, or four times what one build uses if that is more."""
SURPLUS = 4
_DIGITS = 64


def key(*parts: object) -> str:
    """Give the digest of values: what JSON can say, dataclasses, and sets."""
    text = json.dumps(parts, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Give what JSON cannot say as what it can, the same each time."""
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, [getattr(value, field.name) for field in fields(value)]]
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    return str(value)


class Shelf:
    """The pieces in a folder; without one, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.used: set[str] = set()

    def has(self, kind: str, name: str) -> bool:
        """Tell whether a piece is there; who asks means to use it."""
        path = self._path(kind, name)
        if self.folder is None or not path.is_file():
            return False
        self.used.add(path.name)
        return True

    def get(self, kind: str, name: str) -> Any:
        """Give a piece, None where it is not there."""
        if self.folder is None:
            return None
        path = self._path(kind, name)
        with suppress(OSError, ValueError, RecursionError):
            text = path.read_bytes()
            if _digest(text[_DIGITS:]) == text[:_DIGITS]:
                piece = json.loads(text[_DIGITS:])
                self.used.add(path.name)
                return piece
        return None

    def need(self, kind: str, name: str) -> Any:
        """Give a piece that was there a moment ago.

        Raises:
            GeppettoError: somebody has taken it away meanwhile.
        """
        piece = self.get(kind, name)
        if piece is None:
            says = "Files in the build folder have changed while the book was built."
            hint = "Build again; what is missing there is made anew."
            raise GeppettoError(Diagnostic("input-changed", says, hint=hint), ExitCode.MACHINERY)
        return piece

    def made(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        """Give a piece; one that is not there is made, and kept if it has a name."""
        piece = self.get(kind, name) if name else None
        if piece is None:
            piece = make()
            if name:
                self.put(kind, name, piece)
        return piece

    def put(self, kind: str, name: str, piece: Any) -> None:
        """Keep a piece, which JSON can say. Where it cannot be written, it is made again."""
        if self.folder is None:
            return
        path = self._path(kind, name)
        with suppress(OSError, UnicodeEncodeError, GeppettoError):
            text = json.dumps(piece, ensure_ascii=False, separators=(",", ":")).encode()
            store.write_quickly(path, _digest(text) + text)
            self.used.add(path.name)

    def tidy(self) -> None:
        """Let the pieces that were used stay, and as many others as there is room for."""
        if self.folder is None or not self.folder.is_dir():
            return
        with suppress(OSError):
            used: list[os.stat_result] = []
            others: list[tuple[os.stat_result, str]] = []
            for entry in list(os.scandir(self.folder)):
                if entry.name in self.used:
                    used.append(entry.stat())
                    os.utime(entry.path)
                else:
                    others.append((entry.stat(), entry.path))
            size = sum(status.st_size for status in used)
            room = max(MOST, SURPLUS * size) - size
            for status, path in sorted(others, key=lambda one: -one[0].st_mtime_ns):
                room -= status.st_size
                if room < 0:
                    Path(path).unlink(missing_ok=True)

    def _path(self, kind: str, name: str) -> Path:
        return Path(self.folder or "", f"{kind}-{name}")


NOTHING = Shelf(None)
"""A shelf on which nothing is kept."""


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
