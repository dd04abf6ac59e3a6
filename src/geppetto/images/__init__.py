"""Makes a book's images ready for its editions.

What an image is, its content says, not its name. An image that an edition can
take as it is stays as it is; the others are converted, always to the same
bytes. Knows Pillow, and rsvg-convert for SVG in the PDF.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageOps

from geppetto import store, tools
from geppetto.diagnostics import Diagnostic, Location
from geppetto.images import svg
from geppetto.images.svg import NotSvgError

__all__ = ["ImageInfo", "clean_svg", "for_epub", "for_latex", "inspect"]

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
_PILLOW = {
    "PNG": "png",
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "GIF": "gif",
    "WEBP": "webp",
    "TIFF": "tiff",
}
_ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4 A: LuaTeX does not heed it
_LIMITS = tools.Limits(seconds=120, cpu_seconds=120)
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})  # what PNG can hold
_RSVG_HINT = (
    "Install it: 'apt install librsvg2-bin' (Debian), 'brew install librsvg' (macOS), "
    "'dnf install librsvg2-tools' (Fedora)."
)


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


class _ImageError(Exception):
    """An image cannot be used; carries the diagnostic's code, message and hint."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


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
    except (_ImageError, OSError) as fault:
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
        except (_ImageError, OSError) as fault:
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
        except (_ImageError, OSError) as fault:
            faults.append(_diagnostic(target, fault))
    return ready, faults


def _diagnostic(target: str, fault: _ImageError | OSError) -> Diagnostic:
    if isinstance(fault, _ImageError):
        return Diagnostic(fault.code, f"{target} {fault.message}", Location(target), fault.hint)
    return Diagnostic(
        "image-broken",
        f"{target} cannot be read: {fault.strerror or fault}.",
        Location(target),
        "Check the file and its rights.",
    )


def _place(target: str, data: bytes, work: Path) -> str:
    kind = _kind(data)
    if kind == "svg":
        name = _named(target, data, "pdf")
    else:
        suffix = SUFFIXES.get(kind, kind) if kind in _AS_THEY_ARE else "png"
        name = _named(target, data, suffix)
    place = work / FOLDER / name
    if not place.is_file():
        store.write_bytes(place, _for_latex(kind, data))
    return f"{FOLDER}/{name}"


def _for_latex(kind: str, data: bytes) -> bytes:
    if kind == "svg":
        return _svg_to_pdf(data)
    if kind == "pdf":
        _pdf_size(data)
        return data
    with _opened(data) as image:
        if kind not in _AS_THEY_ARE:
            return _to_png(image)
        if kind == "jpeg" and image.getexif().get(_ORIENTATION, 1) != 1:
            return _upright(image)
    return data


def _for_epub(data: bytes) -> tuple[str, bytes]:
    kind = _kind(data)
    if kind == "svg":
        return kind, svg.on_white(_cleaned(data))
    if kind == "pdf":
        raise _ImageError(
            "image-format",
            "is a PDF, which no EPUB reader shows.",
            "Save the drawing as SVG, or the picture as PNG or JPEG: both editions take those.",
        )
    with _opened(data) as image:
        return ("png", _to_png(image)) if kind == "tiff" else (kind, data)


def _inspect(data: bytes) -> ImageInfo:
    kind = _kind(data)
    if kind == "svg":
        try:
            return ImageInfo(kind, *svg.size(data), alpha=True)
        except NotSvgError as fault:
            raise _not_svg(fault) from fault
    if kind == "pdf":
        return ImageInfo(kind, *_pdf_size(data))
    with _opened(data) as image:
        alpha = "A" in image.getbands() or "transparency" in image.info
        return ImageInfo(kind, *image.size, _dpi(image), alpha)


def _dpi(image: Image.Image) -> float | None:
    """Give a picture's resolution; a TIFF that has none is given as of 1 dpi by Pillow."""
    dpi = float(image.info.get("dpi", (0, 0))[0])
    return dpi if dpi > 1 else None


def _kind(data: bytes) -> str:
    """Tell an image's kind from its first bytes."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<", data) or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "svg"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                kind = _PILLOW.get(image.format or "")
                other = image.format
    except Image.DecompressionBombError as fault:
        raise _too_large() from fault
    except (OSError, ValueError, SyntaxError) as fault:
        raise _broken() from fault
    if kind is None:
        raise _ImageError(
            "image-format",
            f"is of a kind ({other}) that cannot be set.",
            "Save it as PNG, JPEG or SVG.",
        )
    return kind


def _opened(data: bytes) -> Image.Image:
    """Read a picture to its end, so that a cut file is found out here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            image.load()
    except Image.DecompressionBombError as fault:
        raise _too_large() from fault
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise _broken() from fault
    return image


def _broken() -> _ImageError:
    return _ImageError(
        "image-broken", "is no image that can be read.", "Save it anew as PNG, JPEG or SVG."
    )


def _too_large() -> _ImageError:
    return _ImageError("image-broken", "has too many pixels to be read.", "Save it smaller.")


def _not_svg(fault: NotSvgError) -> _ImageError:
    return _ImageError(
        "image-broken", f"is not a sound SVG: {fault}.", "Open it in a drawing program; save anew."
    )


def _cleaned(data: bytes) -> bytes:
    try:
        cleaned, wanted = svg.clean(data)
    except NotSvgError as fault:
        raise _not_svg(fault) from fault
    if wanted:
        raise _ImageError(
            "image-format",
            f"takes a picture from another file ({wanted[0]}), which an SVG in a book cannot.",
            "Embed it in the SVG (in Inkscape: Extensions, Images, Embed).",
        )
    return cleaned


def _svg_to_pdf(data: bytes) -> bytes:
    """Convert by rsvg-convert, on its standard input: so it has no folder to look for files in."""
    cleaned = _cleaned(data)
    program = tools.require("rsvg-convert", "turns SVG images into PDF", _RSVG_HINT)
    result = tools.run(
        [program, "--format=pdf"],
        stdin=cleaned,
        environment={"SOURCE_DATE_EPOCH": "0"},
        limits=_LIMITS,
    )
    if result.returncode or not result.stdout.startswith(b"%PDF-"):
        reason = result.stderr.decode("utf-8", "replace").strip().splitlines()
        said = reason[-1] if reason else "no reason given"
        raise _ImageError(
            "image-broken",
            f"cannot be drawn: {said}.",
            "Open it in a drawing program; save it anew as plain SVG.",
        )
    return result.stdout


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
        raise _broken() from fault
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
