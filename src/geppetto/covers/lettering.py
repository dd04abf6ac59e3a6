"""Breaks a text into lines and finds the size at which they fit.

Where no ruler is given, widths are those of a Palatino (in thousandths of the
size), and other scripts are taken at their usual width.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

_LOWER = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    500, 553, 444, 611, 479, 333, 556, 582, 291, 234, 556, 291, 883, 582, 546, 601, 560, 395, 424,
    326, 603, 565, 834, 516, 556, 500), strict=True))  # fmt: skip
_UPPER = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    778, 611, 709, 774, 611, 556, 763, 832, 337, 333, 726, 611, 946, 831, 786, 604, 786, 668, 525,
    613, 778, 722, 1000, 667, 667, 667), strict=True))  # fmt: skip
_MARKS = (
    dict.fromkeys(" \u00a0.,:;!'’‘()-|", 300) | dict.fromkeys("“”?/", 450) | {"—": 1000, "…": 1000}
)
WIDTHS = {**_LOWER, **_UPPER, **_MARKS}
OTHER = 620
WIDE = 1000
_UNSEEN = {"Mn", "Me", "Cf"}
# What begins no line, and what ends none, in Chinese and Japanese (JIS X 4051, 4.1 and 4.2).
_NO_START = frozenset(
    "、。，．・：；？！ー）」』】〉》〕］｝…‥ゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ”’"
)
_NO_END = frozenset("（「『【〈《〔［｛“‘")

Width = Callable[[str, float], float]
"""Tells how wide a text is in a size."""


@dataclass(frozen=True)
class Lettering:
    """Lines of text, their size and the distance of their baselines, in the drawing's units.

    `cut`: it was too long for its room even in the smallest size.
    """

    lines: tuple[str, ...]
    size: float
    leading: float
    cut: bool = False

    @property
    def height(self) -> float:
        """From the first baseline's ascent to the last one's descent."""
        return self.leading * len(self.lines)


@dataclass(frozen=True)
class Sizes:
    """What a text may be set in; `spacing` is the distance of baselines in sizes.

    `calm`: down to this share of the size that fits, fewer lines are preferred to larger letters.
    """

    largest: float
    smallest: float
    spacing: float
    calm: float = 1.0


@dataclass(frozen=True)
class Word:
    """What is not parted from itself, and whether a blank stands before it in a line."""

    text: str
    blank: bool = True


def width(text: str, size: float) -> float:
    """Estimate how wide a text is."""
    return sum(_advance(c) for c in unicodedata.normalize("NFD", text)) * size / 1000


def known(text: str) -> bool:
    """Tell whether the estimate knows every letter of a text."""
    return all(
        c in WIDTHS or unicodedata.category(c) in _UNSEEN
        for c in unicodedata.normalize("NFD", text)
    )


def _advance(character: str) -> int:
    if character in WIDTHS:
        return WIDTHS[character]
    if unicodedata.category(character) in _UNSEEN:
        return 0
    return WIDE if is_wide(character) else OTHER


def is_wide(character: str) -> bool:
    """Tell whether a character is as wide as it is high: Chinese, Japanese, Korean."""
    return unicodedata.east_asian_width(character) in {"W", "F"}


def tracked(measure: Width, spacing: float) -> Width:
    """Add the blank that stands between letters, in sizes."""
    return lambda text, size: measure(text, size) + len(text) * spacing * size


def fit(text: str, measure: float, height: float, sizes: Sizes, width: Width = width) -> Lettering:
    """Give the text in the largest size in which it fits the measure and the height.

    A no-break space holds as long as the text fits. A text too long even for the
    smallest size is cut with an ellipsis.
    """
    smallest, spacing = sizes.smallest, sizes.spacing
    fitting = _fitting(text, measure, height, sizes, width)
    if best := next(fitting, None):
        near = [best, *takewhile(lambda one: one.size >= sizes.calm * best.size, fitting)]
        return min(near, key=lambda one: (len(one.lines), -one.size))
    if "\u00a0" in text:
        return fit(text.replace("\u00a0", " "), measure, height, sizes, width)
    lines = wrap(text, measure, smallest, width)
    most = max(1, int(height / (smallest * spacing)))
    cut = len(lines) > most
    if cut:
        last = _shortened(lines[most - 1], measure, lambda words: width(words, smallest))
        lines = (*lines[: most - 1], last)
    return Lettering(lines, smallest, smallest * spacing, cut)


def _fitting(
    text: str, measure: float, height: float, sizes: Sizes, width: Width
) -> Iterator[Lettering]:
    """Give the text in every size in which it fits with its words whole, the largest first."""
    words, size = list(_words(text)), sizes.largest
    while size > sizes.smallest:
        lines = wrap(text, measure, size, width)
        whole_words = all(width(word.text, size) <= measure for word in words)
        if whole_words and len(lines) * size * sizes.spacing <= height:
            yield Lettering(lines, size, size * sizes.spacing)
        size *= 0.94


def _shortened(text: str, measure: float, width: Callable[[str], float]) -> str:
    """Take words, then letters, from a text's end till it fits with an ellipsis."""
    left = text.rstrip(" ,;:")
    while left and width(f"{left} …") > measure:
        left = (left.rpartition(" ")[0] or left[:-1]).rstrip(" ,;:")
    return f"{left} …".lstrip()


