"""Where each kept remark stands in the book today, and in what order they are read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from geppetto import config, manuscript
from geppetto.diagnostics import Diagnostic, GeppettoError, Location
from geppetto.review import drafts
from geppetto.review.kept import critic
from geppetto.review.kept.carrying import Carried, Carrier, Fate
from geppetto.review.kept.critic import Plain
from geppetto.review.kept.keeping import File
from geppetto.review.kept.offsets import offsets, place, span
from geppetto.review.kept.sheets import Entry
from geppetto.review.kept.texts import Text, text
from geppetto.review.remarks import Remark, Span

MARKDOWN = (".md", ".markdown")
_SENTENCE = re.compile(r"[.!?…][”’\"')\]]*\s+|\n\s*\n")


@dataclass(frozen=True)
class Passage:
    """A stretch of a chapter of today: offsets in its text without marks, and its place in the file."""

    path: str
    start: int
    end: int
    span: Span


@dataclass(frozen=True)
class Shown:
    """A kept remark, the line of its file, and where it stands today.

    `fate` is None where that cannot be known: the draft's texts are not here, or
    its place was not known in the draft either. `group` is the same for remarks
    on one sentence.
    """

    entry: Entry
    kept: Location
    passage: Passage | None
    fate: Fate | None
    group: int = 0

    @property
    def location(self) -> Location:
        """The place to go to: in the chapter, else where the remark is kept."""
        if self.passage is None:
            return self.kept
        return Location(self.passage.path, self.passage.span.line, self.passage.span.column)


class Today:
    """The book's chapters as they are, and the ways from its drafts to them."""

    def __init__(self, root: Path) -> None:
        """Read the chapters.

        Raises:
            GeppettoError: book.yaml is absent or has faults.
        """
        self.root = root
        configuration = config.load(root)
        chapters, said = manuscript.read(root, configuration.settings, configuration.marks)
        self.diagnostics = [one for one in said if one.code == "chapter-encoding"]
        self._drafts: dict[str, _Draft | None] = {}
        self._texts: dict[str, Text] = {}
        self._plains: dict[str, Plain] = {}
        for chapter in chapters:
            with suppress(OSError, UnicodeDecodeError):
                self._texts[chapter.path] = text((root / chapter.path).read_bytes())
        self.order = list(self._texts)

    def text(self, path: str) -> Text:
        """Give a chapter's file."""
        return self._texts[path]

    def plain(self, path: str) -> Plain:
        """Give a chapter's text without the marks in it."""
        if path not in self._plains:
            self._plains[path] = critic.plain(self._texts[path].read)
        return self._plains[path]

    def renew(self, path: str) -> None:
        """Read a chapter again that was written."""
        self._texts[path] = text((self.root / path).read_bytes())
        self._plains.pop(path, None)
        self._drafts.clear()

    @property
    def inserted(self) -> frozenset[str]:
        """The remarks that stand in chapters as marks."""
        marks = (mark for path in self._texts for mark in self.plain(path).marks)
        return frozenset(name for mark in marks for name, _, _ in mark.comments)

    def stands(self, remark: Remark) -> tuple[Passage | None, Fate | None]:
        """Find where a remark stands today, and what became of its passage."""
        draft = self._draft(remark.draft)
        if draft is None or remark.place is None or remark.place.path not in draft.plains:
            return None, None
        carried = draft.carrier.carry(draft.without_marks(remark.place))
        if carried.span is None:
            return None, carried.fate
        return self._passage(carried), carried.fate

    def read_then(self, remark: Remark) -> str | None:
        """Give the words of a remark's passage as they were written in the draft."""
        draft = self._draft(remark.draft)
        if draft is None or remark.place is None or remark.place.path not in draft.plains:
            return None
        text = draft.plains[remark.place.path].text
        return text[slice(*offsets(text, draft.without_marks(remark.place)))]

    def _passage(self, carried: Carried) -> Passage | None:
        if carried.span is None:
            return None
        plain = self.plain(carried.span.path)
        start, end = offsets(plain.text, carried.span)
        first, last = plain.outer(start, after=True), plain.outer(end)
        now = span(carried.span.path, plain.marked, first, max(first, last))
        return Passage(carried.span.path, start, end, now)

    def _draft(self, name: str) -> _Draft | None:
        if name not in self._drafts:
            self._drafts[name] = self._found(name)
        return self._drafts[name]

    def _found(self, name: str) -> _Draft | None:
        try:
            kept = drafts.find(self.root, name)
            paths = [path for path in kept.draft.sources if path.endswith(MARKDOWN)]
            plains = {path: critic.plain(kept.source(path)) for path in paths}
        except GeppettoError as fault:
            says = (
                f"The draft {name} is not whole here, so it is not known where its remarks stand."
            )
            why = " ".join(d.message for d in fault.diagnostics)
            hint = "Take build/drafts/ from where the draft was made, or from a backup."
            one = Diagnostic("remark-unplaced", says, hint=hint, detail=why)
            self.diagnostics += [one] if one not in self.diagnostics else []
            return None
        return _Draft(plains, {path: self.plain(path).text for path in self._texts})


@dataclass(frozen=True)
class _Draft:
    """A kept draft's texts, and those of today, without marks."""

    plains: Mapping[str, Plain]
    today: Mapping[str, str]

    @cached_property
    def carrier(self) -> Carrier:
        return Carrier({path: plain.text for path, plain in self.plains.items()}, self.today)

    def without_marks(self, passage: Span) -> Span:
        """Give a passage of the draft's file as one of its text without marks."""
        plain = self.plains[passage.path]
        start, end = offsets(plain.marked, passage)
        return span(passage.path, plain.text, plain.inner(start), plain.inner(end))


def shown(files: Iterable[File], today: Today) -> list[Shown]:
    """Give all remarks in the order of the book today; then those without a place."""
    found = []
    for file in files:
        for part in file.sheet.parts:
            line, _ = place(file.text.read, part.start)
            passage, fate = today.stands(part.entry.remark)
            kept = Location(file.sheet.path, line)
            found.append(Shown(part.entry, kept, passage, fate))
    found.sort(key=lambda one: _rank(one, today.order))
    return _grouped(found, today)


def _rank(one: Shown, order: Sequence[str]) -> tuple[int, int, int, str, str, int]:
    kept = (one.entry.remark.date, one.kept.path, one.kept.line or 0)
    if one.passage is None:
        return (len(order) + 1, 0, 0, one.kept.path, "", one.kept.line or 0)
    path = one.passage.path
    number = order.index(path) if path in order else len(order)
    return (number, one.passage.start, one.passage.end, *kept)


def _grouped(found: Sequence[Shown], today: Today) -> list[Shown]:
    """Number the sentences that remarks are on; what has no place is by itself."""
    numbers: dict[tuple[str, int], int] = {}
    grouped = []
    for at, one in enumerate(found):
        sentence = ("", -1 - at)
        if one.passage is not None:
            ends = _sentences(today.plain(one.passage.path).text)
            sentence = (one.passage.path, bisect_right(ends, one.passage.start))
        number = numbers.setdefault(sentence, len(numbers) + 1)
        grouped.append(Shown(one.entry, one.kept, one.passage, one.fate, number))
    return grouped


@lru_cache(maxsize=256)
def _sentences(text: str) -> list[int]:
    return [match.end() for match in _SENTENCE.finditer(text)]
