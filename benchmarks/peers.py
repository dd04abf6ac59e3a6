"""The ways to build the measured book: Geppetto, and the programs that others use.

Every peer reads the same chapters, with the same Pandoc, which is Geppetto's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypandoc

Commands = Sequence[Sequence[str]]
# LaTeX reads no SVG. Pandoc converts it where it makes the PDF itself; where it does not, its
# LaTeX is changed, or by a filter its tree.
IN_LATEX = "s/includesvg/includegraphics/; s/figure[.]svg/figure.pdf/"
IN_THE_TREE = """function Image(image)
  image.src = image.src:gsub("figure%.svg$", "figure.pdf")
  return image
end
"""
INDEX = """---
title: The Measured Book
author: A. Writer
documentclass: book
bibliography: references.bib
---
"""
# Without the scope of a file all chapters are one, and two notes [^1] are one (NEWS of bookdown 0.21).
BOOKDOWN = (
    "options(bookdown.render.file_scope = TRUE); "
    'bookdown::render_book("index.Rmd", bookdown::pdf_book('
    'latex_engine = "xelatex", pandoc_args = "--lua-filter=drawings.lua"), quiet = TRUE)'
)


@dataclass(frozen=True)
class Peer:
    """A way to build the book: the commands, run in its folder, and what they make.

    `needs` are programs, `packages` are R's. `prepare` writes what the book's
    author would have written for this tool, and is not measured. `keeps` says that
    a build has something of the one before.
    """

    commands: Callable[[Path], Commands]
    made: str
    needs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    prepare: Callable[[Path], object] = lambda _: None
    keeps: bool = True

    def missing(self) -> list[str]:
        """Name what is not installed of that which it needs."""
        programs = [program for program in self.needs if shutil.which(program) is None]
        return programs or [package for package in self.packages if not _in_r(package)]


def _in_r(package: str) -> bool:
    asked = ["Rscript", "-e", f'if (!requireNamespace("{package}")) quit(status = 1)']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def chapters(root: Path) -> list[Path]:
    """Give the chapters of a book, in order."""
    return sorted((root / "chapters").glob("*.md"))


def geppetto(root: Path, *arguments: str) -> list[str]:
    """Give the command line of Geppetto for a book."""
    program = str(Path(sys.executable).parent / "geppetto")
    return [program, "-C", str(root), *arguments, "--quiet"]


def _by_geppetto(edition: str) -> Callable[[Path], Commands]:
    return lambda root: [geppetto(root, edition)]


def _pandoc(root: Path, *options: str) -> list[str]:
    return [
        pypandoc.get_pandoc_path(),
        *map(str, chapters(root)),
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


def _by_pandoc(*options: str) -> Callable[[Path], Commands]:
    return lambda root: [_pandoc(root, *options)]


def _by_latexmk(engine: str) -> Callable[[Path], Commands]:
    return lambda root: [
        _pandoc(root, "-o", "out.tex"),
        ["sed", "-i", IN_LATEX, "out.tex"],
        ["latexmk", engine, "-silent", "-interaction=nonstopmode", "out.tex"],
    ]


def _draw(root: Path) -> None:
    drawing = ["rsvg-convert", "-f", "pdf", "-o", "figure.pdf", "chapters/figure.svg"]
    subprocess.run(drawing, cwd=root, check=True)


def _by_bookdown(_: Path) -> Commands:
    pandoc = Path(pypandoc.get_pandoc_path()).parent
    return [["env", f"RSTUDIO_PANDOC={pandoc}", "Rscript", "-e", BOOKDOWN]]


def _for_bookdown(root: Path) -> None:
    """Lay bookdown's own files beside the book.

    With the scope of a file bookdown wants all chapters in one folder, with index.Rmd.
    """
    _draw(root)
    (root / "index.Rmd").write_text(INDEX, encoding="utf-8")
    (root / "drawings.lua").write_text(IN_THE_TREE, encoding="utf-8")
    for path in chapters(root):
        (root / path.name).symlink_to(path.relative_to(root))
    files = ", ".join(["index.Rmd", *(f'"{path.name}"' for path in chapters(root))])
    settings = f"book_filename: out\nrmd_files: [{files}]\n"
    (root / "_bookdown.yml").write_text(settings, encoding="utf-8")


def _latex(engine: str) -> Peer:
    return Peer(
        _by_pandoc(f"--pdf-engine={engine}", "-o", "out.pdf"), "out.pdf", (engine,), keeps=False
    )


PEERS: Mapping[str, Peer] = {
    "geppetto pdf": Peer(_by_geppetto("pdf"), "build/the-measured-book.pdf"),
    "pandoc lualatex": _latex("lualatex"),
    "pandoc pdflatex": _latex("pdflatex"),
    "latexmk -pdflua": Peer(
        _by_latexmk("-pdflua"), "out.pdf", ("latexmk", "lualatex"), prepare=_draw
    ),
    "latexmk -pdf": Peer(_by_latexmk("-pdf"), "out.pdf", ("latexmk", "pdflatex"), prepare=_draw),
    "bookdown xelatex": Peer(
        _by_bookdown,
        "_book/out.pdf",
        ("Rscript", "xelatex"),
        ("bookdown",),
        _for_bookdown,
        keeps=False,
    ),
    "pandoc typst": _latex("typst"),
    "geppetto epub": Peer(_by_geppetto("epub"), "build/the-measured-book.epub"),
    "pandoc epub": Peer(_by_pandoc("-o", "out.epub"), "out.epub", keeps=False),
}
