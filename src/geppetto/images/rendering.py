"""The pages of a small PDF as grey pictures, for formulas."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops


def pages(pdf: Path, scale: float) -> Iterator[Image.Image]:
    """Give each page as a grey picture on white, of so many pixels to the PDF point."""
    document = pdfium.PdfDocument(pdf)
    try:
        for page in document:
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
    finally:
        document.close()


def ink(picture: Image.Image, margin: int) -> Image.Image:
    """Cut the white off, but for a margin."""
    box = ImageChops.invert(picture).getbbox()
    if box is None:
        return picture
    left, top, right, bottom = box
    return picture.crop(
        (
            max(0, left - margin),
            max(0, top - margin),
            min(picture.width, right + margin),
            min(picture.height, bottom + margin),
        )
    )


def png(picture: Image.Image, dpi: int) -> bytes:
    """Write a picture as PNG, with its resolution."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, dpi=(dpi, dpi))
    return out.getvalue()
