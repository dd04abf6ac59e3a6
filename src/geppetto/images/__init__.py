"""Makes a book's images ready for its editions.

What an image is, its content says, not its name. An image that an edition can
take as it is stays as it is; the others are converted, always to the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageOps

from geppetto import store
from geppetto.diagnostics import Diagnostic, Location
from geppetto.images import drawing, svg
from geppetto.images.reading import ImageError, broken, kind_of, not_svg, opened
from geppetto.images.svg import NotSvgError

__all__ = ["ImageInfo", "clean_svg", "for_docx", "for_epub", "for_latex", "inspect"]

FOLDER = "images"
MEDIA_TYPES = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}
SUFFIXES = {"jpeg": "jpg"}
_AS_THEY_ARE = frozenset({"png", "jpeg", "pdf"})  # what LuaTeX reads
_ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4 A: LuaTeX does not heed it
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})  # what PNG can hold


@dataclass(frozen=True)
class ImageInfo:
    """What an image is: png, jpeg, gif, webp, tiff, svg or pdf.

    Width and height are pixels (of CSS for SVG), or points for a PDF.
    """

    kind: str
    width: float
    height: float
    dpi: float | None = None
    alpha: bool = False


def clean_svg(data: bytes) -> bytes:
    """Give an SVG without document type, entities, scripts, handlers and outside references.

    Raises:
        NotSvgError: it is not well-formed, or no SVG.
    """
    return svg.clean(data)[0]


def inspect(path: Path) -> tuple[ImageInfo | None, list[Diagnostic]]:
    """Say what an image is, how large it is, and what is wrong with it."""
    try:
        return _inspect(path.read_bytes()), []
    except (ImageError, OSError) as fault:
        return None, [_diagnostic(path.name, fault)]


def for_latex(images: Mapping[str, Path], work: Path) -> tuple[dict[str, str], list[Diagnostic]]:
    """Put the images that the PDF needs into `work`/images, named by their content.

    Gives each target's file relative to `work`. SVG becomes PDF; GIF, WebP and
    TIFF become PNG. A file that is there already is not made again; what no
    image needs any more is removed.

    Raises:
        GeppettoError: there is an SVG to convert, and rsvg-convert is not installed.
    """
    ready: dict[str, str] = {}
    faults: list[Diagnostic] = []
    for target, path in sorted(images.items()):
        try:
            ready[target] = _place(target, path.read_bytes(), work)
        except (ImageError, OSError) as fault:
            faults.append(_diagnostic(target, fault))
    _sweep(work / FOLDER, set(ready.values()))
    return ready, faults


def for_epub(
    images: Mapping[str, Path],
) -> tuple[dict[str, tuple[str, bytes, str]], list[Diagnostic]]:
    """Give each target's name in the EPUB, its bytes and its media type (EPUB 3.3, section 3.2).

    SVG is cleaned and put on white, TIFF becomes PNG; a PDF cannot stand in an EPUB.
    """
    ready: dict[str, tuple[str, bytes, str]] = {}
    faults: list[Diagnostic] = []
    for target, path in sorted(images.items()):
        try:
            kind, data = _for_epub(path.read_bytes())
            name = f"{FOLDER}/{_named(target, data, SUFFIXES.get(kind, kind))}"
            ready[target] = (name, data, MEDIA_TYPES[kind])
        except (ImageError, OSError) as fault:
            faults.append(_diagnostic(target, fault))
    return ready, faults


def for_docx(
    images: Mapping[str, Path], work: Path
) -> tuple[dict[str, tuple[str, bytes, str]], list[Diagnostic]]:
    """Give each target's name in the DOCX, its bytes and its media type.

    SVG, WebP and TIFF become PNG, which every Word shows; a PDF cannot stand in a
    DOCX. Drawings are kept in `work`/images, and not drawn again.

    Raises:
        GeppettoError: there is an SVG to convert, and rsvg-convert is not installed.
    """
    ready: dict[str, tuple[str, bytes, str]] = {}
    faults: list[Diagnostic] = []
    drawn: set[str] = set()
    for target, path in sorted(images.items()):
        try:
            source = path.read_bytes()
            kind, data = kind_of(source), source
            if kind == "svg":
                place = f"{FOLDER}/{_named(target, source + drawing.maker(), 'png')}"
                drawn.add(place)
                kind, data = "png", _drawn(source, work / place)
            else:
                kind, data = _for_docx(kind, source)
            name = _named(target, data, SUFFIXES.get(kind, kind))
            ready[target] = (name, data, MEDIA_TYPES[kind])
        except (ImageError, OSError) as fault:
            faults.append(_diagnostic(target, fault))
    _sweep(work / FOLDER, drawn)
    return ready, faults


def _diagnostic(target: str, fault: ImageError | OSError) -> Diagnostic:
    if isinstance(fault, ImageError):
        return Diagnostic(fault.code, f"{target} {fault.message}", Location(target), fault.hint)
    return Diagnostic(
        "image-broken",
        f"{target} cannot be read: {fault.strerror or fault}.",
        Location(target),
        "Check the file and its rights.",
    )


def _place(target: str, data: bytes, work: Path) -> str:
    kind = kind_of(data)
    if kind == "svg":
        name = _named(target, data + drawing.maker(), "pdf")
    else:
        suffix = SUFFIXES.get(kind, kind) if kind in _AS_THEY_ARE else "png"
        name = _named(target, data, suffix)
    place = work / FOLDER / name
    if not place.is_file():
        store.write_bytes(place, _for_latex(kind, data))
    return f"{FOLDER}/{name}"


def _for_latex(kind: str, data: bytes) -> bytes:
    if kind == "svg":
        return drawing.to_pdf(data)
    if kind == "pdf":
        _pdf_size(data)
        return data
    with opened(data) as image:
        if kind not in _AS_THEY_ARE:
            return _to_png(image)
        if kind == "jpeg" and image.getexif().get(_ORIENTATION, 1) != 1:
            return _upright(image)
    return data


def _for_epub(data: bytes) -> tuple[str, bytes]:
    kind = kind_of(data)
    if kind == "svg":
        return kind, svg.on_white(drawing.cleaned(data))
    if kind == "pdf":
        raise ImageError(
            "image-format",
            "is a PDF, which no EPUB reader shows.",
            "Save the drawing as SVG, or the picture as PNG or JPEG: both editions take those.",
        )
    with opened(data) as image:
        return ("png", _to_png(image)) if kind == "tiff" else (kind, data)


def _drawn(source: bytes, place: Path) -> bytes:
    if not place.is_file():
        store.write_bytes(place, drawing.to_png(source))
    return place.read_bytes()


def _for_docx(kind: str, data: bytes) -> tuple[str, bytes]:
    if kind == "pdf":
        raise ImageError(
            "image-format",
            "is a PDF, which Word does not show.",
            "Save the drawing as SVG, or the picture as PNG or JPEG: every edition takes those.",
        )
    with opened(data) as image:
        if kind in {"webp", "tiff"}:
            return "png", _to_png(image)
        if kind == "jpeg" and image.getexif().get(_ORIENTATION, 1) != 1:
            return kind, _upright(image)
    return kind, data


def _inspect(data: bytes) -> ImageInfo:
    kind = kind_of(data)
    if kind == "svg":
        try:
            return ImageInfo(kind, *svg.size(data), alpha=True)
        except NotSvgError as fault:
            raise not_svg(fault) from fault
    if kind == "pdf":
        return ImageInfo(kind, *_pdf_size(data))
    with opened(data) as image:
        alpha = "A" in image.getbands() or "transparency" in image.info
        return ImageInfo(kind, *image.size, _dpi(image), alpha)


def _dpi(image: Image.Image) -> float | None:
    """Give a picture's resolution; a TIFF that has none is given as of 1 dpi by Pillow."""
    dpi = float(image.info.get("dpi", (0, 0))[0])
    return dpi if dpi > 1 else None


