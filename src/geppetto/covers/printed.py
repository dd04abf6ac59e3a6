"""A drawn sheet as a print file: its boxes, and nothing that tells of the run.

Knows pikepdf, and what cairo writes.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Name, Pdf

from geppetto.covers.geometry import Box, Sheet


def finish(drawn: bytes, sheet: Sheet) -> bytes:
    """Give a print file of its size, with the boxes of PDF/X (ISO 15930-1, 6.6)."""
    trim = sheet.trim
    return _finished(drawn, sheet.whole, trim)


def finish_proof(drawn: bytes, paper: Box) -> bytes:
    """Give a proof of its paper's size."""
    return _finished(drawn, paper, None)


def _finished(drawn: bytes, paper: Box, trim: Box | None) -> bytes:
    with Pdf.open(io.BytesIO(drawn)) as document:
        for key in list(document.docinfo.keys()):
            del document.docinfo[key]
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        if "/ID" in document.trailer:
            del document.trailer["/ID"]
        [page] = document.pages
        page.obj.MediaBox = _box(paper, paper)
        for name in ("/CropBox", "/Rotate"):
            if name in page.obj:
                del page.obj[name]
        if trim is not None:
            page.obj.BleedBox = _box(paper, paper)
            page.obj.TrimBox = _box(trim, paper)
        if not _is_transparent(document):
            # cairo gives every page a transparency group, which PDF/X-1a forbids.
            _ungroup(document)
        out = io.BytesIO()
        document.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return out.getvalue()


def _box(box: Box, paper: Box) -> Array:
    """Give a box in PDF's coordinates, which grow upwards."""
    corners = (box.x, paper.height - box.bottom, box.right, paper.height - box.y)
    return Array([round(value, 4) for value in corners])


def _is_transparent(document: Pdf) -> bool:
    """Tell whether anything in a document lets through what is under it (ISO 32000, 11)."""
    return any(
        isinstance(item, pikepdf.Dictionary | pikepdf.Stream)
        and (
            float(item.get("/ca", 1)) < 1
            or float(item.get("/CA", 1)) < 1
            or isinstance(item.get("/SMask"), pikepdf.Stream | pikepdf.Dictionary)
            or item.get("/BM", Name.Normal) not in (Name.Normal, Name.Compatible)
        )
        for item in document.objects
    )


def _ungroup(document: Pdf) -> None:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) and "/Group" in item:
            del item["/Group"]
