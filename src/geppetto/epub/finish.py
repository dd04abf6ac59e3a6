"""What Pandoc's HTML lacks: roles, captions in place, scopes, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from geppetto.epub import allowed
from geppetto.epub.characters import NOTE, NOTEREF, names
from geppetto.epub.xhtml import MATHML, OPS, SVG, XHTML, XML, Element

# class -> epub:type (EPUB Structural Semantics Vocabulary 1.1), role (DPUB-ARIA 1.1)
ROLES = {
    "noteref": ("noteref", "doc-noteref"),
    "footnotes": ("footnotes", ""),
    "footnote": ("footnote", "doc-footnote"),
    "backlink": ("backlink", "doc-backlink"),
    "epigraph": ("epigraph", "doc-epigraph"),
    "csl-bib-body": ("", "list"),
    "csl-entry": ("", "listitem"),
}
NARROW = 5  # a table of so many columns fits on most screens
CALLOUTS = frozenset({"note", "tip", "important", "warning", "caution"})
_CLOSING = re.compile(r"[.,;:!?)\]’”»]+")
_H = f"{{{XHTML}}}"


@dataclass(frozen=True)
class Targets:
    """Where links lead: `names` maps identifiers to XML names, `homes` to pages.

    `page` is this page's own file name.
    """

    page: str
    homes: Mapping[str, str]
    names: Mapping[str, str]


def structure(root: Element) -> None:
    """Set roles and the elements that Pandoc's tree has no word for."""
    for element in list(root.iter(f"{_H}*")):
        classes = (element.get("class") or "").split()
        _MENDERS.get(etree.QName(element).localname, _nothing)(element)
        for name in classes:
            _by_class(element, name)
        if element.get("lang"):
            element.set(f"{{{XML}}}lang", str(element.get("lang")))
    for note in root.iter(f"{_H}aside"):
        _backlink(note)
    for math in list(root.iter(f"{{{MATHML}}}math")):
        _hold(math)
    for drawing in root.iter(f"{{{SVG}}}svg"):
        _name(drawing)


def _hold(math: Element) -> None:
    """Keep what closes a clause on the line of the formula before it."""
    closing = _CLOSING.match(math.tail or "")
    parent = math.getparent()
    if closing is None or parent is None or math.get("display") == "block":
        return
    rest = (math.tail or "")[closing.end() :]
    held = etree.Element(f"{_H}span", {"class": "held"})
    math.tail = None
    parent.replace(math, held)
    held.append(math)
    math.tail, held.tail = closing[0], rest


def _name(drawing: Element) -> None:
    """Make a drawing with a title one picture to who has it read out."""
    title = drawing.find(f"{{{SVG}}}title")
    words = " ".join("".join(map(str, title.itertext())).split()) if title is not None else ""
    if words:
        drawing.set("role", "img")
        drawing.set("aria-label", words)


def _nothing(element: Element) -> None:
    del element


def _by_class(element: Element, name: str) -> None:
    if (name in CALLOUTS or name.startswith("callout-")) and element.tag == f"{_H}div":
        element.set("role", "note")
    if name not in ROLES:
        return
    if name == "footnote" and (element.get("id") or "").startswith(NOTE):
        element.tag = f"{_H}aside"
    if name == "footnotes" and element.tag == f"{_H}div":
        element.tag = f"{_H}section"
    kind, role = ROLES[name]
    if kind:
        element.set(f"{{{OPS}}}type", kind)
    if role:
        element.set("role", role)


def _drop(element: Element, *attributes: str) -> None:
    for name in attributes:
        if name in element.attrib:
            del element.attrib[name]


def _image(element: Element) -> None:
    if "decorative" in (element.get("class") or "").split():
        element.set("alt", "")
        element.set("role", "presentation")
    elif element.get("alt") is None:
        element.set("alt", "")
    if not element.get("src"):
        element.tag = f"{_H}span"
        element.text = element.get("alt") or ""
        _drop(element, "alt", "src", "width", "height")


def _figure(element: Element) -> None:
    """A listing's caption stands above it, as a table's does."""
    caption = element.find(f"{_H}figcaption")
    if caption is not None and "listing" in (element.get("class") or "").split():
        caption.tail = "\n"
        element.insert(0, caption)


