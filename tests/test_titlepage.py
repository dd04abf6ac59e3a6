"""Who made a book, as its title page says it."""

from __future__ import annotations

import pytest

from geppetto import titlepage
from geppetto.model.settings import Settings


def _settings(lang, *people):
    author = [{"name": name, "role": role} for name, role in people]
    return Settings.model_validate({"title": "T", "lang": lang, "author": author})


@pytest.mark.parametrize(
    ("names", "line"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_authors_are_one_line(names, line):
    assert titlepage.authors(_settings("en", *((name, "author") for name in names))) == line


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("en-GB", ["Translated by T and U", "Edited by E"]),
        ("de", ["Übersetzt von T und U", "Herausgegeben von E"]),
        ("ru", ["Перевод: T и U", "Редактор: E"]),
        ("zh", ["译者：T 和 U", "编者：E"]),
    ],
)
def test_others_are_said_with_what_they_did(lang, lines):
    """One line a role, in the order of book.yaml; the authors are not among them."""
    people = [("A", "author"), ("T", "translator"), ("E", "editor"), ("U", "translator")]
    assert titlepage.contributors(_settings(lang, *people)) == lines


def test_nobody_is_named_twice():
    people = _settings("en", ("E", "editor"))
    assert titlepage.authors(people) == ""
    assert titlepage.contributors(people) == ["Edited by E"]
