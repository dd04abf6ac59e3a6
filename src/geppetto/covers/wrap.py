"""The printed sheet, front, spine and back: what the templates are given."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.covers import back, faces, panel, plate, spine
from geppetto.covers.back import Back, Frame
from geppetto.covers.front import Front, draw
from geppetto.covers.geometry import INCH, Box, Sheet
from geppetto.covers.order import Order
from geppetto.covers.panel import MARGIN
from geppetto.covers.picture import Cut
from geppetto.covers.spine import Lettered, Zones
from geppetto.covers.texts import Texts

UNDER_STRINGS = 0.175  # of the height: where the back's text begins below the strings
FROM_EDGE = 0.46 * INCH  # how far the back's label of `plate` is from the board's edges
PADDING = 0.36 * INCH
LABEL_TOP, LONG = 0.155, 700  # of the height; a blurb of more letters begins higher


@dataclass(frozen=True)
class Wrap:
    """A sheet as its template draws it, and what there is to say of it.

    `cut` names the texts that were too long; `bare` tells that the spine could
    bear no text; `missing` are the letters that no font has.
    """

    values: dict[str, object]
    cut: tuple[str, ...]
    bare: bool
    missing: frozenset[str]


@dataclass(frozen=True)
class Wanted:
    """What of a sheet the printer decides: its spine may bear text; an area is kept for it."""

    spine_text: bool
    reserved: Box | None = None


def compose(order: Order, sheet: Sheet, wanted: Wanted, picture: Cut | None = None) -> Wrap:
    """Lay out a whole sheet in a design, or about the author's picture."""
    texts = order.texts
    front = _pictured(texts, sheet, picture) if picture else draw(order, panel.of_sheet(sheet))
    frame = _frame(front, sheet, len("".join(texts.blurb)))
    families = faces.PLAIN if front.design == "field" else faces.SERIF
    behind = back.set_out(order, sheet, frame, wanted.reserved, families)
    lettered = _spine(order, sheet, front) if wanted.spine_text else Lettered()
    values = front.values | {
        "sheet": sheet,
        "unit": panel.scale(sheet),
        "back": behind,
        "back_label": _back_label(sheet, frame, behind) if front.design == "plate" else None,
        "spine_words": lettered.words,
        "colours": _colours(front),
    }
    cut = (*front.cut, *(["blurb"] if behind.cut else []), *(f"spine's {n}" for n in lettered.cut))
    return Wrap(values, cut, not lettered.words, _missing(front, behind, lettered))


def _pictured(texts: Texts, sheet: Sheet, picture: Cut) -> Front:
    shape = panel.of_sheet(sheet)
    edges, unit = shape.edges, panel.scale(sheet)
    bleed = sheet.bleed / unit
    values: dict[str, object] = {
        "design": "picture",
        "width": panel.WIDTH,
        "height": shape.height,
        "margin": MARGIN,
        "edges": edges,
        "palette": picture.palette,
        "picture": picture.uri,
        "pictured": Box(
            -bleed if texts.leftward else 0, -bleed, panel.WIDTH + bleed, shape.height + 2 * bleed
        ),
        "direction": texts.direction,
        "lang": texts.lang,
        "slanted": texts.slanted,
    }
    return Front("picture", picture.palette, values, (), ())


def picture_shape(sheet: Sheet) -> tuple[float, float]:
    """Give the width and height in points of a picture on the front, bleed included."""
    return sheet.front.width + sheet.bleed, sheet.front.height + 2 * sheet.bleed


def _frame(front: Front, sheet: Sheet, letters: int) -> Frame:
    """Give where the back's texts stand."""
    margin = max(MARGIN * panel.scale(sheet), sheet.safe)
    inner = sheet.back.inset(margin)
    if front.design == "plate":
        text = _on_board(sheet, letters)
        left, right = text.x - _padding(sheet), text.right + _padding(sheet)
        foot = Box(left, inner.y, right - left, sheet.back.bottom - FROM_EDGE - inner.y)
        return Frame(text, foot, follows=True, around=_padding(sheet))
    if front.design == "field":
        horizon = sheet.front.y + _number(front.values["horizon"]) * panel.scale(sheet)
        height = horizon - 0.35 * INCH - inner.y
        return Frame(Box(inner.x, inner.y, inner.width, height), inner)
    top = inner.y
    if front.design == "strings":
        top = sheet.back.y + UNDER_STRINGS * sheet.back.height
    return Frame(Box(inner.x, top, inner.width, inner.bottom - top), inner)


def _on_board(sheet: Sheet, letters: int) -> Box:
    """Give where text stands on the back's label: the spine's cloth makes its board narrower."""
    back, cloth = sheet.back, plate.CLOTH * panel.scale(sheet)
    x = back.x + (cloth if sheet.leftward else 0) + FROM_EDGE
    top = FROM_EDGE if letters > LONG else LABEL_TOP * back.height
    label = Box(x, back.y + top, back.width - cloth - 2 * FROM_EDGE, back.height - top - FROM_EDGE)
    return label.inset(_padding(sheet))


def _padding(sheet: Sheet) -> float:
    return PADDING * sheet.back.width / (6 * INCH)


def _back_label(sheet: Sheet, frame: Frame, behind: Back) -> Box | None:
    """Give the label on the back, as high as what stands on it."""
    placed = [*behind.paragraphs, *([behind.publisher] if behind.publisher else [])]
    if not placed:
        return None
    around, box = _padding(sheet), frame.blurb
    height = placed[-1].bottom - box.y + 1.9 * around
    return Box(box.x - around, box.y - around, box.width + 2 * around, height)


def _spine(order: Order, sheet: Sheet, front: Front) -> Lettered:
    texts, typecase = order.texts, order.typecase
    words = f"{texts.title} {texts.author}"
    if front.design != "field":
        face = faces.choose(typecase, faces.SERIF, words + "中")
        return spine.letter(texts, sheet, face)
    bold = faces.choose(typecase, faces.SANS, words + "中", bold=True)
    horizon = sheet.front.y + _number(front.values["horizon"]) * panel.scale(sheet)
    zones = Zones(
        (sheet.spine.y + spine.END, horizon - spine.GAP),
        (horizon + spine.GAP, sheet.spine.bottom - spine.END),
    )
    return spine.letter(texts, sheet, bold, zones)


def _colours(front: Front) -> dict[str, str]:
    """Give the colours of the texts on spine and back."""
    colours = front.palette
    plain = {
        "blurb": colours.text,
        "publisher": colours.text,
        "title": colours.text,
        "author": colours.quiet,
    }
    if front.design == "field":
        return plain | {"publisher": colours.on_accent, "author": colours.on_accent}
    if front.design == "plate":
        inked = {"blurb": colours.ink, "publisher": colours.ink}
        return inked | {"title": colours.paper, "author": colours.paper}
    return plain


def _missing(front: Front, behind: Back, lettered: Lettered) -> frozenset[str]:
    used = [*front.faces, *(p.face for p in behind.paragraphs), *(w.face for w in lettered.words)]
    used += [behind.publisher.face] if behind.publisher else []
    return frozenset[str]().union(*(face.ruler.missing for face in used if face.ruler))


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)
