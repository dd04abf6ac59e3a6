"""What the DOCX says of itself: who, what, when, in which language, and which draft it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from lxml import etree

from geppetto.docx.xml import serialise
from geppetto.model.settings import Settings
from geppetto.templates import xml

CORE, APP, CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"
LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
_CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The property set that a custom property is of (ECMA-376 part 1, 22.3.2.2)."""


def core(settings: Settings, epoch: int) -> bytes:
    """Give the core properties (ECMA-376 part 2, 11)."""
    root = etree.Element(
        f"{{{_CP}}}coreProperties", nsmap={"cp": _CP, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI}
    )
    said = {
        f"{{{_DC}}}title": settings.title,
        f"{{{_DC}}}creator": "; ".join(p.name for p in settings.author if p.role == "author"),
        f"{{{_DC}}}subject": "; ".join(settings.subject),
        f"{{{_DC}}}description": settings.description or "",
        f"{{{_CP}}}keywords": ", ".join(settings.keywords),
        LANGUAGE: settings.lang,
    }
    for name, words in said.items():
        if words:
            etree.SubElement(root, name).text = xml(words)
    moment = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in ("created", "modified"):
        made = etree.SubElement(root, f"{{{_TERMS}}}{name}")
        made.set(f"{{{_XSI}}}type", "dcterms:W3CDTF")
        made.text = moment
    return serialise(root)


def application(version: str) -> bytes:
    """Give the extended properties: which program made it."""
    space = f"{_OFFICE}/extended-properties"
    root = etree.Element(f"{{{space}}}Properties", nsmap=_default(space))
    etree.SubElement(root, f"{{{space}}}Application").text = f"Geppetto {version}"
    return serialise(root)


def custom(said: Mapping[str, str]) -> bytes:
    """Give the custom properties: texts by their names."""
    space, types = f"{_OFFICE}/custom-properties", f"{_OFFICE}/docPropsVTypes"
    root = etree.Element(f"{{{space}}}Properties", nsmap={**_default(space), "vt": types})
    for number, (name, words) in enumerate(said.items(), 2):  # numbers begin with 2
        made = etree.SubElement(
            root, f"{{{space}}}property", fmtid=FORMAT, pid=str(number), name=name
        )
        etree.SubElement(made, f"{{{types}}}lpwstr").text = xml(words)
    return serialise(root)


def _default(space: str) -> dict[str, str]:
    return {None: space}  # type: ignore[dict-item]
