"""How deeply things stand in each other in a chapter's Markdown, before Pandoc reads it.

Pandoc 3.9 tries every bracket as the beginning of a link, a span and a note:
each bracket within another makes it three times slower, each that is never
closed twice. Measured: 8 within each other take 2 seconds, 10 take 20; 14
that are not closed take 4, 20 take minutes.
"""

from __future__ import annotations

import re
from itertools import pairwise

from geppetto.sourcemap.masks import mask
from geppetto.sourcemap.pieces import point

CLOSED, OPEN = 8, 14
_MARKS = re.compile(r"[ \t>]*")


def tangled(text: str) -> tuple[int, int] | None:
    """Give the place of the first bracket with which a paragraph becomes too much for Pandoc."""
    if text.count("[") <= CLOSED:
        return None
    masked = mask(text)
    if masked.count("[") <= CLOSED:
        return None
    breaks = [m.span() for m in re.finditer(r"\n[ \t>]*\n", masked)]
    edges = [(0, 0), *breaks, (len(masked), len(masked))]
    for (_, start), (end, _) in pairwise(edges):
        found = _tangle(masked, start, end)
        if found is not None:
            return point(text, found)
    return None


def _tangle(text: str, start: int, end: int) -> int | None:
    """Look at one paragraph; brackets that are closed and such as are not count apart."""
    if text.count("[", start, end) <= CLOSED:
        return None
    opened: list[int] = []
    deepest: dict[int, int] = {}
    for match in re.finditer(r"[\[\]]", text[start:end]):
        if match[0] == "[":
            opened.append(start + match.start())
        elif opened:
            position = opened.pop()
            within = deepest.pop(len(opened) + 1, 0) + 1
            deepest[len(opened)] = max(within, deepest.get(len(opened), 0))
            if within > CLOSED:
                return position
    return opened[OPEN] if len(opened) > OPEN else None


def deepest(text: str) -> tuple[int, int] | None:
    """Give the place where the most stands in each other: the marks before a line tell."""
    best, place, divs = 0, None, 0
    for number, line in enumerate(text.split("\n"), 1):
        margin = _MARKS.match(line)
        marks = margin[0] if margin else ""
        if line.lstrip().startswith(":::"):
            divs += 1 if line.strip(": \t") else -1
        depth = marks.count(">") + len(marks.replace(">", "").expandtabs(4)) // 2 + divs
        if depth > best:
            best, place = depth, (number, len(marks) + 1)
    return place
