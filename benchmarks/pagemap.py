"""What the page map costs a pass of LuaLaTeX: the same book with its stops and without.

python benchmarks/pagemap.py [S|M|L] [ROUNDS]
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from measuring import command, in_turn, machine, table

from books import write


def main(name: str = "M", rounds: str = "5") -> None:
    """Build once; then run single passes in turn, and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(name, Path(folder, "book"))
        command([Path(sys.executable).parent / "geppetto", "-C", root, "pdf", "--quiet"])()
        work = root / "build" / "latex"
        bare = Path(shutil.copytree(work, Path(folder, "bare")))
        for part in (bare / "parts").glob("*.tex"):
            text = part.read_text("utf-8")
            part.write_text(re.sub(r"\\atstop\{\d+\}", "", text), encoding="utf-8")
        book = bare / "book.tex"
        text = re.sub(r"% Places -.*?(?=% Tracing -)", "", book.read_text("utf-8"), flags=re.DOTALL)
        book.write_text(text.replace("places.part(part)", ""), encoding="utf-8")
        latex = ["lualatex", "-interaction=nonstopmode", "-no-shell-escape", "book.tex"]
        runs = {"without": command(latex, bare), "with": command(latex, work)}
        found = in_turn(runs, int(rounds), {})
        rows = sum(1 for line in (work / "book.places").open() if line[0].isdigit())
        pages = (work / "book.places").read_text().count("page ")
    print(machine(), f"book {name}, {pages} pages, {rows} rows", "", sep="\n")
    print(table(found, "without"))


if __name__ == "__main__":
    main(*sys.argv[1:])
