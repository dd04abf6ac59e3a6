"""What a build costs against the size of the book: CPU, time and memory, cold and after edits.

    python benchmarks/growth.py [BOOKS] [EDITIONS]

BOOKS and EDITIONS are parted by commas: S,M,L,many and pdf,epub if not said. Every
book is built in a new folder for each edition, and again after one word has been
changed, in three chapters one after another; an edit's row is their median.
Two verdicts follow for each edition: the exponent p of CPU ~ words^p over the cold
builds of S, M and L (1 is linear), and of the two longest alone, on which what every
build costs weighs less; and the CPU and wall time of an edit on L as a ratio to
one on M.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import linear_regression, median

import pikepdf
from measuring import Spent, machine, watched
from peers import PEERS, chapters

from books import SIZES, change_a_word, write

COLD, EDIT = "cold", "one word"
EDITS = 3
LIKE = ("S", "M", "L")
"""The books whose chapters are alike, so that they differ in their number alone."""


@dataclass(frozen=True)
class Row:
    """What one build of a book took, or an edit in the median."""

    book: str
    edition: str
    build: str
    words: int
    pages: int | None
    spent: Spent


Rows = Sequence[Row]


def measure(book: str, edition: str, folder: Path) -> list[Row]:
    """Build a book from nothing, and after each edit; a page is a PDF's alone."""
    peer, root = PEERS[f"geppetto {edition}"], write(book, folder)
    words = sum(len(path.read_text("utf-8").split()) for path in chapters(root))

    def built() -> Spent:
        spent = watched(peer.commands(root), root)
        if not (root / peer.made).is_file():
            raise RuntimeError(f"{book} gave no {peer.made}")
        return spent

    def row(build: str, spent: Spent) -> Row:
        return Row(book, edition, build, words, _pages(root / peer.made), spent)

    rows = [row(COLD, built())]
    return [*rows, row(EDIT, middle([_edited(path, built) for path in _spread(chapters(root))]))]


def _edited(path: Path, built: Callable[[], Spent]) -> Spent:
    change_a_word(path)
    return built()


def _spread(paths: Sequence[Path]) -> list[Path]:
    """Give some chapters, evenly through the book."""
    return [paths[len(paths) * number // (EDITS + 1)] for number in range(1, EDITS + 1)]


def middle(runs: Sequence[Spent]) -> Spent:
    """Give the medians of time and CPU, and the most memory."""
    wall, cpu = median(run.wall for run in runs), median(run.cpu for run in runs)
    return Spent(wall, cpu, max(run.peak for run in runs))


def _pages(path: Path) -> int | None:
    if path.suffix != ".pdf":
        return None
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def exponent(rows: Rows) -> float | None:
    """Give p of CPU ~ words^p by least squares on the logarithms; nothing for fewer than two sizes."""
    points = [(log(row.words), log(row.spent.cpu)) for row in rows]
    if len({words for words, _ in points}) < 2:
        return None
    return linear_regression(*zip(*points, strict=True)).slope


def as_row(row: Row) -> str:
    """Write one line of the table."""
    words, cpu = row.words / 1_000, row.spent.cpu
    pages = "" if row.pages is None else f"{row.pages}"
    by_page = "" if row.pages is None else f"{1_000 * cpu / row.pages:.1f}"
    return (
        f"| {row.book} | {row.edition} | {row.build} | {row.words} | {pages} | {row.spent.wall:.1f} | "
        f"{cpu:.1f} | {row.spent.peak:.0f} | {1_000 * cpu / words:.0f} | {by_page} |"
    )


HEAD = """\
| book | edition | build | words | pages | wall s | CPU s | peak MB | CPU ms, 1,000 words | CPU ms, page |
|---|---|---|---:|---:|---:|---:|---:|---:|---:|"""


def verdicts(rows: Rows, edition: str) -> list[str]:
    """Say how CPU grows with words, and what an edit of a long book costs beside one of a shorter."""
    own: Mapping[tuple[str, str], Row] = {
        (row.book, row.build): row for row in rows if row.edition == edition
    }
    cold = [own[book, COLD] for book in LIKE if (book, COLD) in own]
    said = []
    for some in (cold, cold[-2:]) if len(cold) > 2 else (cold,):
        grown = exponent(some)
        if grown is not None:
            ends = f"from {some[0].book} to {some[-1].book}"
            said.append(f"{edition}: {ends} CPU grows as words^{grown:.2f}")
    if {("L", EDIT), ("M", EDIT)} <= own.keys():
        long, short = own["L", EDIT].spent, own["M", EDIT].spent
        said.append(
            f"{edition}: an edit on L to one on M: CPU {long.cpu / short.cpu:.2f}, wall {long.wall / short.wall:.2f}"
        )
    return said


def main(books: str = ",".join(SIZES), editions: str = "pdf,epub") -> None:
    """Measure and print, each row as it is found."""
    print(machine(), "", HEAD, sep="\n", flush=True)
    rows: list[Row] = []
    for edition in editions.split(","):
        for book in books.split(","):
            with tempfile.TemporaryDirectory() as folder:
                found = measure(book, edition, Path(folder))
            rows += found
            print(*map(as_row, found), sep="\n", flush=True)
    print(
        "", *(line for edition in editions.split(",") for line in verdicts(rows, edition)), sep="\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
