"""How long books take to build, and to build again after an edit, beside what others take.

    python benchmarks/builds.py [S|M|L] [ROUNDS] [NAMES]

In each round every tool builds the same book in its own folder: cold, again
with nothing changed, and after each edit; Pandoc by itself, which keeps nothing
from one run to the next, once. NAMES chooses tools, by a comma; those that are
not installed are left out, and said. T0 is LuaLaTeX on a document of one word
with the preamble of Geppetto's book.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pypandoc
from measuring import Spent, machine, watched

from books import write

EDITED = "chapters/003.md"
PARAGRAPH = "\n\n".join(["An added paragraph of words that are all its own. " * 12] * 3)
COLD, T0 = "cold", "T0"
TEMPLATE = "latex/links.tex"
OWN = frozenset({"a template", "another trim"})
"""Edits of what the other tools have not in their sources."""


@dataclass(frozen=True)
class Tool:
    """A way to build the book: the commands, run in its folder; what it makes, and by which program.

    `keeps` says that a build has something of the one before.
    """

    commands: Callable[[Path], Sequence[Sequence[str]]]
    made: str
    needs: tuple[str, ...] = ()
    keeps: bool = True


def _geppetto(edition: str) -> Callable[[Path], list[list[str]]]:
    program = str(Path(sys.executable).parent / "geppetto")
    return lambda root: [[program, "-C", str(root), edition, "--quiet"]]


def _pandoc(root: Path, *options: str) -> list[str]:
    chapters = sorted(str(path) for path in (root / "chapters").glob("*.md"))
    return [
        pypandoc.get_pandoc_path(),
        *chapters,
        *(
            "--file-scope",
            "--citeproc",
            "--bibliography=references.bib",
            "--toc",
            "--number-sections",
        ),
        *("--resource-path=chapters", "--top-level-division=chapter", "-V", "documentclass=book"),
        *("-M", "title=The Measured Book", "--quiet", "-s", *options),
    ]


def _by_pandoc(*options: str) -> Callable[[Path], list[list[str]]]:
    return lambda root: [_pandoc(root, *options)]


def _by_latexmk(engine: str) -> Callable[[Path], list[list[str]]]:
    drawing = (
        "s/includesvg/includegraphics/; s/figure[.]svg/figure.pdf/"  # as Pandoc does for a PDF
    )
    return lambda root: [
        ["sh", "-c", "test -e figure.pdf || rsvg-convert -f pdf -o figure.pdf chapters/figure.svg"],
        _pandoc(root, "-o", "out.tex"),
        ["sed", "-i", drawing, "out.tex"],
        ["latexmk", engine, "-silent", "-interaction=nonstopmode", "out.tex"],
    ]


PEERS: Mapping[str, Tool] = {
    "geppetto pdf": Tool(_geppetto("pdf"), "build/the-measured-book.pdf"),
    "pandoc lualatex": Tool(
        _by_pandoc("--pdf-engine=lualatex", "-o", "out.pdf"), "out.pdf", ("lualatex",), keeps=False
    ),
    "pandoc pdflatex": Tool(
        _by_pandoc("--pdf-engine=pdflatex", "-o", "out.pdf"), "out.pdf", ("pdflatex",), keeps=False
    ),
    "latexmk -pdflua": Tool(_by_latexmk("-pdflua"), "out.pdf", ("latexmk", "lualatex")),
    "latexmk -pdf": Tool(_by_latexmk("-pdf"), "out.pdf", ("latexmk", "pdflatex")),
    "pandoc typst": Tool(
        _by_pandoc("--pdf-engine=typst", "-o", "out.pdf"), "out.pdf", ("typst",), keeps=False
    ),
    "geppetto epub": Tool(_geppetto("epub"), "build/the-measured-book.epub"),
    "pandoc epub": Tool(_by_pandoc("-o", "out.epub"), "out.epub", keeps=False),
}


def _replaced(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    if old not in text:
        raise ValueError(f"{name} has no {old!r} to change")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _one_word(root: Path) -> None:
    text = (root / EDITED).read_text("utf-8")
    word = next(w for w in text.split("\n\n")[1].split() if w.isalpha() and w.islower())
    _replaced(root, EDITED, f" {word} ", f" {word[::-1]} ")


def _a_page(root: Path) -> None:
    with (root / EDITED).open("a", encoding="utf-8") as chapter:
        chapter.write(f"\n{PARAGRAPH}\n")


def _an_entry(root: Path) -> None:
    _replaced(root, "references.bib", "year = {1807}", "year = {1907}")


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


def main(name: str = "S", rounds: str = "1", names: str = "") -> None:
    """Measure and print."""
    chosen = names.split(",") if names else list(PEERS)
    absent = {n: [p for p in PEERS[n].needs if shutil.which(p) is None] for n in chosen}
    found: dict[tuple[str, str], list[Spent]] = {}
    for _ in range(int(rounds)):
        for peer in (n for n in chosen if not absent[n]):
            with tempfile.TemporaryDirectory() as folder:
                _measured(peer, write(name, Path(folder)), found)
    print(machine(), f"Pandoc {pypandoc.get_pandoc_version()}, book {name}", "", sep="\n")
    _print(found)
    for peer, programs in absent.items():
        if programs:
            print(f"\nnot run: {peer} ({', '.join(programs)} not installed)")


def _measured(peer: str, root: Path, found: dict[tuple[str, str], list[Spent]]) -> None:
    tool = PEERS[peer]
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
        ratio = _ratio(runs, found.get((base, edit)) or found.get((base, COLD), ()))
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
    main(*sys.argv[1:])
