"""The design `field`: two fields of colour, and a disc that is the other's colour in each."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.covers import faces
from geppetto.covers.lettering import Lettering, Sizes, fit
from geppetto.covers.order import Order
from geppetto.covers.panel import MARGIN, WIDTH, Panel, place

HORIZON = (0.56, 0.63)  # of the height
RADII = (430, 360, 290, 220)
GAP = 90
LARGE = 150  # a title that would be smaller takes room from the disc


@dataclass(frozen=True)
class Disc:
    """The disc's halves: the middles of the upper and of the lower one, and their radius."""

    above: float
    below: float
    radius: float


def front(order: Order, panel: Panel) -> dict[str, object]:
    """Give what the template draws."""
    texts, typecase = order.texts, order.typecase
    words = " ".join((texts.title, texts.author, texts.publisher))
    bold = faces.choose(typecase, faces.SANS, words, bold=True)
    roman = faces.choose(typecase, faces.SANS, f"{words} {texts.subtitle}")
    horizon = round(panel.height * (HORIZON[0] + (HORIZON[1] - HORIZON[0]) * order.seed[5] / 255))
    subtitle = _fitted(texts.subtitle, 210 * panel.tall, 74, roman)
    title, radius = _title(texts.title, panel, horizon, subtitle, bold)
    publisher = _fitted(texts.publisher, 86, 42, roman)
    foot = panel.height - MARGIN - (publisher.height + 36 if publisher else 0)
    room = foot - horizon - radius * panel.tall - GAP
    author = _fitted(texts.author, room, 84, bold)
    below = MARGIN + title.height + 0.22 * title.size
    return {
        "horizon": horizon,
        "disc": _disc(order.seed, radius * panel.tall, rtl=texts.direction == "rtl"),
        "title": place(title, MARGIN, bold),
        "subtitle": place(subtitle, below, roman) if subtitle else None,
        "author": place(author, foot - author.height, bold) if author else None,
        "publisher": (
            place(publisher, panel.height - MARGIN - publisher.height, roman) if publisher else None
        ),
        "faces": (roman, bold),
    }


def _title(
    text: str, panel: Panel, horizon: float, subtitle: Lettering | None, face: faces.Face
) -> tuple[Lettering, float]:
    """Set the title, and give the largest disc that leaves it room."""
    taken = MARGIN + GAP + (subtitle.height + 60 if subtitle else 0)

    def beside(radius: float) -> Lettering:
        room = horizon - radius * panel.tall - taken
        return fit(text, WIDTH - 2 * MARGIN, room, Sizes(420, 64, 1.04, calm=0.76), face.width)

    least = min(LARGE, beside(RADII[-1]).size)
    fitting = (radius for radius in RADII if (set := beside(radius)).size >= least and not set.cut)
    radius = next(fitting, RADII[-1])
    return beside(radius), radius


def _fitted(text: str, height: float, largest: float, face: faces.Face) -> Lettering | None:
    if not text:
        return None
    return fit(text, WIDTH - 2 * MARGIN, height, Sizes(largest, 32, 1.3), face.width)


def _disc(seed: bytes, radius: float, *, rtl: bool) -> Disc:
    """Put the disc where the seed says; in one book of two its halves are shifted."""
    right = WIDTH - MARGIN - radius
    place = (MARGIN + radius, WIDTH / 2, right, right)[seed[6] % 4]
    shift = (0, 0, radius, -radius)[seed[7] % 4]
    if not MARGIN + radius <= place + shift <= right:
        shift = -shift
    if not MARGIN + radius <= place + shift <= right:
        shift = 0
    above, below = round(place, 1), round(place + shift, 1)
    if rtl:
        above, below = WIDTH - above, WIDTH - below
    return Disc(above, below, round(radius, 1))
