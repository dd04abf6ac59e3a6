"""The judge of remarks' places: it knows neither page map nor bookmarks, nor what is markup.

It takes what stands in an edition from the marked words on, or up to them, some
forty letters, and looks for these among all letters of the sources. Where they
stand once, the line of the first marked word is known. Within a citation or a
formula the lines between which it stands are. What is known by neither side is
not judged, and counted apart.
"""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geppetto.review.remarks import Certainty, Remark

CONTEXT = 40
LONGEST = 8

Corners = tuple[float, float, float, float]


@dataclass(frozen=True)
class Word:
    """A word of a page: its letters, and the boxes of its parts (left, lower, right, upper)."""

    page: int
    letters: str
    boxes: tuple[tuple[float, float, float, float], ...]
    is_broken: bool


def letters(text: str) -> str:
    """Give all letters and digits of a text, without accents and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())


class Judge:
    """All letters of the sources, and the place of each."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self.seen: dict[str, str] = {}
        self.offsets: dict[str, list[int]] = {}
        self.begins: dict[str, list[int]] = {}
        for path, text in texts.items():
            runs = [(letters(c), at) for at, c in enumerate(text)]
            self.seen[path] = "".join(found for found, _ in runs)
            self.offsets[path] = [at for found, at in runs for _ in found]

    def once(self, words: str, at: int) -> tuple[str, int] | None:
        """Give the place of the letter `at` of words that stand once in all sources."""
        found = [(path, start) for path in self.seen for start in self._first_two(path, words)]
        if len(found) != 1:
            return None
        path, start = found[0]
        return path, self.offsets[path][start + at]

    def _first_two(self, path: str, words: str) -> Iterator[int]:
        start = self.seen[path].find(words)
        for _ in range(2):
            if start >= 0:
                yield start
                start = self.seen[path].find(words, start + 1)

    def line(self, path: str, offset: int) -> int:
        """Give the line of an offset."""
        if path not in self.begins:
            ends = re.finditer("\n", self.texts[path])
            self.begins[path] = [0, *(end.end() for end in ends)]
        return bisect_right(self.begins[path], offset)


@dataclass(frozen=True)
class Trial:
    """Words that are highlighted, and what the judge knows of the first: its path and lines."""

    words: tuple[Word, ...]
    path: str
    first: int
    last: int
    offset: int | None


