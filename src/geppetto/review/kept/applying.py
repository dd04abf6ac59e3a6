"""A reviewer's change made in a chapter: the words, and nothing else.

It is made only where the chapter still reads as the reviewer saw it, and only if
Pandoc then reads the proposed words there and all else as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geppetto.ast import Block
from geppetto.review.kept import critic, inserting
from geppetto.review.kept.critic import Plain
from geppetto.review.kept.literal import has_paragraphs, literal, visible
from geppetto.review.kept.texts import Edit, Text
from geppetto.review.remarks import Kind, Remark
from geppetto.sourcemap.masks import verbatim

BY_HAND = "Make the change by hand, then resolve the remark."
MARKS = "Take the marks out first: geppetto comments insert --remove."
WIDTHS = frozenset(("ColWidth", "ColWidthDefault"))
"""Pandoc measures a pipe table's columns where one of its lines is long."""
ENDING = frozenset(("", "\n", *".,;:!?)]”’…"))
"""Before these no blank is left when the word before them goes."""
OPEN, CLOSE = "\x02", "\x03"
_TYPED = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "--", "—": "---", "…": "...", "\xa0": " "}
_TYPOGRAPHIC = re.compile("|".join(_TYPED))


class UnfitError(Exception):
    """Why a change cannot be made, as a sentence; a second one says what to do instead."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


@dataclass(frozen=True)
class Made:
    """A changed chapter.

    `before` and `after` are what Pandoc is to read of it, `words` what must be new there.
    """

    content: bytes
    before: str
    after: str
    words: str


def proposed(remark: Remark) -> str | None:
    """Give what a remark proposes for its words, None where it only says something."""
    if remark.replacement is not None:
        return remark.replacement
    return "" if remark.kind in {Kind.STRIKEOUT, Kind.DELETION} else None


@dataclass(frozen=True)
class Proposal:
    """What a remark proposes for a stretch of a text without marks.

    `spaced` parts the words by a blank from those beside them: who writes at a
    caret leaves it out.
    """

    id: str
    start: int
    end: int
    new: str
    spaced: bool = False


def change(text: Text, proposal: Proposal) -> Made:
    """Put a remark's words in their place; the remark's own mark goes.

    Raises:
        UnfitError: it cannot be done there.
    """
    plain = critic.plain(text.read)
    source, start, end = plain.text, proposal.start, proposal.end
    if has_paragraphs(proposal.new):
        raise UnfitError("It brings more than one paragraph.", BY_HAND)
    words = visible(proposal.new)
    code = _code(source, start, end)
    if not code:
        start, end = _widened(source, start, end, words)
    if proposal.spaced:
        words = _spaced(source, start, end, words)
    written = _in_code(words) if code else literal(words, *_around(source, start, end))
    after = source[:start] + written + source[end:]
    content = text.edited(_edits(plain, proposal.id, start, end, written))
    now = critic.plain(Text(content.decode()).read)
    if now.text != after or _ids(now) != [name for name in _ids(plain) if name != proposal.id]:
        raise UnfitError("It would touch the mark of another remark there.", MARKS)
    return Made(content, critic.prose(source), critic.prose(after), words)


def _ids(plain: Plain) -> list[str]:
    return [name for mark in plain.marks for name, _, _ in mark.comments]


def _code(source: str, start: int, end: int) -> bool:
    """Tell whether a stretch is within code; where no words can be put at all, refuse.

    Raises:
        UnfitError: it begins or ends within markup.
    """
    body = critic.prose(source)
    for first, last in verbatim(body):
        if first < start and end < last and not body.startswith("<!--", first):
            return True
    for first, last in inserting.closed(source):
        if (first < start < last or first < end < last) and not _is_escape(source, first, last):
            raise UnfitError("It stands within markup, or in the YAML block.", BY_HAND)
    return False


def _is_escape(source: str, first: int, last: int) -> bool:
    return last - first == 2 and source[max(first, 0)] == "\\"


def _in_code(words: str) -> str:
    if "`" in words or "~~~" in words or "\n" in words:
        raise UnfitError("The words cannot stand in code as they are.", BY_HAND)
    return words


def _widened(source: str, start: int, end: int, new: str) -> tuple[int, int]:
    """Take a backslash with what it escapes, and with words that go, the blank beside them."""
    slashes = len(source[:start]) - len(source[:start].rstrip("\\"))
    start -= slashes % 2
    if new:
        return start, end
    before, after = source[start - 1 : start], source[end : end + 1]
    if after == " " and before in {"", "\n", " "}:
        return start, end + 1
    if before == " " and after in ENDING:
        start -= 1
        before = source[start - 1 : start]
    if before in {"", "\n"} and after == "\n" and source[end + 1 : end + 2] not in {"", "\n"}:
        return start, end + 1
    return start, end


def _spaced(source: str, start: int, end: int, new: str) -> str:
    """Add the blank that parts words from the one word that they touch."""
    before, after = source[:start][-1:], source[end : end + 1]
    if before.isalnum() and not after.isalnum() and new[:1].isalnum():
        return " " + new
    if after.isalnum() and not before.isalnum() and new[-1:].isalnum():
        return new + " "
    return new


def _around(source: str, start: int, end: int) -> tuple[str, str]:
    """Give what stands before and after a stretch on its lines."""
    following = source.find("\n", end)
    after = source[end : len(source) if following < 0 else following]
    return source[source.rfind("\n", 0, start) + 1 : start], after


def _edits(plain: Plain, name: str, start: int, end: int, new: str) -> list[Edit]:
    """Give the edits of the marked text: the words, and the remark's own mark."""
    own = [cut for mark in plain.marks for cut in mark.cuts_of({name})]
    first, last = plain.outer(start, after=True), plain.outer(end)
    edits = [Edit(*cut, "") for cut in own if not (first <= cut[0] and cut[1] <= last)]
    return [*edits, Edit(first, max(first, last), new)]


