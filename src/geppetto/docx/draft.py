"""A reviewer's own copy: whose it is at the foot of each page, the word "Draft" across it.

The finished bytes are stamped, so that many copies cost one making.
"""

from __future__ import annotations

import functools
import re

from lxml import etree

from geppetto.docx import archive, properties
from geppetto.docx.package import DOCUMENT
from geppetto.docx.xml import Element, make, parse, serialise
from geppetto.sheet import Sheet, called
from geppetto.templates import xml

PROPERTY = "GeppettoDraft"
HEADERS = re.compile(r"word/header\w+\.xml")
CORE = re.compile(re.escape(properties.CORE))
TEXT = re.compile(re.escape(DOCUMENT))
FOOTERS = re.compile(r"word/footer\w+\.xml")
_V = "urn:schemas-microsoft-com:vml"
_O = "urn:schemas-microsoft-com:office:office"
# What Word calls its own watermarks, so that its menu can take one away.
_NAME = "PowerPlusWaterMarkObject"
_TYPE = "_x0000_t136"  # VML's text on a straight path
_STYLE = (
    "position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;"
    "z-index:-251658752;mso-position-horizontal:center;"
    "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    "mso-position-vertical-relative:margin"
)
_LETTER, _HEIGHT, _WIDEST = 46, 84, 330  # points


def stamp(data: bytes, footer: str, draft: str, sheet: Sheet | None = None) -> bytes:
    """Give a finished DOCX as a draft's copy.

    `footer` stands at the foot of each page ("Draft a1b2c3 · 2026-11-30 · for Ada
    Lovelace"), `draft` ("<id>/<copy>") in the custom property GeppettoDraft. The sheet
    stands before the text.
    """
    marked = _watermarked(data)
    new = {properties.CUSTOM: properties.custom({PROPERTY: draft})}
    for name, part in archive.unpack(marked, FOOTERS).items():
        new[name] = _footed(part, footer)
    if sheet is not None:
        new[DOCUMENT] = _opened(archive.unpack(marked, TEXT)[DOCUMENT], sheet)
    return archive.changed(marked, new)


@functools.lru_cache(maxsize=1)
def _watermarked(data: bytes) -> bytes:
    """Give the DOCX with the word across its pages, which all copies of a draft share."""
    word = _word(archive.unpack(data, CORE)[properties.CORE])
    heads = sorted(archive.unpack(data, HEADERS).items())
    return archive.changed(
        data, {name: _marked(part, word, n) for n, (name, part) in enumerate(heads, 1)}
    )


def _opened(data: bytes, sheet: Sheet) -> bytes:
    """Put the sheet before the text, on a page of its own."""
    root = parse(data)
    body = root[0]
    said = [("DraftTitle", sheet.title), ("DraftTitle", sheet.heading)]
    said += [("DraftSheet", one) for one in (*sheet.lines, "", *sheet.invitation)]
    for number, (style, words) in enumerate(said):
        body.insert(number, _paragraph(style, words))
    body.insert(len(said), make("p", make("r", make("br", type="page"))))
    return serialise(root)


def _word(core: bytes) -> str:
    """Give what a draft is called in the document's language."""
    return called(parse(core).findtext(properties.LANGUAGE) or "en")


def _footed(data: bytes, words: str) -> bytes:
    root = parse(data)
    root.append(_paragraph("DraftLine", words))
    return serialise(root)


def _paragraph(style: str, words: str) -> Element:
    text = make("t")
    text.text = xml(words)
    return make("p", make("pPr", make("pStyle", val=style)), make("r", text))


def _marked(data: bytes, word: str, number: int) -> bytes:
    """Put the watermark into a running head, behind the text of the page."""
    root = parse(data)
    paragraph = root[0] if len(root) else etree.SubElement(root, make("p").tag)
    paragraph.append(make("r", make("pict", _shape_type(), _shape(word, number))))
    return serialise(root)


def _shape_type() -> Element:
    made = etree.Element(
        f"{{{_V}}}shapetype",
        {f"{{{_O}}}spt": "136"},
        id=_TYPE,
        coordsize="21600,21600",
        adj="10800",
        path="m@7,l@8,m@5,21600l@6,21600e",
        nsmap={"v": _V, "o": _O},
    )
    formulas = etree.SubElement(made, f"{{{_V}}}formulas")
    for line in (
        "sum #0 0 10800", "prod #0 2 1", "sum 21600 0 @1", "sum 0 0 @2", "sum 21600 0 @3",
        "if @0 @3 0", "if @0 21600 @1", "if @0 0 @2", "if @0 @4 21600", "mid @5 @6",
        "mid @8 @5", "mid @7 @8", "mid @6 @7", "sum @6 0 @5",
    ):  # fmt: skip
        etree.SubElement(formulas, f"{{{_V}}}f", eqn=line)
    etree.SubElement(made, f"{{{_V}}}path", textpathok="t")
    etree.SubElement(made, f"{{{_V}}}textpath", on="t", fitshape="t")
    return made


def _shape(word: str, number: int) -> Element:
    width = min(_WIDEST, _LETTER * max(4, len(word)))
    made = etree.Element(
        f"{{{_V}}}shape",
        {f"{{{_O}}}spid": f"_x0000_s{2048 + number}", f"{{{_O}}}allowincell": "f"},
        id=f"{_NAME}{number}",
        type=f"#{_TYPE}",
        alt="",
        style=_STYLE.format(width=width, height=_HEIGHT),
        fillcolor="#d8d8d8",
        stroked="f",
        nsmap={"v": _V, "o": _O},
    )
    etree.SubElement(made, f"{{{_V}}}fill", opacity=".45")
    face = 'font-family:"Times New Roman";font-size:1pt'
    etree.SubElement(made, f"{{{_V}}}textpath", style=face, string=word)
    return made
