"""The faces that a cover is set in, and what measures them.

Which fonts are installed is another room's to know: it hands in a typecase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geppetto.covers import lettering

# URW's faces, which have Cyrillic and Greek, come where fontconfig puts them as alike to TeX Gyre's
# (its 30-metric-aliases.conf): what is measured is what is drawn.
SERIF = ("TeX Gyre Pagella", "P052", "Palatino Linotype", "Palatino", "DejaVu Serif")
SANS = ("TeX Gyre Adventor", "URW Gothic", "Noto Sans", "DejaVu Sans")
PLAIN = ("TeX Gyre Heros", "Nimbus Sans", "Noto Sans", "DejaVu Sans")


class Ruler(Protocol):
    """Measures words in the fonts `families`; `missing` are letters that none of them has."""

    @property
    def families(self) -> tuple[str, ...]: ...  # noqa: D102 - said above

    @property
    def missing(self) -> frozenset[str]: ...  # noqa: D102

    def width(self, text: str) -> float: ...  # noqa: D102

    def reach(self, text: str) -> tuple[float, float]: ...  # noqa: D102


class Typecase(Protocol):
    """Chooses installed fonts for a text, and gives their ruler."""

    def ruler(  # noqa: D102 - said above
        self, families: Sequence[str], text: str, *, bold: bool = False, italic: bool = False
    ) -> Ruler: ...


@dataclass(frozen=True)
class Face:
    """What a text is set in: SVG's `font-family`, weight and style. `ruler` measures it."""

    family: str
    weight: str = "normal"
    style: str = "normal"
    ruler: Ruler | None = None

    def width(self, text: str, size: float) -> float:
        """Tell how wide a text is in a size."""
        if self.ruler is None:
            return lettering.width(text, size)
        return self.ruler.width(text) * size

    def reach(self, text: str) -> tuple[float, float]:
        """Tell how far a text reaches below and above its line, in sizes."""
        return (-0.28, 0.76) if self.ruler is None else self.ruler.reach(text)


def choose(
    typecase: Typecase,
    families: Sequence[str],
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
) -> Face:
    """Choose the face for a text: the first of the families, and what it needs beside it."""
    ruler = typecase.ruler(families, text, bold=bold, italic=italic)
    names = dict.fromkeys((*ruler.families, *families))
    generic = "sans-serif" if families is not SERIF else "serif"
    return Face(
        ", ".join([*(f"'{name}'" for name in names), generic]),
        "bold" if bold else "normal",
        "italic" if italic else "normal",
        ruler,
    )


def serif(typecase: Typecase, text: str, *, italic: bool = False) -> Face:
    """Choose the text face; where the estimate knows every letter, no font is looked for."""
    if lettering.known(text):
        names = ", ".join(f"'{name}'" for name in SERIF).replace("'Palatino'", "Palatino")
        return Face(f"{names}, serif", style="italic" if italic else "normal")
    return choose(typecase, SERIF, text, italic=italic)
