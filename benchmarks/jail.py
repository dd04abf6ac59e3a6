"""What the jail costs: the first book built with and without it, in turns, in one run.

    .venv/bin/python benchmarks/jail.py [ROUNDS [WHAT...]]    WHAT: start, pdf, epub, check

Each build is a clean one, of PDF and EPUB, in this process. What is compared
is the medians' ratio; the seconds are this machine's.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from geppetto import tools
from geppetto.epub import check
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
from geppetto.tools import Access, Protection

ROOT = Path(__file__).parents[1]
BOOK = ("book.yaml", "references.bib", "chapters")
PROTECTION = tools.protection


def without() -> Protection:
    """Say that there is no jail."""
    return Protection(None, "not wanted")


def clean_build(folder: Path, edition: str) -> float:
    """Build an edition of the first book with nothing kept; give the seconds."""
    shutil.rmtree(folder / "build", ignore_errors=True)
    started = time.perf_counter()
    outcome = build(Request(folder, (edition,)), lambda _: None)
    spent = time.perf_counter() - started
    if not outcome.artifacts:
        raise SystemExit(f"not built: {[d.message for d in outcome.diagnostics]}")
    return spent


def starts(root: Path) -> float:
    """Start a program that does nothing, twenty times; give the seconds of one start."""
    del root
    started = time.perf_counter()
    for _ in range(20):
        tools.run(["/bin/true"], access=Access())
    return (time.perf_counter() - started) / 20


def checked(folder: Path) -> float:
    """Run EPUBCheck on the EPUB that is there."""
    file = next((folder / "build").glob("*.epub"))
    started = time.perf_counter()
    check.check(file)
    return time.perf_counter() - started


def main() -> None:
    """Print one row for each of the measured things."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 5
    measured = {
        "start": starts,
        "pdf": lambda f: clean_build(f, "pdf"),
        "epub": lambda f: clean_build(f, "epub"),
        "check": checked,
    }
    measured = {what: measured[what] for what in sys.argv[2:] or measured}
    spent: dict[tuple[str, bool], list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in BOOK:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        for number in range(rounds + 1):  # the first fills the caches of fonts and is not counted
            for jailed in (True, False) if number % 2 else (False, True):
                tools.protection = PROTECTION if jailed else without
                for what, measure in measured.items():
                    seconds = measure(folder)
                    if number:
                        spent.setdefault((what, jailed), []).append(seconds)
    for what in measured:
        inside, outside = (statistics.median(spent[what, jailed]) for jailed in (True, False))
        print(
            f"{what:6} {inside:8.3f} s in the jail {outside:8.3f} s without {inside / outside:6.2f}"
        )


if __name__ == "__main__":
    main()
