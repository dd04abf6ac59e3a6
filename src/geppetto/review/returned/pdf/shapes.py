"""What an annotation covers: rectangles, in PDF points from the page's origin.

The four corners of a quadrilateral come in another order than the standard says,
and in several (ISO 32000-2, 12.5.6.10); what is between the least and the
greatest is the same in all.
"""

from __future__ import annotations

from typing import Any

import pikepdf

Corners = tuple[float, float, float, float]
"""A rectangle: its left, lower, right and upper edge."""


def quadrilaterals(entries: Any) -> tuple[Corners, ...]:
    """Give the rectangles around quadrilaterals, from the top of the page downwards."""
    numbers = numbers_of(entries.get("/QuadPoints"))
    found = []
    for start in range(0, len(numbers) - 7, 8):
        xs, ys = numbers[start : start + 8 : 2], numbers[start + 1 : start + 8 : 2]
        found.append((min(xs), min(ys), max(xs), max(ys)))
    return tuple(sorted(found, key=lambda box: (-box[3], box[0]))) or rectangle(entries)


def strokes(entries: Any) -> tuple[Corners, ...]:
    """Give the rectangles around what was drawn, with the width of the pen."""
    listed = entries.get("/InkList")
    lines = list(listed) if isinstance(listed, pikepdf.Array) else []
    lines += [entries.get(key) for key in ("/L", "/Vertices")]
    half = _pen(entries.get("/BS")) / 2
    found = []
    for numbers in map(numbers_of, lines):
        if len(numbers) >= 2:
            xs, ys = numbers[::2], numbers[1::2]
            found.append((min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half))
    return tuple(found) or rectangle(entries)


def _pen(style: Any) -> float:
    """Give the width of the pen, 1 where none is said."""
    width = style.get("/W") if isinstance(style, pikepdf.Dictionary) else None
    found = numbers_of(pikepdf.Array([width])) if width is not None else []
    return found[0] if found else 1.0


def rectangle(entries: Any) -> tuple[Corners, ...]:
    """Give an annotation's own rectangle; none where it is broken."""
    numbers = numbers_of(entries.get("/Rect"))
    if len(numbers) < 4:
        return ()
    xs, ys = sorted(numbers[0:4:2]), sorted(numbers[1:4:2])
    return ((xs[0], ys[0], xs[1], ys[1]),)


def numbers_of(value: Any) -> list[float]:
    """Give the numbers of an array; none if anything else stands in it."""
    if not isinstance(value, pikepdf.Array):
        return []
    try:
        return [float(number) for number in value]
    except (TypeError, ValueError):
        return []
