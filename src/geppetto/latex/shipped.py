"""What LuaLaTeX has finished of a pass so far, by the notes that it makes of each page."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from threading import Lock

AT_ONCE = 1 << 22
"""Bytes that are read at a time; a pass that writes more is not waited for."""
_NOTE = re.compile(rb"^(page|opens|closes) ", re.MULTILINE)


class Notes:
    """The notes of a pass (`places.lua`), read as they come, each once.

    They come a few pages at a time: Lua writes them in blocks.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._read, self._rest, self._is_inside = 0, b"", False
        self._pages, self._inside, self._closed = 0, 0, 0

    def pages(self) -> int:
        """Count the pages so far; where the file is gone, those that were."""
        self._look()
        return self._pages

    def inside(self) -> int:
        """Count the pages of files that are included."""
        self._look()
        return self._inside

    def closed(self) -> int:
        """Count the files that have been included and have come to their end."""
        self._look()
        return self._closed

    def _look(self) -> None:
        with self._lock, suppress(OSError):
            new = self._new()
            self._read += len(new)
            whole, _, self._rest = (self._rest + new).rpartition(b"\n")
            for kind in _NOTE.findall(whole):
                if kind == b"page":
                    self._pages += 1
                    self._inside += self._is_inside
                else:
                    self._is_inside = kind == b"opens"
                    self._closed += kind == b"closes"

    def _new(self) -> bytes:
        """Read on; a manuscript's own Lua may have put anything in the file's place."""
        handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if os.fstat(handle).st_size < self._read:
                self._forget()
            return os.pread(handle, AT_ONCE, self._read)
        finally:
            os.close(handle)
