"""A chapter's file, changed in some places and nowhere else: line ends and all stay as they are."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

BOM = codecs.BOM_UTF8.decode()
_END = re.compile("\r\n|\r")


@dataclass(frozen=True, order=True)
class Edit:
    """What is put in the place of a stretch of a text; offsets are those of the text with LF."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Text:
    """A file's text as it is, `written`, and as it is read: with LF line ends and no mark before."""

    written: str

    @cached_property
    def read(self) -> str:
        """The text with LF line ends and no byte-order mark."""
        return _END.sub("\n", self.written.removeprefix(BOM))

    @cached_property
    def _longer(self) -> list[int]:
        """Where line ends of two characters stand, by the offsets of the text with LF."""
        plain = self.written.removeprefix(BOM)
        return [m.start() - n for n, m in enumerate(re.finditer("\r\n", plain))]

    @property
    def ending(self) -> str:
        """How lines end: as the first does."""
        first = re.search("\r?\n", self.written)
        return first[0] if first else "\n"

    def offset(self, at: int) -> int:
        """Give an offset in the file's own text."""
        mark = len(BOM) if self.written.startswith(BOM) else 0
        return at + mark + bisect_left(self._longer, at)

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Give the file's bytes with edits made, which do not overlap; of two at one place, in order."""
        pieces: list[str] = []
        position = 0
        for edit in sorted(edits, key=lambda one: (one.start, one.end)):
            pieces += (
                self.written[position : self.offset(edit.start)],
                edit.new.replace("\n", self.ending),
            )
            position = self.offset(edit.end)
        return "".join([*pieces, self.written[position:]]).encode()


def text(data: bytes) -> Text:
    """Give a file's text.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    return Text(data.decode("utf-8"))
