"""Which letters of a source are the letters that a reader saw, and where words of theirs stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from geppetto.review.returned.places.letters import Extent, Letters, fold
from geppetto.sourcemap import match

ENOUGH = 0.7
"""The part of the marked letters that must be found for their place to be known."""
SEEN_AS = 80
"""The letters as which a citation or a formula is seen, at most."""
_CHANCE = 3
"""Fewer letters than these, alone, may be matched by chance."""
_MARKUP = "*_`\\~^[]{}"
_SPELLED = {
    " ": ("\n",),
    "‘": ("'",), "’": ("'",), "“": ('"',), "”": ('"',), "«": ('"',), "»": ('"',),
    "–": ("--",), "—": ("---", "--"), "…": ("...", ". . ."),
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A part of a source: its letters, and where in the text it starts and ends."""

    text: str
    letters: Letters
    start: int
    end: int

    @cached_property
    def numbers(self) -> range:
        """The numbers of its letters."""
        return self.letters.between(self.start, self.end)

    @cached_property
    def seen(self) -> str:
        """Its letters."""
        return self.letters.seen[self.numbers.start : self.numbers.stop]


@dataclass(frozen=True)
class Found:
    """An extent of the text, and the part of the letters sought that was found there."""

    start: int
    end: int
    share: float

    @property
    def is_sure(self) -> bool:
        """Whether enough was found."""
        return self.share >= ENOUGH


@dataclass(frozen=True)
class Alignment:
    """A run of letters as they were seen, and the stretch of a source that they come from."""

    seen: str
    stretch: Stretch

    @cached_property
    def places(self) -> tuple[int, ...]:
        """For each letter seen the number of that of the source, -1 for none."""
        start = self.stretch.numbers.start
        found = match(self.seen, self.stretch.seen)
        kept = _kept(found, len(self.stretch.seen))
        return tuple(start + n if n >= 0 else -1 for n in kept)

    @cached_property
    def share(self) -> float:
        """The part of the letters seen that has a place."""
        return sum(n >= 0 for n in self.places) / len(self.seen) if self.seen else 0.0

    def found(self, first: int, last: int) -> Found | None:
        """Give where the letters from `first` up to `last` (exclusive) stand.

        What is seen as something else counts as found if it stands where the
        letters that have no place were seen.
        """
        letters, known = self.stretch.letters, 0
        extents: list[Extent] = []
        for start, end in self._runs(first, last):
            if self.places[start] >= 0:
                run = [(letters.starts[self.places[start]], letters.ends[self.places[end - 1]])]
            else:
                run = self._others(start)
            extents += run
            known += end - start if run else 0
        if not extents:
            return None
        low, high = min(extents)[0], max(end for _, end in extents)
        low -= self._before(low, first, last)
        high += self._after(high, first, last)
        return Found(low, high, known / (last - first + self._skipped(low, high, first, last)))

    def _others(self, at: int) -> list[Extent]:
        """Give what the letters around one without a place, none of which has one, are seen of.

        A whole paragraph that the source has not here is no citation.
        """
        others = self.stretch.letters.others_at(*self.gap(at))
        first = last = at
        while first and self.places[first - 1] < 0:
            first -= 1
        while last < len(self.places) and self.places[last] < 0:
            last += 1
        outer = [one for one in others if not any(_holds(other, one) for other in others)]
        return others if last - first <= SEEN_AS * len(outer) else []

    def _before(self, low: int, first: int, last: int) -> int:
        """Count the marked letters that stand just before an extent, though others were taken for them."""
        begins = {self.stretch.letters.starts[n]: at for at, n in self._placed(first, last)}
        at, text, count = begins.get(low, first), self.stretch.text, 0
        while at > first and count < low and fold(text[low - count - 1]) == self.seen[at - 1]:
            at, count = at - 1, count + 1
        return count

    def _after(self, high: int, first: int, last: int) -> int:
        """Count the marked letters that stand just behind an extent, though others were taken for them."""
        ends = {self.stretch.letters.ends[n]: at for at, n in self._placed(first, last)}
        at, text, count = ends.get(high, last - 1), self.stretch.text, 0
        while at + 1 < last and fold(text[high + count : high + count + 1]) == self.seen[at + 1]:
            at, count = at + 1, count + 1
        return count

    def _placed(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        return ((at, self.places[at]) for at in range(first, last) if self.places[at] >= 0)

    def _runs(self, first: int, last: int) -> Iterator[Extent]:
        """Give the runs of letters that have places, and of those that have none."""
        start = first
        for at in range(first + 1, last + 1):
            if at == last or (self.places[at] < 0) != (self.places[start] < 0):
                yield start, at
                start = at

    def _skipped(self, low: int, high: int, first: int, last: int) -> int:
        """Count the source's own letters in an extent that were not seen."""
        letters = self.stretch.letters
        others = {n for one in letters.others_in(low, high) for n in letters.between(*one)}
        found = {n for n in self.places[first:last] if n >= 0}
        return sum(n not in others and n not in found for n in letters.between(low, high))

    def gap(self, at: int) -> Extent:
        """Give the extent between the letters with a place before a letter and after it."""
        letters = self.stretch.letters
        before = next((n for n in reversed(self.places[:at]) if n >= 0), None)
        after = next((n for n in self.places[at:] if n >= 0), None)
        low = self.stretch.start if before is None else letters.ends[before]
        high = self.stretch.end if after is None else letters.starts[after]
        return min(low, high), max(low, high)


def _holds(outer: Extent, inner: Extent) -> bool:
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]


