"""The widths of a table's columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.latex import columns
from geppetto.latex.columns import Column


def _column(*cells, headings=0):
    made = tuple(tuple(float(len(word)) for word in cell.split()) for cell in cells)
    return Column(max(max(words) for words in made), made, headings)


def test_lines_are_counted_as_words_fill_them():
    assert columns.lines((3.0, 3.0, 3.0), 20) == 1
    assert columns.lines((3.0, 3.0, 3.0), 8) == 2
    assert columns.lines((3.0, 3.0, 3.0), 3) == 3
    assert columns.lines((), 3) == 1


def test_room_goes_where_it_saves_lines():
    """Two words more are worth more to the column that they bring to one line."""
    short, long = _column("two words", "a word"), _column("a sentence that is long " * 4)
    given_to = columns.widths([short, long], 40)
    assert columns.lines(short.cells[0], given_to[0]) == 1
    assert sum(given_to) == pytest.approx(40)


def test_a_column_that_needs_nothing_gets_nothing():
    """What is left goes to columns whose cells break."""
    whole, broken = _column("a"), _column("many words " * 20)
    assert columns.widths([whole, broken], 30) == [1.0, 29.0]


def test_words_that_do_not_fit_share_the_room():
    """The widest are cut off, a short one is left whole."""
    assert columns.widths([_column("aaaa"), _column("aaaaaaaa")], 6) == [3.0, 3.0]
    assert columns.widths([_column("aa"), _column("aaaaaaaa")], 6) == [2.0, 4.0]


@given(
    st.lists(
        st.lists(st.text("ab ", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    ),
    st.floats(min_value=5, max_value=90),
)
def test_columns_never_take_more_than_there_is(cells, room):
    made = columns.widths([_column(*one) for one in cells], room)
    assert sum(made) <= room + 1e-6
    assert all(width > 0 for width in made)
