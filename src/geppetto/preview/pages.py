"""The pages of a PDF as pictures: only those asked for, and those kept that were asked for last.

PDFium is not made for more than one thread: one lock guards every call of it.
A PDF is opened from its bytes, so that its file may be replaced beneath it.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image, ImageChops

NARROWEST, WIDEST = 16, 4096
"""The widths of a picture that may be asked for, in pixels."""
LARGEST = 24_000_000
"""The pixels of a picture, at most: a page may be very high."""
KEPT = 48 * 1024**2
"""The bytes of pictures that are kept, at most."""
_PDFIUM = threading.Lock()


@dataclass(frozen=True)
class Contents:
    """What is known of a PDF without a look at its pages: see `Proof`."""

    title: str
    sizes: tuple[tuple[float, float], ...]
    labels: tuple[str, ...]


class Pages:
    """The pages of the newest PDF."""

    def __init__(self) -> None:
        self._name = ""
        self._document: pdfium.PdfDocument | None = None
        self._pictures: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._guard = threading.Lock()

    def open(self, name: str, data: bytes) -> Contents:
        """Show a PDF from now on, and close the one before.

        Raises:
            ValueError: it is no PDF, or broken.
        """
        with _PDFIUM:
            try:
                document = pdfium.PdfDocument(data)
                contents = _contents(document)
            except pdfium.PdfiumError as fault:
                raise ValueError(str(fault)) from fault
            if self._document is not None:
                self._document.close()
            self._name, self._document = name, document
        return contents

    def close(self) -> None:
        """Close the PDF; no page is shown after."""
        with _PDFIUM:
            if self._document is not None:
                self._document.close()
            self._name, self._document = "", None

    def picture(self, name: str, page: int, width: int) -> bytes | None:
        """Give a page, from 1, as a PNG of this width; None if it is not one of the PDF shown.

        `width` is at least `NARROWEST` and at most `WIDEST`.
        """
        key = (name, page, width)
        with self._guard:
            if name == self._name and key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
        image = self._rendered(name, page, width)
        if image is None:
            return None
        data = _png(image)
        self._keep(key, data)
        return data

    def _rendered(self, name: str, page: int, width: int) -> Image.Image | None:
        with _PDFIUM:
            document = self._document
            if document is None or name != self._name or not 1 <= page <= len(document):
                return None
            sheet = document[page - 1]
            try:
                bitmap = sheet.render(scale=_scale(sheet.get_size(), width))
                image: Image.Image = bitmap.to_pil().copy()
                bitmap.close()
            finally:
                sheet.close()
            return image

    def _keep(self, key: tuple[str, int, int], data: bytes) -> None:
        """Keep a picture; of other PDFs none, and of this one as many as there is room for."""
        with self._guard:
            for other in [one for one in self._pictures if one[0] != self._name]:
                del self._pictures[other]
            self._pictures[key] = data
            while sum(map(len, self._pictures.values())) > KEPT:
                self._pictures.popitem(last=False)


def _contents(document: pdfium.PdfDocument) -> Contents:
    numbers = range(len(document))
    sizes = tuple(document.get_page_size(number) for number in numbers)
    labels = tuple(document.get_page_label(n) or str(n + 1) for n in numbers)
    return Contents(document.get_metadata_value("Title"), sizes, labels)


def _scale(size: tuple[float, float], width: int) -> float:
    """Give the pixels of a point.

    PDFium's caller rounds a picture's sides up: a little less gives the width itself.
    """
    across, down = size
    return min((width - 0.01) / across, float((LARGEST / (across * down)) ** 0.5))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    _without_colour(image).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _without_colour(image: Image.Image) -> Image.Image:
    """Give a picture that has greys alone as such, which is smaller and sooner packed."""
    red, green, blue = image.convert("RGB").split()
    is_grey = not any(ImageChops.difference(red, one).getbbox() for one in (green, blue))
    return red if is_grey else image
