"""Colour spaces of a PDF (ISO 32000, 8.6), and what colour their numbers mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Name, Stream

from geppetto.printing.functions import evaluate
from geppetto.printing.inks import Colour, from_lab

_DEVICE = {
    "/DeviceGray": 1, "/G": 1, "/CalGray": 1, "/DeviceRGB": 3, "/RGB": 3, "/CalRGB": 3,
    "/DeviceCMYK": 4, "/CMYK": 4,
}  # fmt: skip
PATTERN = "Pattern"


@dataclass(frozen=True)
class Space:
    """A colour space: how many numbers a colour of it has, which it begins with, what they mean.

    `kind` is Device, Lab, Indexed, Tint or Pattern; `under` is what an uncoloured
    pattern takes its colour in; `known` tells that the numbers are a device's own.
    """

    kind: str
    count: int
    initial: Colour
    device: Callable[[Sequence[float]], Colour]
    under: Space | None = None
    highest: float = 1.0


def plain(count: int) -> Space:
    """Give the space of grey, light or inks, by its count of numbers."""
    initial = (0.0,) * (count - 1) + (1.0,) if count == 4 else (0.0,) * count
    return Space("Device", count, initial, lambda numbers: tuple(map(_unit, numbers)))


def read(made: Any, named: Any = None) -> Space:
    """Read a colour space; `named` are those that the resources name.

    Raises:
        ValueError: PDF has no such space.
    """
    if isinstance(made, Name):
        known = str(made)
        if known in _DEVICE:
            return plain(_DEVICE[known])
        if known == "/Pattern":
            return _pattern(None)
        if named is not None and known in named:
            return read(named[known], None)
        raise ValueError(f"the colour space {known}")
    if not isinstance(made, Array) or not len(made):
        raise ValueError("a colour space that is none")
    return _array(made, named)


def _array(made: Any, named: Any) -> Space:
    family = str(made[0])
    if family in _DEVICE:
        return plain(_DEVICE[family])
    if family == "/ICCBased":
        return plain(int(made[1].N))
    if family == "/Lab":
        return Space("Lab", 3, (0.0, 0.0, 0.0), lambda n: from_lab(n[0], n[1], n[2]))
    if family in {"/Indexed", "/I"}:
        return _indexed(made, named)
    if family in {"/Separation", "/DeviceN"}:
        return _tint(made, named)
    if family == "/Pattern":
        return _pattern(read(made[1], named) if len(made) > 1 else None)
    raise ValueError(f"the colour space {family}")


def _pattern(under: Space | None) -> Space:
    return Space(PATTERN, 0, (), lambda _: (0.0,), under)


def _indexed(made: Any, named: Any) -> Space:
    base, highest = read(made[1], named), int(made[2])
    table = made[3]
    data = table.read_bytes() if isinstance(table, Stream) else bytes(table)
    scale = _scale(base, made[1])

    def device(numbers: Sequence[float]) -> Colour:
        index = min(max(int(numbers[0]), 0), highest)
        raw = data[index * base.count : (index + 1) * base.count].ljust(base.count, b"\0")
        spread = zip(raw, scale, strict=True)
        return base.device([low + one / 255 * (high - low) for one, (low, high) in spread])

    return Space("Indexed", 1, (0.0,), device, highest=float(highest))


def _scale(base: Space, made: Any) -> list[tuple[float, float]]:
    if base.kind != "Lab":
        return [(0.0, 1.0)] * base.count
    bounds = [float(one) for one in made[1].get("/Range", [-100, 100, -100, 100])]
    return [(0.0, 100.0), (bounds[0], bounds[1]), (bounds[2], bounds[3])]


def _tint(made: Any, named: Any) -> Space:
    """Read a space of named inks: what they look like is computed from them."""
    names = [str(made[1])] if str(made[0]) == "/Separation" else [str(one) for one in made[1]]
    under, function = read(made[2], named), made[3]
    count = len(names)

    def device(numbers: Sequence[float]) -> Colour:
        if names in (["/All"], ["/Black"]):
            return (0.0, 0.0, 0.0, _unit(numbers[0]))
        if names == ["/None"]:
            return (1.0,)
        return under.device(evaluate(function, numbers))

    return Space("Tint", count, (1.0,) * count, device)


def _unit(number: float) -> float:
    return min(1.0, max(0.0, float(number)))
