"""The package's metadata: who, what, when."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from geppetto.epub.characters import line
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
