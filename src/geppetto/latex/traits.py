"""What must be known of every document before any is set: its signs, its languages, its formulas.

What is known of a document stays on the shelf, so that the documents that have
not changed need not be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from geppetto.ast import RAW, WITH_ATTRIBUTES, Block, attr_of, keyvals, nodes
from geppetto.latex import pieces
from geppetto.model.book import Document, Resolved
from geppetto.store.shelf import NOTHING, Shelf

CODE = frozenset({"Code", "CodeBlock"})
MATHEMATICS = re.compile(r"\$|\\[\[(]|\\begin\{(?:equation|align|gather|multline|math|displaymath)")
_SET = CODE | {"Str", "Math", "BulletList"}
_BULLETS = "•–·"  # what the templates set before the items of a list


@dataclass(frozen=True)
class Traits:
    """Of a document: its characters in text, code and formulas; the languages it names, in order.

    `mathematics`: whether anything in it is set as a formula; `private`: whether
    its own LaTeX says nothing to another document's.
    """

    text: str
    code: str
    math: str
    languages: tuple[str, ...]
    mathematics: bool
    private: bool


@dataclass(frozen=True)
class Book:
    """The traits of all documents of a book, which is in a language."""

    lang: str
    documents: tuple[Traits, ...]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that the book names, its own first."""
        named = (tag for one in self.documents for tag in one.languages)
        return tuple(dict.fromkeys((self.lang, *named)))

    @property
    def mathematics(self) -> bool:
        """Whether the book has formulas."""
        return any(one.mathematics for one in self.documents)

    @property
    def private(self) -> bool:
        """Whether no document's LaTeX says anything to another's."""
        return all(one.private for one in self.documents)

    def characters(self, kind: str) -> frozenset[str]:
        """Give every character of the "text", the "code" or the "math"."""
        return frozenset().union(*(getattr(one, kind) for one in self.documents))


def book(resolved: Resolved, shelf: Shelf = NOTHING) -> Book:
    """Give the traits of a book's documents."""
    found = (_kept(document, shelf) for document in resolved.documents)
    return Book(resolved.book.settings.lang, tuple(found))


def _kept(document: Document, shelf: Shelf) -> Traits:
    record = shelf.made("traits", document.made_from, lambda: vars(of(document)))
    return Traits(**{**record, "languages": tuple(record["languages"])})


def of(document: Document) -> Traits:
    """Find the traits of a document."""
    found: dict[str, set[str]] = {"text": set(document.part or ""), "code": set(), "math": set()}
    for kind, words in shown(document):
        found[kind].update(words)
    return Traits(
        text="".join(sorted(found["text"])),
        code="".join(sorted(found["code"])),
        math="".join(sorted(found["math"])),
        languages=tuple(dict.fromkeys(_named(document))),
        mathematics=_has_math(document.blocks),
        private=pieces.keeps_to_itself(document.blocks),
    )


def shown(document: Document) -> Iterator[tuple[str, str]]:
    """Give each text that a document sets: what it is of, and the text."""
    for node in nodes(list(document.blocks), _SET):
        if node["t"] == "Str":
            yield "text", node["c"]
        elif node["t"] in CODE:
            yield "code", node["c"][1]
        elif node["t"] == "Math":
            yield "math", node["c"][1]
        else:
            yield "text", _BULLETS


def _named(document: Document) -> Iterable[str]:
    if document.chapter is not None and document.chapter.meta.lang:
        yield document.chapter.meta.lang
    for node in nodes(list(document.blocks), WITH_ATTRIBUTES):
        attributes = attr_of(node)
        if attributes is not None and keyvals(attributes).get("lang"):
            yield keyvals(attributes)["lang"]


def _has_math(blocks: Sequence[Block]) -> bool:
    return any(
        node["t"] == "Math" or MATHEMATICS.search(node["c"][1])
        for node in nodes(list(blocks), RAW | {"Math"})
    )
