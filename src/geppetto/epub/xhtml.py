"""From the HTML that Pandoc wrote to a tree that holds only what may stand in an EPUB."""

from __future__ import annotations

from typing import Any

import html5lib
from lxml import etree

from geppetto.epub import allowed, nesting
from geppetto.epub.characters import line
from geppetto.templates import xml

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
OPS = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
NAMESPACES: Any = {None: XHTML, "epub": OPS}

Element = etree._Element
_BOXES = {True: "☒ ", False: "☐ "}


def parse(markup: str, *, raw: bool) -> tuple[Element, list[str]]:
    """Give a `div` around the page's elements, and the names of what was left out.

    `raw` says that the author's own HTML stands in the markup: it is then read
    as browsers read it, which takes several times as long.
    """
    markup = xml(markup)
    source = _browser(markup) if raw else _strict(markup)
    tree, removed = _copy(_browser(markup) if source is None else source)
    if raw or source is None:
        nesting.mend(tree)
    return tree, removed


def _strict(markup: str) -> Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(f'<div xmlns="{XHTML}" xmlns:epub="{OPS}">{markup}</div>', parser)
    except etree.XMLSyntaxError:
        return None


def _browser(markup: str) -> Element:
    tree = html5lib.parse(f"<!DOCTYPE html><body>{markup}", treebuilder="lxml")
    body: Element = tree.getroot().find(f"{{{XHTML}}}body")
    return body


class _Copier:
    """Builds the allowed tree beside the given one."""

    def __init__(self) -> None:
        self.root = etree.Element(f"{{{XHTML}}}div", nsmap=NAMESPACES)
        self.removed: list[str] = []
        self.open = [self.root]

    def text(self, words: str | None) -> None:
        """Add text at the place that was reached."""
        if not words:
            return
        into = self.open[-1]
        if len(into):
            into[-1].tail = (into[-1].tail or "") + words
        else:
            into.text = (into.text or "") + words

    def start(self, element: Element) -> bool:
        """Open an element's counterpart; False where its content does not come over."""
        namespace, tag = _split(element)
        new = _counterpart(namespace, tag)
        if new is None:
            if tag == "input" and element.get("type") == "checkbox":
                self.text(_BOXES[element.get("checked") is not None])
            elif tag == "annotation":
                self._describe(element)
            elif tag not in allowed.SILENT:
                self.removed.append(tag)
            return tag not in allowed.SILENT and tag not in allowed.DROPPED and namespace == XHTML
        if new:
            name = f"{{{namespace}}}{new}"
            nsmap: Any = {None: namespace} if new in {"math", "svg"} else None
            made = etree.SubElement(self.open[-1], name, nsmap=nsmap)
            self.removed.extend(_attributes(element, made, namespace, tag))
            self.open.append(made)
        return True

    def _describe(self, annotation: Element) -> None:
        """Give the formula that is open its TeX as alternative text."""
        for element in reversed(self.open):
            if element.tag == f"{{{MATHML}}}math":
                element.set("alttext", line(annotation.text or ""))
                return

    def end(self, element: Element) -> None:
        """Close what `start` opened."""
        if not _counterpart(*_split(element)):
            return
        made = self.open.pop()
        if made.tag == f"{{{MATHML}}}math" and not made.get("alttext"):  # an author's own
            words = line(etree.tostring(made, encoding="unicode", method="text", with_tail=False))
            made.set("alttext", words or "…")


def _copy(source: Element) -> tuple[Element, list[str]]:
    copier = _Copier()
    copier.text(source.text)
    walker = etree.iterwalk(source, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if element is source:
            continue
        if event == "start":
            if copier.start(element):
                copier.text(element.text)
            else:
                walker.skip_subtree()
            continue
        if event == "end":
            copier.end(element)
        copier.text(element.tail)
    return copier.root, copier.removed


def _split(element: Element) -> tuple[str, str]:
    name = etree.QName(element)
    return name.namespace or XHTML, name.localname


def _counterpart(namespace: str, tag: str) -> str | None:
    """Give the element's new name, "" where only its content stays, None where it is named."""
    if namespace == MATHML:
        return None if tag == "annotation" or tag not in allowed.MATHML else _math(tag)
    if namespace == SVG:
        return tag if tag in allowed.SVG else None
    tag = allowed.RENAMED.get(tag, tag)
    return tag if tag in allowed.PHRASING or tag in allowed.FLOW else None


def _math(tag: str) -> str:
    return "" if tag == "semantics" else tag


def _attributes(source: Element, made: Element, namespace: str, tag: str) -> list[str]:
    """Copy the attributes that may stand; give the names of dangerous ones."""
    if namespace != XHTML:
        return _foreign_attributes(source, made)
    removed = []
    styles = []
    for name, value in _pairs(source):
        own = allowed.ATTRIBUTES.get(tag, frozenset())
        if name.startswith("on"):
            removed.append(f"{tag} {name}")
        elif name == "style":
            styles.append(allowed.style(value))
        elif name in allowed.GLOBAL_ATTRIBUTES or name in own:
            if name not in allowed.VALUES or allowed.VALUES[name].fullmatch(value.strip()):
                made.set(name, value.strip())
            else:
                styles.append(allowed.legacy_style(tag, name, value))
        else:
            styles.append(allowed.legacy_style(tag, name.removeprefix("data-"), value))
    if tag == "center":
        styles.append("text-align: center")
    if tag == "nobr":
        styles.append("white-space: nowrap")
    if any(styles):
        made.set("style", "; ".join(s for s in styles if s))
    return removed


def _pairs(element: Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def _foreign_attributes(source: Element, made: Element) -> list[str]:
    removed = []
    for name, value in _pairs(source):
        if name.startswith("on"):
            removed.append(f"{etree.QName(source).localname} {name}")
        elif name == "style":
            made.set(name, allowed.style(value))
        elif name.endswith("href"):
            if value.startswith("#"):
                made.set("href", value)
        elif "{" not in name and ":" not in name and "url(" not in value.replace("url(#", ""):
            made.set(name, value)
    return removed


def inside(root: Element) -> str:
    """Write what stands inside the root as markup, its namespaces declared outside."""
    whole: str = etree.tostring(root, encoding="unicode", with_tail=False)
    start, _, rest = whole.partition(">")
    return "" if start.endswith("/") else rest.removesuffix("</div>")
