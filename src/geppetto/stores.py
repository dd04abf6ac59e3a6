"""What stores and printers demand: the table `data/stores.toml`, read.

Lengths are inches, sizes of files bytes, pictures pixels. None is a demand that
a store does not make, or makes nowhere in public.
"""

from __future__ import annotations

import datetime
import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "data" / "stores.toml"


@dataclass(frozen=True)
class Ebook:
    """What a store demands of an EPUB.

    `checker`: it must pass EPUBCheck. `kindle_safe`: it may hold neither MathML
    nor SVG. `cover_short_min` and `cover_long_min` are the least a cover's sides
    may have, `alternative_max` how many characters of alternative text are read out.
    """

    checker: bool = True
    bytes: int | None = None
    page_bytes: int | None = None
    pages_min: int | None = None
    image_pixels: int | None = None
    image_bytes: int | None = None
    image_alpha: bool = True
    image_modes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    alternative_max: int | None = None
    kindle_safe: bool = False
    cover_bytes: int | None = None
    cover_short_min: int | None = None
    cover_long_min: int | None = None
    cover_long_max: int | None = None
    cover_formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Print:
    """What a printer demands of the pages of a book.

    `inside` gives the least inner margin up to so many pages; `standards` the
    PDF/X that are taken ("x-1a", "x-4"), none if it does not ask. `annotations`,
    `bookmarks` and `metadata` tell whether the file may have them; `flattened`
    that it may hold no transparency; `last_page_blank` that nothing stands on
    the last page. `ink_pages_min` is the least count of pages by ink, `resolution`
    the least of images in dots an inch, `ink_max` how many layers of ink may lie on
    each other, `colours` what colours may be given in (grey, cmyk, spot, rgb, icc),
    and `condition` the press for which PDF/X is made, by its registered name.
    """

    pages_min: int
    pages_max: int
    pages_even: bool
    bleed_width: float
    bleed_height: float
    outside: float
    outside_bleed: float
    inside: tuple[tuple[int, float], ...]
    annotations: bool
    bookmarks: bool
    metadata: bool
    flattened: bool
    width_min: float | None = None
    width_max: float | None = None
    height_min: float | None = None
    height_max: float | None = None
    bytes: int | None = None
    standards: tuple[str, ...] = ()
    last_page_blank: bool = False
    ink_pages_min: Mapping[str, int] = field(default_factory=dict)
    resolution: int = 300
    ink_max: float | None = None
    colours: tuple[str, ...] = ("grey", "cmyk", "spot", "rgb", "icc")
    condition: str = ""

    def inner(self, pages: int) -> float:
        """Give the least inner margin of a book of so many pages."""
        return next((inches for limit, inches in self.inside if pages <= limit), self.inside[-1][1])


@dataclass(frozen=True)
class Cover:
    """What a printer demands of a cover.

    `bleed` lies on all four sides, and text keeps `safe` from where it is cut; text
    on the spine is taken from so many pages on, with a margin on each of its sides.
    `caliper` is the thickness of a page by paper or ink; empty where the printer
    gives no number, and then `caliper_assumed` is what others' paper has. `barcode` is the
    area, in the lower right corner of the back and `barcode_margin` from
    its edges, where the printer prints a barcode if the cover has none;
    absent where the cover must bring its own. `ppi` is how many pixels to the inch a
    picture is to have.
    """

    bleed: float
    spine_text_pages: int
    spine_text_margin: float
    safe: float = 0.25
    barcode: tuple[float, float] | None = None
    barcode_margin: float = 0.25
    ppi: int = 300
    caliper: Mapping[str, float] = field(default_factory=dict)
    caliper_assumed: Mapping[str, float] = field(default_factory=dict)

    def thickness(self, stock: str, own: float | None) -> float | None:
        """Give how thick a page is: by the printer's number, else the author's own, if there is one."""
        return self.caliper.get(stock, own)


@dataclass(frozen=True)
class Store:
    """A store or printer: its key in book.yaml, its name, and what it demands.

    `needs` are keys of book.yaml that must have values, `|` between those of which
    one suffices.
    """

    key: str
    name: str
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    ebook: Ebook
    print: Print | None = None
    cover: Cover | None = None


@functools.cache
def every() -> Mapping[str, Store]:
    """Give every store, by its key."""
    read = _read()
    return {key: _store(key, made) for key, made in read.items() if isinstance(made, dict)}


@functools.cache
def checked() -> datetime.date:
    """Give the day on which the table's sources were last read."""
    day: datetime.date = _read()["checked"]
    return day


def named(keys: Iterable[str]) -> list[Store]:
    """Give the stores that are named, every one if none is."""
    wanted = set(keys)
    return [store for key, store in every().items() if not wanted or key in wanted]


@functools.cache
def inner(pages: int) -> float:
    """Give the least inner margin, in inches, of a book of so many pages: KDP's grows with them."""
    demands = every()["kdp"].print
    return demands.inner(pages) if demands else 0.0


@functools.cache
def _read() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _store(key: str, made: dict[str, Any]) -> Store:
    given = _frozen(made)
    return Store(
        key,
        given["name"],
        given["needs"],
        given["sources"],
        Ebook(**given["ebook"]),
        Print(**given["print"]) if "print" in given else None,
        Cover(**given["cover"]) if "cover" in given else None,
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return value
