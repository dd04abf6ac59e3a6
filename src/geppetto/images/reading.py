"""What an image is, by its content, and what is wrong with one that cannot be used."""

from __future__ import annotations

import io
import re
import warnings

from PIL import Image

from geppetto.images.svg import NotSvgError

_PILLOW = {
    "PNG": "png",
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "GIF": "gif",
    "WEBP": "webp",
    "TIFF": "tiff",
}


class ImageError(Exception):
    """An image cannot be used; carries the diagnostic's code, message and hint."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def kind_of(data: bytes) -> str:
    """Tell an image's kind from its first bytes.

    Raises:
        ImageError: it is none, or of a kind that no edition takes.
    """
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
        raise too_large() from fault
    except (OSError, ValueError, SyntaxError) as fault:
        raise broken() from fault
    if kind is None:
        raise ImageError(
            "image-format",
            f"is of a kind ({other}) that cannot be set.",
            "Save it as PNG, JPEG or SVG.",
        )
    return kind


def opened(data: bytes) -> Image.Image:
    """Read a picture to its end, so that a cut file is found out here.

    Raises:
        ImageError: it is cut, broken or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            image.load()
    except Image.DecompressionBombError as fault:
        raise too_large() from fault
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise broken() from fault
    return image


def broken() -> ImageError:
    """Say that an image cannot be read."""
    return ImageError(
        "image-broken", "is no image that can be read.", "Save it anew as PNG, JPEG or SVG."
    )


def too_large() -> ImageError:
    """Say that an image would take more memory than it may."""
    return ImageError("image-broken", "has too many pixels to be read.", "Save it smaller.")


def not_svg(fault: NotSvgError) -> ImageError:
    """Say what is wrong with an SVG."""
    return ImageError(
        "image-broken", f"is not a sound SVG: {fault}.", "Open it in a drawing program; save anew."
    )
