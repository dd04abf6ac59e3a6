"""Makes names that are safe as file names, XML ids and addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from geppetto.model.book import Chapter
from geppetto.model.settings import Settings

LONGEST = 60

# Names that the editions give to their own files.
RESERVED = (
    "bibliography",
    "colophon",
    "contents",
    "cover",
    "half-title",
    "imprint",
    "index",
    "nav",
    "notes",
    "title",
    "toc",
)

# Letters that Unicode does not decompose.
FOLDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def slug(text: str) -> str:
    """Fold text to ASCII letters, digits and hyphens; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(FOLDED))
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", ascii_only))
    folded = "-".join(words)
    return folded[:LONGEST].rstrip("-") if _is_latin(ascii_only) else ""


def book_slug(settings: Settings) -> str:
    """Give the name of the book's output files: a-real-boy, or book for another script."""
    return slug(settings.title) or "book"


def _is_latin(folded: str) -> bool:
    """Tell whether most of the letters survive the folding to ASCII."""
    letters = [c for c in folded if c.isalnum()]
    return sum(c.isascii() for c in letters) * 2 >= len(letters)


def with_slugs(chapters: Iterable[Chapter]) -> Iterator[Chapter]:
    """Give each chapter a slug of its own: its file's name, or chapter-N in another script.

    An XML id cannot begin with a digit, so 01-dream becomes ch01-dream.
    """
    taken = set(RESERVED)
    for number, chapter in enumerate(chapters, start=1):
        name = slug(Path(chapter.path).stem) or f"chapter-{number}"
        name = f"ch{name}" if name[0].isdigit() else name
        unique, n = name, 1
        while unique in taken:
            n += 1
            unique = f"{name}-{n}"
        taken.add(unique)
        yield replace(chapter, slug=unique)
