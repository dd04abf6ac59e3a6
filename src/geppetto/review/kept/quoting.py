r"""Strangers' words in a Markdown file: they show as they are, and are read back exactly.

What Markdown would take for its own gets a backslash; what an editor would lose (a
control character, a blank at the end of a line) is written as `&#32;`. Whoever edits
the file need do neither.
"""

from __future__ import annotations

import re

_LINE = re.compile(
    r"(?P<strange>[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|^\s|\s$)"
    r"|(?P<active>[\\`*\[\]<~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|^[#>+=|:-]|(?<=^\d)[.)]|(?<=^\d\d)[.)])"
)
_READ = re.compile(r"\\([!-/:-@\[-`{-~])|&#(\d{1,7});")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST = 0x10FFFF


def quoted(words: str) -> str:
    """Give words as a block quotation; each line of it begins with `>`."""
    lines = (_written(line) for line in words.split("\n"))
    return "".join(f"> {line}\n" if line else ">\n" for line in lines)


def unquoted(lines: list[str]) -> str:
    """Give the words of a block quotation."""
    return "\n".join(read(line.removeprefix(">").removeprefix(" ")) for line in lines)


def in_line(words: str) -> str:
    """Give words in one line."""
    return "&#10;".join(_written(line) for line in words.split("\n"))


def plain(words: str) -> str:
    """Give words as paragraphs in which nothing is markup."""
    lines = (_written(line) for line in words.split("\n"))
    return "\n".join(re.sub(r":$", r"\:", line) for line in lines)


def read(written: str) -> str:
    """Give the words that are written."""
    return _READ.sub(_character, written)


def _written(line: str) -> str:
    line = _SURROGATES.sub("\ufffd", line)
    return _LINE.sub(lambda m: f"&#{ord(m[0])};" if m["strange"] else "\\" + m[0], line)


def _character(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    code = int(found[2])
    return chr(code) if code <= _LARGEST else found[0]
