"""Who made the book, as its title page says it."""

from __future__ import annotations

from geppetto.model.settings import Settings
from geppetto.terms import Terms


def names(settings: Settings, words: Terms) -> str:
    """Give the authors' names as one line, empty where there are none."""
    return listed([one.name for one in settings.author if one.role == "author"], words)


def contributors(settings: Settings, words: Terms) -> list[str]:
    """Give a line for the editors, one for the translators and so on; a role has no word of its own.

    The roles are told apart in the metadata; on the page each stands on its own line.
    """
    roles = dict.fromkeys(one.role for one in settings.author if one.role != "author")
    return [listed([o.name for o in settings.author if o.role == role], words) for role in roles]


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
