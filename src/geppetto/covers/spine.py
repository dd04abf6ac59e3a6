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
from dataclasses import dataclass, replace

from geppetto.covers.faces import Face
from geppetto.covers.geometry import INCH, Sheet
from geppetto.covers.lettering import Lettering, Sizes, fit, is_wide, one_line
from geppetto.covers.texts import Texts

ASCENDING = frozenset({"ca", "de", "es", "fr", "it"})
LARGEST, SMALLEST = 22.0, 5.5  # points
BROADEST, BROADER = 0.52, 0.74  # of the spine: how far a line, or several, may reach across it
SEVERAL = 0.6  # of its size across: a line that its length makes smaller is parted
BY_AUTHOR = 0.84  # the author's size, of the title's
END = 0.45 * INCH  # what is left blank at head and foot
GAP = 0.3 * INCH
PITCH = 1.05  # from one upright sign to the next, in sizes
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
    """Words on the spine, turned by so many degrees about x and y: their `anchor` (SVG's) is there."""

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


def letter(texts: Texts, sheet: Sheet, face: Face, zones: Zones | None = None) -> Lettered:
    """Set title and author on the spine, as large as its breadth and their zones allow."""
    room = sheet.spine.width - 2 * sheet.spine_margin
    across = min(room, max(BROADEST * sheet.spine.width, 10))
    size = min(LARGEST, across / _breadth(texts, face))
    if size < SMALLEST:
        return Lettered()
    zones = zones or _shared(texts, sheet, size, face)
    if _is_upright(texts.title):
        return _stacked(texts, sheet, min(size, across), face, zones)
    return _turned(texts, sheet, size, face, zones)


def _breadth(texts: Texts, face: Face) -> float:
    """Tell how far a line's letters reach across the spine, in sizes."""
    low, high = face.reach(texts.title + texts.author)
    return max(high - low, 0.5)


def _shared(texts: Texts, sheet: Sheet, size: float, face: Face) -> Zones:
    """Give the author what it needs, two fifths of the spine at the most, and the title the rest."""
    top, bottom = sheet.spine.y + END, sheet.spine.bottom - END
    if not texts.author:
        return Zones((top, bottom), (bottom, bottom))
    wide = face.width(texts.author, size * BY_AUTHOR)
    if _is_upright(texts.author):
        wide = len(texts.author) * size * BY_AUTHOR * PITCH
    part = min(wide + 1, (bottom - top - GAP) * 0.42)
    return Zones((top, bottom - part - GAP), (bottom - part, bottom))


def _turned(texts: Texts, sheet: Sheet, size: float, face: Face, zones: Zones) -> Lettered:
    """Set both along the spine, the author on the title's baseline where both have one line."""
    language = texts.lang.split("-", maxsplit=1)[0].lower()
    down = texts.leftward or language not in ASCENDING
    turn = -90 if texts.leftward or not down else 90
    head, foot = ("start", "end") if down else ("end", "start")
    lines = _Lines(sheet, face, turn, face.reach(texts.title + texts.author), size)
    title = lines.fit(texts.title, zones.title, size)
    author = lines.fit(texts.author, zones.author, min(title.size * BY_AUTHOR, size))
    words = (
        *lines.words(title, "title", zones.title[0], head, title.size),
        *lines.words(author, "author", zones.author[1], foot, title.size),
    )
    return Lettered(words, _named(title=title.cut, author=author.cut))


@dataclass(frozen=True)
class _Lines:
    """Lines along a spine, about its middle."""

    sheet: Sheet
    face: Face
    turn: int
    reach: tuple[float, float]
    largest: float

    def fit(self, text: str, zone: tuple[float, float], size: float) -> Lettering:
        """Set a text in one line, or in several where they can be larger."""
        length, spacing = zone[1] - zone[0], max(1.12, self.reach[1] - self.reach[0])
        smallest = min(SMALLEST, size)
        alone = one_line(text, length, Sizes(size, smallest, spacing), self.face.width)
        if alone.size > SEVERAL * size and not alone.cut:
            return alone
        spine = self.sheet.spine.width
        across = min(spine - 2 * self.sheet.spine_margin, BROADER * spine)
        several = fit(text, length, across, Sizes(size, smallest, spacing), self.face.width)
        return several if several.size > alone.size or not several.cut else alone

    def words(
        self, set_text: Lettering, role: str, y: float, anchor: str, beside: float
    ) -> Iterator[Word]:
        """Put lines in their places; one alone is centred as letters of size `beside` would be."""
        count, size = len(set_text.lines), set_text.size
        middle = sum(self.reach) / 2 * (beside if count == 1 else size)
        side = 1 if self.turn == -90 else -1
        centre = self.sheet.spine.x + self.sheet.spine.width / 2
        for at, line in enumerate(set_text.lines):
            x = centre + side * (middle + (at - (count - 1) / 2) * set_text.leading)
            if line:
                yield Word(line, role, x, y, self.turn, anchor, size, self.face)


def _named(*, title: bool, author: bool) -> tuple[str, ...]:
    return (*(["title"] if title else []), *(["author"] if author else []))


def _stacked(texts: Texts, sheet: Sheet, size: float, face: Face, zones: Zones) -> Lettered:
    """Set sign under sign, the title from the head, the author to the foot."""
    title = _column(texts.title, size, zones.title)
    author = _column(texts.author, title.size * BY_AUTHOR, zones.author)
    author = replace(author, top=zones.author[1] - author.height)
    x = sheet.spine.x + sheet.spine.width / 2
    signs = (*_signs(title, "title", x, face), *_signs(author, "author", x, face))
    return Lettered(signs, _named(title=title.cut, author=author.cut))


@dataclass(frozen=True)
class _Column:
    """Signs below each other."""

    text: str
    size: float
    top: float
    cut: bool

    @property
    def height(self) -> float:
        return len(self.text) * self.size * PITCH


def _column(text: str, size: float, zone: tuple[float, float]) -> _Column:
    """Make a text's signs as large as the zone lets them be, and cut what is too long even so."""
    room = zone[1] - zone[0]
    size = max(min(SMALLEST, size), min(size, room / (PITCH * max(len(text), 1))))
    most = int(room / (PITCH * size) + 0.01)
    cut = len(text) > most
    return _Column(f"{text[: max(most - 1, 0)]}…" if cut else text, size, zone[0], cut)


def _signs(column: _Column, role: str, x: float, face: Face) -> Iterator[Word]:
    low, high = face.reach("中")
    size = column.size
    down = (low + high) / 2 * size
    for at, sign in enumerate(column.text):
        middle = column.top + (at + 0.5) * PITCH * size
        if sign in _TURNED:
            yield Word(sign, role, x - down, middle, 90, "middle", size, face)
        elif not sign.isspace():
            form = _UPRIGHT_FORMS.get(sign, sign)
            yield Word(form, role, x, middle + down, 0, "middle", size, face)


def _is_upright(text: str) -> bool:
    """Tell whether a text is of signs that stand upright below each other."""
    return any(map(is_wide, text)) and all(
        is_wide(c) or c.isspace() or unicodedata.category(c).startswith("P") for c in text
    )
