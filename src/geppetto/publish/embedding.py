"""The fonts of a finished PDF or EPUB: all embedded, and by their makers' leave.

Knows pikepdf. A PDF holds parts of fonts, which do not say what is allowed: the
installed font of that name is asked. The fonts that TeX has made itself (Type 1)
say nothing of it at all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from geppetto.diagnostics import Diagnostic
from geppetto.fonts import permission
from geppetto.fonts.permission import Permission
from geppetto.publish import opf

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_FONT_SUFFIXES = (".otf", ".ttf", ".woff", ".woff2")


@dataclass(frozen=True)
class Used:
    """A font of a finished file: its name, whether it is within, and what it allows."""

    name: str
    embedded: bool
    allows: Permission


def of_pdf(file: Path) -> list[Used]:
    """Give the fonts of a PDF, each once."""
    with pikepdf.open(file) as document:
        every: dict[str, bool] = {}
        for name, held in _in_pdf(document):
            every[name] = held and every.get(name, True)
    return [Used(name, held, permission.named(name)) for name, held in sorted(every.items())]


def silent(used: Iterable[Used]) -> list[str]:
    """Give the names of the fonts of which it is not known what they allow."""
    return sorted({font.name for font in used if font.allows is Permission.UNKNOWN})


def _in_pdf(document: pikepdf.Pdf) -> Iterator[tuple[str, bool]]:
    """Give names of fonts, and whether they are embedded (ISO 32000-2, 9.6 to 9.9)."""
    for item in document.objects:
        if not isinstance(item, Dictionary) or item.get("/Type") != Name.Font:
            continue
        if item.get("/Subtype") == Name.Type3:  # its letters are drawings in the file
            continue
        name = permission.whole(str(item.get("/BaseFont", "/?"))[1:])
        described: Any = item
        if item.get("/Subtype") == Name.Type0:
            descendants = item.get("/DescendantFonts", Array())
            described = descendants[0] if len(descendants) else item
        descriptor = described.get("/FontDescriptor")
        yield name, descriptor is not None and any(key in descriptor for key in _FILES)


def of_epub(file: Path) -> list[Used]:
    """Give the fonts that an EPUB carries."""
    names = [i.path for i in opf.read(file).items if i.path.lower().endswith(_FONT_SUFFIXES)]
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in sorted(names)}
    return [
        Used(name, embedded=True, allows=permission.permission(io.BytesIO(data)))
        for name, data in held.items()
    ]


def faults(file: str, used: Iterable[Used]) -> list[Diagnostic]:
    """Say which fonts are not embedded, may not be, or do not say whether they may."""
    found = []
    for font in used:
        if not font.embedded:
            says = f"The font {font.name} is not embedded in {file}."
            hint = "Another machine would set other letters: choose a font that is a file."
            found.append(Diagnostic("font-absent", says, hint=hint))
        elif font.allows is Permission.FORBIDDEN:
            says = (
                f"The maker of the font {font.name}, in {file}, does not allow that it is embedded."
            )
            hint = "Choose another font in book.yaml, or ask its maker for a licence, and a file that says so."
            found.append(Diagnostic("font-forbidden", says, hint=hint))
    return found
