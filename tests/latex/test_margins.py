"""Where a draft's numbers and notes stand beside the rows of a page map."""

from __future__ import annotations

import pytest

from geppetto.latex.margins import (
    APART,
    GAP,
    WIDER,
    AuthorNote,
    Numbering,
    Text,
    lay_out,
)
from geppetto.pagemap import PageMap, Row

A, B = "chapters/a.md", "refs.bib"
TEXT = Text(inner=50, outer=60)
NUMBERING = Numbering(frozenset({(A, 1), (A, 3), (A, 9), (A, 12), (B, 4)}), {A: "2", B: "bib"})


def row(page, y, line, *, path=A, width=20000, height=700):
    return Row(page, 5000, y, width, height, 200, path, line)


def made(*rows, pages=2):
    return PageMap(((40000, 60000),) * pages, rows, {}, "")


def marks(*rows, numbering=NUMBERING, page=1):
    margin = lay_out(made(*rows), numbering, (), TEXT)[page - 1]
    return [(mark.words, mark.y) for mark in margin.marks]


def test_a_block_is_numbered_where_it_begins():
    """Of the rows of one block the first has the number; lines within it have none."""
    assert marks(row(1, 8000, 1), row(1, 10000, 3), row(1, 11400, 4), row(1, 12800, 3)) == [
        ("2:1", 80.0),
        ("2:3", 100.0),
    ]


def test_the_head_of_a_page_says_where_it_is():
    """A page that begins within a block has the line of its first row."""
    rows = (row(1, 8000, 3), row(2, 8000, 5), row(2, 9400, 6), row(2, 12000, 9))
    assert marks(*rows, page=2) == [("2:5", 80.0), ("2:9", 120.0)]


def test_the_mark_of_a_note_is_not_the_note():
    """A note's number stands beside the note, not beside the text in which its mark is."""
    noted = Numbering(NUMBERING.begins, NUMBERING.names, frozenset({(A, 9)}))
    for width in (400, 20000):  # a mark that ends a paragraph goes on to the end of the line
        rows = (row(1, 8000, 1), row(1, 8000, 9, width=width), row(1, 50000, 9))
        assert marks(*rows, numbering=noted) == [("2:1", 80.0), ("2:9", 500.0)]


def test_a_block_of_one_short_word_is_numbered():
    """Narrow as it is, it is all that there is of its line."""
    assert marks(row(1, 8000, 1), row(1, 9000, 3, width=300)) == [("2:1", 80.0), ("2:3", 90.0)]


def test_numbers_are_not_set_over_one_another():
    """Two cells on one line of the page, from two lines of the file: the first is said."""
    close = round(8000 + APART * 100 / 2)
    assert marks(row(1, 8000, 1), row(1, close, 3), row(1, 12000, 9)) == [
        ("2:1", 80.0),
        ("2:9", 120.0),
    ]


def test_a_picture_has_its_number_at_its_middle():
    """The baseline of a picture is its foot."""
    assert marks(row(1, 40000, 1, height=20000)) == [("2:1", 300.0)]


def test_entries_of_the_bibliography_are_named_by_their_file():
    """`bib:4` is the fourth line of the .bib file; a file that is not known is passed over."""
    assert marks(row(1, 8000, 4, path=B), row(1, 9500, 1, path="x.md")) == [("bib:4", 80.0)]


def test_numbers_stand_outside():
    """Right of the text on a recto, left of it on a verso."""
    sheets = lay_out(made(row(1, 8000, 1), row(2, 8000, 3)), NUMBERING, (), TEXT)
    recto, verso = (margin.marks[0] for margin in sheets)
    assert (recto.x, recto.left) == (400 - 60 + GAP, False)
    assert (verso.x, verso.left) == (WIDER + 60 - GAP, True)
    assert sheets[0].width == 400 + WIDER


@pytest.mark.parametrize(
    ("line", "page", "y"),
    [(1, 1, 80.0), (2, 1, 100.0), (11, 2, 90.0), (99, 2, 90.0)],
    ids=["its line", "the next line", "the next page", "below all"],
)
def test_a_note_stands_beside_its_line(line, page, y):
    """Of a line that sets nothing, beside the next that does, else the last."""
    rows = (row(1, 8000, 1), row(1, 10000, 3), row(2, 9000, 12))
    sheets = lay_out(made(*rows), NUMBERING, [AuthorNote(A, line, ("Why?",))], TEXT)
    found = [(n, note.y) for n, m in enumerate(sheets, 1) for note in m.notes]
    assert found == [(page, y)]


def test_a_note_of_a_chapter_without_pages_is_nowhere():
    """There is no line to set it beside."""
    note = AuthorNote("chapters/b.md", 1, ("Why?",))
    sheets = lay_out(made(row(1, 8000, 1)), NUMBERING, [note], TEXT)
    assert all(not margin.notes for margin in sheets)


def test_notes_come_in_the_order_of_their_lines_on_the_page():
    """Whatever order they were found in."""
    rows = (row(1, 8000, 1), row(1, 20000, 9))
    notes = [AuthorNote(A, 9, ("later",)), AuthorNote(A, 1, ("first",))]
    margin = lay_out(made(*rows), NUMBERING, notes, TEXT)[0]
    assert [note.words for note in margin.notes] == [("first",), ("later",)]
