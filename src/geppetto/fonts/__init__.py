"""Finds the fonts that set a book: its faces, and others for what they lack.

Fonts are named by their files, so that LuaLaTeX never has to make its own list
of all the system's fonts, which takes it minutes where there are many.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fontTools import unicodedata as scripts

from geppetto.diagnostics import Diagnostic, Location
from geppetto.fonts.catalogue import Face, Font, face, installed, of_family, shapes
from geppetto.fonts.fallback import CJK, SIMPLE, choose, group_of, specification, visible
from geppetto.markedyaml import Marks
from geppetto.model.settings import PdfSettings

__all__ = ["Face", "FontPlan", "Renderer", "missing_glyph", "plan"]

Renderer = Literal["Basic", "Node", "HarfBuzz"]

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
# Debian's packages for a script; the rest of the scripts are in fonts-noto-core.
_SCRIPT_PACKAGES = {
    "Cjk": "fonts-noto-cjk (Noto Serif CJK)",
    "Emoji": "fonts-noto-color-emoji (Noto Color Emoji) or fonts-symbola (Symbola)",
    "Arab": "fonts-hosny-amiri (Amiri)",
    "Symbols": "fonts-dejavu (DejaVu Serif) or fonts-symbola (Symbola)",
}
# What TeX Gyre Pagella sets by itself, and the signs that nearly every face has.
_OWN = frozenset({"Latn", "Symbols"})
_FAMILY_PACKAGES = (
    ("TeX Gyre", "Math", "fonts-texgyre-math"),
    ("TeX Gyre", "", "fonts-texgyre"),
    ("Latin Modern", "", "lmodern"),
    ("DejaVu", "", "fonts-dejavu"),
    ("Noto", "CJK", "fonts-noto-cjk"),
    ("Noto", "", "fonts-noto-core"),
    ("Libertinus", "", "texlive-fonts-extra"),
    ("EB Garamond", "", "fonts-ebgaramond"),
    ("Amiri", "", "fonts-hosny-amiri"),
)


@dataclass(frozen=True)
class FontPlan:
    """Which fonts set the book.

    `roman`, `mono` and `math` are families as book.yaml names them; their faces
    are absent where they are not installed (then `plan` has given an error).
    The fallbacks are luaotfload's specifications of fonts, for its `add_fallback`
    in this order: one list for upright and italic, one as long for bold, one for
    code. `emoji` is the font that sets emoji by themselves, so that those which
    are one picture together are joined. `missing` are the characters that no installed font holds.
    """

    roman: str
    mono: str
    math: str
    renderer: Renderer = "Basic"
    mono_renderer: Renderer = "Basic"
    roman_face: Face | None = None
    mono_face: Face | None = None
    math_face: Face | None = None
    fallbacks: tuple[str, ...] = ()
    bold_fallbacks: tuple[str, ...] = ()
    mono_fallbacks: tuple[str, ...] = ()
    emoji: Face | None = None
    rtl: bool = False
    cjk: bool = False
    missing: tuple[str, ...] = ()


def plan(  # noqa: PLR0913 - the three kinds of text are set by three faces
    settings: PdfSettings,
    text: Iterable[str],
    languages: Sequence[str] = (),
    *,
    code: Iterable[str] = (),
    math: Iterable[str] = (),
    marks: Marks | None = None,
) -> tuple[FontPlan, list[Diagnostic]]:
    """Choose the fonts for a book's characters.

    `text` holds the characters of running text, `code` those of code, `math`
    those of formulas, in any order and number. `languages` are BCP 47 tags, the
    book's own first: they decide between Chinese and Japanese shapes. A
    character that no font holds is in the plan's `missing`; `marks` tell where
    book.yaml names the faces; `missing_glyph`
    makes its diagnostic, for the caller knows where it stands.
    """
    catalogue = installed()
    names = (settings.font, settings.mono_font, settings.math_font)
    families = [of_family(catalogue, name) for name in names]
    roman, mono, mathematical = (shapes(fonts) for fonts in families)
    faces = {n: face(fonts, n) for n, fonts in zip(names, families, strict=True)}
    plain, coded, formulas = visible(text), visible(code), visible(math)
    wanted, wanted_code = _lacking(plain, roman), _lacking(coded, mono)
    choices = choose(catalogue, wanted, settings.font, languages)
    code_choices = choose(catalogue, wanted_code, settings.mono_font, languages, mono=True)
    found = frozenset[str]().union(*(c.characters for c in (*choices, *code_choices)))
    # A formula's \text is set in the text face.
    lost = _lacking(plain, roman[:1]) | _lacking(coded, mono[:1])
    lost |= _lacking(formulas - plain, mathematical[:1], roman[:1])
    specifications = dict.fromkeys(
        (specification(c.font, c.group), specification(c.bold, c.group)) for c in choices
    )
    result = FontPlan(
        roman=settings.font,
        mono=settings.mono_font,
        math=settings.math_font,
        renderer=_renderer(plain, fallen_back=bool(choices), lacking=_lacking(plain, roman[:1])),
        mono_renderer=_renderer(
            coded, fallen_back=bool(code_choices), lacking=_lacking(coded, mono[:1])
        ),
        roman_face=faces[settings.font],
        mono_face=faces[settings.mono_font],
        math_face=faces[settings.math_font],
        fallbacks=tuple(upright for upright, _ in specifications),
        bold_fallbacks=tuple(bold for _, bold in specifications),
        mono_fallbacks=tuple(dict.fromkeys(specification(c.font, c.group) for c in code_choices)),
        emoji=next((_alone(c.font) for c in choices if c.group == "Emoji"), None),
        rtl=any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in plain | coded),
        cjk=any(scripts.script(c) in CJK for c in plain),
        missing=tuple(sorted(lost - found)),
    )
    keys = dict(zip(names, ("font", "mono-font", "math-font"), strict=True))
    absent = [name for name, one in faces.items() if one is None]
    places = ((marks or Marks()).value("pdf", keys[name]) for name in absent)
    return result, [_font_missing(*one, catalogue) for one in zip(absent, places, strict=True)]


def missing_glyph(character: str, location: Location | None = None) -> Diagnostic:
    """Say that no installed font holds a character, and which package would bring one."""
    name = unicodedata.name(character, "a character without a name")
    package = _package(group_of(character))
    return Diagnostic(
        "glyph-missing",
        f"No installed font has a glyph for {character} (U+{ord(character):04X} {name}).",
        location,
        f"Install a font that has it; in Debian: {package}. Or write something else.",
    )


def packages(text: str) -> list[str]:
    """Name Debian's packages with fonts for the scripts of a text that the text face has not."""
    groups = {group_of(character) for character in visible(text)} - _OWN
    return sorted({_package(group).split()[0] for group in groups})


