"""Content streams: read as instructions, and written again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Operator

from geppetto.printing.inks import FILL, STROKE, Colour

Instruction = tuple[Sequence[Any], str]
"""Operands, and the operator's name; an inline image is `INLINE` with itself as its operand."""
INLINE = "INLINE IMAGE"
PAINTING = frozenset({"f", "F", "f*", "S", "s", "B", "B*", "b", "b*"})
_COLOUR = re.compile(rb"(?<![\w/])(?:rg|RG|k|K|cs|CS|scn?|SCN?|BI)(?![\w])")


def read(stream: Any) -> list[Instruction]:
    """Give the instructions of a page or stream.

    Raises:
        pikepdf.PdfError: they cannot be read.
    """
    made: list[Instruction] = []
    for one in pikepdf.parse_content_stream(stream):
        if isinstance(one, pikepdf.ContentStreamInlineImage):
            made.append(([one], INLINE))
        else:
            made.append((list(one.operands), str(one.operator)))
    return made


def written(instructions: Iterable[Instruction]) -> bytes:
    """Write instructions as a content stream."""
    made: list[Any] = []
    for operands, operator in instructions:
        if operator == INLINE:
            made.append(operands[0])
        else:
            made.append(pikepdf.ContentStreamInstruction(list(operands), Operator(operator)))
    return bytes(pikepdf.unparse_content_stream(made)) + b"\n"


def colour(value: Colour, *, stroke: bool) -> Instruction:
    """Give the instruction that sets a device's colour."""
    names = STROKE if stroke else FILL
    return [number(one) for one in value], names[len(value)]


def number(value: float) -> Any:
    """Give a number as it is written: to four places, whole ones without a point."""
    short = round(value, 4)
    return int(short) if short == int(short) else Decimal(f"{short:.4f}")


def is_black_alone(data: bytes) -> bool:
    """Tell whether content sets no colour but grey: nothing of it need change."""
    return _COLOUR.search(data) is None


def data(page: Any) -> bytes:
    """Give the content of a page's dictionary, its streams joined as they are read."""
    held = page.get("/Contents")
    if held is None:
        return b""
    streams = list(held) if isinstance(held, pikepdf.Array) else [held]
    return b"\n".join(bytes(one.read_bytes()) for one in streams)
