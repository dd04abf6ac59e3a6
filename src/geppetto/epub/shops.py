"""What stores would refuse in a finished EPUB: each number of their tables, looked for.

The numbers stand in `data/stores.toml`. A demand that the table has and this
module does not look for fails a test.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from geppetto.diagnostics import Diagnostic, Location
from geppetto.epub import finished
from geppetto.epub.check import Find
from geppetto.epub.finished import Contents, Picture
from geppetto.stores import Ebook, Store

_NAMES = {"L": "grey"}
Finding = tuple[str, str | None, str, str, tuple[int, int] | tuple[()]]
"""Code, file of the package, what is so, what mends it, where in the file."""


def examine(
    path: Path, stores: Sequence[Store], find: Find = Location, *, faults: int = 0
) -> list[Diagnostic]:
    """Give what each store would refuse, or show badly, in a finished EPUB.

    `find` leads a file of the package, a line and a column to the author's place
    (`origins.Origins.find`); `faults` is how many errors EPUBCheck has found.

    Raises:
        zipfile.BadZipFile: the file is no EPUB.
        ValueError: its package cannot be read.
    """
    held = finished.read(path, faults)
    return [
        _diagnostic(store, finding, find)
        for store in stores
        for demand in DEMANDS.values()
        for finding in demand(held, store.ebook)
    ]


def _diagnostic(store: Store, finding: Finding, find: Find) -> Diagnostic:
    code, name, says, hint, place = finding
    location = None if name is None else find(name, *place)
    return Diagnostic(code, f"{store.name} {says}", location, hint, detail=name)


def _file(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    if wanted.bytes is not None and held.size > wanted.bytes:
        says = f"takes EPUBs of up to {_bytes(wanted.bytes)}; {held.name} has {_bytes(held.size)}."
        yield "shop-file-size", None, says, "Save the largest pictures smaller.", ()


def _pages(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    limit = wanted.page_bytes
    for sheet in held.sheets:
        if limit is not None and sheet.size > limit:
            says = f"takes chapters of up to {_bytes(limit)}; this one has {_bytes(sheet.size)}."
            yield "shop-page-size", sheet.name, says, "Make two chapters of it.", ()


def _few(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    if wanted.pages_min is not None and held.spine < wanted.pages_min:
        says = f"takes books of at least {wanted.pages_min} pages; this one has {held.spine}."
        yield "shop-pages", None, says, "Add to it, or leave this store out.", ()


def _checked(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    if wanted.checker and held.faults:
        says = f"takes only what EPUBCheck finds no fault in; it finds {held.faults}."
        yield "shop-invalid", None, says, "Mend what EPUBCheck names.", ()


def _pixels(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    limit = wanted.image_pixels
    for one in held.pictures:
        if limit is not None and one.width * one.height > limit:
            count = f"{one.width} × {one.height} pixels"
            says = f"takes pictures of up to {limit / 1e6:g} megapixels; {_base(one)} has {count}."
            hint = "Save it smaller, or leave the printed edition its own."
            yield "shop-image-pixels", one.name, says, hint, ()


def _weights(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    limit = wanted.image_bytes
    for one in held.pictures:
        if limit is not None and one.size > limit:
            says = f"takes pictures of up to {_bytes(limit)}; {_base(one)} has {_bytes(one.size)}."
            yield "shop-image-size", one.name, says, "Save it smaller, or as JPEG.", ()


def _every(held: Contents) -> tuple[Picture, ...]:
    return held.pictures if held.cover is None else (held.cover, *held.pictures)


def _alphas(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    for one in _every(held):
        if one.alpha and not wanted.image_alpha:
            says = f"shows no transparency; {_base(one)} has some."
            yield "shop-image-alpha", one.name, says, "Save it on white.", ()


def _modes(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    for one in _every(held):
        if wanted.image_modes and one.format != "svg" and one.mode not in wanted.image_modes:
            known = " and ".join(_NAMES.get(mode, mode) for mode in wanted.image_modes)
            says = f"takes pictures in {known}; {_base(one)} is in {one.mode}."
            yield "shop-image-mode", one.name, says, "Save it in RGB.", ()


def _formats(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    for one in held.pictures:
        if wanted.formats and one.format != "svg" and one.format not in wanted.formats:
            says = f"takes {_listed(wanted.formats)}; {_base(one)} is {one.format.upper()}."
            yield "shop-image-format", one.name, says, "Save it as PNG or JPEG.", ()


def _alternatives(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    limit = wanted.alternative_max
    for sheet in held.sheets:
        for words, line, column in sheet.alternatives:
            if limit is not None and len(words) > limit:
                says = (
                    f"reads out {limit} characters of an alternative text; "
                    f"“{words[:30]}…” has {len(words)}."
                )
                hint = "Say the main thing first, or put the rest into the text."
                yield "shop-alternative", sheet.name, says, hint, (line, column)


def _kindle(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    if not wanted.kindle_safe:
        return
    found = [(sheet.name, kind) for sheet in held.sheets for kind in sheet.foreign]
    found += [(one.name, "SVG") for one in _every(held) if one.format == "svg"]
    for name, kind in found:
        says = f"shows no {kind}, and {posixpath.basename(name)} has some."
        yield "shop-kindle", name, says, "Send it the EPUB for Kindle.", ()


def _cover_weight(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    cover, limit = held.cover, wanted.cover_bytes
    if cover is not None and limit is not None and cover.size > limit:
        says = f"takes covers of up to {_bytes(limit)}; this one has {_bytes(cover.size)}."
        yield "shop-cover-size", cover.name, says, "Save it as a smaller JPEG.", ()


def _cover_short(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    yield from _cover_small(held.cover, wanted.cover_short_min, "shorter", lambda c: c.short)


def _cover_long(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    yield from _cover_small(held.cover, wanted.cover_long_min, "longer", lambda c: c.long)


def _cover_small(
    cover: Picture | None, least: int | None, side: str, of: Callable[[Picture], int]
) -> Iterator[Finding]:
    if cover is not None and least is not None and of(cover) < least:
        says = f"takes covers whose {side} side has {least} pixels; this one’s has {of(cover)}."
        yield "shop-cover-small", cover.name, says, "Make it larger: 1600 × 2560 suits all.", ()


def _cover_large(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    cover, most = held.cover, wanted.cover_long_max
    if cover is not None and most is not None and cover.long > most:
        says = f"takes covers of up to {most} pixels a side; this one has {cover.long}."
        yield "shop-cover-large", cover.name, says, "Make it smaller: 1600 × 2560 suits all.", ()


def _cover_format(held: Contents, wanted: Ebook) -> Iterator[Finding]:
    cover = held.cover
    if cover is not None and wanted.cover_formats and cover.format not in wanted.cover_formats:
        says = (
            f"takes covers as {_listed(wanted.cover_formats)}; this one is {cover.format.upper()}."
        )
        yield "shop-cover-format", cover.name, says, "Save it as JPEG.", ()


def _base(one: Picture) -> str:
    return posixpath.basename(one.name)


def _listed(formats: Sequence[str]) -> str:
    *most, last = (one.upper() for one in formats)
    return f"{', '.join(most)} and {last}" if most else last


def _bytes(count: int) -> str:
    return f"{math.ceil(count / 1e4) / 100:g} MB"


DEMANDS: Mapping[str, Callable[[Contents, Ebook], Iterator[Finding]]] = {
    "checker": _checked,
    "bytes": _file,
    "page_bytes": _pages,
    "pages_min": _few,
    "image_pixels": _pixels,
    "image_bytes": _weights,
    "image_alpha": _alphas,
    "image_modes": _modes,
    "formats": _formats,
    "alternative_max": _alternatives,
    "kindle_safe": _kindle,
    "cover_bytes": _cover_weight,
    "cover_short_min": _cover_short,
    "cover_long_min": _cover_long,
    "cover_long_max": _cover_large,
    "cover_formats": _cover_format,
}
"""What looks for each demand, by its key in the table of stores."""
