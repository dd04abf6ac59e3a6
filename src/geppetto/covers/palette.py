"""The colours of a cover. All are mixed beforehand: nothing on a cover is transparent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

LEGIBLE = 4.5  # WCAG 2.2, 1.4.3


@dataclass(frozen=True)
class Palette:
    """The colours of a cover, as #rrggbb."""

    ground: str
    line: str
    accent: str
    text: str = "#fbf3e2"

    @cached_property
    def quiet(self) -> str:
        """The text's colour, for what is said more softly."""
        return mixed(self.ground, self.text, 0.78)

    @cached_property
    def faint(self) -> str:
        """The text's colour, for what is said most softly."""
        return mixed(self.ground, self.text, 0.7)

    @cached_property
    def paper(self) -> str:
        """The lightest colour: what a label is of."""
        lightest = max((self.ground, self.accent, self.text), key=luminance)
        return mixed(lightest, "#ffffff", 0.65) if lightest == self.ground else lightest

    @cached_property
    def ink(self) -> str:
        """The darkest colour: what is printed on a label."""
        dark = min((self.ground, self.line, self.text), key=luminance)
        return dark if contrast(dark, self.paper) >= 7 else mixed(dark, "#000000", 0.35)

    @cached_property
    def cloth(self) -> str:
        """A dark colour, akin to the ground: what a spine is bound in."""
        return self.ink if contrast(self.ink, self.paper) >= 7 else "#221c18"

    @cached_property
    def on_accent(self) -> str:
        """The colour of text on the accent."""
        return legible(self.accent, (self.ground, self.text, self.line))


def mixed(one: str, other: str, share: float) -> str:
    """Mix a share of the other colour into one."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Give a colour's relative luminance (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (p / 255 for p in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours (WCAG 2.2): 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def legible(ground: str, colours: Iterable[str]) -> str:
    """Give the colour that stands out most from a ground, made stronger if none does enough."""
    best = max(colours, key=lambda colour: contrast(ground, colour))
    pole = "#000000" if luminance(ground) > 0.18 else "#ffffff"
    for share in (0.0, 0.25, 0.5, 0.75):
        stronger = mixed(best, pole, share)
        if contrast(ground, stronger) >= LEGIBLE:
            return stronger
    return pole


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


PALETTES = (
    Palette("#16243f", "#3c5a90", "#f2a541"),
    Palette("#5a1a22", "#9a4248", "#f4c169"),
    Palette("#143a30", "#39775f", "#f0b84b"),
    Palette("#bf3f28", "#8a2517", "#fbe3b4"),
    Palette("#35204a", "#6d4f92", "#f2b35e"),
    Palette("#0e3c47", "#387a87", "#f6a26b"),
    Palette("#ece0c6", "#c3ae82", "#b8382a", "#2b2420"),
    Palette("#2f3320", "#6d7345", "#e9b44c"),
)


def of(seed: bytes) -> Palette:
    """Choose a book's colours."""
    return PALETTES[seed[0] % len(PALETTES)]
