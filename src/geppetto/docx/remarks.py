"""What is said of the DOCX: formulas and links that could not stand in it, led to their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from geppetto import sourcemap
from geppetto.ast import nodes
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Document

SHOWN = 60  # characters of a formula in a message
UNCONVERTED = "CouldNotConvertTeXMath"  # Text.Pandoc.Logging


def unconverted(
    documents: Sequence[Document], messages: Iterable[Mapping[str, Any]]
) -> list[Diagnostic]:
    """Say which formulas Pandoc could not turn into Word's; they show as TeX."""
    said = (m for m in messages if m.get("type") == UNCONVERTED)
    found = dict.fromkeys(str(message.get("contents", "")).strip() for message in said)
    return [one for formula in found for one in _unconverted(documents, formula)]


def _unconverted(documents: Sequence[Document], formula: str) -> Iterator[Diagnostic]:
    short = formula if len(formula) <= SHOWN else f"{formula[:SHOWN]}…"
    message = f"The formula ${short}$ cannot be turned into Word's; the DOCX shows its TeX."
    hint = "Use only TeX's and amsmath's own commands in it."
    for document in documents:
        if any(n["c"][1].strip() == formula for n in nodes(list(document.blocks), {"Math"})):
            for place in _formulas(document, formula):
                yield Diagnostic("pandoc-warning", message, place, hint)


def _formulas(document: Document, formula: str) -> list[Location] | list[None]:
    chapter = document.chapter
    return sourcemap.formulas(chapter.path, chapter.markdown, formula) if chapter else [None]


def links(documents: Sequence[Document], left_out: Mapping[str, Sequence[str]]) -> list[Diagnostic]:
    """Say which addresses no link of the DOCX may have; their words stay."""
    return [
        Diagnostic(
            "docx-link",
            f"The link to {target} cannot stand in a DOCX; its text stays.",
            _place(document, target),
            "Links may lead to #identifiers of the book and to http, https, mailto and tel addresses.",
        )
        for document in documents
        for target in dict.fromkeys(left_out.get(document.slug, ()))
    ]


def _place(document: Document, target: str) -> Location | None:
    if document.chapter is None:
        return None
    text, path = document.chapter.markdown, document.chapter.path
    match = re.search(re.escape(target), text)
    if match is None:
        return Location(path)
    before = text[: match.start()]
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
