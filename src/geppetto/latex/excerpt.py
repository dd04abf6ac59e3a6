"""Parts of a typeset book as a PDF of their own, with the whole book's numbers."""

from __future__ import annotations

from collections.abc import Sequence
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


def write(work: Path, jobname: str, parts: Sequence[str], out: Path) -> list[int]:
    """Write the pages of parts of the last build to `out`; give which they are, from 1.

    Raises:
        GeppettoError: the pages are not known, or `out` cannot be written.
    """
    try:
        order = auxiliary.included((work / f"{jobname}.aux").read_bytes())
        places = cut(luatex.read_text(work / f"{jobname}{luatex.PLACES}"))
        pages = [page for part in parts for page in places.span(order.index(part))]
        whole = Whole(work / f"{jobname}.pdf")
        try:
            return [index + 1 for index in whole.excerpt(sorted(pages), out)]
        finally:
            whole.close()
    except (pikepdf.PdfError, OSError, ValueError, WholeError) as fault:
        named = ", ".join(Path(part).name for part in parts)
        says = f"The pages of {named} could not be taken out of the book."
        hint = "Build with --whole, then ask for the chapter again."
        diagnostic = Diagnostic("output-failed", says, hint=hint, detail=str(fault))
        raise GeppettoError(diagnostic, ExitCode.MACHINERY) from fault
