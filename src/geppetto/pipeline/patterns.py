"""What is to be said of hyphenation: which languages have no patterns, or lesser ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from geppetto import config, hyphenation
from geppetto.diagnostics import Diagnostic, Location
from geppetto.latex.language import language
from geppetto.latex.log import Kind, LogMessage
from geppetto.model.book import Book, Resolved


def unpatterned(
    resolved: Resolved, languages: Sequence[str], messages: Sequence[LogMessage]
) -> Iterator[Diagnostic]:
    """Say which languages are set without hyphenation, and which with lesser patterns."""
    kinds = {message.subject: message.kind for message in messages}
    for tag in languages:
        kind = kinds.pop(language(tag).name, None)
        if kind is Kind.NO_PATTERNS and hyphenation.breaks_words(tag):
            yield _missing(tag, _place(resolved.book, tag))
        elif kind is Kind.PLAIN_PATTERNS:
            yield _plain(tag, _place(resolved.book, tag))


def _missing(tag: str, place: Location) -> Diagnostic:
    return Diagnostic(
        "hyphenation-missing",
        f"There are no hyphenation patterns for the language '{tag}': its words are not broken.",
        place,
        f"Install those of TeX Live; in Debian: {hyphenation.package(tag)}.",
    )


def _plain(tag: str, place: Location) -> Diagnostic:
    return Diagnostic(
        "hyphenation-plain",
        f"Words of the language '{tag}' are broken by older patterns than those of TeX Live.",
        place,
        f"Look at the line ends, or install TeX Live's; in Debian: {hyphenation.package(tag)}.",
    )


def _place(book: Book, tag: str) -> Location:
    """Give the first place that names a language."""
    if tag == book.settings.lang:
        return config.load(book.root).marks.value("lang")
    named = re.compile(rf"""(?:lang|:lang)\s*=\s*["']?{re.escape(tag)}(?![\w-])""")
    for chapter in book.chapters:
        if chapter.meta.lang == tag:
            return Location(chapter.path, 1)
        if match := named.search(chapter.text):
            return Location(chapter.path, chapter.text.count("\n", 0, match.start()) + 1)
    return Location("book.yaml")
