"""Measures words as installed fonts set them: how wide they are, how far up and down they reach.

Letter by letter, without kerning and joining, which only make words narrower.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.ttLib import TTFont, TTLibError

from geppetto.fonts.catalogue import BOLD, REGULAR, Font, installed, of_family, shape
from geppetto.fonts.fallback import choose, visible

_NONE = {"Mn", "Me", "Cf"}  # what stands over another letter, or is not seen
_WIDE, _OTHER = 1.0, 0.62  # of the size, where no font tells
_REACH = (-0.25, 0.8)


@dataclass(frozen=True)
class Ruler:
    """Measures in the first of its fonts that holds a character; all in sizes of the type.

    `families` are the fonts' names, in that order; `missing` what none of them holds.
    """

    families: tuple[str, ...]
    fonts: tuple[Font, ...]
    missing: frozenset[str] = frozenset()
    _known: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def width(self, text: str) -> float:
        """Tell how wide a text is."""
        return sum(map(self._kept, unicodedata.normalize("NFC", text)))

    def _kept(self, character: str) -> float:
        if character not in self._known:
            self._known[character] = self._advance(character)
        return self._known[character]

    def reach(self, text: str) -> tuple[float, float]:
        """Tell how far a text reaches below the line (less than 0) and above it."""
        spans = [self._span(c) for c in unicodedata.normalize("NFC", text) if not c.isspace()]
        if not spans:
            return 0.0, 0.0
        return min(low for low, _ in spans), max(high for _, high in spans)

    def _advance(self, character: str) -> float:
        if unicodedata.category(character) in _NONE:
            return 0.0
        measures = self._measures(character)
        if measures is not None:
            return measures.advance(character)
        return _WIDE if unicodedata.east_asian_width(character) in {"W", "F"} else _OTHER

    def _span(self, character: str) -> tuple[float, float]:
        measures = self._measures(character)
        return _REACH if measures is None else measures.span(character)

    def _measures(self, character: str) -> _Measures | None:
        for font in self.fonts:
            measures = _measured(font.path, font.index)
            if measures is not None and ord(character) in measures.names:
                return measures
        return None


class Typecase:
    """The installed fonts, looked at once; `languages` decide between shapes of Han."""

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self.languages = tuple(languages)

    @cached_property
    def _catalogue(self) -> tuple[Font, ...]:
        return installed()

    def ruler(
        self, families: Sequence[str], text: str, *, bold: bool = False, italic: bool = False
    ) -> Ruler:
        """Choose the fonts for a text: those named, and others for what these lack."""
        weight = BOLD if bold else REGULAR
        named: list[Font] = []
        wanted, lacking = visible(text), visible(text)
        for family in families:
            kin = of_family(self._catalogue, family) if lacking or not named else ()
            font = shape(kin, weight=weight, italic=italic) or shape(kin, weight=weight)
            if font is not None and (font.covered(lacking) or not named):
                named.append(font)
                lacking -= font.covered(lacking)
        names = [font.families[0] for font in named] or list(families[:1])
        choices = choose(self._catalogue, lacking, names[0], self.languages)
        others = [choice.bold if bold else choice.font for choice in choices]
        found = frozenset[str]().union(*(choice.characters for choice in choices))
        names += [font.families[0] for font in others]
        return Ruler(tuple(dict.fromkeys(names)), (*named, *others), (wanted & lacking) - found)


class _Measures:
    """One font's advances and the bounds of its glyphs, read as they are asked for."""

    def __init__(self, font: TTFont) -> None:
        self._unit: int = font["head"].unitsPerEm
        self.names: dict[int, str] = font.getBestCmap() or {}
        self._advances = font["hmtx"]
        self._glyphs: Any = font.getGlyphSet()

    def advance(self, character: str) -> float:
        return float(self._advances[self.names[ord(character)]][0]) / self._unit

    def span(self, character: str) -> tuple[float, float]:
        pen = ControlBoundsPen(self._glyphs)
        self._glyphs[self.names[ord(character)]].draw(pen)
        if pen.bounds is None:
            return 0.0, 0.0
        return pen.bounds[1] / self._unit, pen.bounds[3] / self._unit


@lru_cache(maxsize=32)
def _measured(path: str, index: int) -> _Measures | None:
    try:
        return _Measures(TTFont(Path(path), fontNumber=index, lazy=True))
    except (OSError, TTLibError, KeyError, AssertionError):
        return None
