"""Whether the letters of a print file are in it, as outlines that a printer takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Dictionary, Name

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import Asked, listed
from geppetto.preflight.opened import Opened

FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def fonts(opened: Opened, _: Asked) -> Iterator[Diagnostic]:
    """Fonts that are not embedded, and those whose letters are small drawings (Type 3)."""
    absent: dict[str, list[int]] = {}
    drawn: dict[str, list[int]] = {}
    for number, one in opened.numbered():
        if one.kind != "font":
            continue
        name = str(one.made.get("/BaseFont", one.made.get("/Name", "/without a name"))).lstrip("/")
        if one.made.get("/Subtype") == Name.Type3:
            drawn.setdefault(name, []).append(number)
        elif not is_embedded(one.made):
            absent.setdefault(name, []).append(number)
    for name, pages in absent.items():
        says = f"{listed(_once(pages))}: the font {name} is not in the file."
        hint = "Embed it: where the page or a drawing on it was made, save with all fonts embedded."
        yield Diagnostic("print-font", says, hint=hint)
    for name, pages in drawn.items():
        says = (
            f"{listed(_once(pages))}: the font {name} is of Type 3, drawings instead of outlines."
        )
        hint = "Save the drawing with TrueType or OpenType fonts (in Matplotlib: pdf.fonttype 42), or as SVG."
        yield Diagnostic("print-font-drawn", says, hint=hint)


def _once(pages: list[int]) -> list[int]:
    return list(dict.fromkeys(pages))


def is_embedded(font: Any) -> bool:
    """Tell whether a font's outlines are in the file."""
    held = font.get("/DescendantFonts")
    real = held[0] if held is not None and len(held) else font
    if not isinstance(real, Dictionary):
        return False
    descriptor = real.get("/FontDescriptor", Dictionary())
    return any(key in descriptor for key in FILES)
