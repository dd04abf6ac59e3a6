"""The words on a cover, out of book.yaml."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from geppetto.covers.lettering import is_wide
from geppetto.model.book import Book
from geppetto.model.settings import Settings
from geppetto.terms import direction

_BLANKS = re.compile(r"[ \t\n\r]+")
_CAPITALS = re.compile(r"[^\W\d_]")
# Languages whose capitals are not what Unicode's plain rules give (SpecialCasing), or lose accents.
_OWN_CAPITALS = frozenset({"tr", "az", "lt", "el", "ka"})


@dataclass(frozen=True)
class Texts:
    """What stands on a cover; what the book does not name is empty.

    `blurb` is the back's paragraphs, `isbn` that of the printed book as it is written.
    """

    title: str
    subtitle: str
    author: str
    publisher: str
    blurb: tuple[str, ...]
    isbn: str
    lang: str

    @property
    def direction(self) -> str:
        """In which direction the book's language is written: "ltr" or "rtl"."""
        return direction(self.lang)

    @property
    def slanted(self) -> str:
        """What is said more softly: in italics, where the script has some."""
        words = f"{self.title}{self.subtitle}{self.publisher}"
        upright = self.direction == "rtl" or any(map(is_wide, words))
        return "normal" if upright else "italic"

    @property
    def leftward(self) -> bool:
        """Whether the book is bound at its right."""
        return self.direction == "rtl"


def of(settings: Settings) -> Texts:
    """Gather what stands on the cover; where nobody wrote the book, its editors' names."""
    main = "author" if any(p.role == "author" for p in settings.author) else "editor"
    names = [line(person.name) for person in settings.author if person.role == main]
    if len(names) > 1:  # a line ends between names
        names = [name.replace(" ", "\u00a0") for name in names]
    blurb = settings.cover.blurb or settings.description or ""
    return Texts(
        title=line(settings.title),
        subtitle=line(settings.subtitle or ""),
        author=", ".join(names),
        publisher=line(settings.publisher or ""),
        blurb=tuple(p for p in map(line, re.split(r"\n\s*\n", blurb)) if p),
        isbn=settings.identifier.isbn_13 or "",
        lang=settings.lang,
    )


def seed(book: Book) -> bytes:
    """Give what colours and drawing follow from: the same book has the same cover."""
    return hashlib.sha256(book.slug.encode()).digest()


def line(text: str) -> str:
    """Give a text on one line, without what prints nothing; no-break spaces stay."""
    shown = (c for c in _BLANKS.sub(" ", text) if unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(shown).strip(" ")


def capitals(text: str, lang: str) -> str:
    """Give a text in capitals, where its letters have some that are sure."""
    if lang.split("-", maxsplit=1)[0].lower() in _OWN_CAPITALS:
        return text
    latin = all(unicodedata.name(c, "").startswith(("LATIN", "CYRILLIC")) for c in _letters(text))
    return text.replace("ß", "ẞ").upper() if latin else text


def _letters(text: str) -> list[str]:
    return _CAPITALS.findall(text)
