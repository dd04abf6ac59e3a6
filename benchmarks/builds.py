"""How long books take to build, and to build again after an edit, beside what others take.

    python benchmarks/builds.py [S|M|L|many] [ROUNDS] [NAMES]

In each round every tool of `peers.py` builds the same book in its own folder: cold,
again with nothing changed, and after each edit; one that keeps nothing from one
run to the next, as Pandoc by itself and bookdown, once. NAMES chooses tools, parted
by commas; those that are not installed are left out, and said. T0 is LuaLaTeX on
a document of one word with the preamble of Geppetto's book. Ends with 1 if a
build failed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

import pypandoc
from measuring import Spent, machine, watched
from peers import PEERS, chapters

from books import change_a_word, write

PARAGRAPH = "\n\n".join(["An added paragraph of words that are all its own. " * 12] * 3)
COLD, T0 = "cold", "T0"
TEMPLATE = "latex/links.tex"
OWN = frozenset({"a template", "another trim"})
"""Edits of what the other tools have not in their sources."""


def _edited(root: Path) -> Path:
    return chapters(root)[2]


def _one_word(root: Path) -> None:
    change_a_word(_edited(root))


def _a_page(root: Path) -> None:
    with _edited(root).open("a", encoding="utf-8") as chapter:
        chapter.write(f"\n{PARAGRAPH}\n")


def _an_entry(root: Path) -> None:
    path, old, new = root / "references.bib", "year = {1807}", "year = {1907}"
    text = path.read_text("utf-8")
    if old not in text:
        raise ValueError(f"{path.name} has no {old!r} to change")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _a_template(root: Path) -> None:
    ours = Path(__file__).resolve().parents[1] / "templates" / TEMPLATE
    own = root / "templates" / TEMPLATE
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(f"{ours.read_text('utf-8')}% The book's own.\n", encoding="utf-8")


def _a_trim(root: Path) -> None:
    with (root / "book.yaml").open("a", encoding="utf-8") as settings:
        settings.write("pdf: {trim: a5}\n")


EDITS: Mapping[str, Callable[[Path], object]] = {
    "no-op": lambda _: None,
    "one word": _one_word,
    "a page more": _a_page,
    "an entry": _an_entry,
    "a template": _a_template,
    "another trim": _a_trim,
}


def main(name: str = "S", rounds: str = "1", names: str = "") -> int:
    """Measure and print."""
    chosen = names.split(",") if names else list(PEERS)
    absent = {n: PEERS[n].missing() for n in chosen}
    found: dict[tuple[str, str], list[Spent]] = {}
    failed: dict[str, RuntimeError] = {}
    for _ in range(int(rounds)):
        for peer in (n for n in chosen if not absent[n] and n not in failed):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    _measured(peer, write(name, Path(folder)), found)
                except RuntimeError as fault:
                    failed[peer] = fault
    print(machine(), f"Pandoc {pypandoc.get_pandoc_version()}, book {name}", "", sep="\n")
    _print(found)
    for peer, missing in absent.items():
        if missing:
            print(f"\nnot run: {peer} ({', '.join(missing)} not installed)")
    for peer, why in failed.items():
        print(f"\nfailed: {peer}: {why}")
    return 1 if failed else 0


def _measured(peer: str, root: Path, found: dict[tuple[str, str], list[Spent]]) -> None:
    tool = PEERS[peer]
    tool.prepare(root)
    for edit, change in {COLD: lambda _: None, **EDITS}.items():
        if edit != COLD and (not tool.keeps or (edit in OWN and not peer.startswith("geppetto"))):
            continue
        change(root)
        spent = watched(tool.commands(root), root)
        if not (root / tool.made).is_file():
            raise RuntimeError(f"{peer} made no {tool.made}")
        found.setdefault((peer, edit), []).append(spent)
        if peer == "geppetto pdf" and edit == COLD:
            found.setdefault((T0, ""), []).append(one_word_of_latex(root / "build" / "latex"))


def one_word_of_latex(folder: Path) -> Spent:
    """Measure T0; the first run only fills LuaTeX's cache of fonts."""
    book = (folder / "book.tex").read_text("utf-8")
    preamble = book[: book.index(r"\begin{document}")]
    (folder / "one.tex").write_text(
        preamble + "\\begin{document}\nWord.\n\\end{document}\n", encoding="utf-8"
    )
    run = ["lualatex", "-interaction=batchmode", "one.tex"]
    watched([run], folder)
    return watched([run], folder)


def _print(found: Mapping[tuple[str, str], list[Spent]]) -> None:
    print(
        "| | | wall s | CPU s | peak MB | wall, to Pandoc's | to T0 |",
        "|---|---|---:|---:|---:|---:|---:|",
        sep="\n",
    )
    for (peer, edit), runs in found.items():
        base = "pandoc epub" if peer.endswith("epub") else "pandoc lualatex"
        ratio = _ratio(runs, found.get((base, edit), found.get((base, COLD), ())))
        units = _ratio(runs, found.get((T0, ""), ())) if peer == "geppetto pdf" else ""
        wall, cpu = median(r.wall for r in runs), median(r.cpu for r in runs)
        print(
            f"| {peer} | {edit} | {wall:.1f} | {cpu:.1f} | {max(r.peak for r in runs):.0f} | {ratio} | {units} |"
        )


def _ratio(runs: Sequence[Spent], others: Sequence[Spent]) -> str:
    """Give the median of the rounds' ratios, or nothing where there is nothing to compare with."""
    found = [one.wall / other.wall for one, other in zip(runs, others, strict=False)]
    return f"{median(found):.3f}" if found else ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
