"""The words of each page of a PDF that has a page map, and the page's number as it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from geppetto import store
from geppetto.pagemap import PageMap, stored

HYPHEN = "\x02"
"""What PDFium gives for the hyphen of a word that goes on in the next line."""


@dataclass(frozen=True)
class Printed:
    """A page: its number as it is printed, its text, whether something of a chapter stands on it."""

    folio: str
    text: str
    is_body: bool


def read(file: Path) -> tuple[Printed, ...]:
    """Read the pages of the PDF beside a page map's file; blank ones are there, without text.

    Raises:
        ValueError: the map or the PDF cannot be read, or they do not belong together.
    """
    pdf = file.with_suffix(".pdf")
    try:
        known = stored.unpacked(file.read_bytes())
        pdf.stat()
        if store.digest(pdf) != known.pdf:
            raise ValueError(f"{pdf.name} is not the PDF that {file.name} was made of")
        return _pages(pdf, known)
    except pdfium.PdfiumError as fault:
        raise ValueError(f"{pdf.name} is no PDF that can be read") from fault
    except OSError as fault:
        name = Path(fault.filename or pdf).name
        raise ValueError(f"{name} cannot be read ({fault.strerror})") from fault


def _pages(pdf: Path, known: PageMap) -> tuple[Printed, ...]:
    document = pdfium.PdfDocument(pdf)
    try:
        made = []
        for index, page in enumerate(document):
            folio = document.get_page_label(index)
            if not folio:
                raise ValueError(f"{pdf.name} does not say the numbers of its pages")
            text = page.get_textpage().get_text_range().replace(HYPHEN, "")
            made.append(Printed(folio, text, bool(known.on(index + 1))))
        return tuple(made)
    finally:
        document.close()
