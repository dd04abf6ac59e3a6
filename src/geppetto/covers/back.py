"""The back of a printed book: the blurb, the publisher's name, the barcode or its place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from geppetto.covers import barcode, faces
from geppetto.covers.geometry import INCH, Box, Sheet
from geppetto.covers.lettering import Sizes, one_line, paragraph
from geppetto.covers.order import Order
from geppetto.covers.panel import Placed, place

LARGEST, SMALLEST = 13.0, 7.8  # points on a page of six inches; in any book
STEP = 0.2
LEADING = 1.46
BETWEEN = 0.55  # the blank between paragraphs, of a line
FOLLOWING = 42.0  # from the blurb's end to that of a name below it
GAP = 0.3 * INCH  # between the blurb and what stands at the foot
BOX = (41.3 / 25.4 * INCH, 32 / 25.4 * INCH)  # the white on which the barcode stands


@dataclass(frozen=True)
class Frame:
    """Where a design lets the back's texts stand: the blurb, and what stands at the foot.

    `follows`: the publisher's name stands below the blurb's end, in its middle;
    `around` is the blank below both.
    """

    blurb: Box
    foot: Box
    follows: bool = False
    around: float = 0


@dataclass(frozen=True)
class Symbol:
    """A barcode in its white box: where its quiet zone begins, and its drawing, in points.

    `said` is the ISBN above it; `figures` the face of the digits.
    """

    box: Box
    x: float
    y: float
    module: float
    code: barcode.Barcode
    figures: faces.Face
    said: Placed


@dataclass(frozen=True)
class Back:
    """What stands on the back; `reserved` is kept for the printer's own barcode."""

    paragraphs: tuple[Placed, ...]
    publisher: Placed | None
    symbol: Symbol | None
    reserved: Box | None
    left: float
    right: float
    cut: bool


def set_out(
    order: Order, sheet: Sheet, frame: Frame, reserved: Box | None, families: Sequence[str]
) -> Back:
    """Set the back's texts within a frame; `reserved` is the printer's, where it wants one."""
    texts, typecase = order.texts, order.typecase
    foot = frame.foot
    symbol = _symbol(texts.isbn, sheet, foot, typecase) if texts.isbn else None
    kept = symbol.box if symbol else reserved
    name = _publisher(texts.publisher, foot, kept, typecase, families)
    box = frame.blurb
    lowest = [box.bottom, *([kept.y - GAP - frame.around] if kept else [])]
    if name:
        lowest.append(min(lowest) - FOLLOWING if frame.follows else name.top - GAP)
    face = faces.choose(typecase, families, "\n".join(texts.blurb) or "x")
    largest = LARGEST * min(1.25, sheet.back.width / (6 * INCH))
    placed, cut = _blurb(texts.blurb, box, min(lowest) - box.y, largest, face)
    if name and frame.follows:
        end = placed[-1].bottom if placed else box.y - FOLLOWING + name.size
        name = replace(name, top=end + FOLLOWING - name.leading)
    return Back(placed, name, symbol, None if symbol else reserved, box.x, box.right, cut)


def _publisher(
    text: str,
    foot: Box,
    kept: Box | None,
    typecase: faces.Typecase,
    families: Sequence[str],
) -> Placed | None:
    if not text:
        return None
    face = faces.choose(typecase, families, text)
    room = (kept.x - GAP / 2 if kept else foot.right) - foot.x
    made = one_line(text, room, Sizes(10.5, 6.5, 1.25), face.width)
    return place(made, foot.bottom - made.size, face)


def _symbol(isbn: str, sheet: Sheet, foot: Box, typecase: faces.Typecase) -> Symbol:
    """Put the barcode at the foot's right, and as far from spine and edges as it must be."""
    width, height = BOX
    right = min(foot.right, sheet.back.right - sheet.barcode_margin)
    bottom = min(foot.bottom, sheet.back.bottom - sheet.barcode_margin)
    box = Box(right - width, bottom - height, width, height)
    face = faces.choose(typecase, faces.PLAIN, f"ISBN {isbn}")
    breadth, tall = barcode.WIDTH * barcode.MODULE, barcode.HEIGHT * barcode.MODULE
    x = box.x + (width - breadth) / 2
    y = box.bottom - tall - (height - tall) * 0.2
    said = one_line(
        f"ISBN {isbn}", barcode.MODULES * barcode.MODULE, Sizes(8.4, 5, 1.2), face.width
    )
    placed = place(said, y - said.size * 0.98, face)
    return Symbol(box, x, y, barcode.MODULE, barcode.make(isbn), face, placed)


def _blurb(
    texts: Sequence[str], box: Box, height: float, largest: float, face: faces.Face
) -> tuple[tuple[Placed, ...], bool]:
    """Set the paragraphs in the largest size in which they fit; cut what does not fit at all."""

    def broken(step: int) -> list[tuple[str, ...]]:
        return [paragraph(text, box.width, largest - step * STEP, face.width) for text in texts]

    def fits(step: int) -> bool:
        return _height(broken(step), largest - step * STEP) <= height

    steps = range(max(0, int((largest - SMALLEST) / STEP)) + 1)
    step = bisect_left(steps, True, key=fits)
    if step < len(steps):
        return _placed(broken(step), box.y, largest - step * STEP, face), False
    set_text = [paragraph(text, box.width, SMALLEST, face.width) for text in texts]
    fitting = _cut(set_text, height, lambda line: face.width(line, SMALLEST) <= box.width)
    return _placed(fitting, box.y, SMALLEST, face), fitting != set_text


def _height(texts: Sequence[tuple[str, ...]], size: float) -> float:
    lines = sum(map(len, texts))
    return size * LEADING * (lines + BETWEEN * max(len(texts) - 1, 0))


def _placed(
    texts: Sequence[tuple[str, ...]], top: float, size: float, face: faces.Face
) -> tuple[Placed, ...]:
    placed, leading = [], size * LEADING
    for lines in texts:
        placed.append(Placed(lines, size, leading, top, face, cut=False))
        top += leading * (len(lines) + BETWEEN)
    return tuple(placed)


def _cut(
    texts: Sequence[tuple[str, ...]], height: float, fits: Callable[[str], bool]
) -> list[tuple[str, ...]]:
    """Take lines from the end till the rest fits, and end it with an ellipsis."""
    left = [list(lines) for lines in texts]
    if _height(texts, SMALLEST) <= height:
        return list(texts)
    while left and _height([tuple(lines) for lines in left], SMALLEST) > height:
        left[-1].pop()
        left = [lines for lines in left if lines]
    if left:
        words = left[-1][-1]
        while words and not fits(f"{words} …"):
            words = words.rpartition(" ")[0] or words[:-1]
        left[-1][-1] = f"{words} …"
    return [tuple(lines) for lines in left]
