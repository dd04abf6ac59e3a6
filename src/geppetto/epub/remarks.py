"""What is said of a document's XHTML: what was left out of it, what could not be turned into it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from geppetto import sourcemap
from geppetto.diagnostics import Diagnostic, Location
from geppetto.epub.characters import NOTE
from geppetto.model.book import Document

SHOWN = 60  # characters of a formula in a message
HTML_HINT = "Write it in Markdown, or leave it out of the book."
LINK_HINT = (
    "Links may lead to #identifiers of the book and to http, https, mailto and tel addresses."
)


def removed(document: Document, things: Sequence[str]) -> list[Diagnostic]:
    """Say once for each chapter and kind what was left out, with the line where it stands."""
    chapter = document.chapter
    diagnostics = []
    for thing in dict.fromkeys(things):
        tag, _, attribute = thing.partition(" ")
        if tag == "a" and attribute and not attribute.startswith("on"):
            message = f"The link to {attribute} cannot stand in an EPUB; its text stays."
            sought, hint = re.escape(attribute), LINK_HINT
        elif tag == "img" and not attribute.startswith("on"):
            message = f"The image {attribute} is not in the book's folder; its description stays."
            sought, hint = re.escape(attribute), "Put the image beside the chapter."
        elif attribute:
            message = f"The attribute {attribute} of <{tag}> cannot stand in an EPUB."
            sought, hint = rf"\b{re.escape(attribute)}\s*=", HTML_HINT
        else:
            message = f"The element <{tag}> cannot stand in an EPUB and was left out."
            sought, hint = rf"<{re.escape(tag)}\b", HTML_HINT
        if NOTE in thing:
            continue
        location = _find(chapter.markdown, sought, chapter.path) if chapter else None
        diagnostics.append(Diagnostic("html-removed", message, location, hint))
    return diagnostics


def _find(text: str, sought: str, path: str) -> Location:
    match = re.search(sought, text, re.IGNORECASE)
    if match is None:
        return Location(path)
    before = text[: match.start()]
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def unconverted(document: Document, markup: str) -> list[Diagnostic]:
    """Say which formulas Pandoc could not turn into MathML; they show as TeX."""
    found = re.findall(r'<span class="math (?:inline|display)">([^<]*)', markup)
    hint = "Use only TeX's and amsmath's own commands in it."
    diagnostics = []
    for formula in dict.fromkeys(html.unescape(shown).strip("$").strip() for shown in found):
        short = formula if len(formula) <= SHOWN else f"{formula[:SHOWN]}…"
        message = f"The formula ${short}$ cannot be turned into MathML; the EPUB shows its TeX."
        diagnostics += [
            Diagnostic("pandoc-warning", message, place, hint)
            for place in _formulas(document, formula)
        ]
    return diagnostics


def _formulas(document: Document, formula: str) -> list[Location] | list[None]:
    chapter = document.chapter
    return sourcemap.formulas(chapter.path, chapter.markdown, formula) if chapter else [None]
