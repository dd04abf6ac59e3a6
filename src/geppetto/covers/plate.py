"""The design `plate`: boards of patterned paper, a cloth spine, and a label for the title."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from geppetto.covers import faces
from geppetto.covers.geometry import Box
from geppetto.covers.lettering import Lettering, Sizes, fit, tracked
from geppetto.covers.order import Order
from geppetto.covers.panel import WIDTH, Panel, Placed, place
from geppetto.covers.texts import capitals

CLOTH = 132  # how far the spine's cloth reaches onto the boards
MOTIFS = ("petals", "scales", "lozenges", "sprigs", "stars")
TILE = 146
LABEL = 1010
PADDING = 96
LEAST = 560  # how high the label is at least
TRACKING = 0.08


@dataclass(frozen=True)
class Tile:
    """Where a motif stands, and whether it is the other way round."""

    x: float
    y: float
    turned: bool


def front(order: Order, panel: Panel) -> dict[str, object]:
    """Give what the template draws."""
    texts, typecase = order.texts, order.typecase
    names = capitals(texts.author, texts.lang)
    words = " ".join((texts.title, texts.subtitle, texts.author, names, texts.publisher))
    roman = faces.choose(typecase, faces.SERIF, words)
    italic = faces.choose(typecase, faces.SERIF, words, italic=texts.slanted == "italic")
    measure = LABEL - 2 * PADDING
    title = fit(
        texts.title, measure, 0.3 * panel.height, Sizes(230, 50, 1.1, calm=0.76), roman.width
    )
    subtitle = _fitted(texts.subtitle, measure, 0.12 * panel.height, 58, italic)
    author = _fitted(names, measure, 0.09 * panel.height, 50, roman, tracking=TRACKING)
    publisher = _fitted(texts.publisher, measure, 84, 36, italic)
    cloth: tuple[float, float] = (-panel.spine - CLOTH, CLOTH)
    if panel.leftward:
        cloth = (WIDTH - CLOTH, WIDTH + panel.spine + CLOTH)
    middle = (WIDTH + CLOTH) / 2 if not panel.leftward else (WIDTH - CLOTH) / 2
    label, placed = _label(panel, middle, roman, italic, (author, title, subtitle, publisher))
    return {
        "tiles": list(tiles(panel)),
        "tile": TILE,
        "motif": MOTIFS[order.seed[5] % len(MOTIFS)],
        "cloth": cloth,
        "middle": middle,
        "label": label,
        "tracking": TRACKING,
        **placed,
        "faces": (roman, italic),
    }


def _fitted(  # noqa: PLR0913 - a text and its room
    text: str,
    measure: float,
    height: float,
    largest: float,
    face: faces.Face,
    *,
    tracking: float = 0,
) -> Lettering | None:
    if not text:
        return None
    width = tracked(face.width, tracking)
    return fit(text, measure, height, Sizes(largest, 30, 1.36), width)


def _label(
    panel: Panel,
    middle: float,
    roman: faces.Face,
    italic: faces.Face,
    texts: tuple[Lettering | None, Lettering, Lettering | None, Lettering | None],
) -> tuple[Box, dict[str, object]]:
    """Put author, title, subtitle and publisher below each other, and the label around them."""
    author, title, subtitle, publisher = texts
    top = y = 0.155 * panel.height
    y += PADDING * 1.05
    placed: dict[str, Placed | None] = dict.fromkeys(("author", "title", "subtitle", "publisher"))
    if author:
        placed["author"] = place(author, y, roman)
        y += author.height + 56
    placed["title"] = place(title, y, roman)
    y += title.height
    if subtitle:
        y += 0.12 * title.size + 14
        placed["subtitle"] = place(subtitle, y, italic)
        y += subtitle.height
    rule = y + 62
    y = rule + 30
    if publisher:
        placed["publisher"] = place(publisher, y + 20, italic)
        y += 20 + publisher.height
    height = y + PADDING * 0.82 - top
    down = max(0.0, LEAST - height) / 2
    box = Box(middle - LABEL / 2, top, LABEL, max(height, LEAST))
    lowered = {n: replace(p, top=p.top + down) if p else None for n, p in placed.items()}
    return box, {**lowered, "rule": rule + down}


def tiles(panel: Panel) -> Iterator[Tile]:
    """Lay the motif over all of the sheet, every other row shifted by half."""
    edges = panel.edges
    rows = range(math.floor(edges.top / TILE) * 2 - 2, math.ceil(edges.bottom / TILE) * 2 + 2)
    columns = range(math.floor(edges.left / TILE) - 1, math.ceil(edges.right / TILE) + 2)
    for row in rows:
        for column in columns:
            x = (column + 0.5 * (row % 2)) * TILE
            yield Tile(round(x, 1), round(row * TILE / 2, 1), row % 4 > 1)
