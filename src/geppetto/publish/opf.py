"""What a finished EPUB says of itself in its package document, as the stores read it."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

CONTAINER = "META-INF/container.xml"
# The files are the author's own; still nothing outside of them is looked at.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@dataclass(frozen=True)
class Item:
    """A file of the package: its path in the archive, its media type, its properties."""

    path: str
    kind: str
    properties: frozenset[str]


@dataclass(frozen=True)
class Package:
    """A package: its files, and the values of each of its metadata's properties."""

    items: tuple[Item, ...]
    said: dict[str, tuple[str, ...]]

    def values(self, name: str) -> Sequence[str]:
        """Give the values of a property, such as `schema:accessibilityFeature`."""
        return self.said.get(name, ())


def read(epub: Path) -> Package:
    """Read an EPUB's package document (EPUB 3.3, section 5).

    Raises:
        ValueError: it is no EPUB.
    """
    try:
        with zipfile.ZipFile(epub) as archive:
            container = etree.fromstring(archive.read(CONTAINER), _PARSER)
            (path, *_) = (root.get("full-path", "") for root in container.iter("{*}rootfile"))
            return _package(etree.fromstring(archive.read(path), _PARSER), posixpath.dirname(path))
    except (zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as fault:
        raise ValueError(f"{epub.name} is no EPUB") from fault


def _package(root: etree._Element, folder: str) -> Package:
    items = tuple(
        Item(
            posixpath.normpath(posixpath.join(folder, item.get("href", ""))),
            item.get("media-type", ""),
            frozenset(item.get("properties", "").split()),
        )
        for item in root.iterfind("{*}manifest/{*}item")
    )
    said: dict[str, tuple[str, ...]] = {}
    for meta in root.iterfind("{*}metadata/*"):
        name = meta.get("property") or f"dc:{etree.QName(meta).localname}"
        if meta.get("refines") is None:
            said[name] = (*said.get(name, ()), " ".join((meta.text or "").split()))
    return Package(items, said)
