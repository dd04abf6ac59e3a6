"""The author's own picture for a cover: read, cut to the front, and the colours that are in it."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PIL import Image, ImageOps, UnidentifiedImageError

from geppetto.covers import rendering
from geppetto.covers.geometry import INCH
from geppetto.covers.palette import Palette, contrast, legible, luminance, mixed
from geppetto.diagnostics import Diagnostic, GeppettoError, Location
from geppetto.model.settings import Settings

FORMATS = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
DRAWN = 4800  # pixels of an SVG's higher side: 500 to the inch of a page of 9 inches
_LIGHT, _DARK = "#fbf3e2", "#1c1a18"
_SEEN = 96  # pixels of the side by which colours are counted
_ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4 A


@dataclass(frozen=True)
class Cut:
    """A picture cut to a shape: its file as a data URI, and its pixels to the inch there."""

    uri: str
    ppi: float
    palette: Palette


def named(settings: Settings, *, ebook: bool = False) -> str | None:
    """Give the picture that book.yaml names for a cover: of an e-book, or of the printed book."""
    own, other = settings.epub.cover, settings.cover.image
    return (own or other) if ebook else (other or own)


def given(root: Path, target: str, work: Path, size: tuple[int, int]) -> tuple[bytes, str]:
    """Take the author's image: a JPEG or PNG in RGB as it is, anything else made into a JPEG.

    An SVG is drawn to fit the size, in pixels.

    Raises:
        GeppettoError: it is outside the book's folder, missing or broken.
    """
    path = (root / target).resolve()
    if not path.is_relative_to(root.resolve()):
        raise _fault("image-outside", f"The cover {target} lies outside the book's folder.")
    if not path.is_file():
        raise _fault("image-missing", f"The cover {target} is not there.")
    data = path.read_bytes()
    drawn = path.suffix.lower() == ".svg"
    if drawn:
        data = rendering.to_png(data, work, *size)
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format in FORMATS and image.mode == "RGB" and not drawn:
                return data, image.format
            return jpeg(image), "JPEG"
    except (UnidentifiedImageError, OSError) as fault:
        raise _fault("image-broken", f"The cover {target} cannot be read.") from fault


def jpeg(image: Image.Image) -> bytes:
    """Give a picture as a JPEG in RGB, on white."""
    flat = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=90, optimize=True, subsampling=0)
    return out.getvalue()


def frames(data: bytes) -> int:
    """Count an image's frames: more than one moves."""
    with Image.open(io.BytesIO(data)) as image:
        return int(getattr(image, "n_frames", 1))


def cut(root: Path, target: str, work: Path, shape: tuple[float, float], *, leftward: bool) -> Cut:
    """Cut the author's picture to a shape in points, as large as it can be, about its middle.

    `leftward`: the spine, whose colour is to go with it, is at its right.

    Raises:
        GeppettoError: it is outside the book's folder, missing or broken.
    """
    data, kind = given(root, target, work, (DRAWN, DRAWN))
    with Image.open(io.BytesIO(data)) as opened:
        upright = opened.getexif().get(_ORIENTATION, 1) == 1
        image = ImageOps.exif_transpose(opened).convert("RGB")
    scale = min(image.width / shape[0], image.height / shape[1])
    size = (round(shape[0] * scale), round(shape[1] * scale))
    if not (upright and size == image.size and kind == "JPEG"):
        data = _encoded(_middle(image, size), kind)
    uri = f"data:{FORMATS[kind][1]};base64,{b64encode(data).decode()}"
    return Cut(uri, scale * INCH, colours(_middle(image, size), leftward=leftward))


def _middle(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    left, top = (image.width - size[0]) // 2, (image.height - size[1]) // 2
    return image.crop((left, top, left + size[0], top + size[1]))


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        image.save(out, "JPEG", quality=95, optimize=True, subsampling=0)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def colours(image: Image.Image, *, leftward: bool) -> Palette:
    """Draw a palette from a picture: its ground is what is most of it beside the spine."""
    small = image.resize((_SEEN, _SEEN), Image.Resampling.BOX)
    edge = _SEEN // 6
    beside = (_SEEN - edge, 0, _SEEN, _SEEN) if leftward else (0, 0, edge, _SEEN)
    ground = _counted(small.crop(beside), 6)[0]
    light = contrast(ground, _LIGHT) >= contrast(ground, _DARK)
    text = _LIGHT if light else _DARK
    for _ in range(8):  # a ground between light and dark is moved away from its text
        if contrast(ground, text) >= 5:
            break
        ground = mixed(ground, "#000000" if light else "#ffffff", 0.18)
    vivid = [c for c in _counted(small, 12) if contrast(c, ground) >= 2]
    accent = max(vivid, key=_chroma, default=text)
    return Palette(ground, mixed(ground, text, 0.3), accent, legible(ground, (text,)))


def _counted(image: Image.Image, most: int) -> list[str]:
    """Give a picture's colours, the most frequent first."""
    few = image.quantize(most, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    counted = few.getcolors(_SEEN * _SEEN) or []
    ordered = sorted(counted, key=lambda pair: (-pair[0], pair[1]))
    return ["#" + bytes(cast("tuple[int, int, int]", colour)).hex() for _, colour in ordered]


def _chroma(colour: str) -> tuple[int, float]:
    parts = [int(p, 16) for p in re.findall("[0-9a-f]{2}", colour)]
    return max(parts) - min(parts), luminance(colour)


def _fault(code: str, message: str) -> GeppettoError:
    hint = "Name an image in the book's folder, or leave it out to have a cover made."
    return GeppettoError(Diagnostic(code, message, Location("book.yaml"), hint))
