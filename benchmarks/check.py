"""How long `geppetto check` takes, as a ratio to Pandoc's own reading of the same chapters.

    python benchmarks/check.py [S|M|L] [ROUNDS]

The peer is one process of Pandoc that reads every chapter and writes its tree:
`pandoc -f markdown -t json chapters/*.md`. The first check knows nothing; the
second finds the book unchanged.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypandoc
from measuring import command, in_turn, machine, table
from peers import chapters, geppetto

from books import write


def main(name: str = "M", rounds: str = "5") -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(name, Path(folder))
        pandoc = pypandoc.get_pandoc_path()
        reading = [pandoc, "-f", "markdown", "-t", "json", "-o", root / "x.json", *chapters(root)]
        runs = {
            "Pandoc reads": command(reading),
            "first check": command(geppetto(root, "check")),
            "second check": command(geppetto(root, "check")),
        }
        forget = (root / "build" / "check.json").unlink
        before: dict[str, Callable[[], object]] = {"first check": lambda: forget(missing_ok=True)}
        found = in_turn(runs, int(rounds), before)
    print(machine(), f"Pandoc {pypandoc.get_pandoc_version()}, book {name}", "", sep="\n")
    print(table(found, "Pandoc reads"))


if __name__ == "__main__":
    main(*sys.argv[1:])
