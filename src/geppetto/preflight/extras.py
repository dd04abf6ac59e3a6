"""What a print file has beside its pages: links, bookmarks, scripts, files, layers, metadata, locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pikepdf import Dictionary, Stream

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import Asked, listed
from geppetto.preflight.opened import Opened

KINDS = {"/Link": "links", "/Widget": "fields of a form", "/FileAttachment": "attached files"}
PDFX = ("/GTS_PDFXVersion", "/GTS_PDFXConformance", "/Trapped")


def encrypted(opened: Opened, _: Asked) -> Iterator[Diagnostic]:
    """A file with rights that it grants or refuses."""
    if opened.pdf.is_encrypted:
        says = "The file is encrypted: it says who may print or change it."
        yield Diagnostic("print-encrypted", says, hint="Write it without a password and rights.")


def notes(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Links, remarks, fields of forms."""
    if asked.demands.annotations:
        return
    pages: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(opened.pages, 1):
        for note in page.get("/Annots", []):
            kind = KINDS.get(str(note.get("/Subtype")), "remarks")
            if number not in pages[kind]:
                pages[kind].append(number)
    for kind, numbers in pages.items():
        says = f"{listed(numbers)} {'has' if len(numbers) == 1 else 'have'} {kind}."
        hint = f"Take them out: {asked.store.name} refuses or ignores them."
        yield Diagnostic("print-annotation", says, hint=hint)
    if "/AcroForm" in opened.pdf.Root and not pages:
        yield Diagnostic("print-annotation", "The file has a form.", hint="Take it out.")


def bookmarks(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Bookmarks."""
    held = opened.pdf.Root.get("/Outlines")
    if not asked.demands.bookmarks and held is not None and "/First" in held:
        says = f"The file has bookmarks; {asked.store.name} takes none."
        yield Diagnostic("print-bookmarks", says, hint="Write it without bookmarks.")


def scripts(opened: Opened, _: Asked) -> Iterator[Diagnostic]:
    """JavaScript, and what is done when the file or a page is opened."""
    root = opened.pdf.Root
    names = root.get("/Names", Dictionary())
    found = []
    if "/JavaScript" in names:
        found.append("holds JavaScript")
    action = root.get("/OpenAction")
    if isinstance(action, Dictionary) and str(action.get("/S")) != "/GoTo":
        found.append("does something when it is opened")
    if "/AA" in root:
        found.append("does something when it is closed, saved or printed")
    for what in found:
        yield Diagnostic("print-script", f"The file {what}.", hint="Write it without actions.")
    pages = [number for number, page in enumerate(opened.pages, 1) if "/AA" in page]
    if pages:
        says = f"{listed(pages)}: something is done when it is turned to."
        yield Diagnostic("print-script", says, hint="Write the file without actions.")


def attached(opened: Opened, _: Asked) -> Iterator[Diagnostic]:
    """Files within the file."""
    root = opened.pdf.Root
    if (
        "/EmbeddedFiles" in root.get("/Names", Dictionary())
        or "/AF" in root
        or "/Collection" in root
    ):
        says = "Other files are attached to the file."
        yield Diagnostic("print-attached", says, hint="Write it without attachments.")


def layers(opened: Opened, _: Asked) -> Iterator[Diagnostic]:
    """Layers: what is hidden on one machine may be printed by another."""
    groups: Any = opened.pdf.Root.get("/OCProperties", Dictionary()).get("/OCGs", [])
    if len(groups):
        names = ", ".join(f"“{one.get('/Name', '')}”" for one in groups)
        says = f"The file has layers that can be shown or hidden: {names}."
        yield Diagnostic(
            "print-layers", says, hint="Flatten the layers to one, as it should be printed."
        )


def metadata(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """What the file says of itself, where the printer wants none."""
    if asked.demands.metadata:
        return
    said = [key.lstrip("/") for key in _informed(opened.pdf) if key not in PDFX]
    if isinstance(opened.pdf.Root.get("/Metadata"), Stream):
        said.append("XMP")
    if said:
        says = f"The file says of itself: {', '.join(said)}; {asked.store.name} wants no metadata."
        yield Diagnostic("print-metadata", says, hint="Take its properties out.")


def _informed(pdf: Any) -> list[str]:
    return [str(key) for key in pdf.docinfo.keys()] if "/Info" in pdf.trailer else []  # noqa: SIM118
