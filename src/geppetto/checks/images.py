"""Images with too few pixels for the size at which they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geppetto.ast import Node, keyvals, nodes
from geppetto.checks.manuscript import Manuscript, Page
from geppetto.diagnostics import Diagnostic, Location

LEAST = 300  # pixels to the inch, of printers (KDP and IngramSpark ask for it)
# CSS Values 4, 6.2; TeX's em is that of the text, about 10 points.
INCHES = {"in": 1.0, "inch": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6,
          "px": 1 / 96, "": 1 / 96, "em": 10 / 72, "ex": 5 / 72}  # fmt: skip
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|in|inch|cm|mm|pt|pc|em|ex|%|)\s*")


def coarse(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find raster images under 300 pixels to the inch at the width that is asked for.

    One without a width is printed at its own size, which is not the book's to judge.
    """
    for page in manuscript.pages if manuscript.widths else ():
        seen: dict[str, int] = {}
        for image in nodes(list(page.blocks), {"Image"}):
            target = image["c"][2][0]
            count = seen[target] = seen.get(target, -1) + 1
            pixels, inches = manuscript.widths.get(target), _inches(image, manuscript.measure)
            if pixels and inches and pixels < LEAST * inches * 0.995:
                yield _found(page, image, pixels / inches, count)


def _inches(image: Node, measure: float) -> float | None:
    """Give the width in inches at which an image is printed; no wider than the text."""
    match = _SIZE.fullmatch(keyvals(image["c"][0]).get("width", "") or "-")
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    width = number / 100 * measure if unit == "%" else number * INCHES[unit]
    return min(width, measure)


def _found(page: Page, image: Node, density: float, count: int) -> Diagnostic:
    target = image["c"][2][0]
    says = f"The image {target} has {density:.0f} pixels to the inch at its printed width."
    hint = f"Print wants {LEAST}: take a larger image, or print it smaller."
    return Diagnostic("image-coarse", says, _place(page, target, count), hint)


def _place(page: Page, target: str, count: int) -> Location:
    name = target.rpartition("/")[2]
    starts = [m.start() for m in re.finditer(rf"!\[(?=[^\n]*{re.escape(name)})", page.masked)]
    return page.at(starts[min(count, len(starts) - 1)]) if starts else Location(page.path)
