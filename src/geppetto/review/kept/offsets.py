"""Places in a text: lines and columns, both from 1, and how far from its beginning that is."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from geppetto.review.remarks import Span


@lru_cache(maxsize=64)
def _starts(text: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer("\n", text))]


def offset(text: str, line: int, column: int) -> int:
    """Give the offset of a place; of the nearest there is, where there is no such place."""
    starts = _starts(text)
    if line > len(starts):
        return len(text)
    start = starts[max(line, 1) - 1]
    end = starts[line] - 1 if line < len(starts) else len(text)
    return min(start + max(column, 1) - 1, end)


def offsets(text: str, span: Span) -> tuple[int, int]:
    """Give where a span begins and ends."""
    start = offset(text, span.line, span.column)
    return start, max(start, offset(text, span.end_line, span.end_column))


def place(text: str, at: int) -> tuple[int, int]:
    """Give the line and the column of an offset."""
    starts = _starts(text)
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def span(path: str, text: str, start: int, end: int) -> Span:
    """Give a stretch of a text."""
    return Span(path, *place(text, start), *place(text, end))
