"""The letters and digits of a text as its reader sees them, each with its place in the file.

Hyphens, quotation marks, dashes, emphasis, ligatures, accents and blanks differ
between a manuscript and a page; letters and digits, in Unicode's compatible
form and without case, do not. What the reader sees as something else, or not
at all, is known apart: a citation is seen as a name and a year, a formula as
its signs, a link's target not at all.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from geppetto.sourcemap import citations, mask
from geppetto.sourcemap.masks import blank, hidden, verbatim

Extent = tuple[int, int]
LONGEST = 2_500
"""The characters of a citation, at most."""

_RUN = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31}+);|[^\W_]++")
_ATTRIBUTES = re.compile(r"\{[^{}]{1,2000}+\}")
_ATTRIBUTE = re.compile(r"(?:^|\s)(?:[#.=]\S|[\w-]+=)|^-$")
_CAPTION = re.compile(r"\bcaption=\"(?P<words>[^\"\n]{0,2000}+)\"")
_TARGET = re.compile(
    r"(?<=\])\([ \t]*+\n?[ \t]*+(?:<[^<>\n]*+>|(?>(?:[^\s()]|\((?>(?:[^\s()]|\([^\s()]*+\))*)\))*))"
    r"(?>(?:\s++(?:\"[^\"]{0,2000}+\"|'[^']{0,2000}+'))?)\s*+\)"
)
_LABEL = re.compile(r"(?<=\])[ ]?\[[^\[\]^@]{0,999}+\]")
_DEFINITION = re.compile(r"^[ \t>]*+\[(?![\^@])[^\[\]\n]{1,999}+\]:[ \t]*+\S[^\n]*+", re.MULTILINE)
_DIVISION = re.compile(r"^[ \t>]*+:{3,}+[^\n]*+", re.MULTILINE)
_NOTE = re.compile(r"\[\^[^\s^\[\]]{1,200}+\]:?+")
_EXAMPLE = re.compile(r"^[ \t>]*+\(?@[\w-]*+[.)](?=\s)", re.MULTILINE)
_GROUP = re.compile(r"\[(?>(?:[^\[\]]|\[[^\[\]]{0,500}+\]){0,2000})\]")
_INFO = re.compile(r"(?:`{3,}+|~{3,}+)[^\n]*+")


@dataclass(frozen=True)
class Letters:
    """The letters of a text, in order: what each is, where it starts and ends in the text.

    `others` are the extents of what is seen as something else than its own
    letters, in order: citations, formulas, the marks of notes, LaTeX.
    """

    seen: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    others: tuple[Extent, ...] = ()

    def between(self, start: int, end: int) -> range:
        """Give the numbers of the letters that start within an extent of the text."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def others_in(self, start: int, end: int) -> list[Extent]:
        """Give what in an extent is seen as something else."""
        first = bisect_left(self.others, (start, start))
        last = bisect_left(self.others, (end, end))
        return [one for one in self.others[first:last] if one[1] <= end]

    def others_at(self, start: int, end: int) -> list[Extent]:
        """Give what is seen as something else and has a part in an extent."""
        first = bisect_left(self.others, (start - LONGEST, 0))
        last = bisect_left(self.others, (end, 0))
        return [one for one in self.others[first:last] if one[1] > start]


@lru_cache(maxsize=65_536)
def folded(character: str) -> str:
    """Give the letters and digits that a character is compared as; none for a sign.

    Marks that combine with a letter go: a page may have them before it.
    """
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(c for c in plain if c.isalnum())


def fold(text: str) -> str:
    """Give the letters and digits of a text as they are compared."""
    return "".join(map(folded, text))


def plain(text: str) -> Letters:
    """Give the letters of a text in which nothing is markup."""
    return _letters(text, text, [])


def markdown(text: str) -> Letters:
    """Give the letters of a chapter."""
    unseen, others = _apart(text)
    return _letters(text, blank(text, sorted(unseen)), others)


def _letters(text: str, seen: str, others: list[Extent]) -> Letters:
    found: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, characters in _runs(text, seen):
        found.append(characters)
        starts += [start] * len(characters)
        ends += [end] * len(characters)
    return Letters("".join(found), tuple(starts), tuple(ends), tuple(sorted(set(others))))


def _runs(text: str, seen: str) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(seen):
        start, end = run.span()
        if run[0][0] == "&":
            yield start, end, fold(html.unescape(text[start:end]))
            continue
        for at in range(start, end):
            yield at, at + 1, folded(text[at])


def _apart(text: str) -> tuple[list[Extent], list[Extent]]:
    """Give the extents of a chapter that are not seen, and those seen as something else."""
    code, prose = verbatim(text), mask(text)
    unseen, others = _not_prose(text, code)
    for pattern in (_TARGET, _LABEL, _DEFINITION, _DIVISION):
        unseen += (m.span() for m in pattern.finditer(prose))
    for attributes in _ATTRIBUTES.finditer(prose):
        if _ATTRIBUTE.search(attributes[0][1:-1]):
            unseen += _but_caption(text, *attributes.span())
    keys = list(_keys(text))
    marks = [m.span() for pattern in (_NOTE, _EXAMPLE) for m in pattern.finditer(prose)] + keys
    return unseen + marks, others + marks + _cited(prose, keys)


def _not_prose(text: str, code: list[Extent]) -> tuple[list[Extent], list[Extent]]:
    """Give what is not seen, or seen as something else, of comments, fences, TeX and HTML."""
    unseen: list[Extent] = []
    for start, end in code:
        info = _INFO.match(text, start, end)
        if text.startswith("<!--", start):
            unseen.append((start, end))
        elif info and info.end() < end:
            unseen += _but_caption(text, *info.span())
    apart = [one for one in hidden(text) if not _is_within(one, code)]
    others = [
        (start, end)
        for start, end in apart
        if text[start] == "$" or (text[start] == "\\" and text[start + 1 : start + 2].isalpha())
    ]
    return unseen + [one for one in apart if one[1] - one[0] > 2 or one in others], others


def _is_within(one: Extent, code: list[Extent]) -> bool:
    at = bisect_right(code, (one[0], sys.maxsize)) - 1
    return at >= 0 and one[1] <= code[at][1]


def _but_caption(text: str, start: int, end: int) -> Iterator[Extent]:
    """Give the extent of attributes, but for the words of a caption that stands in them."""
    caption = _CAPTION.search(text, start, end)
    if caption:
        yield start, caption.start("words")
        start = caption.end("words")
    yield start, end


def _keys(text: str) -> Iterator[Extent]:
    """Give the extents of the keys of citations and cross-references."""
    begins = [0, *(m.end() for m in re.finditer("\n", text))]
    for key, places in citations(text).items():
        for line, column in places:
            start = begins[line - 1] + column - 1
            braces = 2 * text.startswith("{", start + 1)
            before = start > 0 and text[start - 1] == "-"
            yield start - before, start + 1 + len(key) + braces


def _cited(prose: str, keys: list[Extent]) -> list[Extent]:
    """Give the extents of the brackets that hold keys: `[see @key, p. 4]`."""
    starts = sorted(start for start, _ in keys)
    found = []
    for group in _GROUP.finditer(prose):
        first = bisect_left(starts, group.start())
        if first < len(starts) and starts[first] < group.end():
            found.append(group.span())
    return found
