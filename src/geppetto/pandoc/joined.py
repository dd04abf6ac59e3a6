"""Trees with fewer nodes, which Pandoc writes alike: words and the blanks between them as one word.

Most of what Pandoc's writers read are words, each a node of its own. To read
them takes longer than to write them.
"""

from __future__ import annotations

import re
from typing import Any

from geppetto.ast import LEAVES, Inline, held

_BLANKS = {"Space": " ", "SoftBreak": "\n", "LineBreak": "\0"}
_WHOLE = LEAVES | {"Header"}
"""Types that stay what they are: of a heading, LaTeX gets the plain words once more."""
_SPACES = frozenset(" \n")
_APART = re.compile(r"[ \n]{2}|[ \n]\0|\0[ \n]|[☐☒][ \n]")
"""What is written otherwise within a word: blanks that fall together or away, boxes of tasks."""


def joined(value: Any) -> Any:
    """Give a tree in which words that stand in a row are one."""
    if isinstance(value, dict):
        if value.get("t") in _WHOLE:
            return value
        return {
            name: joined(item) if isinstance(item, list | dict) else item
            for name, item in value.items()
        }
    if not isinstance(value, list):
        return value
    made: list[Any] = []
    done = 0
    for position in held(value):
        made += _row(value[done:position])
        made.append(joined(value[position]))
        done = position + 1
    return made + _row(value[done:])


def _row(inlines: list[Inline]) -> list[Inline]:
    """Join the words of a row where a blank parts each from the next; blanks at its ends stay."""
    if len(inlines) < 3 or not all(type(one) is dict for one in (inlines[0], inlines[-1])):
        return inlines
    first = int("c" not in inlines[0])
    last = len(inlines) - int("c" not in inlines[-1])
    row: list[Any] = [one.get("c") for one in inlines[first:last]]
    if None in row[::2] or row[1::2].count(None) != len(row) // 2:
        return inlines
    row[1::2] = [_BLANKS[one["t"]] for one in inlines[first + 1 : last : 2]]
    words = "".join(row)
    lines = words.split("\0")
    if _APART.search(words) or not all(lines) or words[0] in _SPACES or words[-1] in _SPACES:
        return inlines
    made = list(inlines[:first])
    for number, line in enumerate(lines):
        made += [{"t": "LineBreak"}] if number else []
        made.append({"t": "Str", "c": line})
    return made + inlines[last:]
