"""Whether a cover has the size of its book: both sides, the spine between them, the bleed around."""

from __future__ import annotations

from collections.abc import Iterator

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import POINTS, Asked
from geppetto.preflight.opened import Opened

EXACT = 0.01
"""How many inches a cover may be off."""


def size(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """One page, and the size that follows from trim, pages and paper."""
    if len(opened.pages) != 1:
        says = f"The file has {len(opened.pages)} pages; a cover is one."
        yield Diagnostic("print-cover-size", says, hint="Put back, spine and front on one page.")
    demands = asked.store.cover
    if asked.trim is None or demands is None:
        return
    box = opened.paper(opened.pages[0])
    high = asked.trim[1] + 2 * demands.bleed
    if abs(box.height / POINTS - high) > EXACT:
        says = (
            f"The cover is {box.height / POINTS:.3f} in high; with this trim and bleed it is "
            f"{high:.3f} in."
        )
        yield Diagnostic("print-cover-size", says, hint="Make the cover anew for this trim.")
    if asked.pages is None or asked.caliper is None:
        return
    spine = asked.pages * asked.caliper
    wide = 2 * asked.trim[0] + spine + 2 * demands.bleed
    if abs(box.width / POINTS - wide) > EXACT:
        says = (
            f"The cover is {box.width / POINTS:.3f} in wide; with {asked.pages} pages, a spine of "
            f"{spine:.3f} in, it is {wide:.3f} in."
        )
        yield Diagnostic("print-cover-size", says, hint="Make the cover anew for these pages.")
