"""Which draft a returned PDF is of: what its metadata say, else what is printed on its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice

import pikepdf
import pypdfium2 as pdfium
from lxml import etree

from geppetto.review.drafts import INFO
from geppetto.review.returned.pdf import strings

LOOKED_AT = 40
"""The pages of which the footer is looked at, at most."""


def label(data: bytes) -> str:
    """Give `<draft>/<copy>` as the metadata say it; nothing where they do not.

    Acrobat keeps the keys of Info in the XMP too, as `pdfx:` properties, and some
    programs write the one or the other anew.

    Raises:
        pikepdf.PdfError: the PDF cannot be read.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        info = pdf.trailer.get("/Info")
        said = strings.text(info.get(f"/{INFO}")) if isinstance(info, pikepdf.Dictionary) else ""
        metadata = pdf.Root.get("/Metadata")
        if said or not isinstance(metadata, pikepdf.Stream):
            return said
        return _of_xmp(strings.content(metadata))


def _of_xmp(data: bytes) -> str:
    root = strings.xml(data)
    for element in [] if root is None else root.iter(etree.Element):
        if etree.QName(element).localname == INFO:
            return "".join(element.itertext()).strip()
        for name, value in element.attrib.items():
            if etree.QName(name).localname == INFO:
                return str(value).strip()
    return ""


def printed(data: bytes) -> Iterator[str]:
    """Give the text of some pages, those in the middle first: the first have no footer, as a rule.

    Raises:
        pdfium.PdfiumError: the PDF cannot be read.
    """
    document = pdfium.PdfDocument(data)
    try:
        middle = len(document) // 2
        order = sorted(range(len(document)), key=lambda n: (abs(n - middle), n))
        for index in islice(order, LOOKED_AT):
            page = document[index]
            text = page.get_textpage()
            yield text.get_text_range()
            text.close()
            page.close()
    finally:
        document.close()
