"""Remarks as CriticMarkup within a chapter, and the chapter without them.

A remark stands as `{==words==}{>>Ann (remark 3f2a): why?<<}`, a change as
`{--old--}`, `{++new++}` or `{~~old~>new~~}` with such a comment behind it, or as
the comment alone. The comment's `(remark …)` tells what Geppetto put there from
what an author writes in the same marks; that is text, as it is to Pandoc, and so is
an example in code. No mark takes or gives a line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from geppetto.manuscript.meta import BLOCK
from geppetto.sourcemap.masks import blank, verbatim

COMMENT = r"\{>>(?:(?!<<\}|\{>>)[^\n])*?\(remark (?P<id>[^\s()]++)\)(?>(?:(?!<<\}|\{>>)[^\n])*)<<\}"
_MORE = COMMENT.replace("?P<id>", "")
_MARK = re.compile(
    r"(?:\{==(?P<light>(?>(?:(?!\{==|==\}).)*))==\}"
    r"|\{--(?P<less>(?>(?:(?!\{--|--\}).)*))--\}"
    r"|\{~~(?P<old>(?>(?:(?!\{~~|~~\}|~>).)*))~>(?>(?:(?!\{~~|~~\})[^\n])*)~~\}"
    r"|\{\+\+(?>(?:(?!\{\+\+|\+\+\})[^\n])*)\+\+\})?"
    rf"(?P<comments>{COMMENT}(?:{_MORE})*)",
    re.DOTALL,
)
_COMMENT = re.compile(COMMENT)
STANDING = "\ue000"
"""Stands for a mark where it is asked whether that is code: nothing may be code, too."""
DELIMITERS = re.compile(r"\{(?:==|--|~~|\+\+|>>)|(?:==|--|~~|\+\+|<<)\}|~>")


@dataclass(frozen=True)
class Mark:
    """A mark in a text: where it begins and ends, whose words it holds, of which remarks it is.

    `inner` is the stretch of the author's own words in it, None where it has none.
    """

    start: int
    end: int
    inner: tuple[int, int] | None
    comments: tuple[tuple[str, int, int], ...]

    @property
    def cuts(self) -> tuple[tuple[int, int], ...]:
        """The stretches of it that are not the author's words."""
        if self.inner is None:
            return ((self.start, self.end),)
        return ((self.start, self.inner[0]), (self.inner[1], self.end))

    def cuts_of(self, ids: Collection[str]) -> tuple[tuple[int, int], ...]:
        """Give the stretches that belong to some remarks; the first is whose mark it is."""
        own = [(start, end) for name, start, end in self.comments if name in ids]
        if len(own) == len(self.comments):
            return self.cuts
        if self.comments[0][0] not in ids:
            return tuple(own)
        first = self.comments[0][1]
        ends: tuple[tuple[int, int], ...] = ((self.start, first),)
        if self.inner is not None:
            ends = ((self.start, self.inner[0]), (self.inner[1], first))
        return (*(cut for cut in ends if cut[0] < cut[1]), *own)


def marks(text: str) -> tuple[Mark, ...]:
    """Give the marks that Geppetto put into a text, in order; those in code are examples."""
    if "(remark " not in text:
        return ()
    found = [_mark(m) for m in _MARK.finditer(text)]
    cuts = [cut for mark in found for cut in mark.cuts]
    ends = {mark.start for mark in found}
    without = _without(text, cuts, {cut: STANDING for cut in cuts if cut[0] in ends})
    body = prose(without)
    code = [(s, e) for s, e in verbatim(body) if _is_meant(body, s)]
    kept, shift = [], 0
    for mark in found:
        if not _holds(code, mark.start - shift):
            kept.append(mark)
        shift += sum(end - start for start, end in mark.cuts) - 1
    return tuple(kept)


def _is_meant(text: str, start: int) -> bool:
    """Tell code that was marked as such from a comment, and from what is only indented.

    What is indented is code or the rest of a list by what stands before it: an edit
    there must not make print of a remark.
    """
    return text[start] in "`~<" and not text.startswith("<!--", start)


def prose(text: str) -> str:
    """Give a chapter's text with its YAML block blanked."""
    head = BLOCK.match(text)
    return text if head is None else blank(text, [head.span()])


def _mark(found: re.Match[str]) -> Mark:
    inner = next((found.span(name) for name in ("light", "less", "old") if found[name]), None)
    start, end = found.span("comments")
    comments = _COMMENT.finditer(found.string, start, end)
    return Mark(*found.span(), inner, tuple((c["id"], *c.span()) for c in comments))


def _holds(spans: list[tuple[int, int]], at: int) -> bool:
    """Tell whether a place is within one of some ordered spans."""
    index = bisect_left(spans, (at, 0)) - 1
    return index >= 0 and spans[index][0] < at < spans[index][1]


def _without(
    text: str,
    cuts: Collection[tuple[int, int]],
    instead: Mapping[tuple[int, int], str] | None = None,
) -> str:
    pieces: list[str] = []
    position = 0
    for cut in cuts:
        pieces += text[position : cut[0]], (instead or {}).get(cut, "")
        position = cut[1]
    return "".join([*pieces, text[position:]])


@dataclass(frozen=True)
class Plain:
    """A text without Geppetto's marks, and where they stood in it."""

    marked: str
    marks: tuple[Mark, ...]

    @cached_property
    def cuts(self) -> list[tuple[int, int]]:
        """The stretches of the marked text that are left out, in order."""
        return [cut for mark in self.marks for cut in mark.cuts]

    @cached_property
    def text(self) -> str:
        """The text without the marks."""
        return _without(self.marked, self.cuts)

    @cached_property
    def _ends(self) -> tuple[list[int], list[int]]:
        """Where each cut was made in the plain text, and how much is left out up to it."""
        places, sizes, total = [], [], 0
        for start, end in self.cuts:
            places.append(start - total)
            total += end - start
            sizes.append(total)
        return places, sizes

    def outer(self, at: int, *, after: bool = False) -> int:
        """Give the offset in the marked text: before what was left out there, or `after` it."""
        places, sizes = self._ends
        index = (bisect_right if after else bisect_left)(places, at)
        return at + (sizes[index - 1] if index else 0)

    def inner(self, at: int) -> int:
        """Give the offset in the text without marks."""
        gone = 0
        for start, end in self.cuts:
            if start >= at:
                break
            gone += min(end, at) - start
        return at - gone


def plain(text: str) -> Plain:
    """Give a text without the marks that Geppetto put into it."""
    return Plain(text, marks(text))


def shown(author: str, name: str, words: str) -> str:
    """Give a comment: whose it is, of which remark, and what is said, all in one line."""
    who, said = _line(author).replace("(remark ", "(remark: "), _line(words)
    return f"{{>>{who} (remark {name}){': ' if said else ''}{said}<<}}"


def _line(words: str) -> str:
    """Give words in one line, in which no mark begins or ends."""
    return DELIMITERS.sub(lambda mark: " ".join(mark[0]), " ".join(words.split()))
