"""Words looked for in the sources, where their place on the page does not say enough."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geppetto.review.remarks import Certainty, Span
from geppetto.review.returned.places.aligning import occurrences
from geppetto.review.returned.places.letters import Extent, fold
from geppetto.review.returned.places.sources import Sources

LEAST = 4
"""The letters that words must have to be looked for beyond their block."""
MANY = 12
"""The letters that words must have to be taken from another part of the text."""
AROUND = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Placed:
    """The words that were marked, where they stand, and how sure that is."""

    quote: str
    span: Span | None
    certainty: Certainty


def near(sources: Sources, path: str, line: int, quote: str) -> Placed:
    """Look for words around a line, for many also in its whole text; else give the block."""
    text = sources.text(path)
    for stretch in (sources.stretch(path, line), sources.stretch(path, line, AROUND)):
        found = occurrences(quote, stretch)
        if found:
            sure = Certainty.EXACT if len(found) == 1 else Certainty.AMBIGUOUS
            return Placed(quote, text.span(sources.nearest(path, found, line)), sure)
    found = occurrences(quote, text.stretch(0, len(text.text)))
    if len(found) == 1 and len(fold(quote)) >= MANY:
        return Placed(quote, text.span(found[0]), Certainty.EXACT)
    return _in_part(sources, path, line, quote)


def _in_part(sources: Sources, path: str, line: int, quote: str) -> Placed:
    """Look in a block for as many of the first words as stand there; else give the block."""
    words, stretch = quote.split(), sources.stretch(path, line)
    for count in range(len(words) - 1, 0, -1):
        part = " ".join(words[:count])
        found = occurrences(part, stretch) if len(fold(part)) >= LEAST else []
        if len(found) == 1:
            return Placed(quote, sources.text(path).span(found[0]), Certainty.BLOCK)
    return of_block(sources, path, line, quote)


def anywhere(sources: Sources, quote: str) -> Placed | None:
    """Look for words in all texts; give where they stand if that is one place only."""
    if len(fold(quote)) < LEAST:
        return None
    found = [
        (text, extent)
        for text in map(sources.text, sources.paths)
        for extent in occurrences(quote, text.stretch(0, len(text.text)))
    ]
    if len(found) != 1:
        return None
    text, extent = found[0]
    return Placed(quote, text.span(extent), Certainty.EXACT)


def of_block(sources: Sources, path: str, line: int, quote: str) -> Placed:
    """Give the block that begins on a line, as far as it is known."""
    text, stretch = sources.text(path), sources.stretch(path, line)
    return Placed(quote, text.span(text.trimmed((stretch.start, stretch.end))), Certainty.BLOCK)


def word_at(text: str, offset: int) -> Extent:
    """Give the extent of the word at an offset."""
    line = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    for word in _WORD.finditer(text, line, len(text) if end < 0 else end):
        if word.start() <= offset < word.end():
            return word.span()
    return offset, offset
