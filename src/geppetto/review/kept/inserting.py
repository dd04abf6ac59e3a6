"""Where remarks can be put into a chapter as marks, and how.

Never within code, mathematics, links' targets, citations, attributes, raw text or
YAML: a remark on these stands at the nearest place outside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from geppetto.manuscript.meta import BLOCK
from geppetto.review.kept import critic
from geppetto.review.kept.critic import DELIMITERS, Plain
from geppetto.review.kept.texts import Edit, Text
from geppetto.sourcemap.masks import hidden, mask

_INLINE = re.compile(
    r"\{[^{}\n]{1,2000}+\}"  # attributes
    r"|\](?:\((?>[^()\n]|\([^()\n]{0,500}+\)){0,2000}\)|\[[^\[\]\n]{0,1000}+\])"  # links' targets
    r"|\[[^\[\]\n]{0,1000}@[^\[\]\n]{0,1000}+\]|@\{?[\w:.#$%&+?<>~/-]++\}?"  # citations
    r"|\[\^[^\[\]\s]{1,200}+\]:?"  # notes
    r"|<[^<>\s]{1,2000}+>"  # addresses
)
LINE_START = re.compile(
    r"^[ \t>|]*(?:(?:[-*+:~]|\#{1,6}|\(?\w{1,9}[.)]|\(@[\w-]*\)|\[\^[^\]\s]{1,200}\]:)[ \t]+)*",
    re.MULTILINE,
)
_WHOLE_LINE = re.compile(
    r"^(?:[ \t>|+:=~*_-]*|[ \t>]*:{3,}.*|[ \t>]*\[(?!\^)[^\[\]\n]{1,500}\]:.*)$", re.MULTILINE
)
_EMPTY_LINE = re.compile(r"\n[ \t>]*\n")


@dataclass(frozen=True)
class Insertion:
    """A remark that is to be put into a text, at a stretch of the text without marks.

    `new` is what it proposes for these words, in Markdown; None where it only says something.
    """

    id: str
    author: str
    words: str
    start: int
    end: int
    new: str | None = None


def edits(marked: str, insertions: Sequence[Insertion]) -> tuple[list[Edit], tuple[str, ...]]:
    """Give the edits that put remarks into a text, which may have marks already.

    Gives the remarks, too, for which there is no place: a text of code alone has none.
    """
    plain = critic.plain(marked)
    ordered = sorted(insertions, key=lambda one: (one.start, one.end))
    placer = _Placer(plain)
    for one in ordered:
        placer.put(one)
    if placer.holds:
        return placer.edits(), ()
    placer, left = _Placer(plain), []
    for one in ordered:
        if _tried(placer, one):
            placer.put(one)
        else:
            left.append(one.id)
    return placer.edits(), tuple(left)


def _tried(placer: _Placer, insertion: Insertion) -> bool:
    """Tell whether the text is the same with one more remark in it."""
    trial = placer.copy()
    trial.put(insertion)
    return trial.holds


class _Placer:
    """Gathers marks so that none stands in another."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.closed = closed(plain.text)
        self.taken = [(m.start, m.end) for m in plain.marks]
        self._edits: list[tuple[int, int, str]] = []
        self._ids = [c[0] for m in plain.marks for c in m.comments]

    def copy(self) -> _Placer:
        """Give another in the same state."""
        other = copy(self)
        other.taken, other._edits, other._ids = [*self.taken], [*self._edits], [*self._ids]
        return other

    @property
    def holds(self) -> bool:
        """Whether the text with all marks in it is the text as it was, and has each of them."""
        marked = critic.plain(Text(self.plain.marked).edited(self.edits()).decode())
        found = [c[0] for m in marked.marks for c in m.comments]
        return marked.text == self.plain.text and sorted(found) == sorted(self._ids)

    def edits(self) -> list[Edit]:
        """Give what was gathered; at one place what ends stands before what begins."""
        ordered = sorted(self._edits, key=lambda one: one[:2])
        return [Edit(at, at, new) for at, _, new in ordered]

    def put(self, insertion: Insertion) -> None:
        """Put a remark round its words, or at a point."""
        self._ids.append(insertion.id)
        start = self.plain.outer(insertion.start, after=True)
        end = self.plain.outer(insertion.end)
        marked = self._around(insertion, start, max(start, end))
        if marked is None:
            said = critic.shown(insertion.author, insertion.id, _said(insertion, self.plain))
            at = self._safe(insertion.end)
            self._edits += [] if at is None else [(at, 0, said)]
            return
        opening, closing = marked
        said = critic.shown(insertion.author, insertion.id, insertion.words)
        if opening:
            self._edits.append((start, 1, opening))
        self._edits.append((max(start, end), 0, closing + said))
        self.taken.append((start, max(start, end)))

    def _around(self, insertion: Insertion, start: int, end: int) -> tuple[str, str] | None:
        """Give what to put before and after the words; None where neither can stand there."""
        words = self.plain.text[insertion.start : insertion.end]
        new = insertion.new
        if not self._is_free(insertion, start, end) or not _can_be_marked(words, new):
            return None
        if not words:
            return ("", f"{{++{new}++}}") if new else None
        if new is None:
            return "{==", "==}"
        return ("{~~", f"~>{new}~~}}") if new else ("{--", "--}")

    def _is_free(self, insertion: Insertion, start: int, end: int) -> bool:
        """Tell whether a mark can begin and end there, and touches no other."""
        if self._is_closed(insertion.start) or self._is_closed(insertion.end):
            return False
        return not any((s < end and start < e) or s < start == end < e for s, e in self.taken)

    def _is_closed(self, at: int) -> bool:
        index = bisect_right(self.closed, (at, -1)) - 1
        return any(s < at < e for s, e in self.closed[max(0, index) : index + 2])

    def _safe(self, at: int) -> int | None:
        """Give the nearest place of the marked text where a comment can stand, None without one."""
        text = self.plain.text
        around = next(((s, e) for s, e in self.closed if s < at < e), None)
        if around is not None:
            start, end = around
            if start < 0 and end > len(text):
                return None
            is_after = start < 0 or (end <= len(text) and "\n" not in text[at:end])
            at = end if is_after else start
        place = self.plain.outer(at, after=True)
        return next((e for s, e in self.taken if s < place < e), place)


