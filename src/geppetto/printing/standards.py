"""A PDF as PDF/X: what it says of itself, and of the press that it is meant for.

PDF/X-1a:2001 is ISO 15930-1, on PDF 1.3; PDF/X-4 is ISO 15930-7, on PDF 1.6.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from geppetto import __version__
from geppetto.printing import profile

VERSIONS = {"x-1a": "1.3", "x-4": "1.6", "": "1.4"}
"""The version of PDF of each standard; without any, the first with what printers' programs read."""
CONDITIONS = "http://www.color.org"
"""The registry of printing conditions (ICC)."""
PRODUCER = f"Geppetto {__version__}"
X4 = "PDF/X-4"
_PDFXID = "http://www.npes.org/pdfx/ns/id/"


@dataclass(frozen=True)
class Statement:
    """What a print file says of itself: `condition` names the press (CGATS TR 001, FOGRA39)."""

    title: str
    epoch: int
    standard: str = ""
    condition: str = ""

    @property
    def date(self) -> datetime.datetime:
        """The date of all its dates, in UTC."""
        return datetime.datetime.fromtimestamp(self.epoch, datetime.UTC)


def state(document: Pdf, said: Statement) -> None:
    """Let an open PDF say what its standard asks for; without one it says nothing."""
    if "/Metadata" in document.Root:
        del document.Root["/Metadata"]
    if said.standard:
        _inform(document, said)
        document.Root.OutputIntents = Array([document.make_indirect(_intent(document, said))])
        _write_xmp(document, said)


def _inform(document: Pdf, said: Statement) -> None:
    stamp = String(said.date.strftime("D:%Y%m%d%H%M%SZ"))
    info = {
        "/Title": String(said.title),
        "/Creator": String(PRODUCER),
        "/Producer": String(PRODUCER),
        "/CreationDate": stamp,
        "/ModDate": stamp,
        "/Trapped": Name("/False"),
    }
    if said.standard == "x-1a":
        info["/GTS_PDFXVersion"] = String("PDF/X-1:2001")
        info["/GTS_PDFXConformance"] = String("PDF/X-1a:2001")
    else:
        info["/GTS_PDFXVersion"] = String(X4)
    for key, value in info.items():
        document.docinfo[key] = value


def _intent(document: Pdf, said: Statement) -> Any:
    """Name the press. X-1a takes a registered name for it; X-4 must have a profile in it."""
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputCondition=String(said.condition),
        OutputConditionIdentifier=String(said.condition),
        RegistryName=String(CONDITIONS),
        Info=String(said.condition),
    )
    if said.standard == "x-4":
        intent.OutputConditionIdentifier = String("Custom")
        del intent["/RegistryName"]
        intent.OutputCondition = intent.Info = String(profile.NAME)
        held = document.make_stream(profile.grey())
        held.stream_dict.update(Dictionary(N=1, Alternate=Name.DeviceGray))
        intent.DestOutputProfile = held
    return intent


def _write_xmp(document: Pdf, said: Statement) -> None:
    """Write the XMP packet (ISO 16684-1), which PDF/X-4 asks for, and X-1a lets be."""
    if said.standard != "x-4":
        return
    date = said.date.strftime("%Y-%m-%dT%H:%M:%SZ")
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.register_xml_namespace(_PDFXID, "pdfxid")
        metadata["dc:title"] = said.title
        metadata["xmp:CreatorTool"] = PRODUCER
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            metadata[key] = date
        metadata["pdf:Producer"] = PRODUCER
        metadata["pdf:Trapped"] = "False"
        metadata[f"{{{_PDFXID}}}GTS_PDFXVersion"] = X4
        metadata["xmpMM:DocumentID"] = f"uuid:{_uuid(said)}"
        metadata["xmpMM:VersionID"] = "1"
        metadata["xmpMM:RenditionClass"] = "default"


def _uuid(said: Statement) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{said.title} {said.epoch}"))


def save(document: Pdf, out: Path | BytesIO, standard: str) -> None:
    """Write an open PDF in the version of its standard; the same content gives the same bytes."""
    version = VERSIONS[standard]
    document.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        compress_streams=True,
        recompress_flate=False,
        force_version=version,
        deterministic_id=True,
        fix_metadata_version=False,
    )
