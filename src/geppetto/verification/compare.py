"""Compares what the Markdown holds with what a finished edition holds.

Letters are compared, not words. A word of which a letter is in no passage of
twelve letters that the edition has too is lost, unless a page broke there. A
run nearly all of whose passages stand there less often than in the manuscript is lost
in one of its places.
"""

from __future__ import annotations

import itertools
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from geppetto.emoji import SEQUENCE
from geppetto.verification.edition import GRAM, Edition, Page, grams, squeezed
from geppetto.verification.ink import ink, runs_leftward
from geppetto.verification.manuscript import Content, Picture, Run

_REACH = 3  # pages over which a paragraph may go on, past pages of figures
SMALL = 20.0  # points: a picture no higher than that may be an emoji
_ONCE = frozenset({"text", "note", "code"})  # headings stand in the contents, too
_NEARLY = 0.9
_LONG = 3 * GRAM  # letters of a run that does not stand twice by chance
# What of TeX's source is no letter of the formula: commands, and text set upright.
_UPRIGHT = re.compile(
    r"\\(?:text\w*|math(?:rm|bf|sf|tt|bb|cal|frak|scr)|operatorname\*?|begin|end|label|tag|mbox)"
    r"\s*(?:\{[^{}]*\}|\w)|\\[A-Za-z]+|\\."
)


@dataclass(frozen=True)
class Loss:
    """What an edition lacks, or has twice: `words` as they are spelled, and those `before` them.

    `whole` tells that nothing of their run is left. `key` and `nth` lead to a
    citation, or to an image by its target.
    """

    kind: str
    path: str
    words: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    whole: bool = False
    twice: bool = False
    key: str | None = None
    nth: int = 0
    missing: int = 1


def compare(contents: Sequence[Content], edition: Edition) -> list[Loss]:
    """Give everything of the chapters that the edition lacks or has once too often."""
    expected: Counter[str] = Counter()
    for content in contents:
        for run in content.runs:
            expected.update(grams(ink("".join(run.words))))
    comparison = _Comparison(edition, expected)
    losses = [loss for c in contents for run in c.runs for loss in comparison.run(run)]
    if not any(loss.kind == "note" for loss in losses):
        losses += _notes(contents, edition)
    losses += _images(contents, edition)
    tables, losses = _tables(contents, edition, losses)
    return [*losses, *tables, *_formulas(contents, edition)]


@dataclass
class _Comparison:
    edition: Edition
    expected: Counter[str]

    def run(self, run: Run) -> Iterator[Loss]:
        """Give what of one run is lost, each stretch of words by itself, or that it stands twice."""
        text = "".join(map(ink, run.words))
        covered = self._covered(text)
        if not all(covered):
            self._cover_breaks(text, covered)
        elif len(text) >= _LONG and self._nearly_all(text, operator.lt):
            yield Loss(run.kind, run.path, run.words, whole=True)
        lost = self._lost(run, covered)
        start = 0
        while start < len(lost):
            end = start + 1
            if lost[start]:
                while end < len(lost) and lost[end]:
                    end += 1
                yield self._loss(run, start, end)
            start = end
        if len(text) >= _LONG and run.kind in _ONCE and self._nearly_all(text, operator.gt):
            yield Loss(run.kind, run.path, run.words, whole=True, twice=True)

    def _loss(self, run: Run, start: int, end: int) -> Loss:
        whole = (start, end) == (0, len(run.words))
        before = run.words[max(0, start - 3) : start]
        found = run.words[start:end]
        return Loss(run.kind, run.path, found, before, whole, key=run.key, nth=run.nth)

    def _covered(self, text: str) -> bytearray:
        """Mark the letters that stand in the edition among their neighbours."""
        covered = bytearray(len(text))
        if len(text) < GRAM:
            return bytearray(b"\1" * len(text)) if text in self.edition.text else covered
        printed = self.edition.grams
        for start, gram in enumerate(grams(text)):
            if gram in printed:
                covered[start : start + GRAM] = b"\1" * GRAM
        return covered

    def _cover_breaks(self, text: str, covered: bytearray) -> None:
        """Mark the letters beside a break of page or column: before it or after it they stand."""
        start = covered.find(0)
        while start >= 0:
            end = next((i for i in range(start, len(text)) if covered[i]), len(text))
            near = range(max(1, start - GRAM), min(len(text), end + GRAM))
            parts = ((text[min(start, max(0, at - GRAM)) : at], at) for at in near)
            if any(self._breaks(left, text[at : max(end, at + GRAM)]) for left, at in parts):
                covered[start:end] = b"\1" * (end - start)
            start = covered.find(0, end)

    def _breaks(self, left: str, right: str) -> bool:
        """Tell whether one part of a run ends a line, and the other begins a later one."""
        pages = self.edition.pages
        for number, page in enumerate(pages):
            for line, end in enumerate(page.ends):
                if page.text.endswith(left, 0, end):
                    following = _beginnings(pages[number : number + _REACH], line + 1)
                    if any(text.startswith(right, begin) for text, begin in following):
                        return True
        return False

    def _lost(self, run: Run, covered: bytearray) -> list[bool]:
        """Tell of each word whether any of its letters is not to be found."""
        lost, position = [], 0
        for word in run.words:
            size = len(ink(word))
            missing = not all(covered[position : position + size])
            lost.append(missing and not self._turned(word))
            position += size
        return lost

    def _turned(self, word: str) -> bool:
        """Tell whether a word that runs from right to left stands in the edition, either way."""
        if not runs_leftward(word):
            return False
        spelled = ink(word)
        return spelled in self.edition.text or spelled[::-1] in self.edition.text

    def _nearly_all(self, text: str, holds: Callable[[int, int], bool]) -> bool:
        """Tell whether the passages' counts, printed and expected, are in a relation.

        A few may not be: what an edition sets beside a run makes passages with it.
        """
        printed, expected = self.edition.grams, self.expected
        held = [holds(printed[g], expected[g]) for g in grams(text)]
        return bool(held) and sum(held) >= _NEARLY * len(held)


