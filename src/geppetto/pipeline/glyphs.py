"""Which characters a book uses, where those stand that no font holds, and their marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geppetto import fonts
from geppetto.ast import Block, Node, nodes, rewrite, span
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Chapter, Document, Resolved
from geppetto.model.settings import Settings

CODE = frozenset({"Code", "CodeBlock"})


@dataclass(frozen=True)
class Used:
    """The characters of running text, of code, and of formulas; LaTeX's own raw text is not seen."""

    text: frozenset[str]
    code: frozenset[str]
    math: frozenset[str]


def used(resolved: Resolved) -> Used:
    """Give every character that the book sets."""
    text, code, math = _front(resolved.book.settings), set[str](), set[str]()
    for document in resolved.documents:
        text.update(document.part or "")
        for node in nodes(list(document.blocks)):
            if node["t"] == "Str":
                text.update(node["c"])
            elif node["t"] in CODE:
                code.update(node["c"][1])
            elif node["t"] == "Math":
                math.update(node["c"][1])
    return Used(frozenset(text), frozenset(code), frozenset(math))


def _front(settings: Settings) -> set[str]:
    said = [settings.title, settings.subtitle, settings.publisher, settings.rights]
    names = [contributor.name for contributor in settings.author]
    return set("".join(filter(None, [*said, *names])))


def missing(resolved: Resolved, characters: Sequence[str]) -> list[Diagnostic]:
    """Give one diagnostic for each place of each character that no font holds."""
    chapters = [d.chapter for d in resolved.documents if d.chapter]
    diagnostics = []
    for character in characters:
        places = [place for chapter in chapters for place in _places(chapter, character)]
        places = places or [Location("book.yaml")]
        diagnostics += [fonts.missing_glyph(character, place) for place in places[:5]]
    return diagnostics


def _places(chapter: Chapter, character: str) -> Iterator[Location]:
    for number, line in enumerate(chapter.text.split("\n"), 1):
        column = line.find(character)
        if column >= 0:
            yield Location(chapter.path, number, column + 1)


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
    return replace(document, blocks=tuple(blocks))


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
