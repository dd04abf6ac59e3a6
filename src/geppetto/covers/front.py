"""The front of a book in the design that it names: what the templates are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geppetto.covers import field, plate, strings
from geppetto.covers.faces import Face
from geppetto.covers.order import Order
from geppetto.covers.palette import Palette
from geppetto.covers.panel import MARGIN, WIDTH, Panel

Draw = Callable[[Order, Panel], dict[str, object]]
DESIGNS: dict[str, Draw] = {
    "strings": strings.front,
    "field": field.front,
    "plate": plate.front,
}


@dataclass(frozen=True)
class Front:
    """The front as its template draws it: the design, its colours, all that it is given.

    `faces` are those that it is set in; `cut` names the texts that were too long.
    """

    design: str
    palette: Palette
    values: dict[str, object]
    faces: tuple[Face, ...]
    cut: tuple[str, ...]


def draw(order: Order, panel: Panel) -> Front:
    """Lay out the front in the design that is asked for."""
    texts, design, palette = order.texts, order.design, order.palette
    values = DESIGNS[design](order, panel)
    faces: tuple[Face, ...] = values.pop("faces")  # type: ignore[assignment]
    cut = [n for n in ("title", "subtitle", "author", "publisher") if _is_cut(values[n])]
    common = {
        "design": design,
        "width": WIDTH,
        "height": panel.height,
        "margin": MARGIN,
        "edges": panel.edges,
        "palette": palette,
        "direction": texts.direction,
        "lang": texts.lang,
        "slanted": texts.slanted,
    }
    return Front(design, palette, common | values, faces, tuple(cut))


def _is_cut(text: object) -> bool:
    return bool(getattr(text, "cut", False))