def _can_be_marked(words: str, new: str | None) -> bool:
    """Tell whether words can stand between delimiters, and what is proposed for them, too."""
    if DELIMITERS.search(words) or _EMPTY_LINE.search(words):
        return False
    return not (new and ("\n" in new or DELIMITERS.search(new)))


def _said(insertion: Insertion, plain: Plain) -> str:
    """Give what is said where the words themselves cannot be marked."""
    words = plain.text[insertion.start : insertion.end]
    quoted = f"“{words}”" if words else ""
    if insertion.new is not None:
        proposed = f"“{insertion.new}”" if insertion.new else "nothing"
        quoted = f"{quoted} → {proposed}" if quoted else f"+ {proposed}"
    return ": ".join(part for part in (quoted, insertion.words) if part)


def closed(text: str) -> list[tuple[int, int]]:
    """Give the stretches within which no mark can stand, in order, none touching the next."""
    head = BLOCK.match(text)
    body = critic.prose(text)
    masked = mask(body)
    found = [(s, e) if "\n" not in body[s:e] else _lines(body, s, e) for s, e in hidden(body)]
    found += [m.span() for m in _INLINE.finditer(masked)]
    found += [(m.start() - 1, m.end()) for m in LINE_START.finditer(body) if m[0]]
    found += [(m.start() - 1, m.end() + 1) for m in _WHOLE_LINE.finditer(body)]
    if head is not None:
        found.append((-1, head.end()))
    return _merged(sorted(found), text)


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to the whole of its lines, their ends included."""
    following = text.find("\n", max(start, end - 1))
    return text.rfind("\n", 0, start), (len(text) if following < 0 else following) + 1


def _merged(spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Join what overlaps, or touches within a line."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        last = merged[-1][1] if merged else -2
        if start < last or (start == last and text[start : start + 1] != "\n"):
            merged[-1] = (merged[-1][0], max(end, last))
        else:
            merged.append((start, end))
    return merged
