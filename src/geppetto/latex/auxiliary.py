r"""What LuaLaTeX's auxiliary files say, and what of it the next pass reads.

An `.aux` file holds lines for the contents (`\@writefile`), the bookmarks
(`\BKM@entry`), the counters as they stand after a part (`\@setckpt`), which
are only read by a pass that leaves the part out, and what else packages note.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

CONTENTS = (".lof", ".lol", ".lot", ".out", ".toc")
"""The files of the contents and their like, by their suffixes."""
SUFFIXES = (".aux", *CONTENTS)
_COUNTERS = re.compile(rb"^\\@setckpt\{[^}\n]*\}\{\n(?:\\setcounter\{.*\n)*\}$", re.MULTILINE)
# How many pages were shipped out, which lineno counts; every part has its own.
_SHEETS = re.compile(rb"\\setcounter\{LN@truepage\}.*\n")
_LINE = re.compile(rb"(?<=,)srcline=\{\d*\}")
_UNREAD = re.compile(
    rb"%s|%s|%s" % (_COUNTERS.pattern, _LINE.pattern, rb"^\\gdef ?\\@abspage@last\{\d+\}$"),
    re.MULTILINE,
)
_OUTLINE = b"\\BKM@entry"
_INCLUDED = re.compile(rb"^\\@input\{(.*)\.aux\}$")
_ENTRY = re.compile(rb"^\\BKM@entry\{(?P<keys>.*?)\}\{(?P<title>[0-9A-F]*)\}$")
_KEY = re.compile(rb"(\w+)=\{([^{}]*)\}")
_NUMBER = re.compile(rb"(?<=\{)id=\d+")
_KIND = re.compile(rb"\\@writefile\{(\w+)\}\{(?:\\contentsline *\{(\w+)\})?")
# What a table of several pages notes of its columns' widths, for its own next pass.
_WIDTHS = re.compile(rb"^\\gdef \\LT@\w+ \{|^ *\\LT@entry")
_NUMBERED = re.compile(
    rb"^\\@writefile\{toc\}\{\\contentsline *\{chapter\}\{\\numberline *\{([^{}]*)\}", re.MULTILINE
)
_ALWAYS = (b"\\relax", b"\\providecommand")


def read_by_next(content: bytes) -> bytes:
    """Give what the next pass reads of an `.aux` file."""
    return _UNREAD.sub(b"", content)


@dataclass(frozen=True)
class Left:
    """What a part left in its auxiliary file.

    `counters` are those at its end, `contents` its lines of the table of
    contents and its like, `widths` those of its tables; `others` may be read
    by any part.
    """

    counters: bytes
    contents: tuple[bytes, ...]
    widths: tuple[bytes, ...]
    others: tuple[bytes, ...]


def left(content: bytes) -> Left | None:
    """Read a part's auxiliary file; None where it is not whole."""
    found = _COUNTERS.findall(content)
    if len(found) != 1:
        return None
    lines = [line for line in _COUNTERS.sub(b"", content).split(b"\n") if line]
    contents = tuple(line for line in lines if line.startswith(b"\\@writefile"))
    widths = tuple(line for line in lines if _WIDTHS.match(line))
    others = (line for line in lines if not line.startswith(_ALWAYS))
    rest = tuple(line for line in others if line not in contents and line not in widths)
    return Left(_SHEETS.sub(b"", found[0]), contents, widths, rest)


def included(content: bytes) -> list[str]:
    """Give the names of the included parts in their order, from the master's auxiliary file."""
    matches = (_INCLUDED.match(line) for line in content.split(b"\n"))
    return [match[1].decode() for match in matches if match]


@dataclass(frozen=True)
class Bookmark:
    """An entry of the outline: the name of its destination, its title as a PDF string, its file."""

    destination: bytes
    escaped: bytes
    file: str

    @property
    def title(self) -> str:
        """The title as text: read when asked for, as most edits change no title."""
        return _title(self.escaped)


def bookmarks(content: bytes) -> list[Bookmark]:
    """Give the bookmarks in their order, from the master's auxiliary file."""
    return [found for line in content.split(b"\n") if (found := _bookmark(line)) is not None]


def _bookmark(line: bytes) -> Bookmark | None:
    match = _ENTRY.match(line)
    if match is None:
        return None
    keys = {name.decode(): value for name, value in _KEY.findall(match["keys"])}
    return Bookmark(
        bytes.fromhex(keys.get("dest", b"").decode()),
        bytes.fromhex(match["title"].decode()),
        bytes.fromhex(keys.get("srcfile", b"").decode()).decode("utf-8", "replace"),
    )


def _title(escaped: bytes) -> str:
    r"""Read the inside of a PDF string (ISO 32000, 7.3.4.2): UTF-16 with octal escapes."""
    plain = re.sub(
        rb"\\([0-7]{1,3})|\\(.)",
        lambda m: bytes([int(m[1], 8)]) if m[1] else m[2],
        escaped,
        flags=re.DOTALL,
    )
    is_wide = plain.startswith(b"\xfe\xff")
    return plain[2:].decode("utf-16-be", "replace") if is_wide else plain.decode("latin-1")


def begun_with(content: bytes, parts: Set[str]) -> bytes:
    """Give the master's auxiliary file as a pass is to read it that makes no outline.

    Of the files that were included it reads those of `parts` alone.
    """
    return b"".join(
        line
        for line in content.splitlines(True)
        if not line.startswith(_OUTLINE)
        and ((found := _INCLUDED.match(line.rstrip(b"\n"))) is None or found[1].decode() in parts)
    )


def with_bookmarks(content: bytes, new: bytes, file: str) -> bytes:
    """Put the bookmarks of a file from another master's auxiliary file into this one.

    Raises:
        ValueError: the file has more or fewer than before.
    """
    lines = [line for line in new.split(b"\n") if _is_of(line, file)]
    made = []
    for line in content.split(b"\n"):
        if not _is_of(line, file):
            made.append(line)
        elif lines:
            made.append(_NUMBER.sub(_NUMBER.findall(line)[0], lines.pop(0)))
        else:
            raise ValueError(f"{file} has fewer bookmarks")
    if lines:
        raise ValueError(f"{file} has more bookmarks")
    return b"\n".join(made)


def _is_of(line: bytes, file: str) -> bool:
    return (
        line.startswith(_OUTLINE) and b"srcfile={%s}" % file.encode().hex().upper().encode() in line
    )


def number(content: bytes) -> str:
    """Give the number of a part's chapter, as the contents print it; nothing for one without."""
    match = _NUMBERED.search(content)
    return match[1].decode() if match else ""


def kinds(contents: tuple[bytes, ...]) -> list[bytes]:
    """Give the levels of headings as a part's lines of the contents tell them."""
    matches = (_KIND.match(line) for line in contents)
    return [b" ".join(filter(None, match.groups())) for match in matches if match]
