"""What references lead to, and the words they are printed with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from geppetto.ast import Inline, attr, link, text
from geppetto.references.numbering import Numbered, Target
from geppetto.terms import Terms, quotes

KEY = re.compile(r"^(fig|tbl|eq|sec|lst)([:-]).", re.IGNORECASE)
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Library:
    """What references are resolved against.

    `chapters` maps paths to chapters; `local` maps each path to the chapter's
    own names, and these to the book's; `citations` are the bibliography's keys.
    """

    targets: Mapping[str, Target]
    chapters: Mapping[str, Numbered]
    local: Mapping[str, Mapping[str, str]]
    citations: frozenset[str]
    words: Terms
    lang: str

    def target(self, key: str) -> Target | None:
        """Give what a cross-reference's key leads to; its first letter may be a capital."""
        found = self.targets.get(key) or self.targets.get(key[:1].lower() + key[1:])
        return None if found is None or found.kind == "anchor" else found

    def label(self, target: Target, *, plural: bool = False, capital: bool = False) -> str:
        """Give the word for a target's kind."""
        forms: tuple[str, str] = getattr(self.words, target.kind)
        word = forms[1 if plural else 0]
        return word[:1].upper() + word[1:] if capital else word

    def phrase(self, target: Target, *, bare: bool = False, capital: bool = False) -> str:
        """Give what is printed: "Figure 2.1", the bare number, or a heading's words in quotes."""
        if target.number is None:
            opening, closing = quotes(self.lang)[:2]
            return f"{opening}{target.text}{closing}" if target.text else target.id
        if bare:
            return target.number
        return self.label(target, capital=capital) + NO_BREAK + target.number


def is_crossref(key: str, citations: frozenset[str]) -> bool:
    """Tell whether a key after `@` names a place in the book and not an entry."""
    return KEY.match(key) is not None and key not in citations


def to(target: Target, words: str) -> Inline:
    """Make the link of a cross-reference."""
    return link(text(words), f"#{target.id}", attr("", ["xref"]))
