"""The stories of a DOCX: its text as it was sent out, and what was done to it since.

The document itself is a story, and each of its notes is one. What a reviewer put
in is no part of the text; what they took out is. Of the changes that the copy itself
was sent with (`sent`, by whom and when) it is the other way round: what was put in
is its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from geppetto.review.answers import Hand, is_of
from geppetto.review.returned.word.package import Package, child, local, value

BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "‑", "ptab": "\t"}
_UNSEEN = frozenset(
    {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "tblGrid", "sdtPr", "Fallback"}
)


class Done(StrEnum):
    """What was done to a place of the text."""

    PUT_IN = "put in"
    TAKEN_OUT = "taken out"
    MOVED_AWAY = "moved away"
    MOVED_HERE = "moved here"


_DONE = {
    "ins": Done.PUT_IN, "del": Done.TAKEN_OUT,
    "moveFrom": Done.MOVED_AWAY, "moveTo": Done.MOVED_HERE,
}  # fmt: skip
ADDED = frozenset({Done.PUT_IN, Done.MOVED_HERE})


@dataclass(frozen=True)
class Change:
    """A tracked change, from `start` up to `end` of the story's text; `words` are what it is of."""

    done: Done
    start: int
    end: int
    words: str
    author: str
    date: str


@dataclass(frozen=True)
class Story:
    """A story's text, a line a paragraph, and the offsets in it of what was marked.

    `bookmarks` are in order; `ranges` are those of comments by their ids, empty
    for one that stands at a point. `pieces` are the elements that hold its letters
    (`w:t`), each with where it begins.
    """

    text: str
    bookmarks: tuple[tuple[int, str], ...]
    ranges: dict[str, tuple[int, int]]
    changes: tuple[Change, ...]
    pieces: tuple[tuple[int, Any], ...] = ()


def stories(package: Package, sent: Collection[Hand] = ()) -> list[Story]:
    """Give the stories of a DOCX: the document, then its notes."""
    notes = [package.beside(kind) for kind in ("footnotes", "endnotes")]
    return told(package.document, [one for one in notes if one is not None], sent)


def told(document: Any, notes: Sequence[Any], sent: Collection[Hand] = ()) -> list[Story]:
    """Give the stories of a document and of its parts of notes."""
    listed = [note for part in notes for note in part if _is_note(note)]
    return [_Walk(sent).story(one) for one in (document, *listed)]


def _is_note(element: Any) -> bool:
    kinds = ("", "normal")
    return local(element) in ("footnote", "endnote") and value(element, "type") in kinds


@dataclass
class _Open:
    """A change whose end is not yet reached."""

    done: Done
    start: int
    element: Any
    words: list[str] = field(default_factory=list)


class _Walk:
    """Walks one story, in its order."""

    def __init__(self, sent: Collection[Hand]) -> None:
        self._sent = sent
        self._hidden = 0
        self._text: list[str] = []
        self._pieces: list[tuple[int, Any]] = []
        self._at = 0
        self._open: list[_Open] = []
        self._bookmarks: list[tuple[int, str]] = []
        self._starts: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._changes: list[Change] = []

    def story(self, root: Any) -> Story:
        """Give the story below an element."""
        self._inside(root)
        ranges = {
            name: (min(self._starts.get(name, end), end), end) for name, end in self._ends.items()
        }
        text = "".join(self._text)
        return Story(
            text, tuple(self._bookmarks), ranges, tuple(self._changes), tuple(self._pieces)
        )

    def _inside(self, element: Any) -> None:
        for one in element:
            self._take(one)

    def _take(self, element: Any) -> None:
        name = local(element)
        if name in ("t", "delText"):
            self._say(element.text or "", element)
        elif name in BLANKS:
            self._say(BLANKS[name])
        elif name in _DONE and self._was_sent(element):
            self._pass(element, _DONE[name])
        elif name in _DONE:
            self._change(element, _DONE[name])
        elif name == "p":
            self._inside(element)
            self._end_of_paragraph(element)
        elif name not in _UNSEEN and not self._mark(name, element):
            self._inside(element)

    def _mark(self, name: str, element: Any) -> bool:
        """Note where something begins or ends; tell whether it did."""
        key = value(element, "id")
        if name == "bookmarkStart":
            self._bookmarks.append((self._at, value(element, "name")))
        elif name == "commentRangeStart":
            self._starts.setdefault(key, self._at)
        elif name == "commentRangeEnd":
            self._ends[key] = self._at
        elif name == "commentReference":
            self._ends.setdefault(key, self._at)
        else:
            return False
        return True

    def _was_sent(self, change: Any) -> bool:
        return bool(self._sent) and is_of(
            self._sent, Hand(value(change, "author"), value(change, "date"))
        )

    def _pass(self, element: Any, done: Done) -> None:
        """Take a change that was sent for made."""
        hides = done not in ADDED
        self._hidden += hides
        self._inside(element)
        self._hidden -= hides

    def _say(self, words: str, element: Any = None) -> None:
        if self._hidden:
            return
        added = [one for one in self._open if one.done in ADDED]
        if added:
            if self._open[-1].done in ADDED:  # what was put in and taken out again is nothing
                added[-1].words.append(words)
            return
        if element is not None and words:
            self._pieces.append((self._at, element))
        self._text.append(words)
        self._at += len(words)
        if self._open:
            self._open[-1].words.append(words)

    def _change(self, element: Any, done: Done) -> None:
        self._open.append(_Open(done, self._at, element))
        self._inside(element)
        ended = self._open.pop()
        if ended.words:
            self._note(ended.done, ended.start, "".join(ended.words), element)

    def _note(self, done: Done, start: int, words: str, element: Any) -> None:
        author, date = value(element, "author"), value(element, "date")
        self._changes.append(Change(done, start, self._at, words, author, date))

    def _end_of_paragraph(self, paragraph: Any) -> None:
        """Note the paragraph's mark, which may itself have been put in or taken out."""
        marks = child(paragraph, "pPr", "rPr")
        every = [] if marks is None else [one for one in marks if local(one) in _DONE]
        if any(_DONE[local(one)] not in ADDED and self._was_sent(one) for one in every):
            return
        changed = [one for one in every if not self._was_sent(one)]
        done = _DONE[local(changed[0])] if changed else None
        if done in ADDED:
            self._note(Done.PUT_IN, self._at, "\n\n", changed[0])
            return
        self._text.append("\n")
        self._at += 1
        if done is not None:
            self._note(Done.TAKEN_OUT, self._at - 1, "\n", changed[0])


def joined(changes: tuple[Change, ...]) -> Iterator[list[Change]]:
    """Give together what one author did at one place, one thing after the other."""
    group: list[Change] = []
    for one in changes:
        last = group[-1] if group else None
        if last is not None and not _goes_on(last, one):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _goes_on(last: Change, one: Change) -> bool:
    moved = {Done.MOVED_AWAY, Done.MOVED_HERE}
    alike = last.done is one.done or not moved & {last.done, one.done}
    return alike and last.author == one.author and last.end == one.start


def whole(group: list[Change]) -> Change:
    """Give a group as one change of what was taken out, or moved; its words are what is left."""
    added = "".join(one.words for one in group if one.done in ADDED)
    return replace(group[0], end=group[-1].end, words=added)
