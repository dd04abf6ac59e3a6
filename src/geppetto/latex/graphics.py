"""Images as LaTeX: their size bounded by the page, their alternative text with them."""

from __future__ import annotations

from geppetto.ast import Attr, keyvals
from geppetto.model.sizes import size
from geppetto.templates import tex

# CSS Values 4, 6.2: 96 px to the inch.
UNITS = {"px": ("in", 1 / 96), "pt": ("bp", 1.0), "pc": ("bp", 12.0)}


def include(path: str, attributes: Attr, description: str) -> str:
    r"""Give the `\includegraphics` of an image.

    A width or height in the manuscript is kept, but never past the measure or
    the text's height; without one the image has its own size within them.
    """
    pairs = keyvals(attributes)
    width = length(pairs.get("width", ""), "\\linewidth")
    height = length(pairs.get("height", ""), "\\textheight")
    options = [f"{name}={value}" for name, value in (("width", width), ("height", height)) if value]
    if len(options) == 1:
        options.append("keepaspectratio")
    options.append(_alternative(attributes, description))
    return f"\\boundedgraphics{{\\includegraphics[{','.join(options)}]{{{path}}}}}"


def length(value: str, whole: str) -> str | None:
    """Turn a size of the manuscript into TeX's; a percentage is a share of `whole`."""
    found = size(value)
    if found is None:
        return None
    number, unit = found
    if unit == "%":
        return f"{_figure(number / 100)}{whole}"
    target, factor = UNITS.get(unit, (unit, 1.0))
    return f"{_figure(number * factor)}{target}"


def _figure(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _alternative(attributes: Attr, description: str) -> str:
    """A decorative image is an artifact when the PDF is tagged (graphicx's `artifact` key)."""
    if "decorative" in attributes[1]:
        return "decorative"
    return f"alt={{{tex(keyvals(attributes).get('alt', description))}}}"
