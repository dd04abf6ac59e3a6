"""A returned DOCX without Geppetto's bookmarks: its words matched with those of the sources.

Google Docs and some converters drop bookmarks. What keeps its order, as the text
of the chapters does, is matched as a whole; a note is looked for by its words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from geppetto.review.remarks import Certainty
from geppetto.review.returned.places import searching
from geppetto.review.returned.places.aligning import ENOUGH, widened
from geppetto.review.returned.places.letters import Extent, Letters, fold
from geppetto.review.returned.places.searching import Placed
from geppetto.review.returned.places.sources import Sources
from geppetto.review.returned.word.story import Story
from geppetto.sourcemap import match
from geppetto.sourcemap.leaves import WORD

_BEGINNING = 40
"""The letters by which a note is known."""


class Unmarked:
    """A story, and the source and extent of each of its words, as far as they are found."""

    def __init__(self, story: Story, paths: Sequence[str], known: Sources) -> None:
        self.story, self.sources = story, known
        found = list(WORD.finditer(story.text))
        self._starts = [one.start() for one in found]
        theirs = [one for path in paths for one in _words(path, known)]
        pairs = match([fold(one[0]) for one in found], [word for word, _, _ in theirs])
        self._places = [theirs[n][1:] if n >= 0 else None for n in pairs]

    def place(self, start: int, end: int) -> Placed:
        """Place a range of the text."""
        quote = " ".join(self.story.text[start:end].split())
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        path, extents = self._found(first, last)
        words = last - first
        if path and len(extents) >= ENOUGH * words and _hold_together(extents):
            text = self.sources.text(path)
            extent = (min(extents)[0], max(end for _, end in extents))
            signs = self.story.text[start:end]
            before = signs[: next(n for n, c in enumerate(signs) if c.isalnum())]
            after = signs[len(signs) - next(n for n, c in enumerate(signs[::-1]) if c.isalnum()) :]
            return Placed(
                quote, text.span(widened(text.text, extent, before, after)), Certainty.EXACT
            )
        return self._near(first, quote)

    def _found(self, first: int, last: int) -> tuple[str, list[Extent]]:
        """Give the source of the first word that is found, and the extents of all there."""
        found = [place for place in self._places[first:last] if place is not None]
        path = found[0][0] if found else ""
        return path, [extent for where, extent in found if where == path]

    def _near(self, first: int, quote: str) -> Placed:
        """Look for words in all sources, else where the nearest word found before them stands."""
        if found := searching.anywhere(self.sources, quote):
            return found
        before = (place for place in reversed(self._places[: first + 1]) if place is not None)
        after = (place for place in self._places[first:] if place is not None)
        place = next(before, next(after, None))
        if place is None:
            return Placed(quote, None, Certainty.LOST)
        path, extent = place
        return searching.near(self.sources, path, self.sources.text(path).line(extent[0]), quote)


class UnmarkedNote:
    """A note: it is known by the words that it begins with, if they stand once in the sources."""

    def __init__(self, story: Story, known: Sources) -> None:
        self.story, self.sources = story, known

    def place(self, start: int, end: int) -> Placed:
        """Place a range of the note."""
        quote = " ".join(self.story.text[start:end].split())
        letters = fold(self.story.text)[:_BEGINNING]
        note = searching.anywhere(self.sources, letters)
        if note is None or note.span is None:
            return searching.anywhere(self.sources, quote) or Placed(quote, None, Certainty.LOST)
        return searching.near(self.sources, note.span.path, note.span.line, quote)


def _words(path: str, known: Sources) -> list[tuple[str, str, Extent]]:
    """Give the words of a source as they are seen, each with its extent."""
    text = known.text(path)
    letters: Letters = text.letters
    found: list[tuple[str, str, Extent]] = []
    for word in WORD.finditer(text.text):
        numbers = letters.between(*word.span())
        if numbers:
            seen = letters.seen[numbers.start : numbers.stop]
            found.append((seen, path, word.span()))
    return found


def _hold_together(extents: Sequence[Extent]) -> bool:
    """Tell whether words follow each other as closely as words do."""
    return all(-1 <= second[0] - first[1] <= _BEGINNING * 2 for first, second in pairwise(extents))
