"""On which line each block begins."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geppetto import pandoc
from geppetto.ast import attr, para, text
from geppetto.sourcemap import align
from geppetto.sourcemap.matching import match

WORDS = st.lists(st.sampled_from(["a", "b", "c", "the", "unique", "x1", "x2", "x3"]), max_size=60)


@given(WORDS, WORDS)
@settings(deadline=None)
def test_match_joins_equal_words_in_order(first, second):
    """What is matched is equal, and neither sequence goes backwards."""
    found = match(first, second)
    assert len(found) == len(first)
    pairs = [(i, j) for i, j in enumerate(found) if j >= 0]
    assert all(first[i] == second[j] for i, j in pairs)
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})


@given(WORDS, st.lists(st.integers(0, 59), max_size=5))
@settings(deadline=None)
def test_match_of_a_sequence_with_itself_is_whole(words, extra):
    """Everything is found in a copy, and in one with foreign words put in."""
    assert match(words, words) == list(range(len(words)))
    longer = list(words)
    for place in extra:
        longer.insert(place, "foreign")
    assert all(j >= 0 for j in match(words, longer)) or len(set(words)) < len(words)


@given(WORDS, st.integers(0, 3), st.integers(0, 3))
def test_a_short_sequence_beside_a_long_one(words, few, place):
    """Two or three words are found in five hundred, wherever these have them."""
    first = ["p", "q", "r"][:few]
    second = [*words, *("z" * 400), *first[place:], *("z" * 200)]
    found = match(first, second)
    assert [second[j] for j in found if j >= 0] == [first[i] for i, j in enumerate(found) if j >= 0]
    assert all(j >= 0 for j in found[place:])


def test_match_of_large_repetitive_sequences_ends():
    """Thousands of words of which none is unique do not take difflib's time."""
    maker = random.Random(1)  # noqa: S311 - a fixed text, no secret
    first = [maker.choice("ab") for _ in range(20_000)]
    second = [maker.choice("ab") for _ in range(20_000)]
    assert sum(j >= 0 for j in match(first, second)) > 5_000


@given(st.lists(st.text(max_size=30), max_size=8), st.text())
@settings(deadline=None)
def test_any_tree_with_any_text(paragraphs, source):
    """A tree that is not of this text still gets lines of this text."""
    found = align([para(text(p)) for p in paragraphs], source)
    assert len(found.top) == len(paragraphs)
    assert all(1 <= line <= source.count("\n") + 1 for line in found.top)
    assert all(found.line_of((i,)) == line for i, line in enumerate(found.top))


def test_a_heading_repeated_in_a_comment():
    """Where the tree carries no comments, what they hold is not taken for text."""
    heading = {"t": "Header", "c": [1, attr(), text("Dreams")]}
    source = "<!--\n# Dreams\n\nold words -->\n\n# Dreams\n\nNew words.\n"
    assert align([heading, para(text("New words."))], source).top == (6, 8)


def test_empty_book():
    assert align([], "").top == ()


SAMPLE = """# First {#sec:a}

A paragraph[^b] that
goes on[^a].

- one
- two

    more of two

> Quoted *words*.

```{.python #lst:x}
print("one")
```

***

::: {.box}
::: {.inner}
In a box.
:::
:::

| A | B |
|---|---|
| yes | no |
| yes | no |

: The caption

Term
:   What it means.

![A picture](picture.png)

[^a]: Note of a.
[^b]: Note of b,
    at length.

| a line
| block

# First
<!--
# First
-->

    indented code

Inline^[A note inside.] end [see @key, p. 3].
"""


@pytest.mark.tools
def test_every_kind_of_block():
    """Each leaf of a chapter with everything stands on its line."""
    documents, _ = pandoc.read({"a.md": SAMPLE})
    found = align(documents["a.md"], SAMPLE)
    lines = SAMPLE.split("\n")
    placed = [(leaf.kind, leaf.line, lines[leaf.line - 1]) for leaf in found.leaves]
    assert [(kind, line) for kind, line, _ in placed if kind != "RawBlock"] == [
        ("Header", 1),
        ("Para", 3),
        ("Para", 38),
        ("Para", 37),
        ("Para", 6),
        ("Para", 7),
        ("Para", 9),
        ("Para", 11),
        ("CodeBlock", 13),
        ("HorizontalRule", 17),
        ("Para", 21),
        ("Plain", 30),
        ("Plain", 25),
        ("Plain", 25),
        ("Plain", 27),
        ("Plain", 27),
        ("Plain", 28),
        ("Plain", 28),
        ("Term", 32),
        ("Plain", 33),
        ("Plain", 35),
        ("Plain", 35),
        ("LineBlock", 41),
        ("Header", 44),
        ("CodeBlock", 49),
        ("Para", 51),
        ("Para", 51),
    ], placed
    assert found.top[:8] == (1, 3, 6, 11, 13, 17, 19, 25)
