"""How much of each chapter changed between two drafts: words, titles, chapters new and gone.

It is for a letter, which says where to look, not what stands there: words are those
of the prose, without code, formulas, comments and what a reader does not see.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from geppetto.manuscript import meta
from geppetto.review.drafts import Kept
from geppetto.sourcemap import masks

ALIKE = 0.5
"""How much of two chapters' words must be the same for a moved file to be the same chapter."""
FEW = 4_000_000
"""How many pairs of words are compared in order; beyond that only their numbers are."""

_UNSEEN = re.compile(
    r"\{[^{}\n]*\}|(?<=\])\([^()\s]*[^()\n]*\)|^ {0,3}\[[^\]\n]+\]:\s*\S+.*$", re.M
)
_KEY = re.compile(r"(?<![\w.])-?@[\w:.#$%&+?<>~/-]+|^ *-{3,} *$", re.M)
# Ideographs and kana are counted one by one, as no blanks part their words.
_IDEOGRAPHIC = (
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_IDEOGRAPHIC}]|[^\s{_IDEOGRAPHIC}–—/]+")
_HEADING = re.compile(
    r"^ {0,3}#[ \t]+(?P<atx>[^\n]+)$|^(?P<setext>[^\n]+)\n=+[ \t]*$", re.MULTILINE
)
_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\}\s*$|\s+#+\s*$")

Paragraph = tuple[str, ...]


class Kind(StrEnum):
    """What became of a chapter."""

    NEW = "new"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Chapter:
    """A chapter of a draft; `number` as printed, empty where it has none."""

    path: str
    number: str
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Change:
    """What became of one chapter, by its newest number and title.

    `before` is its earlier title, empty if that is the same. `added` and `removed`
    are numbers of words.
    """

    kind: Kind
    path: str
    number: str
    title: str
    before: str
    added: int
    removed: int


def chapters(kept: Kept) -> tuple[Chapter, ...]:
    """Read the chapters of a kept draft, in their order.

    Raises:
        GeppettoError: a text or the list of them is damaged.
    """
    known = kept.draft.sources
    listed = (d for d in kept.documents() if d.path is not None and d.path in known)
    return tuple(chapter(d.path or "", d.number or "", kept.source(d.path or "")) for d in listed)


def chapter(path: str, number: str, text: str) -> Chapter:
    """Read a chapter's title and its words from its file's text."""
    said, body, _ = meta.read(path, text)
    prose = masks.mask(body)
    heading = _HEADING.search(prose)
    found = said.title or (_plain(heading["atx"] or heading["setext"]) if heading else "")
    paragraphs = (tuple(_words(part)) for part in re.split(r"\n\s*\n", prose))
    title = found or PurePosixPath(path).stem
    return Chapter(path, number, title, tuple(words for words in paragraphs if words))


def compare(old: Sequence[Chapter], new: Sequence[Chapter]) -> tuple[Change, ...]:
    """Give what changed, in the order of the new chapters, those that are gone last.

    A chapter is known again by its file; one whose file is gone, by its words.
    """
    before = _pairs(old, new)
    found = [_change(before.get(one.path), one) for one in new]
    kept = {one.path for one in before.values()}
    gone = (
        Change(Kind.REMOVED, one.path, one.number, one.title, "", 0, _length(one))
        for one in old
        if one.path not in kept
    )
    return (*(one for one in found if one is not None), *gone)


def count(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[int, int]:
    """Count the words that were added and those that were removed."""
    added = removed = 0
    matcher = difflib.SequenceMatcher(None, list(old), list(new))
    for tag, i, j, k, end in matcher.get_opcodes():
        if tag != "equal":
            more, fewer = _within(_flat(old[i:j]), _flat(new[k:end]))
            added, removed = added + more, removed + fewer
    return added, removed


def _within(old: list[str], new: list[str]) -> tuple[int, int]:
    if len(old) * len(new) > FEW:
        return (Counter(new) - Counter(old)).total(), (Counter(old) - Counter(new)).total()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(new) - same, len(old) - same


def _change(before: Chapter | None, now: Chapter) -> Change | None:
    if before is None:
        return Change(Kind.NEW, now.path, now.number, now.title, "", _length(now), 0)
    added, removed = count(before.paragraphs, now.paragraphs)
    title = before.title if before.title != now.title else ""
    if not (added or removed or title):
        return None
    return Change(Kind.CHANGED, now.path, now.number, now.title, title, added, removed)


def _pairs(old: Sequence[Chapter], new: Sequence[Chapter]) -> dict[str, Chapter]:
    """Find what each new chapter was: by path, else by the likest of the others' words."""
    by_path = {one.path: one for one in old}
    pairs = {one.path: by_path[one.path] for one in new if one.path in by_path}
    lost = [one for one in old if one.path not in pairs]
    strange = [one for one in new if one.path not in pairs]
    likest = sorted(
        (
            (-_likeness(was, now), m, n)
            for n, now in enumerate(strange)
            for m, was in enumerate(lost)
        ),
    )
    taken: set[int] = set()
    for likeness, m, n in likest:
        if -likeness >= ALIKE and m not in taken and strange[n].path not in pairs:
            taken.add(m)
            pairs[strange[n].path] = lost[m]
    return pairs


def _likeness(one: Chapter, other: Chapter) -> float:
    both = _length(one) + _length(other)
    common = Counter(_flat(one.paragraphs)) & Counter(_flat(other.paragraphs))
    return 2 * common.total() / both if both else 0.0


def _flat(paragraphs: Sequence[Paragraph]) -> list[str]:
    return [word for words in paragraphs for word in words]


def _length(one: Chapter) -> int:
    return sum(map(len, one.paragraphs))


def _words(prose: str) -> Iterator[str]:
    """Give the words without the marks at their edges."""
    seen = _KEY.sub(" ", _UNSEEN.sub(" ", prose))
    for found in _WORD.finditer(seen):
        word = _bare(found[0])
        if word:
            yield word


def _bare(word: str) -> str:
    """Take off what is no letter, mark or digit, at both ends."""
    start, end = 0, len(word)
    while start < end and unicodedata.category(word[start])[0] not in "LMN":
        start += 1
    while start < end and unicodedata.category(word[end - 1])[0] not in "LMN":
        end -= 1
    return word[start:end]


def _plain(heading: str) -> str:
    """Give a heading's words without attributes and emphasis."""
    bare = _ATTRIBUTES.sub("", _ATTRIBUTES.sub("", heading))
    bare = re.sub(r"\[([^\]]*)\]\([^()]*\)", r"\1", re.sub(r"\[\^[^\]]*\]", "", bare))
    return " ".join(re.sub(r"(\*\*?|__?|~~|`)(?=\S)(.*?)(?<=\S)\1", r"\2", bare).split())
