"""The citations of the whole book: citeproc run once, its bibliography taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from geppetto import config, pandoc
from geppetto.ast import Block
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Bibliography, Book, Reference
from geppetto.references import citations
from geppetto.terms import terms

Documents = Mapping[str, list[Block]]
LINE = re.compile(r"\(line (\d+), column \d+\)")


@dataclass(frozen=True)
class Cited:
    """The documents with their citations set.

    `bibliography` are the blocks of the book's own; `headings` the identifiers
    of the headings of the chapters' own, by the chapter's slug.
    """

    documents: Documents
    bibliography: list[Block] = field(default_factory=list)
    headings: Mapping[str, str] = field(default_factory=dict)


def cite(book: Book, csl: Path | None, documents: Documents) -> tuple[Cited, list[Diagnostic]]:
    """Set the citations of every document."""
    nocite, marks, diagnostics = citations.check_nocite(
        book.settings.nocite,
        book.bibliography,
        lambda number: config.place(book.root, "nocite", number),
    )
    keys = citations.cited(documents.values()) | set(nocite)
    if "*" in keys:
        keys = set(book.bibliography.references)
    if not keys:
        return Cited(documents, marks), diagnostics
    cited, more = _cite(book, csl, documents, keys, nocite)
    if any(d.code == "pandoc-failed" for d in more):
        bibliography, broken = _sound(book.bibliography, keys)
        if broken:
            smaller = replace(book, bibliography=bibliography)
            kept = tuple(key for key in nocite if key == "*" or key in bibliography.references)
            sound = keys & bibliography.references.keys()
            cited, more = _cite(smaller, csl, _without(documents, bibliography), sound, kept)
            more += broken
    more = [
        replace(d, location=config.place(book.root, "csl")) if d.code == "csl-broken" else d
        for d in more
    ]
    return replace(cited, bibliography=[*cited.bibliography, *marks]), [*diagnostics, *more]


def _cite(
    book: Book, csl: Path | None, documents: Documents, keys: set[str], nocite: tuple[str, ...]
) -> tuple[Cited, list[Diagnostic]]:
    settings = book.settings
    bibtex = book.bibliography.subset(keys)
    citing = pandoc.Citing(bibtex, csl, settings.lang, settings.link_citations, nocite)
    if settings.bibliography_per == "chapter":
        return _cite_chapters(book, citing, documents)
    cited, diagnostics = pandoc.cite({citations.BOOK: citations.join(documents)}, citing)
    if citations.BOOK not in cited:
        return Cited(documents), diagnostics
    blocks = citations.mark_faults(cited[citations.BOOK], book.bibliography.faults)
    own, bibliography = citations.split(blocks)
    return Cited(own, bibliography), diagnostics


def _cite_chapters(
    book: Book, citing: pandoc.Citing, documents: Documents
) -> tuple[Cited, list[Diagnostic]]:
    title = book.settings.bibliography_title or terms(book.settings.lang).bibliography
    counted = {slug: citations.counted(blocks) for slug, blocks in documents.items()}
    cited, diagnostics = pandoc.cite(counted, citing)
    own = dict(documents)
    headings: dict[str, str] = {}
    for slug, blocks in cited.items():
        placed = citations.has_place(documents[slug])
        marked = citations.mark_faults(blocks, book.bibliography.faults)
        own[slug], heading = citations.for_chapter(slug, marked, title, placed=placed)
        if heading is not None:
            headings[slug] = heading
    return Cited(own, [], headings), diagnostics


def _sound(bibliography: Bibliography, keys: set[str]) -> tuple[Bibliography, list[Diagnostic]]:
    """Take out the entries that Pandoc cannot read."""
    before = f"{bibliography.strings}\n"
    wanted = [r for key, r in bibliography.references.items() if key in keys]
    failures = pandoc.unreadable({r.key: before + r.raw for r in wanted})
    kept = {k: r for k, r in bibliography.references.items() if k not in failures}
    above = before.count("\n")
    found = [_broken(bibliography.references[k], words, above) for k, words in failures.items()]
    return replace(bibliography, references=kept), found


def _broken(reference: Reference, words: str, above: int) -> Diagnostic:
    place, line = reference.location, LINE.search(words)
    if line is not None and place is not None and place.line is not None:
        last = place.line + reference.raw.count("\n")
        place = Location(place.path, min(place.line + int(line[1]) - above - 1, last))
    reason = words.splitlines()[-1] if words else "no reason given"
    return Diagnostic(
        "bib-broken-entry",
        f"The entry '{reference.key}' cannot be read: {reason}.",
        place,
        "Look for a brace or comma that is missing, here or on the line before.",
        detail=words,
    )


def _without(documents: Documents, bibliography: Bibliography) -> Documents:
    """Mark the citations of entries that cannot be read."""
    known = bibliography.references.keys()
    return {slug: citations.mark_unknown(blocks, known)[0] for slug, blocks in documents.items()}
