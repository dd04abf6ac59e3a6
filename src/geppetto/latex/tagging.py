"""Whether TeX here can tag a PDF, and by which standard."""

from __future__ import annotations

import re

from geppetto import packages
from geppetto.diagnostics import Diagnostic
from geppetto.latex.luatex import check_version

YEAR = 2025
"""The first TeX Live whose LaTeX tags a whole book."""
NEEDED = {
    "latex-lab-testphase-latest.sty": "latex-lab",
    "tagpdf.sty": "tagpdf",
    "pdfmanagement.ltx": "pdfmanagement-testphase",
    "luamml.sty": "luamml",
}
"""What LaTeX reads to tag a PDF, by file, with what tlmgr calls it."""
NONE = "none"


def standard(wanted: str) -> tuple[str, list[Diagnostic]]:
    """Give the standard of the tags, empty where there are to be none, or TeX can make none.

    Raises:
        GeppettoError: LuaLaTeX is missing, or too old for any book.
    """
    if wanted == NONE:
        return "", []
    year = _year(check_version())
    if year is None or year < YEAR:
        says = f"This PDF has no tags: they need TeX Live {YEAR} or newer"
        says += f", and this is TeX Live {year}." if year else "."
        hint = "Install a newer TeX Live, or say 'standard: none' under pdf: in book.yaml."
        return "", [Diagnostic("pdf-untagged", says, hint=hint)]
    there = packages.tex_files(NEEDED)
    if lacking := [name for file, name in NEEDED.items() if file not in there]:
        names = " ".join(lacking)
        says = f"This PDF has no tags: TeX lacks {names.replace(' ', ', ')}."
        hint = f"Install them: tlmgr install {names}; on Debian texlive-luatex and texlive-latex-recommended."
        return "", [Diagnostic("pdf-untagged", says, hint=hint)]
    return wanted, []


def _year(version: str) -> int | None:
    """Read the year of its TeX Live from LuaLaTeX's first line."""
    match = re.search(r"TeX Live (\d{4})", version)
    return int(match[1]) if match else None
