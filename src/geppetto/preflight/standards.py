"""Whether a print file is the PDF/X that it must be (ISO 15930-1 and 15930-7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import Asked, listed
from geppetto.preflight.opened import Opened

CALLED = {"x-1a": "PDF/X-1a:2001", "x-4": "PDF/X-4"}
VERSIONS = {"x-1a": "1.3", "x-4": "1.6"}
LATER = {
    "x-1a": {
        "/LZWDecode": "LZW",
        "/LZW": "LZW",
        "/JPXDecode": "JPEG 2000",
        "/JBIG2Decode": "JBIG2",
    },
    "x-4": {"/LZWDecode": "LZW", "/LZW": "LZW"},
}
"""Ways of packing that a standard does not allow."""
ROUND = 0.01  # of a point
REMEDY = "Write the file as {name}: 'geppetto publish' does, and so do programs for layout."
_PDFXID = "{http://www.npes.org/pdfx/ns/id/}"


def standard(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """All in which the file is not of the standard that it says, or is to be."""
    if not asked.demands.standards:
        return
    kind = _kind(opened, asked)
    name = CALLED[kind]
    for what in _faults(opened, kind):
        yield Diagnostic("print-standard", f"{what} ({name}).", hint=REMEDY.format(name=name))


def _kind(opened: Opened, asked: Asked) -> str:
    """Give the standard that the file says it has, if the printer takes it, else the one asked for."""
    said = _informed(opened).get("/GTS_PDFXVersion", "") or _in_xmp(opened)
    found = "x-4" if said.startswith("PDF/X-4") else "x-1a" if said.startswith("PDF/X-1") else ""
    return found if found in asked.demands.standards else asked.pdfx


def _faults(opened: Opened, kind: str) -> Iterator[str]:
    version = opened.pdf.pdf_version
    if version > VERSIONS[kind]:
        yield f"The file is PDF {version}, not {VERSIONS[kind]} or older"
    if kind == "x-1a" and not _has_plain_table(opened):
        yield "The file's objects are packed in streams, which PDF 1.3 does not know"
    yield from _said(opened, kind)
    yield from _dated(opened)
    if "/ID" not in opened.pdf.trailer:
        yield "The file has no identifier (ID)"
    yield from _intents(opened, kind)
    yield from _boxes(opened)
    yield from _packed(opened, kind)


def _has_plain_table(opened: Opened) -> bool:
    """Tell whether the file ends as those before PDF 1.5 do (ISO 32000, 7.5.4)."""
    data = opened.file.read_bytes()
    found = re.findall(rb"startxref\s+(\d+)", data)
    return bool(found) and data[int(found[-1]) :].lstrip().startswith(b"xref")


def _informed(opened: Opened) -> dict[str, str]:
    if "/Info" not in opened.pdf.trailer:
        return {}
    return {str(key): str(value) for key, value in opened.pdf.docinfo.items()}


def _in_xmp(opened: Opened) -> str:
    if not isinstance(opened.pdf.Root.get("/Metadata"), Stream):
        return ""
    with opened.pdf.open_metadata() as metadata:
        return str(metadata.get(f"{_PDFXID}GTS_PDFXVersion", ""))


def _said(opened: Opened, kind: str) -> Iterator[str]:
    """What the file must say of itself."""
    informed = _informed(opened)
    if kind == "x-1a":
        wanted = {"/GTS_PDFXVersion": "PDF/X-1:2001", "/GTS_PDFXConformance": "PDF/X-1a:2001"}
        for key, value in wanted.items():
            if informed.get(key) != value:
                yield f"The file does not say {key.lstrip('/')} {value}"
    elif not _in_xmp(opened).startswith("PDF/X-4"):
        yield "The file's XMP does not say GTS_PDFXVersion PDF/X-4"
    if informed.get("/Trapped") not in {"/True", "/False"}:
        yield "The file does not say whether it is trapped (Trapped)"
    if not informed.get("/Title"):
        yield "The file has no title (Title)"


def _dated(opened: Opened) -> Iterator[str]:
    informed = _informed(opened)
    for key in ("/CreationDate", "/ModDate"):
        if not re.match(r"D:\d{4}", informed.get(key, "")):
            yield f"The file does not say when it was made ({key.lstrip('/')})"


def _intents(opened: Opened, kind: str) -> Iterator[str]:
    """The press that the file is for."""
    held = [
        one for one in opened.pdf.Root.get("/OutputIntents", []) if one.get("/S") == Name.GTS_PDFX
    ]
    if len(held) != 1:
        yield f"The file names {len(held) or 'no'} press{'es' if len(held) > 1 else ''} (OutputIntent)"
        return
    if not str(held[0].get("/OutputConditionIdentifier", "")):
        yield "The file's OutputIntent has no OutputConditionIdentifier"
    has_profile = isinstance(held[0].get("/DestOutputProfile"), Stream)
    if kind == "x-4" and not has_profile:
        yield "The file's OutputIntent has no profile (DestOutputProfile)"
    if kind == "x-1a" and not has_profile and not str(held[0].get("/RegistryName", "")):
        yield "The file's OutputIntent has neither RegistryName nor profile"


def _boxes(opened: Opened) -> Iterator[str]:
    """The boxes of each page: the finished page within the bleed within the paper."""
    lacking, outside, both = [], [], []
    for number, page in enumerate(opened.pages, 1):
        if "/TrimBox" in page and "/ArtBox" in page:
            both.append(number)
        if "/TrimBox" not in page and "/ArtBox" not in page:
            lacking.append(number)
            continue
        sheet, trim = opened.paper(page), opened.trimmed(page)
        bleed = opened.box(page, "/BleedBox", "/MediaBox")
        if not (_within(trim, bleed) and _within(bleed, sheet)):
            outside.append(number)
    if lacking:
        yield f"{listed(lacking)} {_have(lacking)} no TrimBox"
    if both:
        yield f"{listed(both)} {_have(both)} TrimBox and ArtBox"
    if outside:
        yield f"{listed(outside)} {_have(outside)} a TrimBox or BleedBox outside the page"


def _have(pages: list[int]) -> str:
    return "has" if len(pages) == 1 else "have"


def _within(box: Any, other: Any) -> bool:
    low = box.llx >= other.llx - ROUND and box.lly >= other.lly - ROUND
    return bool(low and box.urx <= other.urx + ROUND and box.ury <= other.ury + ROUND)


def _packed(opened: Opened, kind: str) -> Iterator[str]:
    """Streams that are packed as the standard does not allow; what draws by PostScript."""
    names = set()
    for made in opened.pdf.objects:
        if isinstance(made, Stream):
            given = made.get("/Filter", Array())
            names |= {str(one) for one in given} if isinstance(given, Array) else {str(given)}
            if made.get("/Subtype") == Name.PS:
                yield "The file holds PostScript"
            if "/OPI" in made or "/Alternates" in made:
                yield "The file has pictures that stand for others (OPI, Alternates)"
    for name in sorted(names & set(LATER[kind])):
        yield f"The file is packed with {LATER[kind][name]}"
    if kind == "x-1a" and any(
        _is_opentype(one.made) for _, one in opened.numbered() if one.kind == "font"
    ):
        yield "The file has whole OpenType fonts, which PDF 1.3 does not know"
    states = (one.made for _, one in opened.numbered() if one.kind == "state")
    if any(isinstance(state, Dictionary) and "/TR" in state for state in states):
        yield "The file has transfer functions (TR)"


def _is_opentype(font: Any) -> bool:
    """Tell whether a font is embedded as OpenType is (PDF 1.6)."""
    for one in (font, *font.get("/DescendantFonts", [])):
        held = one.get("/FontDescriptor", Dictionary()).get("/FontFile3")
        if isinstance(held, Stream) and held.get("/Subtype") == Name.OpenType:
            return True
    return False
