"""Prose as words, signs and blanks, and the runs of them that two revisions share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from geppetto.ast import SPACES, Inline
from geppetto.emoji import SEQUENCE
from geppetto.review.changes import likeness
from geppetto.review.changes.aligning import runs
from geppetto.review.changes.likeness import SIGNS

HOLDERS: dict[str, int] = {
    "Emph": -1, "Strong": -1, "Underline": -1, "Strikeout": -1, "SmallCaps": -1,
    "Superscript": -1, "Subscript": -1, "Note": -1,
    "Quoted": 1, "Cite": 1, "Span": 1, "Link": 1,
}  # fmt: skip
"""Inlines that hold others, and where in their content; -1 where these are all of it."""
_PIECES = re.compile(
    rf"{SEQUENCE.pattern}|[{SIGNS}]|(?:(?![{SIGNS}])[^\W_])+(?:[’'][^\W_]+)*|[\W_]"
)
_JOINERS = "\u200c\u200d"
_ENDS = frozenset(".!?…:;")
_AROUND = 5  # words: a change of more leaves no single word standing beside it
Run = tuple[int, int, int]
"""Where a run begins in the old, where in the new, and how long it is."""


@dataclass(frozen=True)
class Token:
    """A word, a sign, a blank, or an inline that is more than a word; its key."""

    node: Inline
    key: str

    @property
    def is_blank(self) -> bool:
        """Whether it is a blank."""
        return self.node["t"] in SPACES

    @property
    def is_word(self) -> bool:
        """Whether it is more than a blank or a sign."""
        if self.node["t"] == "Str":
            return any(map(str.isalnum, self.node["c"]))
        return not self.is_blank

    @property
    def ends(self) -> bool:
        """Whether a sentence, or a part of one, may end with it."""
        return self.node["t"] == "Str" and self.node["c"] in _ENDS


def tokens(inlines: Sequence[Inline]) -> list[Token]:
    """Take inlines apart."""
    made: list[Token] = []
    for node in likeness.joined(list(inlines)):
        if node["t"] == "Str":
            made += [Token({"t": "Str", "c": one}, f'"{one}') for one in pieces(node["c"])]
        else:
            made.append(Token(node, likeness.key(node)))
    return made


def pieces(word: str) -> list[str]:
    """Take a run of characters apart: words, signs, emoji; nothing between a letter and its accents."""
    made: list[str] = []
    for match in _PIECES.finditer(word):
        piece = match[0]
        if made and (_clings(piece[0]) or (_clings(made[-1][-1]) and piece[0].isalnum())):
            made[-1] += piece
        else:
            made.append(piece)
    return made


def _clings(character: str) -> bool:
    """Tell whether a character belongs to the one before: an accent, a vowel's sign, a joiner."""
    return unicodedata.category(character)[0] == "M" or character in _JOINERS


def shared(old: Sequence[Token], new: Sequence[Token]) -> list[Run]:
    """Give the runs that both have, but for those too short to be read between changes.

    The last is empty, and stands at the end.
    """
    found = _joined(_met(old, new))
    kept: list[Run] = []
    for position, run in enumerate(found):
        following = found[position + 1] if position + 1 < len(found) else (len(old), len(new), 0)
        before = kept[-1] if kept else (0, 0, 0)
        if not _is_crumb(old[run[0] : run[0] + run[2]], _gap(before, run), _gap(run, following)):
            kept.append(run)
    return _slid(old, new, [*kept, (len(old), len(new), 0)])


def _met(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[int, int]]:
    """Give the tokens that meet: words by words, then the blanks around those."""
    places = [[n for n, token in enumerate(side) if not token.is_blank] for side in (old, new)]
    keys = [[side[n].key for n in at] for side, at in zip((old, new), places, strict=True)]
    words = [
        (places[0][start + n], places[1][target + n])
        for start, target, length in runs(keys[0], keys[1])
        for n in range(length)
    ]
    met: list[tuple[int, int]] = []
    last = (-1, -1)
    for one, other in [*words, (len(old), len(new))]:
        met += _blanks(old, new, last, (one, other))
        if one < len(old):
            met.append((one, other))
        last = (one, other)
    return met


