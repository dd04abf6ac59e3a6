"""How long fifty copies of a draft take, beside one pass of LuaLaTeX over the same book.

    python benchmarks/drafts.py [S|M|L] [COPIES]

The book stands when the measuring begins; one copy is measured, then COPIES of them.
Ends with 1 if the copies took longer than the pass, beyond what one takes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measuring import command, machine, spent

from books import write
from geppetto.pipeline import drafting
from geppetto.pipeline.commission import Order

LATEX = ("lualatex", "-interaction=nonstopmode", "-no-shell-escape", "book.tex")


def main(name: str = "M", copies: str = "50") -> int:
    """Draft once to have the book; then for one, for all; then set the book once."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(name, Path(folder, "book"))
        numbers = range(1, int(copies) + 1)
        listed = "".join(f"- name: Reader {n}\n  email: r{n}@example.org\n" for n in numbers)
        (root / "reviewers.yaml").write_text(listed, encoding="utf-8")
        pages = _draft(root).artifacts[0].count - 1
        (root / "build" / "latex" / "draft.state.json").unlink()
        one = spent(lambda: _draft(root, "Reader 1")).wall
        every = spent(lambda: _draft(root, "all")).wall
        latex = spent(command(LATEX, root / "build" / "latex")).wall
    print(machine(), f"book {name}, {pages} pages", "", sep="\n")
    print("| | wall s | to one pass |", "|---|---:|---:|", sep="\n")
    for what, seconds in (
        ("a draft with one copy", one),
        (f"a draft with {copies} copies", every),
        (f"… the {int(copies) - 1} copies more", every - one),
        ("one pass of LuaLaTeX", latex),
    ):
        print(f"| {what} | {seconds:.2f} | {seconds / latex:.2f} |")
    return int(every - one > latex)


def _draft(root: Path, *called: str) -> drafting.Drafted:
    return drafting.draft(Order(root, "2026-11-30", called), lambda _: None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
