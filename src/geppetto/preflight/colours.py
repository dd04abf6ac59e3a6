"""What colours a print file has, how much ink that is, and whether anything shows through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pikepdf import Dictionary, Name, PdfError, PdfImage

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import Asked, listed
from geppetto.preflight.drawn import Drawn
from geppetto.preflight.families import CALLED, families
from geppetto.preflight.opened import Opened

OPAQUE = ("/Normal", "/Compatible")
MANY = 0.005
"""How far the sum of inks may exceed the limit, for the rounding of numbers."""


def transparency(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """What lets the ground show through, or is mixed with it; groups that could."""
    if not asked.demands.flattened:
        return
    pages: dict[str, list[int]] = defaultdict(list)
    for number, one in opened.numbered():
        for what in _transparent(one):
            if number not in pages[what]:
                pages[what].append(number)
    for number, page in enumerate(opened.pages, 1):
        if page.get("/Group", Dictionary()).get("/S") == Name.Transparency:
            pages["a group that is mixed with what is under it"].append(number)
    for what, numbers in pages.items():
        says = f"{listed(numbers)} {'has' if len(numbers) == 1 else 'have'} {what}."
        hint = "Flatten the file: write it as PDF/X-1a, or without transparency."
        yield Diagnostic("print-transparency", says, hint=hint)


def _transparent(one: Drawn) -> Iterator[str]:
    made = one.made
    if one.kind == "state":
        if any(float(made.get(key, 1)) < 1 for key in ("/ca", "/CA")):
            yield "something that the ground shows through"
        if isinstance(made.get("/SMask"), Dictionary):
            yield "a soft mask"
        mode = made.get("/BM", Name.Normal)
        if str(mode if isinstance(mode, Name) else mode[0]) not in OPAQUE:
            yield "colours that are mixed with the ground"
    elif one.kind == "image" and ("/SMask" in made or int(made.get("/SMaskInData", 0))):
        yield "a picture with soft edges"
    elif one.kind == "form" and made.get("/Group", Dictionary()).get("/S") == Name.Transparency:
        yield "a group that is mixed with what is under it"


def colours(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Colours of a family that the printer does not take, or colours where there is black ink alone."""
    taken = set(asked.demands.colours)
    if asked.grey:
        taken = {"grey"}
    pages: dict[str, list[int]] = defaultdict(list)
    for number, one in opened.numbered():
        for family in _families(one, grey=asked.grey) - taken:
            if number not in pages[family]:
                pages[family].append(number)
    for family, numbers in pages.items():
        says = f"{listed(numbers)} {'has' if len(numbers) == 1 else 'have'} {CALLED[family]}; "
        says += (
            "the book is printed with black ink."
            if asked.grey
            else f"{asked.store.name} takes {' and '.join(CALLED[one] for one in sorted(taken))}."
        )
        hint = (
            "Make the file with 'geppetto publish', or turn its colours in the program it is from."
        )
        if asked.grey:
            hint += " A book in colour says so in book.yaml: print: ink."
        yield Diagnostic("print-colour", says, hint=hint)


def _families(one: Drawn, *, grey: bool) -> set[str]:
    """Give the families of one thing; black ink alone is grey where there is no other."""
    if one.kind == "colour":
        is_black = one.what == "cmyk" and not any(one.numbers[:3])
        return {"grey"} if grey and is_black else {one.what}
    if one.kind == "space":
        return families(one.made)
    if one.kind == "inline" and not one.made.image_mask:
        known = {"/DeviceGray": "grey", "/DeviceRGB": "rgb", "/DeviceCMYK": "cmyk"}
        return {known.get(str(one.made.colorspace), "")} - {""}
    return set()


def inks(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """More layers of ink than the paper dries."""
    most = asked.demands.ink_max
    if most is None:
        return
    worst: dict[int, float] = {}
    for number, one in opened.numbered():
        held = _layers(one)
        if held > most + MANY and held > worst.get(number, 0):
            worst[number] = held
    if worst:
        number = max(worst, key=lambda one: worst[one])
        pages = [n for n in worst if n != number]
        more = f" ({listed(pages).lower()}, too)" if pages else ""
        says = (
            f"Page {number}: {worst[number] * 100:.0f} % of ink lies on one place; "
            f"{asked.store.name} prints {most * 100:.0f} % at most{more}."
        )
        hint = "Take darker black and less of the other inks; text is black ink alone."
        yield Diagnostic("print-ink", says, hint=hint)


def _layers(one: Drawn) -> float:
    if one.kind == "colour" and one.what == "cmyk":
        return sum(one.numbers)
    is_inked = one.kind == "image" and one.made.get("/ColorSpace") == Name.DeviceCMYK
    return _image_layers(one.made) if is_inked else 0.0


def _image_layers(image: Any) -> float:
    """Give the most ink on one place of a picture, by fours of dots: single ones do not count."""
    from PIL import ImageChops, ImageMath  # noqa: PLC0415 - few books have pictures in inks

    try:
        picture = PdfImage(image).as_pil_image()
    except (PdfError, OSError, ValueError, NotImplementedError):
        return 0.0
    if picture.mode != "CMYK":
        return 0.0
    # Pillow turns the inks of Adobe's JPEGs about; PDF says in Decode that they are.
    if "adobe" in picture.info and "/Decode" not in image:
        picture = ImageChops.invert(picture)
    cyan, magenta, yellow, black = picture.reduce(2).split()
    total = ImageMath.lambda_eval(
        lambda n: n["c"] + n["m"] + n["y"] + n["k"], c=cyan, m=magenta, y=yellow, k=black
    )
    return float(total.getextrema()[1]) / 255
