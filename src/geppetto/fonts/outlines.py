"""Words as outlines: drawn, they are no text that a reader could select, or search."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont, TTLibError


@dataclass(frozen=True)
class Outline:
    """A word's outline in PDF's operators (ISO 32000, 8.5.2), for a size of 1; its width and height."""

    path: str
    width: float
    height: float


def outline(file: Path, word: str, index: int = 0) -> Outline | None:
    """Draw a word in capitals' height; None where the font lacks a character or cannot be read."""
    try:
        with file.open("rb") as data, TTFont(data, fontNumber=index, lazy=True) as font:
            glyphs, names = font.getGlyphSet(), font.getBestCmap()
            if not all(ord(character) in names for character in word):
                return None
            unit = font["head"].unitsPerEm
            pen = _Pen(glyphs, unit)
            for character in word:
                glyph = glyphs[names[ord(character)]]
                glyph.draw(pen)
                pen.along += glyph.width
            return Outline(" ".join(pen.operators), pen.along / unit, pen.highest / unit)
    except (OSError, TTLibError, KeyError):
        return None


class _Pen(BasePen):  # type: ignore[misc]
    """Writes a path's operators, glyph after glyph."""

    def __init__(self, glyphs: Any, unit: float) -> None:
        super().__init__(glyphs)
        self.unit = unit
        self.along, self.highest = 0.0, 0.0
        self.operators: list[str] = []

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        for x, y in points:
            self.highest = max(self.highest, y)
            self.operators.append(f"{(x + self.along) / self.unit:.4f} {y / self.unit:.4f}")
        self.operators.append(operator)

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools calls it so
        self._write("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._write("l", pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._write("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._write("h")
