"""Small print files that are right, to be broken in one way each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, String

Change = Callable[[Pdf], None]
WIDTH, HEIGHT, PAGES = 432, 648, 24
DRAWING = b"0 g 72 72 288 504 re f"


def page(document: Pdf, content: bytes = DRAWING, **resources: Any) -> Page:
    """Make a page of six by nine inches."""
    made = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, WIDTH, HEIGHT]),
        TrimBox=Array([0, 0, WIDTH, HEIGHT]),
        Contents=document.make_stream(content),
        Resources=Dictionary(**resources),
    )
    return Page(document.make_indirect(made))


def made(printer: str = "kdp", pages: int = PAGES) -> Pdf:
    """Make a file that a printer takes as it is: its last page is blank."""
    document = Pdf.new()
    for _ in range(pages - 1):
        document.pages.append(page(document))
    document.pages.append(page(document, b""))
    if printer == "ingram":
        state(document)
    return document


def state(document: Pdf) -> None:
    """Let a file say what PDF/X-1a:2001 asks for."""
    said = {
        "/Title": "A Book",
        "/CreationDate": "D:20261123000000Z",
        "/ModDate": "D:20261123000000Z",
        "/GTS_PDFXVersion": "PDF/X-1:2001",
        "/GTS_PDFXConformance": "PDF/X-1a:2001",
    }
    for key, value in said.items():
        document.docinfo[key] = String(value)
    document.docinfo["/Trapped"] = Name("/False")
    intent = Dictionary(
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String("CGATS TR 001"),
        RegistryName=String("http://www.color.org"),
    )
    document.Root.OutputIntents = Array([intent])


def write(
    path: Path, printer: str = "kdp", change: Change | None = None, pages: int = PAGES, **how: Any
) -> Path:
    """Write a file, broken by `change`; `how` is how pikepdf saves it."""
    with made(printer, pages) as document:
        if change is not None:
            change(document)
        own: dict[str, Any] = {
            "object_stream_mode": pikepdf.ObjectStreamMode.disable,
            "force_version": "1.3",
            "fix_metadata_version": False,
        }
        if "encryption" not in how:
            own |= {"static_id": True, "compress_streams": False}
            own["stream_decode_level"] = pikepdf.StreamDecodeLevel.none
        document.save(path, **(own | how))
    return path
