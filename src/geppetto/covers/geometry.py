"""Where back, spine and front lie on the printed sheet. Lengths are points (1/72 inch)."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.model.settings import inches

INCH = 72.0


@dataclass(frozen=True)
class Box:
    """A rectangle; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def inset(self, by: float, *, above: float | None = None) -> Box:
        """Give the rectangle within, on all sides or otherwise from the sides than from above."""
        tall = by if above is None else above
        return Box(self.x + by, self.y + tall, self.width - 2 * by, self.height - 2 * tall)


@dataclass(frozen=True)
class Demands:
    """What a printer demands of a cover, in inches, and what the book's spine is.

    `barcode_margin` is how far a barcode is from spine and trim.
    """

    bleed: float
    spine: float
    safe: float
    spine_margin: float
    barcode_margin: float = 0.25


@dataclass(frozen=True)
class Sheet:
    """The sheet: `front`, `back` and `spine` are trimmed panels, `bleed` lies around all three.

    `leftward`: the book is bound at its right, and its front lies left of the spine.
    """

    front: Box
    spine: Box
    back: Box
    bleed: float
    safe: float
    spine_margin: float
    barcode_margin: float
    leftward: bool

    @property
    def whole(self) -> Box:
        """The sheet, bleed included."""
        trim = self.trim
        return Box(0, 0, trim.width + 2 * self.bleed, trim.height + 2 * self.bleed)

    @property
    def trim(self) -> Box:
        """What is left when the bleed has been cut off."""
        width = self.front.width + self.spine.width + self.back.width
        return Box(self.bleed, self.bleed, width, self.front.height)

    @property
    def folds(self) -> tuple[float, float]:
        """Where the sheet is folded around the pages."""
        return self.spine.x, self.spine.right

    def corner(self, width: float, height: float) -> Box:
        """Give an area in the lower right corner of the back, as far from it as a barcode is."""
        back, margin = self.back, self.barcode_margin
        return Box(back.right - margin - width, back.bottom - margin - height, width, height)


def points(length: str) -> float:
    """Give one of book.yaml's lengths ("6in", "148mm") in points of 1/72 inch."""
    return inches(length) * INCH


def lay_out(trim: tuple[float, float], demands: Demands, *, leftward: bool) -> Sheet:
    """Lay out a sheet for pages of a width and height in points."""
    (width, height), bleed, spine = trim, demands.bleed * INCH, demands.spine * INCH
    left = Box(bleed, bleed, width, height)
    right = Box(bleed + width + spine, bleed, width, height)
    return Sheet(
        front=left if leftward else right,
        spine=Box(bleed + width, bleed, spine, height),
        back=right if leftward else left,
        bleed=bleed,
        safe=demands.safe * INCH,
        spine_margin=demands.spine_margin * INCH,
        barcode_margin=demands.barcode_margin * INCH,
        leftward=leftward,
    )


def spine_width(pages: int, caliper: float) -> float:
    """Give the breadth of a spine; a leaf has two pages, and the last may be blank."""
    return (pages + pages % 2) * caliper
