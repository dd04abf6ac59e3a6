"""What a pass has noted so far is counted as it comes, and nothing that stands in its place."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from geppetto.latex import shipped
from geppetto.latex.shipped import Notes

LINES = ("page 100 200\n", "opens 1 1\n", "1 2 3 4 5 6 7\n", "closes 1\n", "part 1 page\n")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(LINES), max_size=12), st.integers(1, 60), st.sampled_from([5, 1000])
)
def test_notes_are_counted_once_however_they_come(tmp_path_factory, lines, piece, at_once):
    path, text = tmp_path_factory.mktemp("notes") / "book.places", "".join(lines)
    pages, closed = Notes(path), Notes(path)
    before, shipped.AT_ONCE = shipped.AT_ONCE, at_once
    try:
        for end in range(piece, len(text) + piece, piece):
            path.write_text(text[:end])
            for _ in range(piece // at_once + 1):
                assert pages.pages() <= lines.count(LINES[0])
                closed.closed()
    finally:
        shipped.AT_ONCE = before
    assert (pages.pages(), closed.closed()) == (lines.count(LINES[0]), lines.count(LINES[3]))


def test_pages_of_the_files_that_are_included_are_told_from_others(tmp_path):
    path = tmp_path / "again.places"
    path.write_text(
        "page 1 1\nopens 1 3\npage 1 1\n1 2 3\npage 1 1\ncloses 1\npage 1 1\npasses 2\n"
    )
    notes = Notes(path)
    assert (notes.inside(), notes.pages(), notes.closed()) == (2, 4, 1)


def test_a_new_pass_is_counted_from_its_beginning(tmp_path):
    path = tmp_path / "book.places"
    notes = Notes(path)
    assert notes.pages() == 0
    path.write_text("page 1 1\n1 2 3\npage 1 1\n")
    assert notes.pages() == 2
    path.unlink()
    assert notes.pages() == 2
    path.write_text("page 1 1\n")
    assert notes.pages() == 1


def test_what_a_manuscript_puts_in_the_files_place_is_not_waited_for(tmp_path):
    """A pipe that nobody writes to, a link that leads elsewhere, a folder."""
    (tmp_path / "elsewhere").write_text("page 1 1\n")
    (tmp_path / "linked.places").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder.places").mkdir()
    os.mkfifo(tmp_path / "pipe.places")
    for name in ("linked", "folder", "pipe"):
        assert Notes(tmp_path / f"{name}.places").pages() == 0
