"""The front of a book in the design that it names: what the templates are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geppetto.covers import field, plate, strings
from geppetto.covers import palette as palettes
from geppetto.covers.faces import Face, Typecase
from geppetto.covers.palette import Palette
from geppetto.covers.panel import MARGIN, WIDTH, Panel
from geppetto.covers.texts import Texts

Draw = Callable[[Texts, Panel, Palette, bytes, Typecase], dict[str, object]]
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


def draw(texts: Texts, panel: Panel, design: str, seed: bytes, typecase: Typecase) -> Front:
    """Lay out the front in one of the designs."""
    palette = palettes.of(seed)
    values = DESIGNS[design](texts, panel, palette, seed, typecase)
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
    }
    return Front(design, palette, common | values, faces, tuple(cut))


def _is_cut(text: object) -> bool:
    return bool(getattr(text, "cut", False))
