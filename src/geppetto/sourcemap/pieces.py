r"""Where a piece of raw LaTeX or a formula stands in a chapter's Markdown.

Pandoc gives these as the author wrote them, but for the marks of quotations
and the indentation of lists at the beginning of a line.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from geppetto.diagnostics import Location
from geppetto.sourcemap.masks import verbatim

Span = tuple[int, int]
_MARGIN = r"[\s>|]*"


def occurrences(text: str, piece: str, *, is_math: bool) -> list[Span]:
    """Give the spans in which a piece stands, code and comments apart, in order."""
    words = piece.split()
    if not words:
        return []
    pattern = rf"\s{_MARGIN}".join(re.escape(word) for word in words)
    if is_math:
        pattern = rf"\$\$?{_MARGIN}{pattern}{_MARGIN}\$\$?"
    else:
        letters = "(?![A-Za-z])" if piece.strip()[-1].isalpha() else ""
        pattern = rf"(?<!\\){pattern}{letters}"
    code = verbatim(text)
    starts = [start for start, _ in code]
    return [
        match.span()
        for match in re.finditer(pattern, text)
        if not _within(match.start(), code, starts)
    ]


def _within(position: int, spans: list[Span], starts: list[int]) -> bool:
    index = bisect_right(starts, position) - 1
    return index >= 0 and position < spans[index][1]


def point(text: str, offset: int) -> tuple[int, int]:
    """Give the line and column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def formulas(path: str, text: str, formula: str) -> list[Location]:
    """Give every place of a formula in a chapter; where it cannot be found, the chapter."""
    spans = occurrences(text, formula, is_math=True)
    return [Location(path, *point(text, start)) for start, _ in spans] or [Location(path)]
