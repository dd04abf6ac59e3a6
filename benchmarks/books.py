"""Writes books to measure with: seeded, so that the same name is the same book everywhere.

    python benchmarks/books.py M FOLDER

S has 5 chapters, M 30, L 120, of about 4,000 words each, with citations of 300
entries, footnotes, and a table, figures, formulas, code and lists in each.
`many` has 1,000 chapters of about 300 words, each with one of these, by turns.
"""

from __future__ import annotations

import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Size:
    """How many chapters a book has, how long their prose is at least, how often something else comes.

    A figure, a table, a list and so on stand after every so many blocks; with
    `turns` the first of a chapter is another kind than that of the chapter before.
    """

    chapters: int
    words: int = 4_000
    every: int = 7
    turns: bool = False


SIZES = {
    "S": Size(5),
    "M": Size(30),
    "L": Size(120),
    "many": Size(1_000, words=220, every=4, turns=True),
}
ENTRIES = 300
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "lo",
    "nu",
    "ra",
    "mi",
    "se",
    "to",
    "du",
    "pre",
    "tra",
    "con",
    "ver",
    "ment",
]
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='120'>"
    "<rect x='5' y='5' width='{w}' height='90' fill='none' stroke='black'/></svg>\n"
)


class Writer:
    """Writes prose of made-up words, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.words = sorted({self._word() for _ in range(4_000)})

    def _word(self) -> str:
        return "".join(self.random.choice(SYLLABLES) for _ in range(self.random.randint(1, 4)))

    def sentence(self) -> str:
        """Write a sentence of about sixteen words; no word follows itself."""
        count = self.random.randint(8, 24)
        words = self.random.sample(self.words, count)
        if self.random.random() < 0.15:
            words[3] = f"*{words[3]}*"
        return " ".join(words).capitalize()

    def paragraph(self) -> str:
        """Write a paragraph, with a citation now and then, in lines of some 90 characters."""
        sentences = []
        for _ in range(self.random.randint(3, 7)):
            cited = f" [@key{self.random.randrange(ENTRIES)}, p. {self.random.randint(1, 400)}]"
            sentences.append(self.sentence() + (cited if self.random.random() < 0.28 else "") + ".")
        return wrapped(" ".join(sentences))


def wrapped(text: str) -> str:
    """Break a text into lines, as authors do."""
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > 90:
            lines.append(line.rstrip())
            line = ""
        line += word + " "
    return "\n".join([*lines, line.rstrip()])


def chapter(number: int, size: Size) -> str:
    """Write one chapter."""
    writer = Writer(1_000 + number)
    parts, count, notes = [f"# Chapter {writer.sentence()} {{#sec:c{number}}}"], 0, 0
    extras = iter(_extras(writer, number, size))
    while count < size.words:
        text = writer.paragraph()
        count += len(text.split())
        if writer.random.random() < 0.2:
            notes += 1
            text += f"[^{notes}]\n\n[^{notes}]: {writer.sentence()}."
        parts.append(text)
        if len(parts) % size.every == 0:
            parts.append(next(extras, f"## {writer.sentence()}"))
    return "\n\n".join(parts) + "\n"


def _extras(writer: Writer, number: int, size: Size) -> list[str]:
    """Write what is no paragraph, in the order in which it comes."""
    rows = "\n".join(
        f"| {writer.sentence()[:20]} | {writer.random.random():.3f} |" for _ in range(6)
    )
    other = writer.random.randrange(max(number, 1))
    items = "\n".join(f"- {writer.sentence()}" for _ in range(5))
    extras = [
        f"## {writer.sentence()}",
        f"![{writer.sentence()}](figure.svg){{#fig:f{number} alt='A box.'}}\n\nSee @fig:f{number}, "
        f"and @sec:c{other}.",
        f"| Name | Value |\n|------|------:|\n{rows}\n\n: {writer.sentence()}. {{#tbl:t{number}}}",
        f"$$ \\int_0^{number + 1} x^2\\,dx = \\frac{{{number + 1}^3}}{{3}} $$ {{#eq:e{number}}}",
        "```python\ndef area(width, height):\n    return width * height\n```",
        items,
        f"> {writer.paragraph()}".replace("\n", "\n> "),
    ]
    first = number % len(extras) if size.turns else 0
    return extras[first:] + extras[:first]


def bibliography() -> str:
    """Write the entries."""
    writer = Writer(7)
    entries = []
    for number in range(ENTRIES):
        name, other = (w.capitalize() for w in writer.random.sample(writer.words, 2))
        title = " ".join(writer.random.sample(writer.words, 6)).capitalize()
        entries.append(
            f"@book{{key{number},\n  author = {{{name}, {other}}},\n  title = {{{title}}},\n"
            f"  publisher = {{{other}}},\n  year = {{{1800 + number % 220}}}\n}}\n"
        )
    return "\n".join(entries)


def write(name: str, folder: Path) -> Path:
    """Write the book of a name (S, M, L or many) into a folder, and give the folder."""
    (folder / "chapters").mkdir(parents=True, exist_ok=True)
    head = "title: The Measured Book\nauthor: A. Writer\nlang: en-GB\ndate: 2026-01-02\n"
    (folder / "book.yaml").write_text(f"{head}bibliography: references.bib\n", encoding="utf-8")
    (folder / "references.bib").write_text(bibliography(), encoding="utf-8")
    (folder / "chapters" / "figure.svg").write_text(SVG.format(w=280), encoding="utf-8")
    size = SIZES[name]
    digits = max(3, len(str(size.chapters)))
    for number in range(size.chapters):
        path = folder / "chapters" / f"{number + 1:0{digits}}.md"
        path.write_text(chapter(number, size), encoding="utf-8")
    return folder


def change_a_word(path: Path, number: int = 0) -> None:
    """Turn a word of a chapter's first paragraph round, another for each number.

    Raises:
        ValueError: the paragraph has no word that can be turned.
    """
    text = path.read_text("utf-8")
    start = text.index("\n\n")
    paragraph = re.compile(r"(?<= )[a-z]+(?= )").finditer(
        text, start, text.index("\n\n", start + 2)
    )
    words = [word for word in paragraph if word[0] != word[0][::-1]]
    if not words:
        raise ValueError(f"{path.name} has no word to change in its first paragraph")
    word = words[number % len(words)]
    path.write_text(text[: word.start()] + word[0][::-1] + text[word.end() :], encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]))
