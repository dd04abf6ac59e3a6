"""What the strings of a PDF's annotations say: texts, rich texts, dates (ISO 32000-2, 7.9)."""

from __future__ import annotations

import re
import zlib
from typing import Any

import pikepdf
from lxml import etree

LARGEST = 1_000_000
"""The characters of a text that are read, at most."""
_LANGUAGE = re.compile("\x1b[^\x1b]{0,20}\x1b")  # a language within a text string, 7.9.2.2
_DATE = re.compile(
    r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d))?)?)?)?)?"
    r"(?:(Z)(?:00'?(?:00'?)?)?|([+-])(\d\d)'?(?:(\d\d)'?)?)?"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
_BLOCKS = frozenset({"p", "div", "br", "li"})


def text(value: Any) -> str:
    """Give a text string with LF line ends, without blanks around it; nothing for what is none."""
    if isinstance(value, pikepdf.Stream):
        found = content(value).decode("utf-8-sig", "replace")
    elif isinstance(value, pikepdf.String):
        found = str(value)[:LARGEST]
    else:
        return ""
    found = _LANGUAGE.sub("", found.removeprefix("\ufeff").replace("\0", ""))
    return found.replace("\r\n", "\n").replace("\r", "\n").strip()


def content(stream: pikepdf.Stream) -> bytes:
    """Give what a stream holds, as far as it is read; nothing if it is packed in an odd way."""
    packed = bytes(stream.read_raw_bytes())[:LARGEST]
    packing = stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if packing is None:
        return packed
    if str(packing) != "/FlateDecode" or stream.get("/DecodeParms") is not None:
        return b""
    try:
        return zlib.decompressobj().decompress(packed, LARGEST)
    except zlib.error:
        return b""


def rich(value: Any) -> str:
    """Give the plain words of a rich text (XHTML), its paragraphs as lines."""
    found = text(value)
    if not found:
        return ""
    root = xml(found.encode("utf-8"))
    if root is None:
        return ""
    lines = "".join(_rich(root)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def xml(data: bytes) -> Any:
    """Give the root of XML as far as it can be read, None for nothing; no entity is followed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True
    )
    try:
        return etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:
        return None


def _rich(element: Any) -> list[str]:
    if not isinstance(element.tag, str):
        return [element.tail or ""]
    name = etree.QName(element).localname.lower()
    inside = [element.text or "", *(part for child in element for part in _rich(child))]
    if name in _BLOCKS:
        inside.append("\n")
    return [*inside, element.tail or ""]


def date(value: Any) -> str:
    """Give a date as ISO 8601, as far as it goes; nothing for what is none."""
    found = text(value)
    if _ISO.fullmatch(found):
        return found
    match = _DATE.fullmatch(found)
    if match is None:
        return ""
    year, month, day, hour, minute, second, zulu, sign, hours, minutes = match.groups()
    if hour is None:
        return "-".join(part for part in (year, month, day) if part)
    zone = "Z" if zulu else f"{sign}{hours}:{minutes or '00'}" if sign else ""
    return f"{year}-{month}-{day}T{hour}:{minute or '00'}:{second or '00'}{zone}"
