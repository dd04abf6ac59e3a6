"""Headings that jump a level, links without words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from geppetto.ast import Block, stringify
from geppetto.checks.manuscript import Manuscript, Page
from geppetto.diagnostics import Diagnostic, Location

_EMPTY_LINK = re.compile(
    r"\[(?<![!\\\]]\[)\s*\]\(\s*<?(?P<target>[a-zA-Z][a-zA-Z0-9+.-]*:[^\s)>]+)"
)


def jumps(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find headings more than one level below the heading before."""
    for page in manuscript.pages:
        last = 1
        for path, heading in _headings(page.blocks, ()):
            level = heading["c"][0]
            if level > last + 1:
                words = stringify(heading["c"][2])
                says = f"“{words}” is a heading of level {level} below one of level {last}."
                hint = f"Give it {'#' * (last + 1)}: a level that is left out confuses readers and screen readers."
                yield Diagnostic("heading-jump", says, _place(page, path), hint)
            last = level


def _headings(
    blocks: Sequence[Block], above: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], Block]]:
    for index, block in enumerate(blocks):
        if block["t"] == "Header":
            yield (*above, index), block
        elif block["t"] == "Div" and not _is_callout(block):
            yield from _headings(block["c"][1], (*above, index))


def _is_callout(div: Block) -> bool:
    return any(name.startswith("callout") for name in div["c"][0][1])


def _place(page: Page, path: tuple[int, ...]) -> Location:
    return Location(page.path, page.lines.line_of(path))


def empty_links(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find links out of the book that have no words to click on."""
    for page in manuscript.pages:
        for found in _EMPTY_LINK.finditer(page.masked):
            says = f"The link to {found['target']} has no words."
            hint = "Write them between the brackets, or the address alone in angle brackets: <https://…>."
            yield Diagnostic("link-empty", says, page.at(found.start()), hint)