def _beginnings(pages: Sequence[Page], line: int) -> Iterator[tuple[str, int]]:
    """Give where lines begin: on the first page those after `line`, on the others all."""
    for number, page in enumerate(pages):
        begins = (0, *page.ends[:-1])
        for begin in begins[line + 1 if number == 0 else 0 :]:
            yield page.text, begin


def _notes(contents: Sequence[Content], edition: Edition) -> Iterator[Loss]:
    """Say that an edition has fewer notes than the chapters do."""
    missing = sum(c.notes for c in contents) - (edition.notes or 0)
    if edition.notes is not None and missing > 0:
        yield Loss("note", next(c.chapter.path for c in contents if c.notes), missing=missing)


def _images_by_text(contents: Sequence[Content], left: Counter[str]) -> Iterator[Loss]:
    """Give as many pictures as are missing, first those whose alternative text is nowhere."""
    unmatched = []
    for content in contents:
        for image in content.images:
            alternative = ink(image.alternative)
            if left[alternative] > 0:
                left[alternative] -= 1
            else:
                unmatched.append(_lost_image(content, image))
    yield from unmatched[: max(0, len(unmatched) - left.total())]


def _lost_image(content: Content, image: Picture) -> Loss:
    return Loss("figure", content.chapter.path, key=image.target, nth=image.nth)


def _images(contents: Sequence[Content], edition: Edition) -> Iterator[Loss]:
    """Give the pictures that are not there: by their alternative text, or near their neighbours."""
    if edition.alternatives is not None:
        yield from _images_by_text(contents, Counter(edition.alternatives))
        return
    has_emoji = any(SEQUENCE.search(content.chapter.text) for content in contents)
    pages = [
        number
        for number, page in enumerate(edition.pages)
        for height in page.images
        if height > SMALL or not has_emoji
    ]
    for content in contents:
        for image in content.images:
            if not _take_near(_page_of(content, image, edition), pages):
                yield _lost_image(content, image)


def _take_near(page: int | None, pages: list[int]) -> bool:
    """Take the first picture that stands where it may have floated from a page."""
    near = [p for p in pages if page is None or page - 1 <= p <= page + _REACH]
    if near:
        pages.remove(near[0])
    return bool(near)


def _page_of(content: Content, image: Picture, edition: Edition) -> int | None:
    """Give the page of the nearest long passage before an image, else after it."""
    before = reversed(content.runs[: image.after])
    for run in (*itertools.islice(before, 20), *content.runs[image.after : image.after + 20]):
        text = ink("".join(run.words))
        for number, page in enumerate(edition.pages):
            if run.kind == "text" and len(text) >= GRAM and text[-2 * GRAM :] in page.text:
                return number
    return None


def _tables(
    contents: Sequence[Content], edition: Edition, losses: Sequence[Loss]
) -> tuple[list[Loss], list[Loss]]:
    """Give the tables that are not there, and the losses that do not belong to one of them.

    A table is lost where most of its cells are: to an EPUB, together in one table.
    """
    left = list(edition.tables or ())
    lost: list[Loss] = []
    kept = list(losses)
    for content in contents:
        for span in content.tables:
            cells = [run for run in content.runs[span.start : span.stop] if run.kind == "cell"]
            spelled = [ink("".join(run.words)) for run in cells]
            if edition.tables is not None:
                held = max((sum(s in t for s in spelled) for t in left), default=0)
                best = next((t for t in left if sum(s in t for s in spelled) == held), None)
            else:
                held, best = sum(s in edition.text for s in spelled), None
            if best is not None and held:
                left.remove(best)
            if cells and 2 * held < len(cells):
                words = tuple(word for run in cells for word in run.words)
                lost.append(Loss("table", content.chapter.path, words))
                kept = [o for o in kept if not (o.kind == "cell" and _is_of(o, cells))]
    return lost, kept


def _is_of(loss: Loss, cells: Sequence[Run]) -> bool:
    return any(loss.path == run.path and set(loss.words) <= set(run.words) for run in cells)


def _formulas(contents: Sequence[Content], edition: Edition) -> Iterator[Loss]:
    """Give the formulas that are not there: by their source in an EPUB, their letters in a PDF."""
    if edition.formulas is not None:
        left = Counter(edition.formulas)
        take = _take_source
    else:
        left = Counter(edition.letters or {})
        take = _take_letters
    for content in contents:
        for formula in content.formulas:
            if not take(formula, left):
                yield Loss("equation", content.chapter.path, tuple(formula.split()))


def _take_source(formula: str, left: Counter[str]) -> bool:
    source = squeezed(formula)
    left[source] -= 1
    return left[source] >= 0


def _take_letters(formula: str, left: Counter[str]) -> bool:
    wanted = Counter(
        c.casefold() for c in _UPRIGHT.sub(" ", formula) if c.isascii() and c.isalpha()
    )
    if any(left[letter] < count for letter, count in wanted.items()):
        return False
    left.subtract(wanted)
    return True
