"""The front of a book as designs draw on it: in units of which its width has 1600."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.covers.faces import Face
from geppetto.covers.geometry import Box, Sheet
from geppetto.covers.lettering import Lettering

WIDTH = 1600
TALL = 2560  # the height of the e-book's cover, for which the designs were drawn
MARGIN = 150
OVER = 4  # units that a drawing reaches beyond the sheet: no edge of it may show


@dataclass(frozen=True)
class Edges:
    """How far the drawing reaches: on a printed sheet over spine and back, bleed included."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Panel:
    """The front: its height, the edges of the drawing around it, how broad the spine is beside it.

    `leftward`: the spine is at the front's right.
    """

    height: float
    edges: Edges
    spine: float = 0
    leftward: bool = False

    @property
    def tall(self) -> float:
        """How tall it is, measured by the e-book's cover."""
        return self.height / TALL

    @property
    def wrapped(self) -> bool:
        """Whether spine and back are beside it."""
        return self.edges.width > 1.5 * WIDTH


@dataclass(frozen=True)
class Placed:
    """Lines of text and where they stand: `top` is the upper edge of the first."""

    lines: tuple[str, ...]
    size: float
    leading: float
    top: float
    face: Face
    cut: bool

    @property
    def bottom(self) -> float:
        """The lower edge of the last line."""
        return self.top + self.leading * len(self.lines)


def place(lettering: Lettering, top: float, face: Face) -> Placed:
    """Put lines in their place."""
    return Placed(lettering.lines, lettering.size, lettering.leading, top, face, lettering.cut)


def of_ebook(*, leftward: bool = False) -> Panel:
    """Give the front of an e-book: nothing lies around it."""
    return Panel(TALL, Edges(0, 0, WIDTH, TALL), leftward=leftward)


def of_sheet(sheet: Sheet) -> Panel:
    """Give the front of a printed sheet, on the whole of which designs may draw."""
    unit = scale(sheet)
    front, whole = sheet.front, sheet.whole
    edges = Box(
        (whole.x - front.x) / unit - OVER,
        (whole.y - front.y) / unit - OVER,
        whole.width / unit + 2 * OVER,
        whole.height / unit + 2 * OVER,
    )
    return Panel(
        front.height / unit,
        Edges(edges.x, edges.y, edges.right, edges.bottom),
        sheet.spine.width / unit,
        sheet.leftward,
    )


def scale(sheet: Sheet) -> float:
    """Give how many points a unit has."""
    return sheet.front.width / WIDTH
