"""Whether the pictures of a print file have dots enough for the size they are printed in."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Matrix

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import POINTS, Asked
from geppetto.preflight.opened import Opened

SMALL = 0.25
"""Pictures that are printed smaller than this, in inches, are signs in the text."""


def resolution(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Pictures with fewer dots an inch than the printer asks for."""
    for number, one in opened.numbered():
        if one.kind != "image" or one.placed is None:
            continue
        wide, high = _sides(one.placed)
        if min(wide, high) < SMALL:
            continue
        dots = min(int(one.made.Width) / wide, int(one.made.Height) / high)
        if dots < asked.demands.resolution - 0.5:
            says = (
                f"Page {number}: a picture of {wide:.2f} × {high:.2f} in has {dots:.0f} dots an "
                f"inch; {asked.store.name} asks for {asked.demands.resolution}."
            )
            hint = "Take a larger picture, or print it smaller (width= in the chapter)."
            yield Diagnostic("print-resolution", says, hint=hint)


def _sides(placed: Matrix) -> tuple[float, float]:
    """Give width and height, in inches, of the unit square that a picture fills."""
    wide = (placed.a**2 + placed.b**2) ** 0.5
    high = (placed.c**2 + placed.d**2) ** 0.5
    return max(wide, 0.001) / POINTS, max(high, 0.001) / POINTS