def trials(
    words: Sequence[Word], judge: Judge, count: int, seed: int
) -> tuple[list[Trial], int, list[Trial]]:
    """Choose random words of which the judge knows the place, and count those that it does not know.

    Apart from them, half as many are chosen that stand elsewhere than in prose, or
    are broken at the end of a line, or are within a citation: by chance there are few.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    found: list[Trial] = []
    rare: list[Trial] = []
    unknown = 0
    for _ in range(count * 40):
        start = chance.randrange(len(words))
        chosen = words[start : start + chance.randint(1, LONGEST)]
        if any(word.page != chosen[0].page for word in chosen):
            continue
        trial = _judged(words, start, tuple(chosen), judge)
        if len(found) < count:
            unknown += trial is None
            found += [trial] if trial is not None else []
        elif trial is not None and len(rare) < count // 2 and _is_rare(trial, judge):
            rare.append(trial)
        elif len(rare) == count // 2:
            break
    return found, unknown, rare


def _is_rare(trial: Trial, judge: Judge) -> bool:
    line = judge.texts[trial.path].split("\n")[trial.first - 1]
    is_broken = any(word.is_broken for word in trial.words)
    return is_broken or trial.offset is None or kind_of(line) != "prose"


def _judged(
    words: Sequence[Word], start: int, chosen: tuple[Word, ...], judge: Judge
) -> Trial | None:
    size = sum(len(word.letters) for word in chosen)
    after = "".join(word.letters for word in words[start : start + 40])
    before = "".join(word.letters for word in words[max(0, start - 40) : start])
    for place in (
        judge.once(after[: max(CONTEXT, size)], 0),
        judge.once(before[-CONTEXT:] + chosen[0].letters, len(before[-CONTEXT:])),
        judge.once(before[-10:] + after[: CONTEXT - 10], len(before[-10:])),
    ):
        if place is not None:
            line = judge.line(*place)
            return Trial(chosen, place[0], line, line, place[1])
    return _between(words, start, chosen, judge)


def _between(
    words: Sequence[Word], start: int, chosen: tuple[Word, ...], judge: Judge
) -> Trial | None:
    """Judge words within a citation or formula by what stands before it and after it."""
    spelled = [word.letters for word in words]
    low = high = None
    for step in range(1, 12):
        end = max(0, start - step)
        before = "".join(spelled[max(0, end - 40) : end])[-CONTEXT:]
        low = low or judge.once(before, len(before) - 1)
        then = "".join(spelled[start + step : start + step + 40])[:CONTEXT]
        high = high or judge.once(then, 0)
    if low and high and low[0] == high[0] and 0 < high[1] - low[1] < 200:
        between = judge.texts[low[0]][low[1] : high[1]]
        if ("@" in between or "$" in between) and "\n\n" not in between:
            return Trial(chosen, low[0], judge.line(*low), judge.line(*high), None)
    return None


def kind_of(line: str) -> str:
    """Give what stands on a line of a source, as far as its beginning says."""
    for name, pattern in (
        ("heading", r"#"), ("note", r"\[\^"), ("list item", r"\s*(?:[-*+]|\d+\.)\s"),
        ("table", r"\s*\|"), ("caption", r"!\[|:\s|Table:"), ("note", r"    \S"),
    ):  # fmt: skip
        if re.match(pattern, line):
            return name
    return "prose"


def report(
    chosen: Sequence[Trial], rare: Sequence[Trial], remarks: Sequence[Remark], judge: Judge
) -> None:
    """Print how many are right, by what they stand on and by how sure Geppetto was."""
    said = {int(remark.text.split()[1]): remark for remark in remarks}
    total, right, column = Counter[str](), Counter[str](), Counter[str]()
    sure: Counter[tuple[str, bool]] = Counter()
    for number, trial in enumerate([*chosen, *rare]):
        remark = said.get(number)
        is_right = right_line(trial, remark)
        line = judge.texts[trial.path].split("\n")[trial.first - 1]
        for kind in _kinds(trial, line, is_random=number < len(chosen)):
            total[kind] += 1
            right[kind] += is_right
            column[kind] += is_right and _right_column(trial, remark, judge)
        sure[(remark.certainty if remark else Certainty.LOST, is_right)] += 1
        if not is_right and "-v" in sys.argv:
            words = " ".join(word.letters for word in trial.words)
            print(trial.path, trial.first, repr(words), remark and (remark.place, remark.certainty))
    for kind in sorted(total, key=lambda one: -total[one]):
        share = f"{right[kind] / total[kind]:.1%}"
        print(f"{kind}: {right[kind]} of {total[kind]} ({share}), to the word {column[kind]}")
    for (certainty, is_right), number in sorted(sure.items()):
        print(f"said to be {certainty}: {number} {'right' if is_right else 'wrong'}")


def right_line(trial: Trial, remark: Remark | None) -> bool:
    """Tell whether a remark was led to the line of its first word."""
    if remark is None or remark.place is None or remark.place.path != trial.path:
        return False
    return trial.first <= remark.place.line <= trial.last


def _right_column(trial: Trial, remark: Remark | None, judge: Judge) -> bool:
    if remark is None or remark.place is None or trial.offset is None:
        return trial.offset is None
    text = judge.texts[trial.path]
    start = sum(len(one) + 1 for one in text.split("\n")[: remark.place.line - 1])
    start += remark.place.column - 1
    return start <= trial.offset and not letters(text[start : trial.offset])


def _kinds(trial: Trial, line: str, *, is_random: bool) -> Iterator[str]:
    yield "random" if is_random else "chosen apart"
    yield kind_of(line)
    if any(word.is_broken for word in trial.words):
        yield "with a hyphenated word"
    if trial.offset is None:
        yield "within a citation or formula"
    if len(trial.words) == 1:
        yield "one word"