def _package(group: str) -> str:
    return _SCRIPT_PACKAGES.get(group, "fonts-noto-core (Noto)")


def _alone(font: Font) -> Face:
    """Give a face that has one shape."""
    return Face(font.families[0], Path(font.path), index=font.index)


def _lacking(characters: frozenset[str], *faces: Sequence[Font | None]) -> frozenset[str]:
    """Give what none of the faces holds in all of its shapes.

    A face that is not installed lacks nothing: that is an error by itself.
    """
    if not all(faces):
        return frozenset()
    held = (
        frozenset.intersection(*(font.covered(characters) for font in face if font))
        for face in faces
    )
    return characters - frozenset[str]().union(*held)


def _renderer(
    characters: frozenset[str], *, fallen_back: bool, lacking: frozenset[str]
) -> Renderer:
    """Choose luaotfload's mode for a face: what it sets itself, and whether others help it."""
    own = {scripts.script(c) for c in characters - lacking}
    if not own <= SIMPLE | CJK:
        return "HarfBuzz"
    marks = any(unicodedata.category(c) == "Mn" for c in characters)
    return "Node" if fallen_back or marks or own & CJK else "Basic"


def _font_missing(family: str, place: Location, catalogue: Iterable[Font]) -> Diagnostic:
    names = sorted({name for font in catalogue for name in font.families})
    near = difflib.get_close_matches(family, names, n=3, cutoff=0.6)
    package = next(
        (p for start, part, p in _FAMILY_PACKAGES if family.startswith(start) and part in family),
        None,
    )
    hints = [f"Did you mean {' or '.join(near)}?"] if near else []
    hints += [f"In Debian the package {package} has it."] if package else []
    return Diagnostic(
        "font-missing",
        f"The font '{family}' is not installed.",
        place,
        " ".join(hints) or "Install it, or name another under pdf: in book.yaml.",
    )
