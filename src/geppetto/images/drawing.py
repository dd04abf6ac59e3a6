"""Drawings: SVG turned into PDF or PNG by rsvg-convert, which sees no file beside it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from geppetto import store, tools
from geppetto.images import svg
from geppetto.images.reading import ImageError, not_svg
from geppetto.images.svg import NotSvgError

_LIMITS = tools.Limits(seconds=120, cpu_seconds=120)
_FIRST = 8 + 12 + 13  # the signature of a PNG, and its first chunk
_FINE, _MOST_PIXELS = 300 / 96, 6000.0
"""How many pixels of a drawn SVG stand for one of CSS (300 to the inch); the most of a side."""
_RSVG_HINT = (
    "Install it: 'apt install librsvg2-bin' (Debian), 'brew install librsvg' (macOS), "
    "'dnf install librsvg2-tools' (Fedora)."
)


def cleaned(data: bytes) -> bytes:
    """Give the drawing without what is none.

    Raises:
        ImageError: it is no sound SVG, or takes pictures from other files.
    """
    try:
        kept, wanted = svg.clean(data)
    except NotSvgError as fault:
        raise not_svg(fault) from fault
    if wanted:
        raise ImageError(
            "image-format",
            f"takes a picture from another file ({wanted[0]}), which an SVG in a book cannot.",
            "Embed it in the SVG (in Inkscape: Extensions, Images, Embed).",
        )
    return kept


def maker() -> bytes:
    """Give what tells one rsvg-convert from another: what one drew is not another's drawing."""
    program = tools.find("rsvg-convert")
    return store.stamp(program).encode() if program else b""


def to_pdf(data: bytes) -> bytes:
    """Draw an SVG as PDF, in its own size."""
    return _drawn(cleaned(data), ["--format=pdf"], b"%PDF-")


def to_png(data: bytes) -> bytes:
    """Draw an SVG finely enough for print, in its own size, on white."""
    sound = cleaned(data)
    width, height = svg.size(sound)
    fine = min(_FINE, _MOST_PIXELS / max(width, height, 1))
    options = [f"--zoom={fine:.4f}", "--background-color=white"]
    drawn = _drawn(sound, ["--format=png", *options], b"\x89PNG")
    return _at(drawn, 96 * fine)


def _at(png: bytes, dpi: float) -> bytes:
    """Say a PNG's resolution, behind its first chunk (PNG 3, 5.6 and 11.3.4.3)."""
    metre = round(dpi / 0.0254)
    chunk = b"pHYs" + struct.pack(">2LB", metre, metre, 1)
    said = struct.pack(">L", len(chunk) - 4) + chunk + struct.pack(">L", zlib.crc32(chunk))
    return png[:_FIRST] + said + png[_FIRST:]


def _drawn(sound: bytes, options: Sequence[str], begins: bytes) -> bytes:
    """Convert by rsvg-convert, on its standard input: so it has no folder to look for files in."""
    program = tools.require("rsvg-convert", "turns SVG images into PDF and PNG", _RSVG_HINT)
    result = tools.run(
        [program, *options],
        stdin=sound,
        environment={"SOURCE_DATE_EPOCH": "0"},
        limits=_LIMITS,
    )
    if result.returncode or not result.stdout.startswith(begins):
        reason = result.stderr.decode("utf-8", "replace").strip().splitlines()
        said = reason[-1] if reason else "no reason given"
        raise ImageError(
            "image-broken",
            f"cannot be drawn: {said}.",
            "Open it in a drawing program; save it anew as plain SVG.",
        )
    return result.stdout
