"""Formulas as pictures: what is drawn, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """A formula's TeX, and whether it is displayed."""

    source: str
    display: bool


@dataclass(frozen=True)
class Drawn:
    """A formula as a PNG on white; `width`, `height` and `depth` in ems of the text around it.

    `depth` is how far it reaches below the line of the text, which is part of `height`.
    """

    png: bytes
    width: float
    height: float
    depth: float
