"""Entries of the bibliography: not cited, there twice, incomplete, with private fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geppetto.checks.manuscript import Manuscript, field_place
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Reference

# What BibLaTeX's manual (3.19, section 2.1.1) requires, with BibTeX's names beside;
# any one of the names parted by | will do.
WHO = "author|editor|organization|institution|publisher|bookauthor"
WHEN = "date|year|pubstate|urldate"
REQUIRED = {
    "article": ("author|editor|shortauthor", "title", "journaltitle|journal|eprint|doi|url", WHEN),
    "book": (WHO, "title", WHEN),
    "mvbook": (WHO, "title", WHEN),
    "collection": ("editor|organization|publisher", "title", WHEN),
    "proceedings": ("title", WHEN),
    "inbook": (WHO, "title|chapter|pages", "booktitle|title", WHEN),
    "incollection": (WHO, "title", "booktitle", WHEN),
    "inproceedings": (WHO, "title", "booktitle", WHEN),
    "conference": (WHO, "title", "booktitle", WHEN),
    "thesis": ("author", "title", "institution|school", WHEN),
    "phdthesis": ("author", "title", "school|institution", WHEN),
    "mastersthesis": ("author", "title", "school|institution", WHEN),
    "report": (WHO, "title", WHEN),
    "techreport": (WHO, "title", "institution|organization|publisher|school", WHEN),
    "manual": ("title",),
    "patent": ("author|holder", "title", "number", WHEN),
    "online": ("title|author|editor", "url|doi|eprint"),
    "electronic": ("title|author|editor", "url|doi|eprint"),
    "www": ("title|author|editor", "url|doi|eprint"),
    "unpublished": ("author", "title"),
}
INHERITING = frozenset({"crossref", "xdata", "xref"})
PRIVATE = ("file", "local-url", "bdsk-file-1")
_LETTERS = re.compile(r"[^\W_]+")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
LONG = 3  # words by which a title is known


def unused(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find the entries that nothing cites, directly or as what a cited one is part of."""
    if manuscript.cited is None:
        return
    wanted = set(manuscript.cited)
    for reference in manuscript.references:
        if reference.key in wanted:
            wanted |= _parents(reference)
    for reference in manuscript.references:
        if reference.key not in wanted and reference.kind.lower() not in {"xdata", "set"}:
            says = f"Nothing cites @{reference.key}."
            hint = "Cite it, or leave it: an entry that is not cited is not printed."
            yield Diagnostic("bib-unused", says, reference.location, hint)


def _parents(reference: Reference) -> set[str]:
    """Give the keys of the entries that an entry takes fields from, or refers to."""
    named = (reference.fields[name] for name in INHERITING & reference.fields.keys())
    return {key.strip() for value in named for key in value.split(",")}


def twins(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find works that stand under two keys: one DOI, or one title of one first author."""
    seen: dict[str, Reference] = {}
    for reference in manuscript.references:
        for what, identity in _identities(reference):
            first = seen.setdefault(identity, reference)
            if first is not reference:
                says = f"@{reference.key} and @{first.key} have the same {what}."
                hint = f"Keep one, and cite it alone. The other is at {first.location}."
                yield Diagnostic("bib-twin", says, reference.location, hint)
                break


def _identities(reference: Reference) -> Iterator[tuple[str, str]]:
    fields = {name.lower(): value for name, value in reference.fields.items()}
    if doi := _DOI_PREFIX.sub("", fields.get("doi", "").strip()).casefold():
        yield "DOI", f"doi {doi}"
    words = _LETTERS.findall(fields.get("title", "").casefold())
    if len(words) >= LONG:
        author = " ".join(_LETTERS.findall(fields.get("author", "").casefold())[:1])
        yield "title", f"title {' '.join(words)} {author} {fields.get('volume', '')}"


def incomplete(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find the entries that lack what their type requires."""
    parents = {key for r in manuscript.references for key in _parents(r)}
    for reference in manuscript.references:
        names = {name.lower() for name, value in reference.fields.items() if value.strip("{} ")}
        if names & INHERITING or reference.key in parents:
            continue
        required = REQUIRED.get(reference.kind.lower(), ())
        lacking = [one for one in required if not names & set(one.split("|"))]
        if lacking:
            shown = ", ".join(_named(one) for one in lacking)
            says = f"@{reference.key} ({reference.kind}) has no {shown}."
            yield Diagnostic("bib-field-missing", says, reference.location, "Add it to the entry.")


def _named(alternatives: str) -> str:
    names = alternatives.split("|")
    return names[0] if len(names) == 1 else f"{names[0]} (or {' or '.join(names[1:3])})"


def private(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find paths of files on the author's machine."""
    for reference in manuscript.references:
        for name in PRIVATE:
            written = next((n for n in reference.fields if n.lower() == name), None)
            if written:
                says = f"@{reference.key} holds a path of your own machine in '{written}'."
                hint = "It is not printed. Take it out before you publish the bibliography."
                yield Diagnostic("bib-file-path", says, field_place(reference, written), hint)
