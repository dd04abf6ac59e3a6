"""The package around the text: styles, settings, running heads, properties, and how they relate."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment
from lxml import etree

from geppetto import templates
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.docx.archive import TYPES
from geppetto.docx.page import Page
from geppetto.docx.properties import APP, CORE, CUSTOM, application, core, custom
from geppetto.docx.sections import Section
from geppetto.docx.xml import Element, make, parse, serialise
from geppetto.model.settings import Settings

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "application/vnd.openxmlformats-package"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DOCUMENT, FOOTNOTES, STYLES = "word/document.xml", "word/footnotes.xml", "word/styles.xml"
NUMBERING, RELATED = "word/numbering.xml", "word/_rels/document.xml.rels"
LEFT_OUT = ("word/comments.xml", "word/theme/theme1.xml", "word/webSettings.xml")
"""Parts that Pandoc adds and that say nothing here."""
COMMON = {
    "headerNone": ("header.xml", {"text": ""}),
    "headerEven": ("header.xml", None),
    "footerNone": ("footer.xml", {"folio": False}),
    "footerFolio": ("footer.xml", {"folio": True}),
}
"""Heads and feet that many sections share: their templates, and what these are given."""


def reference(environment: Environment, values: Mapping[str, Any], page: Page) -> dict[str, bytes]:
    """Give the parts of the document from which Pandoc takes styles and the page's measure.

    Raises:
        GeppettoError: a template is missing, or has a fault.
    """
    section = make(
        "sectPr",
        make("pgSz", w=page.width, h=page.height),
        make("pgMar", left=page.inner, right=page.outer, top=page.top, bottom=page.bottom),
    )
    document = make("document", make("body", section))
    kinds = {DOCUMENT: f"{_WORD}.document.main+xml", STYLES: f"{_WORD}.styles+xml"}
    return {
        TYPES: serialise(_types(kinds)),
        "_rels/.rels": serialise(_relations([("rId1", "officeDocument", DOCUMENT)])),
        RELATED: serialise(_relations([("rId1", "styles", "styles.xml")])),
        DOCUMENT: serialise(document),
        STYLES: rendered(environment, "styles.xml", values),
    }


def rendered(environment: Environment, name: str, values: Mapping[str, Any]) -> bytes:
    """Give a part made of a template.

    Raises:
        GeppettoError: the template is missing, has a fault, or makes no XML.
    """
    text = templates.render(environment, f"docx/{name}", **values).strip()
    try:
        return serialise(parse(text.encode()))
    except etree.XMLSyntaxError as fault:
        raise GeppettoError(
            Diagnostic(
                "template-error",
                f"The template makes no XML: {fault}.",
                Location(f"templates/docx/{name}"),
                hint="Mend it, or take the book's own copy away to use Geppetto's.",
            ),
            ExitCode.USAGE,
        ) from fault


def heads(sections: Sequence[Section]) -> list[str]:
    """Give the relationship of each section's running head; those with the same words share it."""
    texts = list(dict.fromkeys(one.head for one in sections if one.head and not one.bare))
    numbers = {text: number for number, text in enumerate(texts, 1)}
    return [
        f"header{numbers[one.head]}" if one.head in numbers and not one.bare else "headerNone"
        for one in sections
    ]


def furnish(
    parts: Mapping[str, bytes],
    sections: Sequence[Section],
    look: tuple[Environment, Mapping[str, Any]],
    epoch: int,
) -> dict[str, bytes]:
    """Give Pandoc's parts with the book's settings, faces, heads, feet and properties."""
    environment, values = look
    settings: Settings = values["book"]
    made = {name: data for name, data in parts.items() if name not in LEFT_OUT}
    made["word/settings.xml"] = rendered(environment, "settings.xml", values)
    made["word/fontTable.xml"] = rendered(environment, "fonts.xml", values)
    running = _running(sections, environment, values)
    made |= {f"word/{name}.xml": data for name, data in running.items()}
    made[RELATED] = _related(parts[RELATED], running)
    made[TYPES] = _typed(parts[TYPES], running)
    made[CORE] = core(settings, epoch)
    made[APP] = application(str(values["version"]))
    made[CUSTOM] = custom({})
    return made


def _running(
    sections: Sequence[Section], environment: Environment, values: Mapping[str, Any]
) -> dict[str, bytes]:
    title = {"text": values["book"].title}
    made = {
        name: rendered(environment, template, {**values, **(title if own is None else own)})
        for name, (template, own) in COMMON.items()
    }
    for name, section in zip(heads(sections), sections, strict=True):
        if name not in made:
            made[name] = rendered(environment, "header.xml", {**values, "text": section.head})
    return made


def _related(data: bytes, running: Iterable[str]) -> bytes:
    root = parse(data)
    for one in list(root):
        if posixpath.join("word", one.get("Target", "")) in LEFT_OUT:
            root.remove(one)
    kinds = ((name, name[:6], f"{name}.xml") for name in running)
    root.extend(_relations(kinds))
    return serialise(root)


def _typed(data: bytes, running: Iterable[str]) -> bytes:
    root = parse(data)
    for one in list(root):
        if one.get("PartName", "").lstrip("/") in LEFT_OUT:
            root.remove(one)
    root.extend(_types({f"word/{n}.xml": f"{_WORD}.{n[:6]}+xml" for n in running}, alone=True))
    return serialise(root)


def _types(kinds: Mapping[str, str], *, alone: bool = False) -> Element:
    root = etree.Element(f"{{{CONTENT}}}Types", nsmap={None: CONTENT})  # type: ignore[dict-item]
    defaults = {"xml": "application/xml", "rels": f"{_PACKAGE}.relationships+xml"}
    for extension, kind in {} if alone else defaults.items():
        etree.SubElement(root, f"{{{CONTENT}}}Default", Extension=extension, ContentType=kind)
    for name, kind in kinds.items():
        etree.SubElement(root, f"{{{CONTENT}}}Override", PartName=f"/{name}", ContentType=kind)
    return root


def _relations(listed: Iterable[tuple[str, str, str]]) -> Element:
    root = etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})  # type: ignore[dict-item]
    for name, kind, target in listed:
        etree.SubElement(
            root, f"{{{RELATIONS}}}Relationship", Id=name, Type=f"{OFFICE}/{kind}", Target=target
        )
    return root
