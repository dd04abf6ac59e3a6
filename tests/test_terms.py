"""Words and quotation marks in many languages."""

from __future__ import annotations

from dataclasses import fields

import pytest

from geppetto.terms import LANGUAGES, OTHER_QUOTES, Terms, quotes, terms


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_missing(lang):
    """Every language has every word, singular and plural, and four marks."""
    for item in fields(Terms):
        value = getattr(LANGUAGES[lang], item.name)
        words = value if isinstance(value, tuple) else (value,)
        assert all(word.strip() for word in words), item.name
    assert len(quotes(lang)) == 4


@pytest.mark.parametrize(
    ("lang", "word"),
    [("en-GB", "Figure"), ("de-AT", "Abbildung"), ("DE", "Abbildung"), ("xx", "Figure")],
)
def test_a_tag_finds_its_language(lang, word):
    assert terms(lang).figure[0] == word


@pytest.mark.parametrize(
    ("lang", "first"),
    [
        ("de", "„"),
        ("de-CH", "«"),
        ("de-ch", "«"),
        ("fr", "«\u202f"),
        ("fr-CH", "«"),
        ("sv-SE", "”"),
        ("xx", "“"),
    ],
)
def test_marks(lang, first):
    assert quotes(lang)[0] == first


def test_marks_are_given_once():
    assert not OTHER_QUOTES.keys() & LANGUAGES.keys()
