"""The design `strings`: a curtain of strings, one of which holds something, and the title below."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from geppetto.covers import faces
from geppetto.covers.lettering import Lettering, Sizes, fit
from geppetto.covers.order import Order
from geppetto.covers.panel import MARGIN, TALL, WIDTH, Panel

TITLE_TOP = 1350
STRINGS = 41
EDGE = 6  # the chosen string is not among so many at either side
CURTAIN = (250, 1130)  # between these heights the strings end
DROP = 340  # how far below its neighbours the chosen string ends
LIFTS, LARGE = (1, 0.86, 0.72), 120  # a title that would be smaller lifts the curtain
SHORT = (70, 190)  # between these heights end those of the back


@dataclass(frozen=True)
class String:
    """One line of the drawing, from the top edge to its end, and how broad it is."""

    x: float
    y: float
    breadth: float
    chosen: bool


def front(order: Order, panel: Panel) -> dict[str, object]:
    """Give what the template draws."""
    texts, typecase = order.texts, order.typecase
    words = " ".join((texts.title, texts.subtitle, texts.author, texts.publisher))
    roman = faces.serif(typecase, words)
    italic = faces.serif(typecase, words, italic=texts.slanted == "italic")
    measure, tall = WIDTH - 2 * MARGIN, panel.tall
    subtitle = _fitted(texts.subtitle, measure, 240 * tall, 92, italic)
    author = _fitted(texts.author, measure, 210 * tall, 96, roman)
    publisher = _fitted(texts.publisher, measure, 90, 44, roman, spacing=2)
    others = sum(each.height + 60 for each in (subtitle, author, publisher) if each)
    for lift in LIFTS:
        leading = 1.0 if lift == 1 else 1.07
        top = TITLE_TOP * tall * lift
        room = panel.height - top - MARGIN - others - 60
        title = fit(texts.title, measure, room, Sizes(400, 60, leading), roman.width)
        if title.size >= LARGE or len(title.lines) == 1:
            break
    return {
        "top": top,
        "strings": [*strings(order.seed, panel, lift), *behind(order.seed, panel)],
        "title": title,
        "subtitle": subtitle,
        "author": author,
        "publisher": publisher,
        "family": roman.family,
        "faces": (roman, italic),
    }


def _fitted(  # noqa: PLR0913 - a text and its room
    text: str,
    measure: float,
    height: float,
    largest: float,
    face: faces.Face,
    *,
    spacing: float = 0,
) -> Lettering | None:
    if not text:
        return None
    return fit(
        text,
        measure - spacing * len(text),
        height,
        Sizes(largest, 34, 1.28),
        face.width,
    )


def strings(seed: bytes, panel: Panel, lift: float = 1) -> list[String]:
    """Hang a curtain of strings from the top edge, which the seed shapes.

    Where it is shortest, one string hangs below the others. `lift` shortens all. On a printed sheet
    none hangs at the fold, and one more in the bleed.
    """
    step = WIDTH / (STRINGS - 1)
    ends = [_end(seed, number / (STRINGS - 1)) for number in range(STRINGS)]
    chosen = min(range(EDGE, STRINGS - EDGE), key=lambda number: ends[number])
    ends[chosen] += DROP
    hung = [
        String(
            round(n * step, 1),
            round(y * panel.tall * lift, 1),
            7 + 7 * seed[4 + n % 28] / 255,
            n == chosen,
        )
        for n, y in enumerate(ends)
    ]
    if not panel.wrapped:
        return hung
    if panel.leftward:
        return [String(-step, hung[0].y, 10, chosen=False), *hung[:-1]]
    return [*hung[1:], String(WIDTH + step, hung[-1].y, 10, chosen=False)]


def behind(seed: bytes, panel: Panel) -> Iterator[String]:
    """Hang short strings over the back, as far as the fold."""
    if not panel.wrapped:
        return
    step = WIDTH / (STRINGS - 1)
    top, bottom = SHORT
    for number in range(1, STRINGS + 1):
        wave = math.sin(seed[2] / 40 + math.tau * 1.3 * number / STRINGS)
        y = ((top + bottom) / 2 + (bottom - top) / 2 * wave) * panel.tall
        away = panel.spine + number * step
        x = WIDTH + away if panel.leftward else -away
        yield String(round(x, 1), round(y, 1), 7 + 7 * seed[4 + number % 28] / 255, chosen=False)


def _end(seed: bytes, across: float) -> float:
    """Give where a string ends: the sum of two waves, within the curtain."""
    slow = math.sin(seed[1] / 255 * math.tau + (0.8 + seed[2] / 320) * math.tau * across)
    quick = math.sin(seed[3] / 255 * math.tau + (2.1 + seed[2] / 200) * math.tau * across)
    top, bottom = CURTAIN
    return (top + bottom) / 2 + (bottom - top) / 2 * (0.74 * slow + 0.26 * quick)


__all__ = [
    "CURTAIN",
    "DROP",
    "STRINGS",
    "TALL",
    "TITLE_TOP",
    "String",
    "behind",
    "front",
    "strings",
]
