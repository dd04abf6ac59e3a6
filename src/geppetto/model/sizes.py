"""Sizes as a manuscript writes them: `50%`, `4cm`, `300`; and of files: `20MB`."""

from __future__ import annotations

import re

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|in|inch|cm|mm|pt|pc|em|ex|%|)\s*")
_OCTETS = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?(kB|KB|MB)")
_NAMES = {"": "px", "inch": "in"}


def size(value: str) -> tuple[float, str] | None:
    """Give a size's number and unit (px, in, cm, mm, pt, pc, em, ex or %); None where it is none.

    A number alone is of pixels, as in HTML.
    """
    match = _SIZE.fullmatch(value)
    return None if match is None else (float(match[1]), _NAMES.get(match[2], match[2]))


def octets(value: str) -> int:
    """Give the number of octets of `500kB` or `20MB`, by thousands.

    Raises:
        ValueError: it is no such size, or none at all.
    """
    match = _OCTETS.fullmatch(value)
    found = int(float(match[1]) * (1_000_000 if match[2] == "MB" else 1000)) if match else 0
    if not found:
        raise ValueError("must be a number of kB or MB, as in 20MB")
    return found