def _table(element: Element) -> None:
    for cell in element.iter(f"{_H}th"):
        if not (cell.text or "").strip() and not len(cell):
            cell.tag = f"{_H}td"
            _drop(cell, "scope")
            continue
        in_head = any(a.tag == f"{_H}thead" for a in cell.iterancestors())
        if cell.get("scope") is None:
            cell.set("scope", "col" if in_head else "row")
    _free_columns(element)
    _in_frame(element)


def _free_columns(table: Element) -> None:
    """Leave the widths to the reading system where the columns have one and the same.

    Pandoc gives them to a pipe table with long lines, by the dashes under its head.
    """
    columns = table.find(f"{_H}colgroup")
    if columns is None or len({col.get("style") for col in columns}) > 1:
        return
    table.remove(columns)
    if "width" in (table.get("style") or ""):
        _drop(table, "style")


def _in_frame(table: Element) -> None:
    """Put a table into a frame in which one that is too wide can be moved, by keys too."""
    parent = table.getparent()
    if parent is None:
        return
    frame = etree.Element(f"{_H}div", {"class": "table"})
    if max((len(row) for row in table.iter(f"{_H}tr")), default=0) > NARROW:
        frame.set("tabindex", "0")
    frame.tail, table.tail = table.tail, None
    parent.replace(table, frame)
    frame.append(table)


def _code(element: Element) -> None:
    """Take the anchors and identifiers off Pandoc's highlighted lines."""
    element.set("dir", "ltr")
    if "sourceCode" not in (element.get("class") or "").split():
        return
    for line_span in element.iter(f"{_H}span"):
        if "id" in line_span.attrib:
            del line_span.attrib["id"]
    for anchor in list(element.iter(f"{_H}a")):
        if anchor.text is None and len(anchor) == 0:
            _remove(anchor)


def _remove(element: Element) -> None:
    """Take an empty element out and leave the text behind it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    tail = element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


_MENDERS = {"img": _image, "figure": _figure, "table": _table, "pre": _code}


def _backlink(note: Element) -> None:
    """Begin a note with its number, which leads back to the text."""
    identifier = note.get("id") or ""
    if not identifier.startswith(NOTE):
        return
    number = identifier.removeprefix(NOTE)
    first = note[0] if len(note) else None
    if first is None or first.tag != f"{_H}p":
        first = etree.Element(f"{_H}p", {"class": "note-number"})
        note.insert(0, first)
    link = etree.Element(f"{_H}a", {"href": f"#{NOTEREF}{number}", "class": "backlink"})
    link.set(f"{{{OPS}}}type", "backlink")
    link.set("role", "doc-backlink")
    link.text = number
    link.tail = " " + (first.text or "")
    first.text = None
    first.insert(0, link)


def connect(root: Element, targets: Targets) -> list[str]:
    """Give identifiers and links their final form; give the links that lead nowhere."""
    for block in root.iter(f"{_H}div"):  # Pandoc numbers code blocks: cb1, cb2
        if "sourceCode" in (block.get("class") or "") and block.get("id") not in targets.names:
            _drop(block, "id")
    found = [str(e.get("id")) for e in root.iter("*") if e.get("id") is not None]
    own = names((i for i in found if i not in targets.names), taken=targets.names.values())
    targets = Targets(targets.page, targets.homes, {**targets.names, **own})
    here: set[str] = set()
    for element in root.iter("*"):
        if element.get("id") is None:
            continue
        name = targets.names[str(element.get("id"))]
        if name in here:
            del element.attrib["id"]
        else:
            here.add(name)
            element.set("id", name)
    links = list(root.iter(f"{_H}a"))
    return [bad for link in links for bad in _connect_link(link, targets, here)]


def _connect_link(link: Element, targets: Targets, here: set[str]) -> list[str]:
    href = link.get("href")
    if href is None:
        return []
    found = _target(href, targets, here) if href.startswith("#") else allowed.address(href)
    if found is None:
        del link.attrib["href"]
        link.tag = f"{_H}span"
        return [f"a {href}"]
    link.set("href", found)
    if _cites(link):
        link.set("role", "doc-biblioref")
        link.set(f"{{{OPS}}}type", "biblioref")
    return []


def _cites(link: Element) -> bool:
    return any("citation" in (a.get("class") or "").split() for a in link.iterancestors())


def _target(href: str, targets: Targets, here: set[str]) -> str | None:
    for identifier in (href[1:], unquote(href[1:])):
        name = targets.names.get(identifier, identifier)
        home = targets.homes.get(identifier)
        if home is not None and home != targets.page:
            return f"{home}#{name}"
        if name in here:
            return f"#{name}"
    return None
