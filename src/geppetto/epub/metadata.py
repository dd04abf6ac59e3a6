"""The package's metadata: who, what, when, and what a reader needs to read it.

Accessibility metadata says what the book holds and nothing more (EPUB
Accessibility 1.1, section 2.2; Schema.org Accessibility Properties).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geppetto.epub.characters import line
from geppetto.epub.finish import Holdings
from geppetto.model.settings import Contributor, Settings

# MARC code list for relators: https://www.loc.gov/marc/relators/
RELATORS = {
    "author": "aut",
    "editor": "edt",
    "translator": "trl",
    "illustrator": "ill",
    "contributor": "ctb",
}
# The namespace of identifiers that are derived from a book's title and authors.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://geppetto.invalid/book")


@dataclass(frozen=True)
class Person:
    """A name for the package: `kind` is "creator" or "contributor", `relator` a MARC code."""

    kind: str
    name: str
    relator: str
    orcid: str | None


@dataclass(frozen=True)
class Accessibility:
    """Schema.org's accessibility properties, and a sentence in English."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str


def identifier(settings: Settings) -> str:
    """Give the book's unique identifier as a URN; derived from title and authors at need."""
    given = settings.identifier
    if given.isbn_epub:
        return "urn:isbn:" + re.sub(r"[-\s]", "", given.isbn_epub)
    if given.uuid:
        return f"urn:uuid:{given.uuid.lower()}"
    names = [person.name for person in settings.author]
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, chr(0x1F).join([settings.title, *names]))}"


def people(settings: Settings) -> list[Person]:
    """Give the people of the book; where nobody wrote it, whoever edited it made it."""
    main = "author" if any(p.role == "author" for p in settings.author) else "editor"
    return [_person(person, main) for person in settings.author]


def _person(person: Contributor, main: str) -> Person:
    kind = "creator" if person.role == main else "contributor"
    return Person(kind, line(person.name), RELATORS[person.role], person.orcid)


def modified(epoch: int) -> str:
    """Give the moment of the book's last change, as `dcterms:modified` wants it."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def accessibility(pages: Sequence[Holdings], *, moving: bool) -> Accessibility:
    """Compute what can be said of the book; `moving` tells that an image is animated."""
    pictures = any(page.images for page in pages)
    described = not any(page.undescribed for page in pages)
    formulas = any(page.formulas for page in pages)
    features = [
        "tableOfContents",
        "readingOrder",
        "structuralNavigation",
        "displayTransformability",
    ]
    features += ["alternativeText"] if described else []
    features += ["MathML"] if formulas else []
    return Accessibility(
        modes=("textual", "visual") if pictures else ("textual",),
        sufficient=_sufficient(pictures=pictures, described=described),
        features=tuple(features),
        hazards=("unknown",) if moving else ("none",),
        summary=_summary(pictures=pictures, described=described, formulas=formulas),
    )


def _sufficient(*, pictures: bool, described: bool) -> tuple[str, ...]:
    alone = ("textual",) if described else ()
    return (*alone, "textual,visual") if pictures else alone


def _summary(*, pictures: bool, described: bool, formulas: bool) -> str:
    sentences = ["The text can be reflowed and its contents and headings can be navigated."]
    if pictures and described:
        sentences.append("All images have alternative text.")
    elif pictures:
        sentences.append("Some images lack alternative text.")
    if formulas:
        sentences.append("Formulas are given as MathML with their TeX source as text.")
    return " ".join(sentences)
