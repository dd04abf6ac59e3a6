"""Makes an SVG harmless: a drawing that runs nothing and asks for no other file.

The document is read without entities, types or the network, and written anew
from its tree: what is not drawing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_HREFS = ("href", f"{{{_XLINK}}}href")
# Elements that are code, another language's, or speak of the drawing instead of drawing.
_REMOVED = frozenset({"script", "foreignObject", "metadata", "handler", "listener"})
_SPOKEN = frozenset({"title", "desc"})  # read out, not drawn
_ANIMATIONS = frozenset({"set", "animate", "animateMotion", "animateTransform"})
# Pictures that may be embedded: an SVG among them could bring all the rest back.
_EMBEDDED = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_URL = re.compile(
    r"url\(\s*(?P<quote>['\"]?)(?P<target>.*?)(?P=quote)\s*\)", re.IGNORECASE | re.DOTALL
)
_IMPORT = re.compile(r"@import\b[^;]*(?:;|$)", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|ex|)\s*$")
# CSS Values 4, section 6.2: pixels to the unit; 16 px to the em of an unstyled text.
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "em": 16.0,
    "ex": 8.0,
}


class NotSvgError(ValueError):
    """The data is no SVG, or not well-formed."""


def read(data: bytes) -> etree._Element:
    """Read an SVG's tree, with no entity resolved and nothing fetched.

    Raises:
        NotSvgError: it is not well-formed, or its root is not SVG's.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise NotSvgError(str(fault)) from fault
    if root.tag != f"{{{SVG}}}svg":
        raise NotSvgError(f"its root element is {root.tag}, not SVG's svg")
    return root


def clean(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Give the SVG without what is not drawing, and the pictures that it wanted from elsewhere.

    Raises:
        NotSvgError: it is not well-formed, or its root is not SVG's.
    """
    root = read(data)
    wanted = tuple(dict.fromkeys(_wanted(root)))
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or _is_removed(element):
            _remove(element)
        else:
            _clean_element(element)
    etree.cleanup_namespaces(root, top_nsmap={"xlink": _XLINK})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8"), wanted


def on_white(data: bytes) -> bytes:
    """Put a white ground under the drawing, so that its black lines are seen on a black page.

    Raises:
        NotSvgError: it is not well-formed, or its root is not SVG's.
    """
    root = read(data)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    x, y, width, height = box if len(box) == 4 else ["0", "0", "100%", "100%"]
    place = {"x": x, "y": y, "width": width, "height": height}
    ground = etree.Element(f"{{{SVG}}}rect", {**place, "fill": "#fff", "stroke": "none"})
    spoken = [child for child in root if _name(child) in _SPOKEN]
    root.insert(root.index(spoken[-1]) + 1 if spoken else 0, ground)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def size(data: bytes) -> tuple[float, float]:
    """Give an SVG's width and height in CSS pixels, from its view box where it has no other.

    Raises:
        NotSvgError: it is not well-formed, or its root is not SVG's.
    """
    root = read(data)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    numbers = [_number(value) for value in box] if len(box) == 4 else [0, 0, 300.0, 150.0]
    return _pixels(root.get("width")) or numbers[2], _pixels(root.get("height")) or numbers[3]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _pixels(value: str | None) -> float | None:
    match = _LENGTH.match(value or "")
    return _number(match[1]) * _PIXELS[match[2]] if match else None


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _is_removed(element: etree._Element) -> bool:
    if etree.QName(element).namespace != SVG or _name(element) in _REMOVED:
        return True
    if _name(element) not in _ANIMATIONS:
        return False
    attribute = element.get("attributeName", "").rpartition(":")[2].lower()
    return attribute == "href" or attribute.startswith("on")


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _clean_element(element: etree._Element) -> None:
    for name, value in list(element.attrib.items()):
        cleaned = _attribute(str(name), str(value))
        if cleaned is None:
            del element.attrib[name]
        elif cleaned != value:
            element.set(name, cleaned)
    if _name(element) == "style" and element.text:
        element.text = _css(element.text)


def _attribute(name: str, value: str) -> str | None:
    """Give an attribute's harmless value, or None where it has none."""
    qualified = etree.QName(name)
    if qualified.namespace not in {None, SVG, _XLINK, _XML}:
        return None
    local = qualified.localname.lower()
    if local.startswith("on") or local == "base":
        return None
    if name in _HREFS:
        return value if _stays_inside(value) else None
    return _css(value) if local == "style" or "url(" in value.lower() else value


def _css(text: str) -> str:
    """Remove what CSS would fetch. An escape could hide it: such a style goes as a whole."""
    if "\\" in text:
        return ""
    text = _IMPORT.sub("", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return _URL.sub(lambda m: m[0] if _stays_inside(m["target"]) else "none", text)


def _stays_inside(target: str) -> bool:
    return target.strip().startswith("#") or bool(_EMBEDDED.match(target))


def _wanted(root: etree._Element) -> Iterator[str]:
    """Give the files and addresses from which the drawing takes pictures or parts."""
    for element in root.iter(f"{{{SVG}}}image", f"{{{SVG}}}use", f"{{{SVG}}}feImage"):
        for name in _HREFS:
            target = element.get(name)
            if target and not _stays_inside(str(target)):
                yield str(target)[:200]
