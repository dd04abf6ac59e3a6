"""What may stand in an EPUB's pages: elements, attributes, styles, addresses.

Elements are those of the HTML standard that need no script, network or form;
obsolete ones have a modern one in their place. Anything not named here is
taken off its text, and the text stays.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PHRASING = _words(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rt ruby s samp small span "
    "strong sub sup time u var wbr"
)
FLOW = _words(
    "article aside blockquote caption col colgroup dd div dl dt figcaption figure h1 h2 h3 h4 h5 "
    "h6 hr li ol p pre section table tbody td tfoot th thead tr ul"
)
RENAMED = {
    "acronym": "abbr", "address": "div", "big": "span", "center": "div", "details": "div",
    "dialog": "div", "dir": "ul", "fieldset": "div", "font": "span", "footer": "div",
    "header": "div", "hgroup": "div", "label": "span", "legend": "p", "listing": "pre",
    "main": "div", "menu": "ul", "nav": "div", "nobr": "span", "plaintext": "pre",
    "search": "div", "strike": "s", "summary": "p", "tt": "code", "xmp": "pre",
}  # fmt: skip
DROPPED = _words(
    "applet area audio base basefont bgsound canvas datalist embed frame frameset head iframe "
    "input keygen link map meta noembed noframes object param script source style template title "
    "track video"
)
SILENT = frozenset({"annotation", "rp"})  # said again elsewhere: not missed
# Their content is read as text up to the end tag, so one without an end would eat the chapter.
SWALLOWING = _words(
    "iframe noembed noframes plaintext script style textarea title xmp listing noscript"
)
SVG = _words(
    "circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon "
    "polyline radialGradient rect stop svg symbol text textPath title tspan use"
)
MATHML = _words(
    "math maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom "
    "mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder "
    "munderover none semantics annotation"
)

GLOBAL_ATTRIBUTES = frozenset({"id", "class", "title", "lang", "dir", "style"})
ATTRIBUTES = {
    "a": frozenset({"href"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "del": frozenset({"datetime"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ins": frozenset({"datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "q": frozenset({"cite"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
}
VALUES = {
    "class": re.compile(r"[^\x00-\x08]+"),
    "cite": re.compile(r"https?://[\w./~%-]+", re.ASCII),
    "colspan": re.compile(r"[1-9]\d{0,2}"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "height": re.compile(r"\d+"),
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "reversed": re.compile(r"(reversed)?"),
    "rowspan": re.compile(r"[1-9]\d{0,3}"),
    "scope": re.compile(r"col|row|colgroup|rowgroup"),
    "span": re.compile(r"[1-9]\d{0,2}"),
    "start": re.compile(r"-?\d+"),
    "type": re.compile(r"[1aAiI]"),
    "value": re.compile(r"-?\d+"),
    "width": re.compile(r"\d+"),
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_PROPERTIES = re.compile(
    r"(background-color|border(-[a-z]+)*|break-(after|before|inside)|clear|color|"
    r"display|float|font(-[a-z]+)*|height|hyphens|letter-spacing|line-height|"
    r"list-style(-type)?|margin(-[a-z]+)*|max-height|max-width|min-width|padding(-[a-z]+)*|"
    r"page-break-(after|before|inside)|text-[a-z-]+|vertical-align|white-space|width|"
    r"word-spacing)"
)
_STYLE_VALUE = re.compile(r"[\w\s.,%#+/-]+(\([\d\s.,%]+\))?")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?")


def style(value: str) -> str:
    """Keep the declarations that are harmless and well formed."""
    kept = []
    for declaration in value.split(";"):
        name, colon, content = (part.strip() for part in declaration.partition(":"))
        if colon and _PROPERTIES.fullmatch(name.lower()) and _STYLE_VALUE.fullmatch(content):
            kept.append(f"{name.lower()}: {content}")
    return "; ".join(kept)


def legacy_style(tag: str, name: str, value: str) -> str:
    """Give the declaration that says what an obsolete attribute said, or nothing."""
    value = value.strip().lower()
    if name == "align" and value in {"left", "right", "center", "justify"}:
        if tag in {"img", "table"}:
            return f"float: {value}" if value in {"left", "right"} else "margin: 0 auto"
        return f"text-align: {value}"
    if name == "valign" and value in {"top", "middle", "bottom", "baseline"}:
        return f"vertical-align: {value}"
    if name in {"width", "height"} and re.fullmatch(r"\d+%", value):
        return f"{name}: {value}"
    return ""


def address(href: str) -> str | None:
    """Give an outside address as EPUBCheck accepts it, or None where it may not stand.

    The rules are those of the URL standard (https://url.spec.whatwg.org/): what
    is not a URL code point is written by its bytes, a host's letters by IDNA.
    """
    href = "https:" + href if href.startswith("//") else href.strip()
    try:
        parts = urlsplit(href)
        host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna").decode()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in SCHEMES:
        return None
    if parts.scheme.lower() in {"http", "https"} and not _HOST.fullmatch(host):
        return None
    href = href.replace(parts.netloc, host, 1) if parts.netloc else href
    href = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", href)
    before, hash_mark, fragment = href.partition("#")
    kept = "%/:=&?~+!$,;'@()*"
    return quote(before, safe=kept) + (hash_mark and "#" + quote(fragment, safe=kept))
