"""WordprocessingML as lxml reads it: names, elements, safe parsing.

Names are those of ISO/IEC 29500-1 in its transitional form (part 4), which Word writes.
"""

from __future__ import annotations

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_PREFIXES = {"w": W, "m": M, "r": R, "wp": WP, "a": A, "pic": PIC}

# The order of a paragraph's properties (ECMA-376 part 1, 17.3.1.26), as far as any is set here.
_ORDER = [
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
    "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap",
    "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd",
    "snapToGrid", "spacing", "ind",
]  # fmt: skip

Element = etree._Element


def q(name: str) -> str:
    """Give a name with its namespace: `w:p`."""
    prefix, _, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


def make(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """Make an element of `w:`; its attributes are `w:`, too."""
    made = etree.Element(q(f"w:{name}"), nsmap={"w": W})
    for key, value in attributes.items():
        made.set(q(f"w:{key}"), str(value))
    made.extend(children)
    return made


def parse(data: bytes) -> Element:
    """Read a part that Pandoc or a template made; no entity is resolved, nothing fetched.

    Raises:
        lxml.etree.XMLSyntaxError: it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, parser)


def serialise(root: Element) -> bytes:
    """Write a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def style_of(paragraph: Element) -> str:
    """Give a paragraph's style by its id; nothing where it has none."""
    found = paragraph.find(f"{q('w:pPr')}/{q('w:pStyle')}")
    return "" if found is None else found.get(q("w:val"), "")


def properties(paragraph: Element) -> Element:
    """Give a paragraph's properties, made where it has none."""
    found = paragraph.find(q("w:pPr"))
    if found is None:
        found = make("pPr")
        paragraph.insert(0, found)
    return found


def put(paragraph: Element, name: str, **attributes: str | int) -> None:
    """Set a property of a paragraph, in the place of its own, in the schema's order."""
    known = properties(paragraph)
    for old in known.findall(q(f"w:{name}")):
        known.remove(old)
    before = {q(f"w:{one}") for one in _ORDER[: _ORDER.index(name)]}
    at = sum(1 for child in known if child.tag in before)
    known.insert(at, make(name, **attributes))


def set_style(paragraph: Element, style: str) -> None:
    """Set a paragraph's style, by its id."""
    known = properties(paragraph)
    old = known.find(q("w:pStyle"))
    if old is not None:
        known.remove(old)
    known.insert(0, make("pStyle", val=style))


def remove(element: Element) -> None:
    """Take an element out; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)