def _to_png(image: Image.Image) -> bytes:
    """Give a picture's first frame as PNG, with its resolution."""
    if image.mode not in _MODES:
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    dpi = _dpi(image)
    out = io.BytesIO()
    image.save(out, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


def _upright(image: Image.Image) -> bytes:
    """Turn a photograph as its camera's note asks."""
    out = io.BytesIO()
    turned = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile", b"")
    turned.save(out, "JPEG", quality=95, subsampling=0, icc_profile=profile)
    return out.getvalue()


def _pdf_size(data: bytes) -> tuple[float, float]:
    try:
        with pikepdf.Pdf.open(io.BytesIO(data)) as document:
            left, bottom, right, top = (float(value) for value in document.pages[0].mediabox)
    except (pikepdf.PdfError, IndexError, ValueError, TypeError) as fault:
        raise broken() from fault
    return right - left, top - bottom


def _named(target: str, data: bytes, suffix: str) -> str:
    """Name a file by its stem, in ASCII, and its content."""
    stem = unicodedata.normalize("NFKD", Path(target).stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:60] or "image"
    return f"{plain}-{hashlib.sha256(data).hexdigest()[:8]}.{suffix}"


def _sweep(folder: Path, kept: set[str]) -> None:
    for path in folder.glob("*"):
        if path.is_file() and f"{FOLDER}/{path.name}" not in kept:
            path.unlink()
