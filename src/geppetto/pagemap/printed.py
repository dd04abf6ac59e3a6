"""The words of each page of a PDF that has a page map, and the page's number as it is printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from geppetto import store
from geppetto.pagemap import PageMap, stored

HYPHEN = "\x02"
"""What PDFium gives for the hyphen of a word that goes on in the next line."""

_FEWEST = 2  # pages whose numbers agree by no chance
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


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
        texts = [
            page.get_textpage().get_text_range().replace(HYPHEN, "").replace("\r\n", "\n")
            for page in document
        ]
        labels = [document.get_page_label(index) for index in range(len(texts))]
    finally:
        document.close()
    folios = labels if all(labels) else counted(texts)
    if folios is None:
        raise ValueError(f"{pdf.name} does not say the numbers of its pages")
    return tuple(
        Printed(folio, text, bool(known.on(index)))
        for index, (folio, text) in enumerate(zip(folios, texts, strict=True), 1)
    )


def counted(texts: Sequence[str]) -> list[str] | None:
    """Give the pages' numbers by those that stand at their heads and feet; None if few do.

    For a PDF whose labels are gone, as a printer's standard may ask. Arabic numbers
    count from the page that most of them agree on, Roman ones before it.
    """
    votes = Counter(
        index - number for index, text in enumerate(texts, 1) for number in _numbers(text)
    )
    before, agreed = max(votes.items(), key=lambda vote: (vote[1], -vote[0]), default=(0, 0))
    numbered = sum(bool(text.strip()) for text in texts[max(before, 0) :])
    if not 0 <= before < len(texts) or agreed < max(_FEWEST, numbered / 2):
        return None
    front = [roman(number) for number in range(1, before + 1)]
    return [*front, *(str(number) for number in range(1, len(texts) - before + 1))]


def _numbers(text: str) -> set[int]:
    """Give the numbers that begin or end the first line of a page, or its last."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    ends = {word for line in (*lines[:1], *lines[-1:]) for word in (line[0], line[-1])}
    return {int(word) for word in ends if re.fullmatch(r"[0-9]{1,4}", word)}


def roman(number: int) -> str:
    """Give a number in small Roman figures."""
    made = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        made += letters * count
    return made
