"""Colours as a press mixes them: grey, red-green-blue, or cyan-magenta-yellow-black.

A colour is a tuple of one, three or four numbers from 0 to 1; how many tells its
kind. Of red, green and blue 1 is light; of inks 1 is a full layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

Colour = tuple[float, ...]
BLACK: Colour = (0.0,)
LUMA = (0.299, 0.587, 0.114)
"""What red, green and blue give to grey (Rec. ITU-R BT.601), as Pillow weighs them."""
FILL = {1: "g", 3: "rg", 4: "k"}
STROKE = {1: "G", 3: "RG", 4: "K"}


class Target(StrEnum):
    """What a file's colours are turned into."""

    GREY = "grey"
    CMYK = "cmyk"


def converted(colour: Colour, target: Target, ink_max: float) -> Colour:
    """Turn a colour into the target's; at most `ink_max` layers of ink lie on each other."""
    if target is Target.GREY:
        return (grey(colour),)
    return inked(colour, ink_max)


def grey(colour: Colour) -> float:
    """Give a colour's lightness."""
    if len(colour) == 1:
        return colour[0]
    if len(colour) == 3:
        return _weighed(colour)
    return 1 - min(1.0, _weighed(colour[:3]) + colour[3])


def inked(colour: Colour, ink_max: float) -> Colour:
    """Give a colour's inks: what cyan, magenta and yellow have in common is black's.

    Dots of ink lie beside and on each other by chance (Demichel): paper sends back what
    each lets through, multiplied. So greys are black ink alone, and blues stay blue.
    """
    if len(colour) == 1:
        return colour
    if len(colour) == 3:
        lacks = [1 - one for one in colour]
        black = min(lacks)
        part = 1 - black
        colour = (*((one - black) / part if part else 0.0 for one in lacks), black)
    return limited(colour, ink_max)


def limited(inks: Colour, ink_max: float) -> Colour:
    """Take as much of cyan, magenta and yellow away as lies above the limit."""
    *colours, black = inks
    total = sum(colours)
    if total + black <= ink_max or not total:
        return inks
    part = (ink_max - black) / total
    return (*(one * part for one in colours), black)


def over_white(colour: Colour, alpha: float) -> Colour:
    """Give what a colour looks like that covers white paper in part."""
    if len(colour) == 4:
        return tuple(one * alpha for one in colour)
    return tuple(1 - alpha * (1 - one) for one in colour)


def from_lab(lightness: float, a: float, b: float) -> Colour:
    """Turn L*a*b* (D50, as in print) into sRGB (IEC 61966-2-1), by Bradford's matrix."""
    middle = (lightness + 16) / 116
    white = (0.9642, 1.0, 0.8249)
    xyz = [
        reference * (f**3 if f > 6 / 29 else 3 * (6 / 29) ** 2 * (f - 4 / 29))
        for f, reference in zip((middle + a / 500, middle, middle - b / 200), white, strict=True)
    ]
    rows = (
        (3.1338561, -1.6168667, -0.4906146),
        (-0.9787684, 1.9161415, 0.0334540),
        (0.0719453, -0.2289914, 1.4052427),
    )
    linear = (sum(k * x for k, x in zip(row, xyz, strict=True)) for row in rows)
    return tuple(_gamma(min(1.0, max(0.0, one))) for one in linear)


def _gamma(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _weighed(parts: Sequence[float]) -> float:
    return sum(weight * part for weight, part in zip(LUMA, parts, strict=True))
