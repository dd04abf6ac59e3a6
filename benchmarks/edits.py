"""Whether a book of which only parts were set again is the book of one full run.

    python benchmarks/edits.py BOOK [EDITS] [SEED]

Makes random edits in a copy of BOOK: words, sentences, paragraphs more or less
or moved, notes, emphasis and formulas, headings. After each it builds, and
compares with a build of the same files from nothing: pages, boxes, text, ink,
labels, links' targets, outline, metadata, page map and problems. Says of each edit
what it was and what came of it, and at the end, or when interrupted, how many
builds set only parts. Ends with 1 if any book differed, with 130 if interrupted
before one did.
"""

from __future__ import annotations

import gzip
import json
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geppetto.diagnostics import GeppettoError
from geppetto.pipeline import reading
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from sameness import differences

WORDS = ("lorem", "ipsum", "dolor", "sit", "amet", "wide", "narrow", "of", "the", "consectetur")
Paragraphs = list[str]


class _Author:
    """Edits a chapter at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - edits, not secrets
        self.kinds: tuple[Callable[[Paragraphs, list[int]], None], ...] = (
            *(self.word, self.word, self.word, self.sentence, self.paragraph, self.paragraphs),
            *(self.less, self.note, self.stress, self.heading, self.moved),
        )

    def edit(self, chapters: list[Path]) -> str:
        """Edit one of the chapters; say how."""
        path = self.chance.choice(chapters)
        texts = path.read_text("utf-8").split("\n\n")
        prose = [n for n, text in enumerate(texts) if len(text) > 60 and text[0].isalpha()]
        change = self.chance.choice(self.kinds) if prose else self.heading
        change(texts, prose)
        path.write_text("\n\n".join(texts), encoding="utf-8")
        return f"{change.__name__} in {path.name}"

    def words(self, least: int, most: int) -> str:
        count = self.chance.randrange(least, most)
        return " ".join(self.chance.choices(WORDS, k=count)).capitalize() + "."

    def word(self, texts: Paragraphs, prose: list[int]) -> None:
        number = self.chance.choice(prose)
        words = texts[number].split(" ")
        position = self.chance.randrange(len(words))
        plain = words[position].isalpha()
        words[position] += "x" if plain else f" {self.chance.choice(WORDS)}"
        texts[number] = " ".join(words)

    def sentence(self, texts: Paragraphs, prose: list[int]) -> None:
        texts[self.chance.choice(prose)] += f" {self.words(5, 30)}"

    def paragraph(self, texts: Paragraphs, prose: list[int]) -> None:
        texts.insert(self.chance.choice(prose) + 1, self.words(20, 150))

    def paragraphs(self, texts: Paragraphs, prose: list[int]) -> None:
        for _ in range(self.chance.randrange(3, 15)):
            self.paragraph(texts, prose)

    def less(self, texts: Paragraphs, prose: list[int]) -> None:
        texts.pop(self.chance.choice(prose))

    def note(self, texts: Paragraphs, prose: list[int]) -> None:
        texts[self.chance.choice(prose)] += f"^[{self.words(5, 40)}]"

    def stress(self, texts: Paragraphs, prose: list[int]) -> None:
        texts[self.chance.choice(prose)] += " *Stress*, $x^2$ and **more**."

    def moved(self, texts: Paragraphs, prose: list[int]) -> None:
        one, other = self.chance.choice(prose), self.chance.choice(prose)
        texts[one], texts[other] = texts[other], texts[one]

    def heading(self, texts: Paragraphs, prose: list[int]) -> None:
        del prose
        headings = [n for n, text in enumerate(texts) if text.startswith("#")]
        for number in headings[:1] if headings else ():
            first, *rest = texts[number].split("\n")
            words, brace, attributes = first.partition(" {")
            texts[number] = "\n".join(
                [f"{words} {self.chance.choice(WORDS)}{brace}{attributes}", *rest]
            )


PARTS, WHOLE, BACK = "only parts set", "the whole set", "not built, taken back"


@dataclass(frozen=True)
class Result:
    """What was edited, how the book was built then, and in what it differs from one built from nothing."""

    edit: str
    way: str
    found: tuple[str, ...] = ()

    def __str__(self) -> str:
        same = f"DIFFERS: {list(self.found[:3])}" if self.found else "the same"
        return f"{self.edit}: {self.way}" + ("" if self.way == BACK else f", {same}")


def main(book: str, edits: str = "20", seed: str = "1") -> int:
    """Edit, build and compare; print each result, and the count of those that there are."""
    results: list[Result] = []
    ended = 0
    try:
        for result in compared(Path(book), int(edits), int(seed)):
            results.append(result)
            print(f"{len(results)}: {result}", flush=True)
    except KeyboardInterrupt:
        print("interrupted")
        ended = 130
    different = sum(bool(result.found) for result in results)
    ways = dict(Counter(result.way for result in results))
    print(f"{len(results)} edits: {ways}; {different} books differed", flush=True)
    return 1 if different else ended


def compared(book: Path, edits: int, seed: int) -> Iterator[Result]:
    """Edit a copy of a book again and again, and give what came of each edit."""
    author = _Author(seed)
    with tempfile.TemporaryDirectory() as folder:
        root, clean = Path(folder, "edited"), Path(folder, "clean")
        shutil.copytree(book, root, ignore=shutil.ignore_patterns("build", ".*"))
        _built(root)
        chapters = [root / one.path for one in reading.begin(root).book.chapters]
        for _ in range(edits):
            before = {path: path.read_bytes() for path in chapters}
            done = ", ".join(author.edit(chapters) for _ in range(author.chance.choice([1, 1, 2])))
            pdf, steps, said = _built(root)
            if pdf is None:
                for path, content in before.items():
                    path.write_bytes(content)
                yield Result(done, BACK)
                continue
            way = WHOLE if "pass 1" in " ".join(steps) else PARTS
            shutil.rmtree(clean, ignore_errors=True)
            shutil.copytree(root, clean, ignore=shutil.ignore_patterns("build"))
            other, _, heard = _built(clean)
            found = ["not built"] if other is None else _different(pdf, other)
            found += [f"said: {said ^ heard}"] if said != heard else []
            yield Result(done, way, tuple(found))


def _built(root: Path) -> tuple[Path | None, list[str], set[str]]:
    steps: list[str] = []
    try:
        outcome = build(Request(root, ("pdf",)), lambda step: steps.append(step.name))
    except GeppettoError as fault:
        return None, steps, {str(one) for one in fault.diagnostics}
    path = outcome.artifacts[0].path if outcome.artifacts else None
    return path, steps, {str(one) for one in outcome.diagnostics}


def _different(pdf: Path, other: Path) -> list[str]:
    one, two = (_map(path.with_suffix(".pagemap")) for path in (pdf, other))
    return differences(pdf, other) + ([] if one == two else ["page map"])


def _map(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return {name: value for name, value in record.items() if name != "pdf"}


if __name__ == "__main__":
    for stop in (signal.SIGINT, signal.SIGTERM):  # a job in a shell's background ignores the first
        signal.signal(stop, signal.default_int_handler)
    sys.exit(main(*sys.argv[1:]))
