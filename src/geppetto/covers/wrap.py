"""The printed sheet, front, spine and back: what the templates are given."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.covers import back, faces, panel, plate, spine
from geppetto.covers.back import Back, Frame
from geppetto.covers.front import Front, draw
from geppetto.covers.geometry import INCH, Box, Sheet
from geppetto.covers.panel import MARGIN
from geppetto.covers.picture import Cut
from geppetto.covers.spine import Lettered, Zones
from geppetto.covers.texts import Texts

SANS_TEXT = ("TeX Gyre Heros", "Noto Sans", "DejaVu Sans")
UNDER_STRINGS = 0.175  # of the height: where the back's text begins below the strings
FROM_EDGE = 0.42 * INCH  # how far the back's label of `plate` is from the board's edges
PADDING = 0.36 * INCH


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


def compose(  # noqa: PLR0913 - the book's words, its look, the printer's demands
    texts: Texts,
    sheet: Sheet,
    design: str,
    seed: bytes,
    typecase: faces.Typecase,
    wanted: Wanted,
    picture: Cut | None = None,
) -> Wrap:
    """Lay out a whole sheet in a design, or about the author's picture."""
    front = (
        _pictured(texts, sheet, picture)
        if picture
        else _drawn(texts, sheet, design, seed, typecase)
    )
    frame, label = _frame(front, sheet)
    families = SANS_TEXT if front.design == "field" else faces.SERIF
    behind = back.set_out(texts, sheet, frame, wanted.reserved, typecase, families)
    lettered = Lettered()
    if wanted.spine_text:
        lettered = _spine(texts, sheet, front, typecase)
    values = front.values | {
        "sheet": sheet,
        "unit": panel.scale(sheet),
        "back": behind,
        "back_label": label,
        "spine_words": lettered.words,
        "colours": _colours(front),
    }
    cut = (*front.cut, *(["blurb"] if behind.cut else []), *(f"spine's {n}" for n in lettered.cut))
    return Wrap(values, cut, not lettered.words, _missing(front, behind, lettered))


def _drawn(texts: Texts, sheet: Sheet, design: str, seed: bytes, typecase: faces.Typecase) -> Front:
    return draw(texts, panel.of_sheet(sheet), design, seed, typecase)


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
    }
    return Front("picture", picture.palette, values, (), ())


def picture_shape(sheet: Sheet) -> tuple[float, float]:
    """Give the width and height in points of a picture on the front, bleed included."""
    return sheet.front.width + sheet.bleed, sheet.front.height + 2 * sheet.bleed


def _frame(front: Front, sheet: Sheet) -> tuple[Frame, Box | None]:
    """Give where the back's texts stand, and the label that is under them."""
    margin = max(MARGIN * panel.scale(sheet), sheet.safe)
    inner = sheet.back.inset(margin)
    if front.design == "plate":
        label = _back_label(sheet)
        inner = label.inset(PADDING * sheet.back.width / (6 * INCH))
        return Frame(inner, inner), label
    if front.design == "field":
        horizon = sheet.front.y + _number(front.values["horizon"]) * panel.scale(sheet)
        height = horizon - 0.35 * INCH - inner.y
        return Frame(Box(inner.x, inner.y, inner.width, height), inner), None
    top = inner.y
    if front.design == "strings":
        top = sheet.back.y + UNDER_STRINGS * sheet.back.height
    return Frame(Box(inner.x, top, inner.width, inner.bottom - top), inner), None


def _back_label(sheet: Sheet) -> Box:
    """Give the label on the back's board, which the spine's cloth makes narrower."""
    cloth = plate.CLOTH * panel.scale(sheet)
    back = sheet.back
    x = back.x + (cloth if sheet.leftward else 0) + FROM_EDGE
    width = back.width - cloth - 2 * FROM_EDGE
    return Box(x, back.y + FROM_EDGE, width, back.height - 2 * FROM_EDGE)


def _spine(texts: Texts, sheet: Sheet, front: Front, typecase: faces.Typecase) -> Lettered:
    words = f"{texts.title} {texts.author}"
    if front.design != "field":
        face = faces.choose(typecase, faces.SERIF, words + "中")
        return spine.letter(texts, sheet, face, face)
    bold = faces.choose(typecase, faces.SANS, words + "中", bold=True)
    horizon = sheet.front.y + _number(front.values["horizon"]) * panel.scale(sheet)
    zones = Zones(
        (sheet.spine.y + spine.END, horizon - spine.GAP),
        (horizon + spine.GAP, sheet.spine.bottom - spine.END),
    )
    return spine.letter(texts, sheet, bold, bold, zones)


def _colours(front: Front) -> dict[str, str]:
    """Give the colours of the texts on spine and back."""
    colours = front.palette
    plain = {
        "blurb": colours.text,
        "publisher": colours.quiet,
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
