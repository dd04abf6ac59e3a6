"""The parts of a DOCX (ECMA-376, parts 1 and 2), read within bounds: they are strangers' data.

Parts are found by what leads to them, since programs name them as they like;
elements are known by their local names, since the transitional and the strict
form of the standard have different namespaces.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

LARGEST_PART = 1 << 27
"""The bytes of a part, unpacked, at most."""
MOST_PARTS = 20_000
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What `zipfile` raises of a part that is broken, locked, or packed in an odd way."""


def local(element: Any) -> str:
    """Give an element's name without its namespace; nothing for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def value(element: Any, name: str) -> str:
    """Give an attribute by its local name; nothing where it is absent."""
    for key, found in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(found)
    return ""


def child(element: Any, *names: str) -> Any:
    """Give what is found below an element by local names, level by level; None for nothing."""
    for name in names:
        element = next((one for one in element if local(one) == name), None)
        if element is None:
            return None
    return element


class Broken(Exception):  # noqa: N818 - it says what the file is
    """A file is no DOCX, or larger than it may be, or a part of it cannot be read."""


class Package:
    """A DOCX, the parts of which are read when they are asked for.

    Raises:
        Broken: it cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
            raise Broken(str(fault)) from fault
        names = self._archive.namelist()
        if len(names) > MOST_PARTS:
            raise Broken(f"it has {len(names)} parts")
        self._names = frozenset(names)
        self.main = next(self._led_to("", "officeDocument"), "word/document.xml")
        self.document = self.root(self.main)
        if self.document is None or local(self.document) != "document":
            raise Broken("it has no document")

    def root(self, name: str) -> Any:
        """Give the root of a part's XML; None where the part is absent.

        Raises:
            Broken: it is too large, or no XML.
        """
        if name not in self._names:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        try:
            return etree.fromstring(self._bytes(name), parser)
        except etree.XMLSyntaxError as fault:
            raise Broken(f"{name}: {fault}") from fault

    def beside(self, kind: str) -> Any:
        """Give the root of a part that the document leads to ("comments"); None for none."""
        return next((self.root(name) for name in self._led_to(self.main, kind)), None)

    def all_beside(self, kind: str) -> list[Any]:
        """Give the roots of all parts of a kind that the document leads to ("footer")."""
        roots = (self.root(name) for name in self._led_to(self.main, kind))
        return [root for root in roots if root is not None]

    def properties(self) -> Any:
        """Give the root of the custom properties; None for none."""
        name = next(self._led_to("", "custom-properties"), "docProps/custom.xml")
        return self.root(name)

    def _bytes(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as part:
                data = part.read(LARGEST_PART + 1)
        except _FAULTS as fault:
            raise Broken(f"{name}: {fault}") from fault
        if len(data) > LARGEST_PART:
            raise Broken(f"{name} is larger than {LARGEST_PART >> 20} MB")
        return data

    def _led_to(self, name: str, kind: str) -> Iterator[str]:
        """Give the names of the parts that a part, or the package, leads to by a kind."""
        folder, file = posixpath.split(name)
        listed = self.root(posixpath.join(folder, "_rels", f"{file}.rels"))
        for one in [] if listed is None else listed:
            if value(one, "Type").rpartition("/")[2] == kind and value(one, "TargetMode") == "":
                target = posixpath.join("/", folder, value(one, "Target"))
                yield posixpath.normpath(target).lstrip("/")
