"""Shows the line that a problem stands on, with a caret below its column."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from rich.cells import cell_len

from geppetto.diagnostics import Location

CUT = "…"
_LARGEST = 20_000_000  # bytes of a file that is read for one line


def excerpt(root: Path, location: Location, width: int) -> list[str]:
    """Give the line of a location, and the line with its caret where a column is known.

    `root` is the book's folder, `width` the columns of the terminal. A line
    that is longer is cut around the column. Nothing is given where the file
    cannot be read, or has no such line any more.
    """
    line = _line(root / location.path, location.line) if location.line else None
    if line is None or not line.strip():
        return []
    margin = f"{location.line} | "
    column = min(location.column or 0, len(line) + 1)
    shown, before = _cut(_printable(line), column, max(width - len(margin) - 1, 20))
    lines = [margin + shown]
    if column:
        lines.append(" " * (len(margin) - 2) + "| " + " " * cell_len(before) + "^")
    return lines


def _line(path: Path, number: int) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        lines = path.read_text("utf-8-sig", errors="replace").split("\n")
    except OSError:
        return None
    return lines[number - 1].rstrip("\r") if number <= len(lines) else None


def _printable(line: str) -> str:
    """Give each character that would move the caret, or steer the terminal, a visible one."""
    return "".join(" " if c == "\t" else "\ufffd" if _steers(c) else c for c in line)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf"}


def _cut(line: str, column: int, width: int) -> tuple[str, str]:
    """Give as much of a line around a column as fits, and what of it stands before the column."""
    at = max(column - 1, 0)
    start = 0
    if cell_len(line) > width:
        start = max(0, at - width // 2)
    end = len(line)
    head = CUT if start else ""
    while end > start and cell_len(head + line[start:end]) > width - 1:
        end -= max(1, (cell_len(line[start:end]) - width) // 2)
    end = max(end, min(at + 1, len(line)))
    tail = CUT if end < len(line) else ""
    return head + line[start:end] + tail, head + line[start:at]
