"""The nearest name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.suggest import nearest


@pytest.mark.parametrize(
    ("word", "words", "found"),
    [
        ("titel", ["title", "subtitle", "lang"], "title"),
        ("Chalmers2010", ["chalmers2010", "chalmers2011"], "chalmers2010"),
        ("chalmers2O10", ["searle1980", "chalmers2010"], "chalmers2010"),
        ("zebra", ["title", "lang"], None),
        ("anything", [], None),
        ("x", ["x"], None),
    ],
)
def test_nearest(word, words, found):
    """The likest word wins, a difference of case counts least, and no likeness gives none."""
    assert nearest(word, words) == found


def test_among_thousands():
    """A slip is found among thousands of keys of one form."""
    keys = [f"author{i}" for i in range(5000)] + ["collodi1883"]
    assert nearest("colodi1883", keys) == "collodi1883"


@given(st.text(), st.lists(st.text()))
def test_gives_one_of_the_words_and_never_the_word_itself(word, words):
    """A suggestion is always something else that exists."""
    found = nearest(word, words)
    assert found is None or (found in words and found != word)