def holds(before: Sequence[Block], after: Sequence[Block], words: str, old: str) -> bool:
    """Tell whether what Pandoc reads differs in the proposed words alone.

    `old` are the words they stand for, as they are written in the chapter.
    """
    was, now = _flat(before), _flat(after)
    new = _folded(words)
    return any(_differs_by(was, now, one, old) for one in dict.fromkeys((new, new.strip())))


def _differs_by(was: str, now: str, new: str, old: str) -> bool:
    start = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
    start = min(len(was), len(now)) if start is None else start
    backward = zip(reversed(was), reversed(now), strict=False)
    tail = next((n for n, (a, b) in enumerate(backward) if a != b), min(len(was), len(now)))
    for at in range(max(0, len(now) - tail - len(new)), min(start, len(now) - len(new)) + 1):
        rest = len(now) - at - len(new)
        if not now.startswith(new, at) or rest > len(was) - at:
            continue
        gone = was[at : len(was) - rest]
        balanced = gone.count(OPEN) == gone.count(CLOSE)
        if balanced and (OPEN not in gone or re.search(r"[^\w\s]", old)):
            return True
    return False


def _flat(blocks: Sequence[Block]) -> str:
    return _folded("".join(_pieces(list(blocks))))


def _folded(text: str) -> str:
    """Give text as a typewriter has it, its blanks one each."""
    typed = _TYPOGRAPHIC.sub(lambda sign: _TYPED[sign[0]], text)
    return re.sub(r"\s+", " ", typed)


def _pieces(node: Any) -> Iterator[str]:
    """Give the words of a tree, and between signs what else it is made of."""
    if isinstance(node, list):
        for one in node:
            yield from _pieces(one)
    elif isinstance(node, dict):
        yield from _of(node)


def _of(node: dict[str, Any]) -> Iterator[str]:
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        yield str(content)
    elif kind in {"Space", "SoftBreak"}:
        yield " "
    elif kind == "Quoted" and isinstance(content, list):
        sign = '"' if content[0]["t"] == "DoubleQuote" else "'"
        yield sign
        yield from _pieces(content[1])
        yield sign
    elif kind is not None and kind not in WIDTHS:
        words = (
            [one for one in content if isinstance(one, str | int)]
            if isinstance(content, list)
            else []
        )
        yield f"{OPEN}{kind}:"
        yield from (str(one) for one in words)
        yield from _targets(kind, content)
        yield from _pieces(content)
        yield CLOSE


def _targets(kind: str, content: Any) -> Iterator[str]:
    if kind in {"Link", "Image"}:
        yield str(content[2])
