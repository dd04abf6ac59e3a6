"""One copy of a draft's EPUB: the draft with a page before the text that says whose it is."""

from __future__ import annotations

import io
import uuid
import zipfile

from lxml import etree

from geppetto import templates
from geppetto.epub import archive, metadata, pages
from geppetto.epub.characters import line
from geppetto.epub.package import KINDS, ROOT
from geppetto.epub.stylesheets import STYLE
from geppetto.model.book import Book
from geppetto.sheet import Sheet

PAGE = "draft.xhtml"
_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"


def stamp(data: bytes, book: Book, sheet: Sheet, name: str, epoch: int) -> bytes:
    """Give the EPUB with its sheet, its title and an identifier of its own, from `name`."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        parts = {one: held.read(one) for one in held.namelist() if one != "mimetype"}
    parts[f"{ROOT}/{PAGE}"] = _page(book, sheet).encode()
    package, contents = f"{ROOT}/content.opf", f"{ROOT}/toc.ncx"
    known = metadata.identifier(book.settings)
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{known} {name}").urn
    for one in (package, contents):
        parts[one] = parts[one].replace(line(known).encode(), own.encode())
    parts[package] = _stamped(parts[package], sheet)
    return archive.pack(parts, epoch)


def _page(book: Book, sheet: Sheet) -> str:
    return templates.render(
        templates.xml_environment(book.root),
        "epub/draft.xhtml",
        title=line(sheet.heading),
        sheet=sheet,
        styles=[STYLE],
        **pages.language_values(sheet.lang),
    )


def _stamped(package: bytes, sheet: Sheet) -> bytes:
    """Put the sheet first in the reading order; readers are to take no copy for the book itself."""
    root = etree.fromstring(package)
    title = _first(root, _DC, "title")
    title.text = line(f"{title.text} – {sheet.heading}")
    attributes = {"id": "item-draft", "href": PAGE, "media-type": KINDS[".xhtml"]}
    etree.SubElement(_first(root, _OPF, "manifest"), f"{{{_OPF}}}item", attributes)
    place = etree.Element(f"{{{_OPF}}}itemref", {"idref": "item-draft"})
    _first(root, _OPF, "spine").insert(1, place)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _first(root: etree._Element, namespace: str, name: str) -> etree._Element:
    return next(root.iter(f"{{{namespace}}}{name}"))
