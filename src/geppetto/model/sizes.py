"""Sizes as a manuscript writes them: `50%`, `4cm`, `300`."""

from __future__ import annotations

import re

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|in|inch|cm|mm|pt|pc|em|ex|%|)\s*")
_NAMES = {"": "px", "inch": "in"}


def size(value: str) -> tuple[float, str] | None:
    """Give a size's number and unit (px, in, cm, mm, pt, pc, em, ex or %); None where it is none.

    A number alone is of pixels, as in HTML.
    """
    match = _SIZE.fullmatch(value)
    return None if match is None else (float(match[1]), _NAMES.get(match[2], match[2]))
