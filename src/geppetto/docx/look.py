"""What the templates of the DOCX are given: its faces, its languages, its page."""

from __future__ import annotations

from dataclasses import dataclass

import geppetto
from geppetto import titlepage
from geppetto.docx.page import Page, lay_out
from geppetto.model.settings import PdfSettings, Settings
from geppetto.terms import direction, terms

# Faces of the same cut that Word brings along (Microsoft, "Font list Windows 11", 2026).
ALTERNATIVES = {
    "TeX Gyre Pagella": "Palatino Linotype",
    "TeX Gyre Termes": "Times New Roman",
    "TeX Gyre Bonum": "Bookman Old Style",
    "TeX Gyre Schola": "Century Schoolbook",
    "TeX Gyre Heros": "Arial",
    "EB Garamond": "Garamond",
    "Libertinus Serif": "Cambria",
    "DejaVu Sans Mono": "Consolas",
    "TeX Gyre Cursor": "Courier New",
}
TABLE = 0.9
"""The size of a table's letters, in parts of the text's: the style Table Text has it, too."""
EAST_ASIAN = {"zh": "SimSun", "ja": "Yu Mincho", "ko": "Batang"}


@dataclass(frozen=True)
class Face:
    """The faces, by their names, and their size in half points; `line` is in 240ths."""

    text: str
    mono: str
    size: float
    line: int
    east_asian: str
    complex: str = "Times New Roman"

    @property
    def text_alternative(self) -> str | None:
        """The face that stands for the text's where that is not installed."""
        return ALTERNATIVES.get(self.text)

    @property
    def mono_alternative(self) -> str | None:
        """The face that stands for code's where that is not installed."""
        return ALTERNATIVES.get(self.mono)


@dataclass(frozen=True)
class Languages:
    """A language for each of the kinds of script that Word tells apart."""

    latin: str
    east_asian: str
    complex: str
    rtl: bool


def tag(lang: str) -> str:
    """Spell a language for Word: without the subtags of BCP 47 that it does not know."""
    base, *rest = lang.split("-")
    scripts = {"hans": "CN", "hant": "TW"} if base.lower() == "zh" else {}
    region = next((one for one in rest if len(one) == 2 or one.isdecimal()), None)
    script = next((scripts[one.lower()] for one in rest if one.lower() in scripts), None)
    place = region or script
    return f"{base.lower()}-{place.upper()}" if place else base.lower()


def is_east_asian(lang: str) -> bool:
    """Tell whether Word takes a language for East Asian."""
    return lang.split("-", maxsplit=1)[0].lower() in EAST_ASIAN


def languages(lang: str) -> Languages:
    """Give a document's languages: its own for its script, common ones for the others."""
    rtl = direction(lang) == "rtl"
    east = is_east_asian(lang)
    own = tag(lang)
    latin = "en-US" if rtl or east else own
    return Languages(latin, own if east else "zh-CN", own if rtl else "ar-SA", rtl)


def face(pdf: PdfSettings, lang: str) -> Face:
    """Give the faces of a book's DOCX: those of its PDF."""
    size = 2 * float(pdf.fontsize.removesuffix("pt"))
    line = round(240 * pdf.line_stretch)
    east = EAST_ASIAN.get(lang.split("-", maxsplit=1)[0].lower(), "SimSun")
    return Face(pdf.font, pdf.mono_font, size, line, east)


def values(settings: Settings) -> dict[str, object]:
    """Give what every template may name."""
    page: Page = lay_out(settings.pdf)
    return {
        "book": settings,
        "page": page,
        "face": face(settings.pdf, settings.lang),
        "lang": languages(settings.lang),
        "words": terms(settings.lang),
        "indent": round(1.4 * 10 * face(settings.pdf, settings.lang).size),
        "authors": titlepage.authors(settings),
        "contributors": titlepage.contributors(settings),
        "version": geppetto.__version__,
    }
