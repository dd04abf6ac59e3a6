"""Where a passage of an earlier text stands today: as it was, moved, changed, or gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from geppetto.review.kept.alignment import BLANK, PARTING, Alignment, Words, align, words
from geppetto.review.kept.likeness import Grams, grams, share
from geppetto.review.kept.offsets import offsets, span
from geppetto.review.remarks import Span

LIKE = 0.6
"""The share of a passage's words in a row that tells where it was moved to."""
FEW = 4
"""Fewer rows of words than these stand in other passages, too."""
RENAMED = 0.3
"""The share of a chapter's words in a row that tells it under another name."""


class Fate(StrEnum):
    """What became of a passage."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Carried:
    """Where a passage stands today, None where it is gone."""

    span: Span | None
    fate: Fate


GONE = Carried(None, Fate.GONE)


@dataclass(frozen=True)
class _Found:
    """A stretch of a text, and whether it reads as it did."""

    start: int
    end: int
    whole: bool


def carry(passage: Span, old: str, new: str) -> Carried:
    """Find a passage of a text in a later text of the same chapter."""
    return carry_in_book(passage, {passage.path: old}, {passage.path: new})


def carry_in_book(passage: Span, old: Mapping[str, str], new: Mapping[str, str]) -> Carried:
    """Find a passage of a book in a later state of it, in any of its chapters."""
    return Carrier(old, new).carry(passage)


class Carrier:
    """Carries passages from the texts of a book, by their paths, to later ones."""

    def __init__(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        self.old, self.new = old, new
        self._alignments: dict[str, Alignment] = {}

    def carry(self, passage: Span) -> Carried:
        """Find a passage, whose path is one of the old texts, in the new ones."""
        text = self.old.get(passage.path)
        if text is None:
            return GONE
        start, end = offsets(text, passage)
        path = self._heirs.get(passage.path, passage.path)
        alignment = self._alignment(passage.path)
        found = _in_order(alignment, start, end)
        if found is None or not (found.whole or _survives(alignment, start, end)):
            elsewhere = self._verbatim(text[start:end]) or self._elsewhere(alignment, start, end)
            if elsewhere is not None:
                path, found = elsewhere
        if found is None:
            return GONE
        now = span(path, self.new[path], found.start, found.end)
        if not found.whole:
            return Carried(now, Fate.CHANGED)
        return Carried(now, Fate.SAME if now == passage else Fate.MOVED)

    def _alignment(self, path: str) -> Alignment:
        if path not in self._alignments:
            heir = self._heirs.get(path, path)
            self._alignments[path] = align(self.old[path], self.new.get(heir, ""))
        return self._alignments[path]

    @cached_property
    def _heirs(self) -> dict[str, str]:
        """The chapters that have another name today, by their old one."""
        lost = [path for path in self.old if path not in self.new]
        born = [path for path in self.new if path not in self.old] if lost else []
        theirs = {path: grams(words(self.new[path])) for path in born}
        heirs: dict[str, str] = {}
        for path in lost:
            ours = grams(words(self.old[path]))
            likest = max(theirs, key=lambda one: share(ours, theirs[one]), default=None)
            if likest is not None and share(ours, theirs[likest]) >= RENAMED:
                heirs[path] = likest
                del theirs[likest]
        return heirs

    @cached_property
    def _fresh(self) -> list[tuple[str, Words, int, Grams]]:
        """The paragraphs of today that have words which did not stand there: with these."""
        olds = {self._heirs.get(path, path): path for path in self.old}
        found = []
        for path, text in self.new.items():
            alignment = self._alignment(olds[path]) if path in olds else align("", text)
            for number, paragraph in enumerate(alignment.new.paragraphs):
                if any(alignment.fresh[slice(*paragraph)]):
                    inside = grams(alignment.new, paragraph, alignment.fresh)
                    if inside:
                        found.append((path, alignment.new, number, inside))
        return found

    @cached_property
    def _places(self) -> dict[tuple[str, ...], list[int]]:
        """In which of the fresh paragraphs some words in a row stand."""
        places: dict[tuple[str, ...], list[int]] = {}
        for number, (*_, inside) in enumerate(self._fresh):
            for gram in inside:
                places.setdefault(gram, []).append(number)
        return places

    def _likest(self, wanted: Grams) -> int | None:
        """Give the fresh paragraph that has most of some words, if only one does."""
        shared: Counter[int] = Counter()
        for gram, count in wanted.items():
            for number in self._places.get(gram, ()):
                shared[number] += min(count, self._fresh[number][3][gram])
        two = shared.most_common(2)
        if not two or two[0][1] < LIKE * wanted.total():
            return None
        return two[0][0] if len(two) == 1 or two[0][1] > two[1][1] else None

    def _verbatim(self, passage: str) -> tuple[str, _Found] | None:
        """Find a passage of some words that stood once in the book, and stands once in it today."""
        if len(passage.split()) < FEW or sum(t.count(passage) for t in self.old.values()) != 1:
            return None
        found = [path for path, text in self.new.items() if passage in text]
        if len(found) != 1 or self.new[found[0]].count(passage) != 1:
            return None
        start = self.new[found[0]].index(passage)
        return found[0], _Found(start, start + len(passage), whole=True)

    def _elsewhere(self, alignment: Alignment, start: int, end: int) -> tuple[str, _Found] | None:
        """Find a passage that was taken out of its place where it was put in."""
        old = alignment.old
        if not old.keys:
            return None
        first, last = _taken_out(alignment, start, end)
        wanted = grams(old, (first, last))
        is_whole = (first, last) == (old.paragraph(first)[0], old.paragraph(last - 1)[1])
        if wanted.total() < FEW and not is_whole:
            return None
        likest = self._likest(wanted)
        if likest is None:
            return None
        path, new, number, _ = self._fresh[likest]
        more = sum(key == PARTING for key in old.keys[first : last - 1])
        region = new.paragraphs[number : number + more + 1]
        before, after = old.starts[first], new.starts[region[0][0]]
        local = align(
            old.text[before : old.end(last - 1)], new.text[after : new.end(region[-1][1] - 1)]
        )
        found = _in_order(local, start - before, end - before)
        if found is None:
            return None
        return path, _Found(found.start + after, found.end + after, found.whole)


def _taken_out(alignment: Alignment, start: int, end: int) -> tuple[int, int]:
    """Give the words round a passage that are gone with it, within its paragraphs."""
    old, to = alignment.old, alignment.to
    first, last = old.at(start), old.at(max(start, end - 1)) + 1
    low, high = old.paragraph(first)[0], old.paragraph(last - 1)[1]
    while first > low and to[first - 1] < 0:
        first -= 1
    while last < high and to[last] < 0:
        last += 1
    return first, last


def _survives(alignment: Alignment, start: int, end: int) -> bool:
    """Tell whether a word of a passage still stands in its order."""
    touched = _touched(alignment.old, start, end)
    return any(alignment.to[i] >= 0 and alignment.old.is_word(i) for i in touched)


def _touched(old: Words, start: int, end: int) -> range:
    """Give the words that a passage touches; of an empty one, those at both sides."""
    if not old.keys:
        return range(0)
    if start < end:
        return range(old.at(start), old.at(end - 1) + 1)
    left, right = old.at(max(0, start - 1)), old.at(start)
    while left > 0 and old.keys[left] == BLANK:
        left -= 1
    while right < len(old.keys) - 1 and old.keys[right] == BLANK:
        right += 1
    return range(left, right + 1)


def _in_order(alignment: Alignment, start: int, end: int) -> _Found | None:
    """Find a passage where the order of the text has it, None if it is gone from there."""
    old, to = alignment.old, alignment.to
    touched = _touched(old, start, end)
    if not touched:
        return None
    images = [to[i] for i in touched]
    if images[0] >= 0 and images == list(range(images[0], images[0] + len(images))):
        begin = _image(alignment, old.at(start), start)
        ended = _image(alignment, old.at(end - 1), end) if end > start else begin
        return _Found(begin, max(begin, ended), whole=True)
    if end == start:
        return _point(alignment, touched)
    return _stretch(alignment, touched, start, end)


def _image(alignment: Alignment, index: int, offset: int) -> int:
    """Give where an offset within a word is in the word of today."""
    new, now = alignment.new, alignment.to[index]
    within = offset - alignment.old.starts[index]
    if offset == alignment.old.end(index):
        return new.end(now)
    return min(new.starts[now] + within, new.end(now))


def _point(alignment: Alignment, touched: Sequence[int]) -> _Found | None:
    """Find a place between two words one of which is still there."""
    old, new, to = alignment.old, alignment.new, alignment.to
    left, right = touched[0], touched[-1]
    if to[left] >= 0 and (old.is_word(left) or to[right] < 0 or left == right):
        return _Found(new.end(to[left]), new.end(to[left]), whole=False)
    if to[right] >= 0:
        return _Found(new.starts[to[right]], new.starts[to[right]], whole=False)
    return None


def _stretch(alignment: Alignment, touched: Sequence[int], start: int, end: int) -> _Found | None:
    """Find a passage that was changed: what stands between what is left of it, or round it."""
    old, new, to = alignment.old, alignment.new, alignment.to
    left = [i for i in touched if to[i] >= 0 and old.is_word(i)]
    before, after = alignment.before(touched[0]), alignment.after(touched[-1])
    if not left and not _within(alignment, before, after):
        return None
    low = new.end(to[before]) if before >= 0 else 0
    high = new.starts[to[after]] if after < len(to) else len(new.text)
    if left:  # what is far from the rest of it is another's
        low = max(low, new.starts[new.paragraph(to[left[0]])[0]])
        last = new.paragraph(to[left[-1]])
        high = min(high, new.end(last[1] - 1))
    if to[touched[0]] >= 0:
        low = _image(alignment, touched[0], start)
    if to[touched[-1]] >= 0:
        high = _image(alignment, touched[-1], end)
    low, high = _trimmed(new.text, low, high)
    return _Found(low, high, whole=False) if low < high else None


def _within(alignment: Alignment, before: int, after: int) -> bool:
    """Tell whether what was replaced stands within one paragraph, as does what replaced it."""
    old, new, to = alignment.old, alignment.new, alignment.to
    gone = old.keys[before + 1 : after]
    first = to[before] + 1 if before >= 0 else 0
    last = to[after] if after < len(to) else len(new.keys)
    come = new.keys[first:last]
    at_edges = (before < 0 or old.keys[before] == PARTING) and (
        after >= len(to) or old.keys[after] == PARTING
    )
    return (
        not at_edges
        and PARTING not in gone
        and PARTING not in come
        and any(key[0].isalnum() for key in come)
    )


def _trimmed(text: str, low: int, high: int) -> tuple[int, int]:
    inner = text[low:high]
    low += len(inner) - len(inner.lstrip())
    return low, max(low, high - (len(inner) - len(inner.rstrip())))
