"""What tags cost, and whether they conform: books set with and without, and given to veraPDF.

    python benchmarks/tagged.py            this repository's book, and the tests' books
    python benchmarks/tagged.py FOLDER…    others

It needs TeX Live 2025 or newer, and veraPDF: see setup/tagged.sh and setup/verapdf.sh.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from geppetto import config, packages, verapdf
from geppetto.diagnostics import has_errors
from geppetto.model.book import Artifact
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request

HERE = Path(__file__).parents[1]
OWN = ("book.yaml", "chapters", "references.bib")
BOOKS = ("tests/books/tagged", "tests/books/unlike")


def main(arguments: Sequence[str]) -> int:
    """Print a row for each book; give 1 if one does not conform."""
    tex, year = packages.texlive()
    print(f"LuaTeX {tex} (TeX Live {year}), veraPDF {verapdf.version()}")
    print("| book | pages | without tags | with tags | veraPDF |\n|---|---|---|---|---|")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for root in _books([Path(one) for one in arguments], Path(folder)):
            row, conforms = _measured(root)
            print(row, flush=True)
            failed = failed or not conforms
    return int(failed)


def _books(named: Sequence[Path], folder: Path) -> Iterator[Path]:
    """Give copies of the books: nothing is written into a checkout."""
    if not named:
        own = folder / "own"
        own.mkdir()
        for name in OWN:
            source = HERE / name
            copy = shutil.copytree if source.is_dir() else shutil.copyfile
            copy(source, own / name)
        yield own
    for number, one in enumerate(named or [HERE / name for name in BOOKS]):
        yield Path(shutil.copytree(one, folder / str(number)))


def _measured(root: Path) -> tuple[str, bool]:
    """Set a book with and without tags; give its row, and whether it conforms."""
    made = [_timed(root, tagged=tagged) for tagged in (False, True)]
    settings = config.load(root).settings
    said = [f"{a.size // 1000:,} kB, {seconds:.1f} s" for a, seconds in made]
    found, conforms = [], True
    for flavour in verapdf.FLAVOURS[settings.pdf.standard]:
        checked = verapdf.examine(made[1][0].path, flavour)
        conforms = conforms and checked.conforms and checked.passed > 0
        found.append(f"{flavour}: {checked.passed:,} passed, {checked.failed:,} failed")
        for one in checked.diagnostics:
            print(one.message, file=sys.stderr)
    cells = (settings.title, made[1][0].count, *said, "; ".join(found))
    return f"| {' | '.join(map(str, cells))} |", conforms


def _timed(root: Path, *, tagged: bool) -> tuple[Artifact, float]:
    started = time.monotonic()
    outcome = build(Request(root, ("pdf",), whole=True, tagged=tagged), lambda _: None)
    if has_errors(outcome.diagnostics) or not outcome.artifacts:
        raise SystemExit("\n".join(d.message for d in outcome.diagnostics if d.is_error))
    return outcome.artifacts[0], time.monotonic() - started


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
