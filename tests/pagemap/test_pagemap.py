"""The page map: what LuaLaTeX noted, what is asked of it, the file it is kept in."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.pagemap import PageMap, Row, read_places, stored, synctex

PLACES = """page 43200 64800
part 1 one
page 43200 64800
6000 7000 2000 600 200 1 1
8000 7000 3000 600 200 1 2
11002 7000 4000 600 200 1 3
6000 9000 9000 600 200 1 4
6000 9900 9000 600 200 1 9
part 2 refs
page 43200 64800
6000 7000 2000 600 200 2 1
"""
LINES = {
    "one": (("a.md", 3), ("a.md", 5), ("a.md", 5), None),
    "refs": (("r.bib", 7),),
}


@pytest.fixture
def made():
    pages, rows = read_places(PLACES, LINES)
    return PageMap(pages, rows, {"a.md": "d1", "r.bib": "d2"}, "d0")


def test_rows_lead_to_lines_and_what_has_none_is_left_out(made):
    """Neighbours of one line are one row; stops without a line, or unknown, are none."""
    assert made.pages == ((43200, 64800),) * 3
    assert made.rows == (
        Row(2, 6000, 7000, 2000, 600, 200, "a.md", 3),
        Row(2, 8000, 7000, 7002, 600, 200, "a.md", 5),
        Row(3, 6000, 7000, 2000, 600, 200, "r.bib", 7),
    )


@pytest.mark.parametrize(
    ("point", "line", "is_there"),
    [((7000, 6900), 3, True), ((9000, 7100), 5, True), ((9000, 7700), 5, True),
     ((7000, 40000), 3, False), ((40000, 7000), 5, False)],
)  # fmt: skip
def test_a_point_is_on_a_row_or_near_one(made, point, line, is_there):
    row, there = made.at(2, *point)
    assert (row.line, there) == (line, is_there)


def test_lines_of_a_chapter_are_found_on_a_page(made):
    assert [row.line for row in made.lines("a.md", 2, range(3, 6))] == [3, 5]
    assert [row.line for row in made.lines("a.md", 2, range(4, 6))] == [5]
    assert [*made.lines("a.md", 3, range(9)), *made.lines("r.bib", 2, range(9))] == []


def test_a_page_without_text_has_nothing_near(made):
    assert made.at(1, 100, 100) is None


@pytest.mark.parametrize(("line", "found"), [(3, 3), (4, 3), (5, 5), (99, 5), (1, 3)])
def test_a_line_is_found_or_the_nearest_above_it(made, line, found):
    """Before all others it is the first."""
    assert {row.line for row in made.of("a.md", line)} == {found}
    assert made.of("b.md", line) == []


@pytest.mark.parametrize("text", ["1 2 3", "page x", "part", "a b c d e f g"])
def test_what_is_no_note_of_places_is_refused(text):
    with pytest.raises((ValueError, IndexError)):
        read_places(text, LINES)


NUMBER = st.integers(-(10**6), 10**7)
ROWS = st.builds(
    Row, st.integers(1, 3), *[NUMBER] * 5, st.sampled_from(["a.md", "é b.md"]), st.integers(1, 9999)
)


@given(st.lists(ROWS, max_size=20))
def test_a_map_is_read_as_it_was_kept(rows):
    rows.sort(key=lambda row: row.page)
    made = PageMap(((1, 2),) * 3, tuple(rows), {"a.md": "x", "é b.md": "y"}, "z")
    assert stored.unpacked(stored.packed(made)) == made
    assert stored.packed(made) == stored.packed(made)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_map_are_refused(data):
    with pytest.raises(ValueError):  # noqa: PT011 - any words will do
        stored.unpacked(data)


@pytest.mark.parametrize(
    "record",
    [[], {}, {"format": 1}, {"format": 2, "pdf": "", "pages": [[1]], "sources": [], "rows": []},
     {"format": 2, "pdf": "", "pages": [], "sources": [], "rows": [[[1, 1, 1, 1, 1, 0, 1]]]},
     {"format": 2, "pdf": "", "pages": [[1, 2]], "sources": [], "rows": [[[1, 1, 1, 1, 1, 0, 1]]]}],
)  # fmt: skip
def test_a_map_of_another_form_is_refused(record):
    with pytest.raises(ValueError):  # noqa: PT011 - any words will do
        stored.unpacked(gzip.compress(json.dumps(record).encode()))


def test_a_cut_off_map_is_refused(made):
    with pytest.raises(ValueError, match="end"):
        stored.unpacked(stored.packed(made)[:-9])


def test_synctex_has_a_box_for_each_row(made, tmp_path):
    """Its lengths are scaled points: 65781.76 to a PDF point."""
    text = gzip.decompress(synctex.packed(made, tmp_path)).decode()
    assert f"Input:1:{tmp_path / 'a.md'}\n" in text
    assert "(1,3:3946906,4604723:1315635,394691,131564\n" in text
    assert text.count("\n(") == len(made.rows)
    assert "{2\n" in text
    assert "{1\n" not in text
