"""Gives the typeset PDF its metadata and makes its bytes depend on its content alone.

Knows pikepdf. What TeX leaves of the hour, the folder and its own version is
taken out; the file's identifier is a digest of what is in it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Dictionary, Name, Pdf, String

from geppetto import __version__
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.model.settings import Settings

CREATOR = f"Geppetto {__version__}"
_NOT_CREATORS = frozenset({"contributor", "illustrator"})
UA, A = "http://www.aiim.org/pdfua/ns/id/", "http://www.aiim.org/pdfa/ns/id/"
CONFORMANCE: dict[str, dict[str, str]] = {
    "": {},
    "ua-1": {f"{{{UA}}}part": "1"},
    "ua-2": {
        f"{{{UA}}}part": "2",
        f"{{{UA}}}rev": "2024",
        f"{{{A}}}part": "4",
        f"{{{A}}}rev": "2020",
        f"{{{A}}}conformance": "F",
    },
}
"""What the metadata of a tagged PDF say that it conforms to (ISO 14289-1 and -2, clause 5; ISO
19005-4, 6.7.3), by the standard of its tags."""
# Characters that XML 1.0 (section 2.2) cannot hold.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class PdfInfo:
    """What a PDF says of itself.

    `language` is a BCP 47 tag, `epoch` the date in Unix seconds, `standard` that
    of its tags, empty where it has none.
    """

    title: str
    authors: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    language: str = "en"
    description: str | None = None
    subjects: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    publisher: str | None = None
    rights: str | None = None
    identifiers: tuple[str, ...] = ()
    epoch: int = 0
    standard: str = ""

    @property
    def date(self) -> datetime.datetime:
        """The date of all the PDF's dates, in UTC."""
        return datetime.datetime.fromtimestamp(self.epoch, datetime.UTC)


@dataclass(frozen=True)
class Ending:
    """What is done last to a PDF: it is given its metadata."""

    info: PdfInfo

    def __call__(self, document: Pdf) -> None:
        """Give an open PDF its metadata."""
        describe(document, self.info)


def info_from(settings: Settings, epoch: int, standard: str = "") -> PdfInfo:
    """Gather from the book's settings what the PDF is to say of itself."""
    title = f"{settings.title}: {settings.subtitle}" if settings.subtitle else settings.title
    people = settings.author
    return PdfInfo(
        title=title,
        authors=tuple(p.name for p in people if p.role not in _NOT_CREATORS),
        contributors=tuple(p.name for p in people if p.role in _NOT_CREATORS),
        language=settings.lang,
        description=settings.description,
        subjects=tuple(settings.subject),
        keywords=tuple(settings.keywords),
        publisher=settings.publisher,
        rights=settings.rights,
        identifiers=tuple(_identifiers(settings)),
        epoch=epoch,
        standard=standard,
    )


def _identifiers(settings: Settings) -> Iterator[str]:
    own = settings.identifier
    for prefix, value in (("isbn", own.isbn_13), ("doi", own.doi), ("uuid", own.uuid)):
        if value:
            yield f"doi:{value}" if prefix == "doi" else f"urn:{prefix}:{value}"


def finish(pdf: Path, out: Path, info: PdfInfo) -> int:
    """Write `pdf` with its metadata to `out`, and give its number of pages.

    The same PDF content and the same `info` give the same bytes.

    Raises:
        GeppettoError: the PDF cannot be read, or `out` not written.
    """
    return apply(pdf, out, Ending(info))


def apply(pdf: Path, out: Path, last: Callable[[Pdf], None]) -> int:
    """Write `pdf` without what tells of the run, and with `last` done to it, to `out`; see `finish`."""
    try:
        with Pdf.open(pdf, allow_overwriting_input=pdf == out) as document:
            tidy(document)
            last(document)
            pages = len(document.pages)
            save(document, out)
    except (pikepdf.PdfError, OSError) as fault:
        raise GeppettoError(
            Diagnostic(
                "output-failed",
                f"{out.name} could not be finished.",
                hint="Check the free space and the folder's rights, then build again.",
                detail=str(fault),
            ),
            ExitCode.MACHINERY,
        ) from fault
    return pages


def describe(document: Pdf, info: PdfInfo) -> None:
    """Give an open PDF its metadata, in place of what it says of itself."""
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    if "/ID" in document.trailer:
        del document.trailer["/ID"]
    for key in ("/Metadata", "/PieceInfo", "/LastModified"):
        if key in document.Root:
            del document.Root[key]
    _describe(document, info)