@dataclass(frozen=True)
class Part:
    """The letters of an alignment that were marked, from `first` up to `last`, and their source."""

    path: str
    alignment: Alignment
    first: int
    last: int


def joined(parts: Sequence[Part]) -> Found | None:
    """Join what was found of parts that come from one source.

    What does not stand in the source as it was seen, before the longest part or
    after it, is left out: a stroke that went on into a note. So is what stands
    far away, on the other side of a figure that the page has elsewhere.
    """
    size = sum(part.last - part.first for part in parts)
    found = [(part, part.alignment.found(part.first, part.last)) for part in parts]
    there = [_Piece(part, place) for part, place in found if place is not None]
    if not there:
        return None
    main = max(range(len(there)), key=lambda n: there[n].length)
    kept = [there[main]]
    for piece in there[main + 1 :]:
        kept += [piece] if piece.follows(kept[-1]) else []
    for piece in reversed(there[:main]):
        kept[:0] = [piece] if kept[0].follows(piece) else []
    known = sum(piece.place.share * piece.length for piece in kept)
    return Found(kept[0].place.start, max(piece.place.end for piece in kept), known / size)


@dataclass(frozen=True)
class _Piece:
    """A part, and where it was found."""

    part: Part
    place: Found

    @property
    def length(self) -> int:
        return self.part.last - self.part.first

    def follows(self, other: _Piece) -> bool:
        """Tell whether it stands after another, with fewer letters between than in them."""
        if self.place.start < other.place.end:
            return False
        letters = self.part.alignment.stretch.letters
        between = letters.between(other.place.end, self.place.start)
        return len(between) <= self.length + other.length


def _kept(found: list[int], size: int) -> list[int]:
    """Leave out lone letters that were matched by chance, between two that have no place.

    What both the letters seen and the stretch, of `size` letters, begin or end with is no chance.
    """
    kept = list(found)
    start = 0
    while start < len(found):
        end = start + 1
        while end < len(found) and found[start] >= 0 and found[end] == found[end - 1] + 1:
            end += 1
        begins = start == 0 and found[0] == 0
        ends = end == len(found) and found[-1] == size - 1
        alone = (start == 0 or found[start - 1] < 0) and (end == len(found) or found[end] < 0)
        if found[start] >= 0 and end - start < _CHANCE and alone and not begins and not ends:
            kept[start:end] = [-1] * (end - start)
        start = end
    return kept


def occurrences(words: str, stretch: Stretch) -> list[Extent]:
    """Give every extent of a stretch in which words stand, where whole words do, only those."""
    wanted, seen, letters = fold(words), stretch.seen, stretch.letters
    found: list[Extent] = []
    at = seen.find(wanted) if wanted else -1
    while at >= 0:
        first = stretch.numbers.start + at
        found.append((letters.starts[first], letters.ends[first + len(wanted) - 1]))
        at = seen.find(wanted, at + 1)
    whole = [one for one in found if _is_whole(stretch.text, one)]
    return whole or found


def _is_whole(text: str, extent: Extent) -> bool:
    start, end = extent
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def widened(text: str, extent: Extent, before: str, after: str) -> Extent:
    """Take in the signs that were marked before the first letter and after the last."""
    start, end = extent
    for sign in reversed(before):
        start = _taken(text, start, sign, backwards=True)
    for sign in after:
        end = _taken(text, end, sign, backwards=False)
    return start, end


def _taken(text: str, at: int, sign: str, *, backwards: bool) -> int:
    """Give the end of a sign that stands at a place, markup apart; the place if none does."""
    step, place = (-1, at) if backwards else (1, at)
    for _ in range(6):
        for spelled in (sign, *_SPELLED.get(sign, ())):
            start = place - len(spelled) if backwards else place
            if start >= 0 and text.startswith(spelled, start):
                return start if backwards else start + len(spelled)
        beside = text[max(0, place - 1) : place] if backwards else text[place : place + 1]
        if not beside or not (beside in _MARKUP or beside.isspace()):
            break
        place += step
    return at


def sign(text: str, gap: Extent, signs: str) -> Extent | None:
    """Give where in a gap between two letters signs stand, if they stand there once."""
    first = signs.strip()
    if not first:
        return None
    found: set[Extent] = set()
    for spelled in (first, *_SPELLED.get(first, ())):
        at = text.find(spelled, *gap)
        while at >= 0:
            found.add((at, at + len(spelled)))
            at = text.find(spelled, at + len(spelled), gap[1])
        if found:
            break
    return found.pop() if len(found) == 1 else None
