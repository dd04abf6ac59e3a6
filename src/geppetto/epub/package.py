"""The package document: what the archive holds, in which order, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geppetto.epub import metadata
from geppetto.epub.access import Access
from geppetto.epub.pages import Frame, Page

ROOT = "EPUB"
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
KINDS = {".xhtml": "application/xhtml+xml", ".css": "text/css", ".ncx": "application/x-dtbncx+xml"}


@dataclass(frozen=True)
class Item:
    """One line of the manifest."""

    id: str
    href: str
    kind: str
    properties: str = ""


@dataclass(frozen=True)
class Resource:
    """A file that is no page: an image or a stylesheet."""

    name: str
    data: bytes
    kind: str
    properties: str = ""


def manifest(pages: Sequence[Page], resources: Sequence[Resource]) -> list[Item]:
    """List everything in the package but the package document itself."""
    items = [Item("ncx", "toc.ncx", KINDS[".ncx"])]
    for page in pages:
        properties = (*(("nav",) if page.name == "nav.xhtml" else ()), *page.properties)
        items.append(Item(item_id(page.name), page.name, KINDS[".xhtml"], " ".join(properties)))
    items += [Item(item_id(r.name), r.name, r.kind, r.properties) for r in resources]
    return items


def item_id(name: str) -> str:
    """Give a file's identifier in the manifest; distinct names have distinct ones."""
    return "item-" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in name)


def opf(
    frame: Frame,
    pages: Sequence[Page],
    resources: Sequence[Resource],
    *,
    epoch: int,
    access: Access,
) -> bytes:
    """Write the package document."""
    cover = next(r for r in resources if r.properties == "cover-image")
    page = frame.page(
        "content.opf",
        "content.opf",
        frame.settings.title,
        identifier=metadata.identifier(frame.settings),
        modified=metadata.modified(epoch),
        access=access,
        items=manifest(pages, resources),
        spine=[item_id(page.name) for page in pages],
        cover=item_id(cover.name),
    )
    return page.markup.encode()


def parts(
    pages: Sequence[Page], resources: Sequence[Resource], documents: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Give the archive's parts by name; `documents` are the package and the NCX."""
    held = {page.name: page.markup.encode() for page in pages}
    held |= {resource.name: resource.data for resource in resources}
    held |= documents
    return {
        "META-INF/container.xml": CONTAINER.encode(),
        **{f"{ROOT}/{name}": data for name, data in held.items()},
    }
