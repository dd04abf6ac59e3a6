"""A proof of a printed sheet: the sheet, and over it where it is cut and folded, with measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geppetto.covers.geometry import INCH, Box, Sheet

AROUND = 62.0  # points of paper around the sheet
SMALL = 8.0
MILLIMETRE = INCH / 25.4


@dataclass(frozen=True)
class Rule:
    """A line of the proof: `kind` is trim, fold or safe."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Measure:
    """A length along the proof's edge, from one place to another, and what it says."""

    across: bool
    start: float
    end: float
    at: float
    says: str
    beside: bool = False


@dataclass(frozen=True)
class Proof:
    """What the template draws over and around a sheet; `areas` are boxes of kind safe or barcode."""

    paper: Box
    x: float
    y: float
    rules: tuple[Rule, ...]
    areas: tuple[tuple[str, Box], ...]
    measures: tuple[Measure, ...]


def of(sheet: Sheet, barcode: Box | None) -> Proof:
    """Measure a sheet."""
    whole = sheet.whole
    areas = [("safe", sheet.front.inset(sheet.safe)), ("safe", sheet.back.inset(sheet.safe))]
    if sheet.spine.width > 2 * sheet.spine_margin + 1:
        areas.append(("safe", sheet.spine.inset(sheet.spine_margin, above=sheet.safe)))
    if barcode is not None:
        areas.append(("barcode", barcode))
    return Proof(
        Box(0, 0, whole.width + 2 * AROUND, whole.height + 2 * AROUND),
        AROUND,
        AROUND,
        tuple(_rules(sheet)),
        tuple(areas),
        tuple(_measures(sheet)),
    )


def _rules(sheet: Sheet) -> Iterator[Rule]:
    trim, whole, over = sheet.trim, sheet.whole, 12.0
    for y in (trim.y, trim.bottom):
        yield Rule("trim", -over, y, whole.width + over, y)
    for x in (trim.x, trim.right):
        yield Rule("trim", x, -over, x, whole.height + over)
    for x in sheet.folds:
        yield Rule("fold", x, -over, x, whole.height + over)


def _measures(sheet: Sheet) -> Iterator[Measure]:
    whole, trim, spine = sheet.whole, sheet.trim, sheet.spine
    for panel in (sheet.back, sheet.front):
        yield Measure(True, panel.x, panel.right, -20, said(panel.width))
    yield Measure(True, spine.x, spine.right, -20, said(spine.width), beside=True)
    yield Measure(True, 0, whole.width, -42, said(whole.width))
    yield Measure(False, trim.y, trim.bottom, -20, said(trim.height))
    yield Measure(False, 0, whole.height, -42, said(whole.height))


def said(points: float) -> str:
    """Say a length in inches and millimetres."""
    return f"{points / INCH:.3f} in · {points / MILLIMETRE:.2f} mm"
