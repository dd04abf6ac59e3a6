"""One part of a typeset book as a PDF of its own, with the whole book's numbers."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.latex import auxiliary, luatex
from geppetto.latex.again import WholeError, cut
from geppetto.latex.joining import Whole


def numbers(work: Path, jobname: str) -> dict[str, str]:
    """Give the parts of the last build by their order, with the numbers of their chapters."""
    master = work / f"{jobname}.aux"
    parts = auxiliary.included(master.read_bytes()) if master.is_file() else []
    return {part: auxiliary.number((work / f"{part}.aux").read_bytes()) for part in parts}


def write(work: Path, jobname: str, part: str, out: Path) -> int:
    """Write the pages of a part of the last build to `out`; give their number.

    Raises:
        GeppettoError: the pages are not known, or `out` cannot be written.
    """
    try:
        order = auxiliary.included((work / f"{jobname}.aux").read_bytes())
        pages = cut(luatex.read_text(work / f"{jobname}{luatex.PLACES}")).span(order.index(part))
        whole = Whole(work / f"{jobname}.pdf")
        try:
            return whole.excerpt(pages, out)
        finally:
            whole.close()
    except (pikepdf.PdfError, OSError, ValueError, WholeError) as fault:
        says = f"The pages of {Path(part).name} could not be taken out of the book."
        hint = "Build with --whole, then ask for the chapter again."
        diagnostic = Diagnostic("output-failed", says, hint=hint, detail=str(fault))
        raise GeppettoError(diagnostic, ExitCode.MACHINERY) from fault
