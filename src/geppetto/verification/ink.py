"""Text as it is compared: letters and digits alone, whatever parts, joins or decorates them.

Hyphens at line ends, ligatures, quotation marks, blanks, accents apart from
their letters and the direction of a script differ between a manuscript and a
page; what is left here does not.
"""

from __future__ import annotations

import re
import unicodedata

from geppetto.emoji import SEQUENCE

WORD = re.compile(r"[^\W_]+")
_REST = re.compile(r"[\W_]+")


def ink(text: str) -> str:
    """Give the letters and digits of a text, in Unicode's compatible form, without case."""
    return _REST.sub("", unicodedata.normalize("NFKC", text).casefold())


def runs_leftward(word: str) -> bool:
    """Tell whether a word runs from right to left (Unicode's bidirectional classes R and AL)."""
    return any(unicodedata.bidirectional(c) in {"R", "AL"} for c in word)


def words(text: str) -> list[str]:
    """Give the words of a text as they are spelled; emoji are pictures, whatever they are made of."""
    return WORD.findall(unicodedata.normalize("NFKC", SEQUENCE.sub(" ", text)))
