"""Some pages of a typeset book as a PDF of their own: those on which something changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.latex.again import WholeError
from geppetto.latex.joining import Whole

CHANGES = ".changes"


def changed(work: Path, jobname: str) -> list[int]:
    """Give the pages, counted from 0, on which `changes.lua` has found changes."""
    listed = work / f"{jobname}{CHANGES}"
    lines = listed.read_text("ascii").split() if listed.is_file() else []
    return [int(line) - 1 for line in lines if line.isdecimal()]


def write(pdf: Path, pages: Sequence[int], out: Path) -> int:
    """Write some pages of a PDF to `out`, without links that lead elsewhere; give their number.

    Raises:
        GeppettoError: it is not as TeX writes it, or `out` cannot be written.
    """
    try:
        whole = Whole(pdf)
        try:
            return len(whole.excerpt(pages, out))
        finally:
            whole.close()
    except (pikepdf.PdfError, OSError, ValueError, WholeError) as fault:
        says = "The pages with changes could not be taken out of the book."
        hint = "Ask for the whole book: leave out --pages."
        diagnostic = Diagnostic("output-failed", says, hint=hint, detail=str(fault))
        raise GeppettoError(diagnostic, ExitCode.MACHINERY) from fault
