"""Who made the book, as its title page says it."""

from __future__ import annotations

from geppetto.model.settings import Settings
from geppetto.terms import Terms, terms

ROLES = ("editor", "translator", "illustrator", "contributor")


def authors(settings: Settings) -> str:
    """Give the authors' names as one line, empty where there are none."""
    return _names(settings, "author")


def contributors(settings: Settings) -> list[str]:
    """Give a line for the editors, one for the translators and so on."""
    words = dict(zip(ROLES, terms(settings.lang).credits, strict=True))
    roles = dict.fromkeys(one.role for one in settings.author if one.role != "author")
    return [credited(words[role], _names(settings, role)) for role in roles]


def _names(settings: Settings, role: str) -> str:
    names = [one.name for one in settings.author if one.role == role]
    return listed(names, terms(settings.lang))


def credited(words: str, names: str) -> str:
    """Put the words for a role before names."""
    return f"{words}{names}" if words.endswith("：") else f"{words} {names}".lstrip()


def listed(names: list[str], words: Terms) -> str:
    """Join names: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {words.conjunction} {names[-1]}"


# The imprint's last line.
COLOPHON = {
    "cs": "Vysázeno programem Geppetto.",
    "da": "Sat med Geppetto.",
    "de": "Gesetzt mit Geppetto.",
    "el": "Στοιχειοθεσία: Geppetto.",
    "en": "Typeset with Geppetto.",
    "es": "Compuesto con Geppetto.",
    "fi": "Ladottu Geppettolla.",
    "fr": "Composé avec Geppetto.",
    "it": "Composto con Geppetto.",
    "la": "Typis compositum per Geppetto.",
    "nb": "Satt med Geppetto.",
    "nl": "Gezet met Geppetto.",
    "pl": "Złożono programem Geppetto.",
    "pt": "Composto com Geppetto.",
    "ru": "Набрано в Geppetto.",
    "sv": "Satt med Geppetto.",
    "uk": "Складено в Geppetto.",
}
