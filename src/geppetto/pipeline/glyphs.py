"""Which characters a book uses, where those stand that no font holds, and their marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from geppetto import fonts
from geppetto.ast import Block, Node, nodes, rewrite, span
from geppetto.diagnostics import Diagnostic, Location
from geppetto.latex.traits import CODE, shown
from geppetto.latex.traits import Book as Traits
from geppetto.model.book import Document, Resolved
from geppetto.model.settings import Settings

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
INK = re.compile(r"[^\n]")
MOST = 5  # places named of one character


@dataclass(frozen=True)
class Used:
    """The characters of running text, of code, and of formulas; LaTeX's own raw text is not seen."""

    text: frozenset[str]
    code: frozenset[str]
    math: frozenset[str]


def used(resolved: Resolved, traits: Traits) -> Used:
    """Give every character that the book sets."""
    front = _front(resolved.book.settings)
    text, code, math = map(traits.characters, ("text", "code", "math"))
    return Used(text | front, code, math)


def _front(settings: Settings) -> set[str]:
    said = [settings.title, settings.subtitle, settings.publisher, settings.rights]
    names = [contributor.name for contributor in settings.author]
    return set("".join(filter(None, [*said, *names])))


def missing(resolved: Resolved, characters: Sequence[str]) -> list[Diagnostic]:
    """Give a diagnostic for each place of each character that no font holds, up to `MOST`."""
    diagnostics: list[Diagnostic] = []
    for character in characters:
        places = [*_in_chapters(resolved, character), *_in_bibliography(resolved, character)]
        places = places or _unwritten(resolved, character)
        found = [fonts.missing_glyph(character, place) for place in places[:MOST]]
        if len(places) > MOST:
            more = f" It stands in {len(places) - MOST} more places."
            found[-1] = replace(found[-1], message=found[-1].message + more)
        diagnostics += found
    return diagnostics


def _in_chapters(resolved: Resolved, character: str) -> list[Location]:
    found: list[Location] = []
    for chapter in (d.chapter for d in resolved.documents if d.chapter):
        text = COMMENT.sub(lambda comment: INK.sub(" ", comment[0]), chapter.markdown)
        for number, line in enumerate(text.split("\n"), 1):
            columns = [at for at, one in enumerate(line, 1) if one == character]
            found += [Location(chapter.path, number, column) for column in columns]
    return found


def _in_bibliography(resolved: Resolved, character: str) -> list[Location]:
    """Give the entries that hold a character, if the printed bibliography shows it."""
    shown = [d for d in resolved.documents if d.chapter is None and _shows(d, character)]
    entries = resolved.book.bibliography.references.values() if shown else ()
    return [entry.location for entry in entries if character in entry.raw]


def _unwritten(resolved: Resolved, character: str) -> list[Location]:
    """Give the chapters that show a character which they spell otherwise (`&#x2603;`)."""
    held = [d.chapter for d in resolved.documents if d.chapter and _shows(d, character)]
    return [Location(chapter.path) for chapter in held] or [Location("book.yaml")]


def _shows(document: Document, character: str) -> bool:
    return any(character in words for _, words in shown(document))


def marked(resolved: Resolved, characters: Sequence[str]) -> Resolved:
    """Set a visible mark in place of each character that no font holds."""
    if not characters:
        return resolved
    absent = frozenset(characters)
    documents = tuple(_without(document, absent) for document in resolved.documents)
    return replace(resolved, documents=documents)


def _without(document: Document, absent: frozenset[str]) -> Document:
    def change(node: Node) -> list[Node] | Node | None:
        if node["t"] == "Str" and absent & set(node["c"]):
            return _pieces(node["c"], absent)
        if node["t"] in CODE and absent & set(node["c"][1]):
            named = "".join(_name(c) if c in absent else c for c in node["c"][1])
            return {"t": node["t"], "c": [node["c"][0], named]}
        return None

    blocks: list[Block] = rewrite(list(document.blocks), change)
    return document.with_blocks(blocks)


def _pieces(word: str, absent: frozenset[str]) -> list[Node]:
    pieces: list[Node] = []
    for character in word:
        if character in absent:
            pieces.append(span([{"t": "Str", "c": _name(character)}], ["", ["fault"], []]))
        elif pieces and pieces[-1]["t"] == "Str":
            pieces[-1] = {"t": "Str", "c": pieces[-1]["c"] + character}
        else:
            pieces.append({"t": "Str", "c": character})
    return pieces


def _name(character: str) -> str:
    return f"[U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}]"


def source(value: Any) -> str:
    """Give a block's own text, raw parts and mathematics as they were written."""
    pieces: list[str] = []
    for node in nodes(value):
        kind = node["t"]
        if kind == "Str":
            pieces.append(node["c"])
        elif kind in {"Space", "SoftBreak", "LineBreak"}:
            pieces.append(" ")
        elif kind in {"Math", "Code", "CodeBlock", "RawInline", "RawBlock"}:
            pieces.append(node["c"][1])
    return "".join(pieces)