def one_line(text: str, measure: float, sizes: Sizes, width: Width) -> Lettering:
    """Give the text on a single line, in the largest size in which it fits."""
    size = sizes.largest
    while size > sizes.smallest and width(text, size) > measure:
        size *= 0.97
    size = max(size, sizes.smallest)
    if width(text, size) <= measure:
        return Lettering((text,), size, size * sizes.spacing)
    line = _shortened(text, measure, lambda words: width(words, size))
    return Lettering((line,), size, size * sizes.spacing, cut=True)


def wrap(text: str, measure: float, size: float, width: Width = width) -> tuple[str, ...]:
    """Break a text into as few lines as will do, as even as they can be."""
    words = [piece for word in _words(text) for piece in _pieces(word, measure, size, width)]
    fewest = _greedy(words, measure, size, width)
    narrow, wide = 0.0, measure
    for _ in range(12):  # the narrowest measure that needs no more lines
        middle = (narrow + wide) / 2
        lines = _greedy(words, middle, size, width)
        fits = len(lines) <= len(fewest) and all(width(part, size) <= middle for part in lines)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return _greedy(words, wide, size, width)


def _words(text: str) -> Iterable[Word]:
    """Part a text where a line may end: at blanks, and between wide letters."""
    for word in re.split(r"[^\S\u00a0\u202f]+", text.strip()):
        start = 0
        for at, (before, after) in enumerate(pairwise(word), 1):
            if (is_wide(before) or is_wide(after)) and _may_part(before, after):
                yield Word(word[start:at], blank=start == 0)
                start = at
        yield Word(word[start:], blank=start == 0)


def _may_part(before: str, after: str) -> bool:
    hangul = "HANGUL" in unicodedata.name(before, "") and "HANGUL" in unicodedata.name(after, "")
    if hangul or unicodedata.category(after) in _UNSEEN:
        return False
    return before not in _NO_END and after not in _NO_START and unicodedata.category(after) != "Pe"


def _greedy(words: list[Word], measure: float, size: float, width: Width) -> tuple[str, ...]:
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]}{' ' if word.blank else ''}{word.text}" if lines else word.text
        if lines and width(joined, size) <= measure:
            lines[-1] = joined
        else:
            lines.append(word.text)
    return tuple(lines)


def _pieces(word: Word, measure: float, size: float, width: Width) -> list[Word]:
    """Cut a word that is wider than the measure."""
    if width(word.text, size) <= measure:
        return [word]
    pieces = [""]
    for character in word.text:
        joined = unicodedata.category(character) in _UNSEEN
        if pieces[-1] and not joined and width(pieces[-1] + character, size) > measure:
            pieces.append("")
        pieces[-1] += character
    return [Word(piece, blank=word.blank and not at) for at, piece in enumerate(pieces)]


def paragraph(text: str, measure: float, size: float, width: Width) -> tuple[str, ...]:
    """Break a paragraph so that its lines, the last apart, are as even as they can be.

    All breaks are weighed together, as Knuth and Plass do (1981), the slack of a
    line by its square; a last line of a single short word weighs more.
    """
    words = [piece for word in _words(text) for piece in _pieces(word, measure, size, width)]
    if not words:
        return ()
    texts = [(" " if word.blank else "") + word.text for word in words]
    widths = [width(text, size) for text in texts]
    blanks = [width(" ", size) if word.blank else 0.0 for word in words]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        best.append(_best_start(best, widths, blanks, end, measure))
    lines, end = [], len(words)
    while end:
        start = best[end][1]
        lines.append("".join(texts[start:end]).strip())
        end = start
    return tuple(reversed(lines))


def _best_start(
    best: list[tuple[float, int]],
    widths: list[float],
    blanks: list[float],
    end: int,
    measure: float,
) -> tuple[float, int]:
    """Choose with which word the line before `end` begins, and give what all lines weigh."""
    chosen, total = (float("inf"), end - 1), 0.0
    for start in range(end - 1, -1, -1):
        total += widths[start]
        used = total - blanks[start]
        if used > measure and start < end - 1:
            break
        slack = max(0.0, measure - used) / measure
        last = end == len(widths)
        weight = (0.6 if used < measure / 5 else 0.0) if last else slack**2 + 0.01
        chosen = min(chosen, (best[start][0] + weight, start))
    return chosen
