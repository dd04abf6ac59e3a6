"""The words on the spine: title at the head, author at the foot.

They run from head to foot where the language has no other custom (ISO 6357), so
that they stand upright when the book lies with its front up. French, Italian,
Spanish, Catalan and German books run from foot to head, as most of theirs do.
Chinese, Japanese and Korean stand upright, sign under sign. A book bound at its
right mirrors the rule: its spine is read from the head, too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from geppetto.covers.faces import Face
from geppetto.covers.geometry import INCH, Sheet
from geppetto.covers.lettering import Sizes, one_line
from geppetto.covers.texts import Texts

ASCENDING = frozenset({"ca", "de", "es", "fr", "it"})
LARGEST, SMALLEST = 22.0, 5.5  # points
BROADEST = 0.52  # of the spine: how far letters may reach across it
BY_AUTHOR = 0.84  # the author's size, of the title's
END = 0.45 * INCH  # what is left blank at head and foot
GAP = 0.3 * INCH
_UPRIGHT_FORMS = dict(
    zip(
        "、。，：；！？（）「」『』《》〈〉【】—…",
        "︑︒︐︓︔︕︖︵︶﹁﹂﹃﹄︽︾︿﹀︻︼︱︙",
        strict=True,
    )
)
_TURNED = frozenset("ー～〜－-–")


@dataclass(frozen=True)
class Word:
    """Words on the spine: turned by so many degrees about x and y, where they begin or end.

    `anchor` is SVG's; `middle` tells that a single sign stands about its place.
    """

    text: str
    role: str
    x: float
    y: float
    turn: int
    anchor: str
    size: float
    face: Face


@dataclass(frozen=True)
class Lettered:
    """What stands on a spine; nothing where it is too narrow. `cut` names texts that are too long."""

    words: tuple[Word, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True)
class Zones:
    """Between which heights of the sheet the title stands, and the author, in points.

    None: each where the other leaves room.
    """

    title: tuple[float, float]
    author: tuple[float, float]


def letter(
    texts: Texts, sheet: Sheet, title: Face, author: Face, zones: Zones | None = None
) -> Lettered:
    """Set title and author on the spine, as large as its breadth and their zones allow."""
    low, high = title.reach(texts.title + texts.author)
    across = min(
        sheet.spine.width - 2 * sheet.spine_margin,
        max(BROADEST * sheet.spine.width, 10),
    )
    size = min(LARGEST, across / max(high - low, 0.5))
    if size < SMALLEST:
        return Lettered()
    zones = zones or _shared(texts, sheet, size, author)
    if _is_upright(texts.title):
        return _stacked(texts, sheet, min(size, across), title, author, zones)
    return _turned(texts, sheet, size, (title, author), zones)


def _shared(texts: Texts, sheet: Sheet, size: float, author: Face) -> Zones:
    """Give the author what it needs, a third of the spine at the most, and the title the rest."""
    top, bottom = sheet.spine.y + END, sheet.spine.bottom - END
    if not texts.author:
        return Zones((top, bottom), (bottom, bottom))
    wide = author.width(texts.author, size * BY_AUTHOR)
    if _is_upright(texts.author):
        wide = len(texts.author) * size * BY_AUTHOR * 1.05
    part = min(wide + 1, (bottom - top - GAP) * 0.42)
    return Zones((top, bottom - part - GAP), (bottom - part, bottom))


def _turned(
    texts: Texts, sheet: Sheet, size: float, faces: tuple[Face, Face], zones: Zones
) -> Lettered:
    """Set both in a line along the spine, on one baseline."""
    down = texts.leftward or texts.lang.split("-")[0].lower() not in ASCENDING
    turn = -90 if texts.leftward or not down else 90
    set_title, cut = _line(texts.title, size, zones.title, faces[0])
    named, also_cut = _line(texts.author, set_title[1] * BY_AUTHOR, zones.author, faces[1])
    low, high = faces[0].reach(texts.title + texts.author)
    shift = (low + high) / 2 * set_title[1] * (1 if turn == -90 else -1)
    x = sheet.spine.x + sheet.spine.width / 2 + shift
    ends = ("start", "end") if down else ("end", "start")
    places = ((set_title, "title", zones.title[0], ends[0], faces[0]),
              (named, "author", zones.author[1], ends[1], faces[1]))  # fmt: skip
    words = tuple(
        Word(text, role, x, y, turn, anchor, points, face)
        for (text, points), role, y, anchor, face in places
        if text
    )
    return Lettered(words, (("title",) if cut else ()) + (("author",) if also_cut else ()))


def _line(
    text: str, size: float, zone: tuple[float, float], face: Face
) -> tuple[tuple[str, float], bool]:
    if not text:
        return ("", size), False
    made = one_line(text, zone[1] - zone[0], Sizes(size, min(SMALLEST, size), 1), face.width)
    return (made.lines[0], made.size), made.cut


def _stacked(  # noqa: PLR0913 - two texts, their faces and their places
    texts: Texts, sheet: Sheet, size: float, title: Face, author: Face, zones: Zones
) -> Lettered:
    """Set sign under sign, the title from the head, the author to the foot."""
    room = zones.title[1] - zones.title[0]
    size = max(SMALLEST, min(size, room / (1.05 * len(texts.title))))
    small = size * BY_AUTHOR
    if texts.author:
        room = zones.author[1] - zones.author[0]
        small = max(SMALLEST * BY_AUTHOR, min(small, room / (1.05 * len(texts.author))))
    signs, cut = _signs(texts.title, "title", sheet, size, zones.title, title)
    start = max(zones.author[0], zones.author[1] - 1.05 * small * len(texts.author))
    names, also = _signs(texts.author, "author", sheet, small, (start, zones.author[1]), author)
    return Lettered((*signs, *names), (*cut, *also))


def _signs(  # noqa: PLR0913 - a text, its face and its place
    text: str, role: str, sheet: Sheet, size: float, zone: tuple[float, float], face: Face
) -> tuple[list[Word], tuple[str, ...]]:
    most = int((zone[1] - zone[0] + 0.01) / (1.05 * size))
    cut = len(text) > most
    shown = text[: max(most - 1, 0)] + "…" if cut else text
    return list(_column(shown, role, sheet, size, zone[0], face)), (role,) if cut else ()


def _column(  # noqa: PLR0913 - a text, its face and its place
    text: str, role: str, sheet: Sheet, size: float, top: float, face: Face
) -> Iterator[Word]:
    x = sheet.spine.x + sheet.spine.width / 2
    for at, sign in enumerate(text):
        middle = top + (at + 0.5) * 1.05 * size
        low, high = face.reach("中")
        down = (low + high) / 2 * size
        if sign in _TURNED:
            yield Word(sign, role, x - down, middle, 90, "middle", size, face)
        elif not sign.isspace():
            form = _UPRIGHT_FORMS.get(sign, sign)
            yield Word(form, role, x, middle + down, 0, "middle", size, face)


def _is_upright(text: str) -> bool:
    """Tell whether a text is of signs that stand upright below each other."""
    return bool(text) and all(
        unicodedata.east_asian_width(c) in {"W", "F", "A"} or c.isspace() for c in text
    )
