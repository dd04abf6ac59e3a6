"""From a point of a page to a line, from an edit to its paragraph on the page."""

from __future__ import annotations

import pytest
from proofs import BIBLIOGRAPHY, CHAPTER, HEIGHT, ROWS, SECOND, THIRD, WIDTH, page_map, row

from geppetto.preview.places import edited, line_at, line_now
from geppetto.preview.state import Proof

FILES = {"chapters/1.md": CHAPTER, "references.bib": BIBLIOGRAPHY}


def proof(rows=ROWS, name="0", **texts):
    sources = {**FILES, **texts}
    return Proof(name, "", ((WIDTH, HEIGHT),) * 4, ("",) * 4, page_map(b"", sources, rows), sources)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((1, 0.5, 62 / 400), ("chapters/1.md", SECOND)),
        ((2, 0.0, 1.0), ("chapters/1.md", THIRD)),
        ((4, 0.5, 0.1), ("references.bib", 1)),
        ((3, 0.5, 0.5), None),
        ((5, 0.5, 0.5), None),
        ((0, 0.5, 0.5), None),
    ],
)
def test_a_point_leads_to_the_nearest_line_of_its_page(place, line):
    assert line_at(proof(), *place) == line


def test_without_a_map_no_point_leads_anywhere():
    assert line_at(Proof("0", "", (), ()), 1, 0.5, 0.5) is None


def test_a_line_of_the_proof_is_found_where_it_has_moved():
    assert line_now(proof(), "chapters/1.md", THIRD, "\n\n" + CHAPTER) == THIRD + 2
    assert line_now(proof(), "elsewhere.md", THIRD, "") == THIRD


def test_an_edit_is_shown_with_its_paragraph_and_without_its_note():
    """The rows of both lines together; the row far below is a note's mark."""
    new = CHAPTER.replace("second", "other")
    spot = edited(proof(), proof(name="1", **{"chapters/1.md": new}))
    assert (spot.page, spot.x, spot.width) == (1, 0.1, pytest.approx(200 / 300, abs=1e-3))
    assert (spot.y, spot.height) == (42 / 400, 22 / 400)
    assert spot.focus == 58 / 400


def test_an_edit_late_in_a_long_line_is_shown_on_the_page_where_it_stands():
    path, text = "chapters/1.md", "words " * 40
    rows = [row(1, 38000, path, 1), row(2, 5000, path, 1), row(2, 6200, path, 1)]
    early, late = ("new " + text, text + "new")
    old = proof(rows, **{path: text})
    pages = [edited(old, proof(rows, "1", **{path: new})).page for new in (early, late)]
    assert pages == [1, 2]


@pytest.mark.parametrize("new", [proof(name="1"), Proof("1", "", (), ())])
def test_where_no_text_differs_nothing_is_shown(new):
    assert edited(proof(), new) is None


def test_a_text_without_rows_shows_nothing():
    rows = [row(1, 5000, "references.bib", 1)]
    changed = {"chapters/1.md": CHAPTER.replace("third", "last")}
    assert edited(proof(rows), proof(rows, "1", **changed)) is None
