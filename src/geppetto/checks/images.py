"""Images with too few pixels for the size at which they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geppetto.ast import Node, keyvals, nodes
from geppetto.checks.manuscript import Manuscript, Page, Pixels
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.sizes import size

OWN = 72.0  # pixels to the inch of a picture that says nothing (pdfTeX's \pdfimageresolution)
SIDES = ("width", "height")
LEAST = 300  # pixels to the inch, of printers (KDP and IngramSpark ask for it)
# CSS Values 4, 6.2; TeX's em is that of the text, about 10 points.
INCHES = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6,
          "px": 1 / 96, "em": 10 / 72, "ex": 5 / 72}  # fmt: skip


def coarse(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find raster images under 300 pixels to the inch at the size at which they are printed."""
    for page in manuscript.pages if manuscript.pixels else ():
        seen: dict[str, int] = {}
        for image in nodes(list(page.blocks), {"Image"}):
            target = image["c"][2][0]
            count = seen[target] = seen.get(target, -1) + 1
            pixels = manuscript.pixels.get(target)
            if pixels is None:
                continue
            density = pixels.width / _inches(image, pixels, manuscript.room)
            if density < LEAST * 0.995:
                yield _found(page, image, density, count)


def _inches(image: Node, pixels: Pixels, room: tuple[float, float]) -> float:
    """Give the width in inches at which an image is printed, as `latex.graphics` sets it.

    One that is given no size has its own, by its resolution or TeX's 72 pixels
    to the inch; none is wider or higher than the text.
    """
    given = keyvals(image["c"][0])
    width, height = (_length(given.get(name, ""), room[n]) for n, name in enumerate(SIDES))
    shape = pixels.width / pixels.height
    if width is None:
        width = pixels.width / (pixels.dpi or OWN) if height is None else height * shape
    if height is None:
        height = width / shape
    return width * min(1.0, room[0] / width, room[1] / height)


def _length(value: str, whole: float) -> float | None:
    found = size(value)
    if found is None or not found[0]:
        return None
    number, unit = found
    return number / 100 * whole if unit == "%" else number * INCHES[unit]


def _found(page: Page, image: Node, density: float, count: int) -> Diagnostic:
    target = image["c"][2][0]
    says = f"The image {target} has {density:.0f} pixels to the inch at its printed width."
    hint = f"Print wants {LEAST}: take a larger image, or print it smaller."
    return Diagnostic("image-coarse", says, _place(page, target, count), hint)


def _place(page: Page, target: str, count: int) -> Location:
    name = target.rpartition("/")[2]
    starts = [m.start() for m in re.finditer(rf"!\[(?=[^\n]*{re.escape(name)})", page.masked)]
    return page.at(starts[min(count, len(starts) - 1)]) if starts else Location(page.path)
