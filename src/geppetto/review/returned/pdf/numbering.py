"""Which page of the page map each page of a returned PDF is.

A reviewer's program may put pages in, take some out, or turn them round; the
copy as it was sent, kept with the draft, tells them apart by their words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from geppetto.review.returned.places.letters import fold

ALIKE = 0.6
"""The part of its words that a page must share with another to be taken for it."""


class Words:
    """The words of a PDF's pages, read when asked for."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        self._known: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._document)

    def of(self, index: int) -> tuple[str, ...]:
        """Give the words of a page."""
        if index not in self._known:
            page = self._document[index]
            try:
                text = page.get_textpage()
                words = text.get_text_range().split()
                text.close()
            finally:
                page.close()
            self._known[index] = tuple(filter(None, map(fold, words)))
        return self._known[index]

    def digest(self, index: int) -> str:
        """Give what tells a page's letters from those of others."""
        return hashlib.sha256("".join(self.of(index)).encode()).hexdigest()


def numbered(
    document: pdfium.PdfDocument, sent: Path | None, pages: Sequence[int], wanted: Sequence[int]
) -> Mapping[int, int]:
    """Give the page of the map, from 1, of each page of a returned PDF that is wanted.

    `pages` are those of the map that the copy has, `sent` the copy itself, None
    where it is not kept. A page that is none of the copy's is left out.
    """
    if sent is None:
        found = {index: index for index in wanted if index < len(pages)}
    else:
        original = pdfium.PdfDocument(sent)
        try:
            found = _matched(Words(document), Words(original), wanted)
        finally:
            original.close()
    return {index: pages[at] for index, at in found.items() if at < len(pages)}


def _matched(returned: Words, sent: Words, wanted: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    others: dict[str, list[int]] = {}
    for index in wanted:
        if index < len(sent) and returned.of(index) == sent.of(index):
            found[index] = index
            continue
        if not others:
            for other in range(len(sent)):
                others.setdefault(sent.digest(other), []).append(other)
        same = others.get(returned.digest(index))
        at = _nearest(same, index) if same else _alike(returned.of(index), sent, index)
        if at is not None:
            found[index] = at
    return found


def _nearest(pages: Sequence[int], index: int) -> int:
    return min(pages, key=lambda at: (abs(at - index), at))


def _alike(words: Sequence[str], sent: Words, index: int) -> int | None:
    """Give the page that shares most words with another, which may have been written upon."""
    wanted = Counter(words)
    best: int | None = None
    best_share = ALIKE
    for at in sorted(range(len(sent)), key=lambda at: (abs(at - index), at)):
        known = Counter(sent.of(at))
        share = (wanted & known).total() / max(1, known.total())
        if share > best_share:
            best, best_share = at, share
    return best