def _blanks(
    old: Sequence[Token], new: Sequence[Token], after: tuple[int, int], before: tuple[int, int]
) -> list[tuple[int, int]]:
    """Give the blanks that meet between two places: those behind the first, those before the other."""
    met: list[tuple[int, int]] = []
    low, high = [after[0] + 1, after[1] + 1], [before[0] - 1, before[1] - 1]
    while _is_same_blank(old, new, low, high) and old[low[0]].key == new[low[1]].key:
        met.append((low[0], low[1]))
        low = [low[0] + 1, low[1] + 1]
    ends: list[tuple[int, int]] = []
    while low[0] <= high[0] and low[1] <= high[1] and old[high[0]].is_blank:
        if old[high[0]].key != new[high[1]].key:
            break
        ends.insert(0, (high[0], high[1]))
        high = [high[0] - 1, high[1] - 1]
    return [*met, *ends]


def _is_same_blank(
    old: Sequence[Token], new: Sequence[Token], low: Sequence[int], high: Sequence[int]
) -> bool:
    return low[0] <= high[0] and low[1] <= high[1] and old[low[0]].is_blank and new[low[1]].is_blank


def _joined(met: Sequence[tuple[int, int]]) -> list[Run]:
    made: list[Run] = []
    for one, other in met:
        if made and (made[-1][0] + made[-1][2], made[-1][1] + made[-1][2]) == (one, other):
            made[-1] = (made[-1][0], made[-1][1], made[-1][2] + 1)
        else:
            made.append((one, other, 1))
    return made


def _gap(run: Run, following: Run) -> tuple[int, int]:
    """Give how many tokens stand between two runs, on both sides."""
    return following[0] - run[0] - run[2], following[1] - run[1] - run[2]


def _is_crumb(run: Sequence[Token], before: Sequence[int], after: Sequence[int]) -> bool:
    """Tell whether a run says too little to interrupt the changes on both its sides."""
    if not any(before) or not any(after) or any(t.node["t"] in HOLDERS for t in run):
        return False
    said = sum(token.is_word for token in run)
    return said == 0 or (said == 1 and min(max(before), max(after)) > _AROUND)


def _slid(old: Sequence[Token], new: Sequence[Token], found: list[Run]) -> list[Run]:
    """Let what only one side has begin where a sentence does, where the words allow it."""
    made = found[:1]
    for run in found[1:]:
        last = made.pop()
        gone, come = _gap(last, run)
        side, start = (old, last[0] + last[2]) if gone else (new, last[1] + last[2])
        by = 0 if gone and come else _shift(side, start, gone or come, (last[2], run[2]))
        made.append((last[0], last[1], last[2] + by))
        made.append((run[0] + by, run[1] + by, run[2] - by))
    return [run for run in made[:-1] if run[2]] + made[-1:]


def _shift(side: Sequence[Token], start: int, length: int, room: tuple[int, int]) -> int:
    """Give by how much what begins at `start` can be taken to begin elsewhere, at a sentence.

    `room` is how far back, and how far on: as far as the words are the same again.
    """
    if not length or _begins(side, start):
        return 0
    for step in (-1, 1):
        by = step
        while abs(by) <= room[step > 0]:
            at = start + by if step < 0 else start + by - 1
            if side[at].key != side[at + length].key:
                break
            if _begins(side, start + by):
                return by
            by += step
    return 0


def _begins(side: Sequence[Token], at: int) -> bool:
    """Tell whether a sentence may begin at a place."""
    blanks = 1 if at and side[at - 1].is_blank else 0
    return at == 0 or (at > blanks and side[at - 1 - blanks].ends)
