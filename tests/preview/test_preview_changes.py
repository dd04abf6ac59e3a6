"""The edited line, its paragraph, and where lines have moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.preview.changes import Edit, first_edit, moved, paragraph

OLD = "# One\n\nFirst words,\nsecond words.\n\nThird.\n"
TEXTS = st.lists(st.sampled_from(["", "a", "b", "ab", "c d"]), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("new", "edit"),
    [
        (OLD, None),
        (OLD.replace("second words", "second thoughts"), Edit(4, 7 / 16)),
        (OLD.replace("\n\nThird", "\n\nNew.\n\nThird"), Edit(6, 0.0)),
        (OLD.replace("# One", "\n\n# One"), Edit(1, 0.0)),
        (OLD + "\nLast.\n", Edit(8, 0.0)),
        (OLD.replace("First words,\n", ""), Edit(3, 0.0)),
        (OLD.replace("\n\nThird.\n", "\n"), Edit(5, 0.0)),
        ("", Edit(1, 0.0)),
    ],
)
def test_the_first_line_that_differs(new, edit):
    found = first_edit(OLD, new)
    assert found == edit or (found.line, found.share) == (edit.line, pytest.approx(edit.share))


@given(TEXTS, TEXTS)
def test_an_edit_is_a_line_of_the_new_text_and_all_before_it_is_blank_or_was_there(old, new):
    edit = first_edit(old, new)
    if edit is None:
        assert old == new
        return
    before, after = old.split("\n"), new.split("\n")
    assert 1 <= edit.line <= len(after)
    assert 0 <= edit.share <= 1
    pairs = zip(after[: edit.line - 1], [*before, *[None] * len(after)], strict=False)
    assert all(not line.strip() or line == was for line, was in pairs)


@pytest.mark.parametrize(
    ("line", "lines"), [(1, [1]), (2, [2]), (3, [3, 4]), (4, [3, 4]), (6, [6]), (99, [99])]
)
def test_a_paragraph_ends_at_blank_lines(line, lines):
    assert list(paragraph(OLD, line)) == lines


def test_lines_below_an_edit_have_moved_and_those_above_have_not():
    new = OLD.replace("\n\nThird", "\n\nNew.\n\nThird")
    assert [moved(OLD, new, line) for line in (1, 3, 4, 6)] == [1, 3, 4, 8]
    assert [moved(new, OLD, line) for line in (4, 8)] == [4, 6]


@given(TEXTS, TEXTS, st.integers(1, 9))
def test_a_line_moves_to_a_line_that_is_there(old, new, line):
    if line <= len(old.split("\n")):
        assert 1 <= moved(old, new, line) <= len(new.split("\n"))


@given(TEXTS, TEXTS, TEXTS)
def test_lines_above_and_below_are_the_same_after_they_moved(head, middle, tail):
    """Whatever comes between two texts, each of their lines is found again with its words."""
    old, new = f"{head}\n{tail}", f"{head}\n{middle}\n{tail}"
    before, after = old.split("\n"), new.split("\n")
    same = [after[moved(old, new, number) - 1] for number in range(1, len(before) + 1)]
    assert same == before
