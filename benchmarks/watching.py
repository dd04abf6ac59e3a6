"""How long a watched book takes from a save to its new PDF, and whether memory grows.

    python benchmarks/watching.py [S|M|L] [EDITS]

One word is changed at a time, in one chapter after another. T0 is LuaLaTeX on
a document of one word with the book's own preamble, measured when the first
build stands. Memory is that of the watching process alone, in MB.
"""

from __future__ import annotations

import queue
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from builds import one_word_of_latex
from measuring import machine

from books import write
from geppetto.pipeline.edition import Request
from geppetto.pipeline.watching import Turn, Watch


def main(name: str = "M", edits: str = "10") -> None:
    """Watch, edit, and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(name, Path(folder))
        turns: queue.Queue[Turn] = queue.Queue()
        watch = Watch(Request(root, ("pdf",)), lambda _: None)
        thread = threading.Thread(target=watch.run, args=(turns.put,))
        thread.start()
        turns.get()
        unit = one_word_of_latex(root / "build" / "latex").wall
        chapters = sorted((root / "chapters").glob("*.md"))
        pdf = root / "build" / "the-measured-book.pdf"
        spent, memory = [], []
        for number in range(int(edits)):
            time.sleep(1.5 * unit)  # as an author, who reads what is new
            before = pdf.stat().st_mtime_ns
            _change_a_word(chapters[number % len(chapters)], number // len(chapters))
            started = time.perf_counter()
            turn = turns.get()
            spent.append(time.perf_counter() - started)
            if pdf.stat().st_mtime_ns == before or not turn.outcome.artifacts:
                raise RuntimeError(f"nothing new came of edit {number}")
            memory.append(_resident())
        watch.stop()
        thread.join()
    print(machine(), f"book {name}, {edits} edits", "", sep="\n")
    print(f"T0 {unit:.2f} s; save to PDF {median(spent):.2f} s ({median(spent) / unit:.2f} T0), ")
    print(
        f"at most {max(spent):.2f} s; memory {memory[0]} MB after the first, {memory[-1]} MB after the last"
    )


def _change_a_word(path: Path, number: int) -> None:
    text = path.read_text("utf-8")
    words = [word for word in text.split("\n\n")[1].split() if word.isalpha() and word.islower()]
    word = words[number]
    path.write_text(text.replace(f" {word} ", f" {word[::-1]} ", 1), encoding="utf-8")


def _resident() -> int:
    """Give the memory of this process in MB."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
