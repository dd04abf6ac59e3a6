"""Which characters of a page stand on which row, and where the rows lead."""

from __future__ import annotations

from geppetto.pagemap import Row
from geppetto.review.returned.pdf.glyphs import Glyph, upright
from geppetto.review.returned.pdf.sheets import Sheet


def glyphs(words, x, y, slant=0.0):
    """Give the characters of words, 5 points wide each, on a baseline."""
    return [
        Glyph(c, x + 500 * n + 250, y, c if c.isalnum() else "", c == " ", slant)
        for n, c in enumerate(words)
    ]


def row(x, y, width, line, height=800):
    return Row(1, x, y, width, height, 300, "a.md", line)


def test_neighbouring_rows_of_one_line_are_one_run():
    found = [*glyphs("one", 6000, 5000), *glyphs("two", 6000, 6400), *glyphs("six", 6000, 7800)]
    rows = [row(6000, 5000, 2000, 3), row(6000, 6400, 2000, 3), row(6000, 7800, 2000, 9)]
    runs = Sheet(1, found, rows).runs
    assert [(run.seen, run.line, run.first, run.last) for run in runs] == [
        ("onetwo", 3, 0, 1),
        ("six", 9, 2, 2),
    ]


def test_the_raised_mark_of_a_note_belongs_to_the_words_before_it():
    """The page map leads it to the note, which stands elsewhere in the source."""
    found = [*glyphs("word", 6000, 5000), *glyphs("2", 8000, 4600), *glyphs("next", 8500, 5000)]
    rows = [row(6000, 5000, 2000, 3), row(8000, 5000, 500, 40), row(8500, 5000, 2000, 3)]
    (run,) = Sheet(1, found, rows).runs
    assert (run.seen, run.line) == ("word2next", 3)


def test_a_number_that_is_not_raised_is_no_mark():
    found = [*glyphs("cell", 6000, 5000), *glyphs("2", 8000, 5000)]
    rows = [row(6000, 5000, 2000, 3), row(8000, 5000, 500, 4)]
    assert [run.seen for run in Sheet(1, found, rows).runs] == ["cell", "2"]


def test_the_words_of_a_picture_and_above_it_are_not_its_captions():
    """The row of a picture is as high as the picture."""
    found = [*glyphs("head", 6000, 3000), *glyphs("in", 6000, 20000), *glyphs("on", 6000, 39900)]
    sheet = Sheet(1, found, [row(6000, 40000, 9000, 3, height=38000)])
    assert [sheet.rows[n] for n in (0, 4, 6)] == [-1, -1, 0]


def test_what_runs_across_the_page_is_left_out():
    """The word "Draft" across a page is no text of the page."""
    found = (*glyphs("plain words", 6000, 5000), *glyphs("Draft", 6000, 5000, slant=0.78))
    assert "".join(g.text for g in upright(found)) == "plain words"


def test_a_page_that_runs_another_way_is_read_all_the_same():
    found = tuple(glyphs("turned", 6000, 5000, slant=1.57))
    assert upright(found) == found
