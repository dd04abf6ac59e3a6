"""A finished EPUB, read: its pages and pictures, as far as stores have limits for them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from PIL import Image, UnidentifiedImageError

from geppetto.epub.xhtml import MATHML, SVG, XHTML, Element

SVG_KIND = "image/svg+xml"
# What a mode of Pillow's is a kind of: an index of colours is of these colours.
_COLOURS = {"P": "RGB", "PA": "RGB", "RGBA": "RGB", "RGBX": "RGB", "1": "L", "LA": "L"}


@dataclass(frozen=True)
class Picture:
    """An image of the package; `width` and `height` in pixels, `mode` as Pillow names it."""

    name: str
    size: int
    format: str
    width: int = 0
    height: int = 0
    mode: str = "RGB"
    alpha: bool = False

    @property
    def short(self) -> int:
        """The shorter side."""
        return min(self.width, self.height)

    @property
    def long(self) -> int:
        """The longer side."""
        return max(self.width, self.height)


@dataclass(frozen=True)
class Sheet:
    """A page of the package: its bytes, the alternative texts, whether it holds MathML or SVG.

    `alternatives` are texts with the line and column at which their tag ends.
    """

    name: str
    size: int
    alternatives: tuple[tuple[str, int, int], ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """What a finished EPUB holds. `faults` is how many errors EPUBCheck has found in it."""

    name: str
    size: int
    sheets: tuple[Sheet, ...]
    pictures: tuple[Picture, ...]
    cover: Picture | None
    spine: int
    faults: int = 0


def read(path: Path, faults: int = 0) -> Contents:
    """Read what a finished EPUB holds."""
    with zipfile.ZipFile(path) as archive:
        try:
            container = etree.fromstring(archive.read("META-INF/container.xml"))
            package = next(container.iter("{*}rootfile")).get("full-path", "")
            opf = etree.fromstring(archive.read(package))
        except (KeyError, StopIteration, etree.XMLSyntaxError) as fault:
            raise ValueError(f"{path.name} has no package that can be read") from fault
        folder = posixpath.dirname(package)
        items = {posixpath.join(folder, str(i.get("href"))): i for i in opf.iter("{*}item")}
        named = {name: str(item.get("media-type")) for name, item in items.items()}
        kept = archive.namelist()
        pages = [n for n, kind in named.items() if kind == "application/xhtml+xml" and n in kept]
        images = [n for n, kind in named.items() if kind.startswith("image/") and n in kept]
        pictures = {name: _picture(name, archive.read(name), named[name]) for name in images}
        sheets = tuple(_sheet(name, archive.read(name)) for name in pages)
    front = [n for n, i in items.items() if "cover-image" in (i.get("properties") or "").split()]
    return Contents(
        path.name,
        path.stat().st_size,
        sheets,
        tuple(pictures[name] for name in images if name not in front),
        next((pictures[name] for name in front if name in pictures), None),
        sum(1 for _ in opf.iter("{*}itemref")),
        faults,
    )


def _picture(name: str, data: bytes, kind: str) -> Picture:
    if kind == SVG_KIND:
        return Picture(name, len(data), "svg")
    try:
        with Image.open(io.BytesIO(data)) as image:
            alpha = "A" in image.getbands() or "transparency" in image.info
            mode = _COLOURS.get(image.mode, image.mode)
            form = (image.format or kind).lower()
            return Picture(name, len(data), form, *image.size, mode, alpha)
    except (UnidentifiedImageError, OSError):
        return Picture(name, len(data), kind.removeprefix("image/"))


def _sheet(name: str, data: bytes) -> Sheet:
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    found = (("MathML", f"{{{MATHML}}}math"), ("SVG", f"{{{SVG}}}svg"))
    foreign = tuple(word for word, tag in found if next(tree.iter(tag), None) is not None)
    described = [e for e in tree.iter(f"{{{XHTML}}}img") if e.get("alt")]
    placed = tuple((str(e.get("alt")), *_place(data, e)) for e in described)
    return Sheet(name, len(data), placed, foreign)


def _place(data: bytes, element: Element) -> tuple[int, int]:
    """Give the line of an element and the column after its tag, as EPUBCheck counts."""
    line = element.sourceline if isinstance(element.sourceline, int) else 1
    text = data.split(b"\n")[line - 1].decode("utf-8", "replace")
    at = text.find(f'src="{element.get("src")}"')
    return line, (text.find(">", at) + 2 if at >= 0 else 1)
