"""Whether the colours of a stylesheet can be read: the contrast of WCAG 2.2, 1.4.3.

What is set against the page's own ground is compared with white, within
`prefers-color-scheme: dark` with black; where a rule sets the ground, too, with that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import ImageColor

LEAST = 4.5
Colour = tuple[float, float, float]
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DARK = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{")
_RULE = re.compile(r"(?P<selector>[^{}]+)\{(?P<body>[^{}]*)\}")
_DECLARATION = re.compile(
    r"(?<![\w-])(?P<name>color|background(?:-color)?)\s*:\s*(?P<value>[^;}]+)"
)


def faint(css: str) -> str | None:
    """Give the selector of the first rule whose text has too little contrast, None if none has."""
    css = _COMMENT.sub("", css)
    return next((selector for selector, ratio in _ratios(css) if ratio < LEAST), None)


def ratio(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _ratios(css: str) -> Iterator[tuple[str, float]]:
    dark = [_block(css, match.end()) for match in _DARK.finditer(css)]
    for rule in _RULE.finditer(css):
        found = {m["name"][:5]: _colour(m["value"]) for m in _DECLARATION.finditer(rule["body"])}
        text = found.get("color")
        if text is not None:
            is_dark = any(start <= rule.start() < end for start, end in dark)
            ground = found.get("backg") or ((0.0,) * 3 if is_dark else (255.0,) * 3)
            yield " ".join(rule["selector"].split()), ratio(text, ground)


def _block(css: str, start: int) -> tuple[int, int]:
    """Give where a block ends whose brace stands before `start`."""
    depth = 1
    for brace in re.finditer(r"[{}]", css[start:]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return start, start + brace.start()
    return start, len(css)


def _colour(value: str) -> Colour | None:
    """Give a colour; None for one that is taken over (`inherit`), or see-through."""
    try:
        red, green, blue, *alpha = ImageColor.getrgb(value.replace("!important", "").strip())
    except ValueError:
        return None
    return None if alpha and alpha[0] < 255 else (float(red), float(green), float(blue))


def _luminance(colour: Colour) -> float:
    """Give the relative luminance of a colour of sRGB (WCAG 2.2, "relative luminance")."""
    shares = (value / 255 for value in colour)
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
