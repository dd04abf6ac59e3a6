"""Gradients (ISO 32000, 8.7.4.5) in the press's colours: their functions are sampled anew."""

from __future__ import annotations

import zlib
from typing import Any

from pikepdf import Array, Dictionary, Name

from geppetto.printing.functions import evaluate
from geppetto.printing.inks import Colour, Target, converted
from geppetto.printing.spaces import read

SAMPLES = 256
SPACES = {Target.GREY: Name.DeviceGray, Target.CMYK: Name.DeviceCMYK}


def is_simple(shading: Any) -> bool:
    """Tell whether a gradient runs along a line or between circles: others are rendered."""
    return int(shading.ShadingType) in {2, 3}


def convert(pdf: Any, shading: Any, target: Target, ink_max: float, spaces: Any = None) -> None:
    """Turn a gradient's colours into the target's.

    Raises:
        ValueError: it has a colour space or a function that cannot be read.
    """
    space = read(shading.ColorSpace, spaces)
    if shading.ColorSpace == SPACES[target]:
        return
    if "/Background" in shading:
        ground = space.device([float(one) for one in shading.Background])
        shading.Background = Array(_exact(_as(ground, target, ink_max)))
    if is_simple(shading):
        low, high = (float(one) for one in shading.get("/Domain", [0, 1]))
        colours = [
            _as(space.device(evaluate(shading.Function, [at])), target, ink_max)
            for at in (low + n * (high - low) / (SAMPLES - 1) for n in range(SAMPLES))
        ]
        shading.Function = _sampled(pdf, colours, (low, high))
        shading.ColorSpace = SPACES[target]


def _as(colour: Colour, target: Target, ink_max: float) -> Colour:
    made = converted(colour, target, ink_max)
    return (0.0, 0.0, 0.0, 1 - made[0]) if target is Target.CMYK and len(made) == 1 else made


def _exact(colour: Colour) -> list[Any]:
    return [round(one, 4) for one in colour]


def _sampled(pdf: Any, colours: list[Colour], domain: tuple[float, float]) -> Any:
    octets = bytes(round(part * 255) for colour in colours for part in colour)
    function = pdf.make_stream(zlib.compress(octets, 9))
    function.Filter = Name.FlateDecode
    function.stream_dict.update(
        Dictionary(
            FunctionType=0,
            Domain=Array(list(domain)),
            Range=Array([0, 1] * len(colours[0])),
            Size=Array([SAMPLES]),
            BitsPerSample=8,
        )
    )
    return function
