"""How much of a chapter changed: words as a reader counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.review.mailing import amounts
from geppetto.review.mailing.amounts import Change, Kind, chapter, compare, count

WHALE = "# The Whale\n\nCall me Ishmael. Some years ago, never mind how long.\n\nThe sea.\n"
PARAGRAPHS = st.lists(st.lists(st.sampled_from("abcde"), min_size=1).map(tuple), max_size=8)


def _words(text):
    return [word for words in chapter("a.md", "", text).paragraphs for word in words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One, two: “three”.", ["One", "two", "three"]),
        ("well-known author’s work—here", ["well-known", "author’s", "work", "here"]),
        ("A [link](http://x.org/a-b 'Title') and ![alt](b.png){width=50%}.", ["A", "link", "and", "alt"]),
        ("As [@smith2020, p. 3] says, -@jones too.", ["As", "p", "3", "says", "too"]),
        ("A `code` and $x^2$.<!-- not this -->", ["A", "and"]),
        ("---\ntitle: Not counted\n---\n\nBody.", ["Body"]),
        ("```python\nx = 1\n```\n\nAfter.", ["After"]),
        ("漢字とA", ["漢", "字", "と", "A"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("[ref]: http://x.org/y\n\n* * *\n\nText", ["Text"]),
        ("mail ann@example.org", ["mail", "ann@example.org"]),
    ],
)  # fmt: skip
def test_what_is_a_word(text, words):
    """What a reader sees; in scripts without blanks, each character."""
    assert _words(text) == words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The *Whale* {#sec:whale .x}\n\nText", "The Whale"),
        ("Text\n\n# Later #\n", "Later"),
        ("The Whale\n=========\n\nText", "The Whale"),
        ("---\ntitle: From YAML\n---\n\nText", "From YAML"),
        ("```\n# no heading\n```\n\n# Heading[^1] of [a link](x.md)\n", "Heading of a link"),
        ("snake_case # no heading", "a"),
    ],
)
def test_a_chapters_title(text, title):
    """Its first heading, its YAML's title, or its file."""
    assert chapter("chapters/a.md", "1", text).title == title


def test_nothing_changed():
    """What a reader does not see is no change."""
    now = WHALE.replace("Whale", "Whale {#whale}").replace("The sea.", "The sea.<!-- look up -->")
    assert compare([chapter("1.md", "1", WHALE)], [chapter("1.md", "1", now)]) == ()


def test_words_and_titles():
    """Words are counted where they changed; a title's words are words too."""
    now = WHALE.replace("The Whale", "The White Whale").replace("Some", "A few")
    assert compare([chapter("1.md", "1", WHALE)], [chapter("1.md", "2", now)]) == (
        Change(Kind.CHANGED, "1.md", "2", "The White Whale", "The Whale", 3, 1),
    )


def test_new_and_removed_chapters():
    """In the order of the new book, then what is gone."""
    old = [chapter("1.md", "1", WHALE), chapter("2.md", "2", "# Gone\n\nEntirely other matter.\n")]
    new = [chapter("0.md", "1", "# First\n\nHello there.\n"), chapter("1.md", "2", WHALE)]
    assert compare(old, new) == (
        Change(Kind.NEW, "0.md", "1", "First", "", 3, 0),
        Change(Kind.REMOVED, "2.md", "2", "Gone", "", 0, 4),
    )


def test_a_file_that_moved_is_the_same_chapter():
    """By its words; only what changed is said."""
    old = [chapter("01-whale.md", "1", WHALE), chapter("02-b.md", "2", "# B\n\nBeta gamma.\n")]
    new = [chapter("b.md", "1", "# B\n\nBeta gamma.\n"), chapter("w.md", "2", WHALE + "\nEnd.\n")]
    assert compare(old, new) == (Change(Kind.CHANGED, "w.md", "2", "The Whale", "", 1, 0),)


@given(PARAGRAPHS, PARAGRAPHS)
def test_counts_add_up(old, new):
    """What was there, less what was removed, with what was added, is what is there."""
    added, removed = count(old, new)
    before, after = (sum(map(len, side)) for side in (old, new))
    assert before - removed + added == after
    assert 0 <= removed <= before
    assert 0 <= added <= after
    assert count(new, new) == (0, 0)


def test_much_that_changed_is_counted_without_its_order(monkeypatch):
    """The time stays bounded."""
    monkeypatch.setattr(amounts, "FEW", 3)
    assert count([("a", "b", "c")], [("c", "b", "d", "d")]) == (2, 1)