def standard(pdf: Path) -> str:
    """Give the standard of its tags that a PDF names in its metadata, empty where it names none.

    Raises:
        GeppettoError: the PDF cannot be read.
    """
    try:
        with Pdf.open(pdf) as document, document.open_metadata() as metadata:
            part = str(metadata.get(f"{{{UA}}}part", ""))
    except (pikepdf.PdfError, OSError) as fault:
        raise GeppettoError(
            Diagnostic("edition-broken", f"{pdf.name} cannot be read.", detail=str(fault)),
            ExitCode.USAGE,
        ) from fault
    return f"ua-{part}" if f"ua-{part}" in CONFORMANCE else ""


def save(document: Pdf, out: Path | BinaryIO) -> None:
    """Write an open PDF, compressed; the same content gives the same bytes."""
    document.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        fix_metadata_version=False,
    )


def tidy(document: Pdf) -> None:
    """Remove what tells of the run from the objects of an open PDF: dates, file names."""
    for item in document.objects:
        if isinstance(item, pikepdf.Object):
            _clean_object(item)


def _clean_object(item: Any) -> None:
    """Remove pdfTeX's notes on where an included page or picture came from."""
    if not isinstance(item, Dictionary | pikepdf.Stream):
        return
    for key in [key for key in item.keys() if str(key).startswith("/PTEX.")]:  # noqa: SIM118
        del item[key]
    if item.get("/Type") == Name.Catalog:
        return
    for key in ("/PieceInfo", "/LastModified"):
        if key in item:
            del item[key]


def _describe(document: Pdf, info: PdfInfo) -> None:
    root = document.Root
    root.Lang = String(info.language)
    viewer = root.get("/ViewerPreferences", Dictionary())
    viewer.DisplayDocTitle = True
    root.ViewerPreferences = viewer
    if info.standard == "ua-2":  # ISO 19005-4, 6.1.3: no information dictionary
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
    else:
        _inform(document, info)
    _write_xmp(document, info)


def _inform(document: Pdf, info: PdfInfo) -> None:
    stamp = info.date.strftime("D:%Y%m%d%H%M%SZ")
    entries = {
        "/Title": info.title,
        "/Author": "; ".join(info.authors),
        "/Subject": info.description or ", ".join(info.subjects),
        "/Keywords": ", ".join(_keywords(info)),
        "/Creator": CREATOR,
        "/Producer": "LuaLaTeX and pikepdf",
        "/CreationDate": stamp,
        "/ModDate": stamp,
    }
    for key, value in entries.items():
        if value:
            document.docinfo[key] = String(value)


def _keywords(info: PdfInfo) -> tuple[str, ...]:
    """Give keywords and subjects, each once: "Dreams" is "dreams"."""
    words: dict[str, str] = {}
    for word in (*info.keywords, *info.subjects):
        words.setdefault(word.casefold(), word)
    return tuple(words.values())


def _write_xmp(document: Pdf, info: PdfInfo) -> None:
    """Write the XMP packet (ISO 16684-1), in one order, with no hour but the book's."""
    date = info.date.strftime("%Y-%m-%dT%H:%M:%SZ")
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        values: dict[str, Any] = {
            "dc:title": _xml(info.title),
            "dc:creator": [_xml(name) for name in info.authors],
            "dc:contributor": {_xml(name) for name in info.contributors},
            "dc:language": {info.language},
            "dc:description": _xml(info.description or ""),
            "dc:subject": {_xml(word) for word in _keywords(info)},
            "dc:publisher": {_xml(info.publisher)} if info.publisher else set(),
            "dc:rights": _xml(info.rights or ""),
            "dc:identifier": info.identifiers[0] if info.identifiers else "",
            "dc:format": "application/pdf",
            "xmp:Identifier": set(info.identifiers),
            "xmp:CreatorTool": CREATOR,
            "xmp:CreateDate": date,
            "xmp:ModifyDate": date,
            "xmp:MetadataDate": date,
            "pdf:Producer": "LuaLaTeX and pikepdf",
            "pdf:Keywords": _xml(", ".join(_keywords(info))),
            **CONFORMANCE[info.standard],
        }
        for name, value in values.items():
            if value:
                metadata[name] = value


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
