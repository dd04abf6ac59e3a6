"""How long a watched book takes from a save to its new PDF, and whether memory grows.

    python benchmarks/watching.py [S|M|L|many] [EDITS]

One word is changed at a time, in one chapter after another. T0 is LuaLaTeX on
a document of one word with the book's own preamble, measured when the first
build stands. Memory is that of the watching process alone: at a quarter of the
edits, half, three quarters and the end, each the median of five edits or so
around it, and by how many kB it grows with each edit of the second half (a line
by least squares). A hundred edits show whether it grows.
"""

from __future__ import annotations

import queue
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression, median

from builds import one_word_of_latex
from measuring import machine
from peers import PEERS, chapters

from books import change_a_word, write
from geppetto.pipeline.edition import Request
from geppetto.pipeline.watching import Turn, Watch

LONGEST = 600  # seconds that a build may take


def main(name: str = "M", edits: str = "10") -> None:
    """Watch, edit, and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(name, Path(folder))
        turns: queue.Queue[Turn] = queue.Queue()
        watch = Watch(Request(root, ("pdf",)), lambda _: None)
        thread = threading.Thread(target=watch.run, args=(turns.put,))
        thread.start()
        try:
            turns.get(timeout=LONGEST)
            unit = one_word_of_latex(root / "build" / "latex").wall
            spent, memory = _edited(root, int(edits), turns, 1.5 * unit)
        finally:
            watch.stop()
            thread.join()
    print(machine(), f"book {name}, {edits} edits", "", sep="\n")
    print(f"T0 {unit:.2f} s; save to PDF {median(spent):.2f} s ({median(spent) / unit:.2f} T0), ")
    print(f"at most {max(spent):.2f} s; memory {memory[0] / 1024:.0f} MB after the first edit,")
    print(*(f"{size / 1024:.0f} MB at {where}" for where, size in marks(memory).items()), sep=", ")
    grown = growth(memory)
    if grown is not None:
        print(f"growth over the second half: {grown:+.0f} kB an edit")


def _edited(
    root: Path, edits: int, turns: queue.Queue[Turn], pause: float
) -> tuple[list[float], list[int]]:
    """Change words, with pauses as of an author who reads what is new; give seconds and memory."""
    texts, pdf = chapters(root), root / PEERS["geppetto pdf"].made
    spent: list[float] = []
    memory: list[int] = []
    for number in range(edits):
        time.sleep(pause)
        before = pdf.stat().st_mtime_ns
        change_a_word(texts[number % len(texts)], number // len(texts))
        started = time.perf_counter()
        turn = turns.get(timeout=LONGEST)
        spent.append(time.perf_counter() - started)
        if pdf.stat().st_mtime_ns == before or not turn.outcome.artifacts:
            raise RuntimeError(f"nothing new came of edit {number}")
        memory.append(_resident())
    return spent, memory


def marks(memory: Sequence[float], around: int = 2) -> dict[str, float]:
    """Give the memory at each quarter of the edits, as the median of the edits around it."""
    found = {}
    for quarter, name in enumerate(("a quarter", "half", "three quarters", "the end"), start=1):
        at = max(len(memory) * quarter // 4 - 1, 0)
        found[name] = median(memory[max(at - around, 0) : at + around + 1])
    return found


def growth(memory: Sequence[float]) -> float | None:
    """Give the slope of the second half by least squares; nothing if that is fewer than two edits."""
    half = memory[len(memory) // 2 :]
    return linear_regression(range(len(half)), half).slope if len(half) > 1 else None


def _resident() -> int:
    """Give the memory of this process in kB (proc(5))."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


if __name__ == "__main__":
    main(*sys.argv[1:])
