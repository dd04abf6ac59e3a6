"""Puts elements where the HTML standard allows them, after an author's own HTML.

The parser has closed what was open; what is left is an element in a place where
its kind may not stand. It is given a name that may, and its words stay.
"""

from __future__ import annotations

from lxml import etree

from geppetto.epub import allowed

Element = etree._Element
_XHTML = "{http://www.w3.org/1999/xhtml}"
_ONLY_PHRASING = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "dt"})
_TRANSPARENT = frozenset({"a", "ins", "del"})
_PARENTS = {
    "caption": {"table"}, "col": {"colgroup"}, "colgroup": {"table"}, "dd": {"dl"}, "dt": {"dl"},
    "figcaption": {"figure"}, "li": {"ol", "ul"}, "rt": {"ruby"},
    "tbody": {"table"}, "td": {"tr"}, "tfoot": {"table"}, "th": {"tr"}, "thead": {"table"},
    "tr": {"tbody", "tfoot", "thead"},
}  # fmt: skip
_STYLES = {"b": "font-weight: bold", "strong": "font-weight: bold", "i": "font-style: italic",
           "em": "font-style: italic", "cite": "font-style: italic"}  # fmt: skip


def mend(root: Element) -> None:
    """Rename in place what stands where it may not."""
    phrasing_only: dict[Element, bool] = {root: False}
    for element in list(root.iter(f"{_XHTML}*")):
        parent = element.getparent()
        if parent is None or element is root:
            continue
        inline = phrasing_only.get(parent, False)
        _place(element, parent, inline=inline)
        name = _name(element)
        phrasing_only[element] = (
            inline or name in _ONLY_PHRASING or (name in allowed.PHRASING - _TRANSPARENT)
        )
    _mend_lists(root)
    for paragraph in list(root.iter(f"{_XHTML}p")):  # what an end tag too many leaves behind
        parent = paragraph.getparent()
        empty = not len(paragraph) and not paragraph.attrib and not _has_text(paragraph.text)
        if empty and parent is not None and not _has_text(paragraph.tail):
            parent.remove(paragraph)


def _name(element: Element) -> str:
    return etree.QName(element).localname


def _place(element: Element, parent: Element, *, inline: bool) -> None:
    name = _name(element)
    if name in _PARENTS and _name(parent) not in _PARENTS[name]:
        name = "span" if inline or name in allowed.PHRASING else "div"
        _rename(element, name)
    if inline and name in allowed.FLOW:
        _rename(element, "br" if name == "hr" else "span")
        if name != "hr":
            _add_style(element, "display: block")
    elif not inline and name in allowed.PHRASING - _TRANSPARENT and _holds_blocks(element):
        _rename(element, "div")
        _add_style(element, _STYLES.get(name, ""))


def _holds_blocks(element: Element) -> bool:
    return any(_name(child) in allowed.FLOW for child in element.iterdescendants(f"{_XHTML}*"))


def _rename(element: Element, name: str) -> None:
    element.tag = f"{_XHTML}{name}"
    for attribute in list(element.attrib):
        if str(attribute) not in allowed.GLOBAL_ATTRIBUTES | allowed.ATTRIBUTES.get(
            name, frozenset()
        ):
            del element.attrib[attribute]


def _add_style(element: Element, declaration: str) -> None:
    if declaration:
        present = element.get("style")
        element.set("style", f"{present}; {declaration}" if present else declaration)


def _mend_lists(root: Element) -> None:
    """Lists hold items only, definition lists pairs only, figures one caption at an end."""
    for element in list(root.iter(f"{_XHTML}*")):
        name = _name(element)
        if name in {"ol", "ul"} and _strays(element, {"li"}):
            _to_divisions(element, {"li"})
        elif name == "dl" and (_strays(element, {"dt", "dd"}) or not _paired(element)):
            _to_divisions(element, {"dt", "dd"})
        elif name == "figure":
            _keep_one_caption(element)


def _keep_one_caption(figure: Element) -> None:
    captions = figure.findall(f"{_XHTML}figcaption")
    at_ends = [c for c in captions if c.getprevious() is None or c.getnext() is None]
    for caption in captions:
        if caption not in at_ends[:1]:
            _rename(caption, "div")


def _strays(element: Element, items: set[str]) -> bool:
    texts = [element.text, *(child.tail for child in element)]
    return any(_name(child) not in items for child in element) or any(map(_has_text, texts))


def _has_text(words: str | None) -> bool:
    return bool(words and words.strip())


def _paired(element: Element) -> bool:
    names = [_name(child) for child in element]
    return bool(names) and names[0] == "dt" and names[-1] == "dd"


def _to_divisions(element: Element, items: set[str]) -> None:
    for child in element:
        if _name(child) in items:
            _rename(child, "div")
    _rename(element, "div")
