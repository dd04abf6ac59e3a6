"""Where back, spine and front lie: numbers worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import stores
from geppetto.covers import geometry, proof
from geppetto.covers.geometry import Box, Demands

SIX_NINE = (432.0, 648.0)


@pytest.mark.parametrize(
    ("pages", "kind", "inches"),
    [
        (100, "white", 0.2252),
        (200, "cream", 0.5),
        (251, "cream", 0.63),  # the last leaf's back is blank
        (24, "white", 0.054048),
        (300, "standard-color", 0.6756),
        (828, "premium-color", 1.943316),
    ],
)
def test_a_spine_is_as_broad_as_its_pages(pages, kind, inches):
    kdp = stores.every()["kdp"].cover
    assert geometry.spine_width(pages, kdp.caliper[kind]) == pytest.approx(inches)


def test_a_sheet_has_back_spine_and_front_from_left_to_right():
    """Six by nine inches, 200 pages of cream: 2 × 6 + 0.5 + 0.25 by 9.25 inches."""
    sheet = geometry.lay_out(SIX_NINE, Demands(0.125, 0.5, 0.25, 0.0625), leftward=False)
    assert (sheet.whole.width / 72, sheet.whole.height / 72) == (12.75, 9.25)
    assert sheet.back == Box(9, 9, 432, 648)
    assert sheet.spine == Box(441, 9, 36, 648)
    assert sheet.front == Box(477, 9, 432, 648)
    assert sheet.trim == Box(9, 9, 900, 648)
    assert sheet.folds == (441, 477)
    # two by 1.2 inches, a quarter of an inch from spine and foot
    assert sheet.corner(144, 86.4) == Box(279, 552.6, 144, 86.4)


def test_a_book_bound_at_its_right_is_mirrored():
    sheet = geometry.lay_out(SIX_NINE, Demands(0.125, 0.5, 0.25, 0.0625), leftward=True)
    assert (sheet.front.x, sheet.spine.x, sheet.back.x) == (9, 441, 477)


@given(st.floats(2, 30), st.floats(2, 30), st.floats(0.02, 4), st.booleans())
def test_the_panels_fill_the_trim_without_a_gap(width, height, spine, leftward):
    demands = Demands(0.125, spine, 0.25, 0.0625)
    sheet = geometry.lay_out((width * 72, height * 72), demands, leftward=leftward)
    left, middle, right = sorted((sheet.front, sheet.spine, sheet.back), key=lambda box: box.x)
    assert left.x == sheet.trim.x
    assert middle.x == pytest.approx(left.right)
    assert right.x == pytest.approx(middle.right)
    assert right.right == pytest.approx(sheet.trim.right)
    assert sheet.whole.width == pytest.approx(2 * width * 72 + spine * 72 + 18)


@pytest.mark.parametrize(("length", "points"), [("6in", 432), ("148mm", 419.528), ("72.27pt", 72)])
def test_lengths_are_in_points_of_the_inch(length, points):
    assert geometry.points(length) == pytest.approx(points, abs=0.001)


def test_a_proof_says_its_measures():
    sheet = geometry.lay_out(SIX_NINE, Demands(0.125, 0.5, 0.25, 0.0625), leftward=False)
    lines = proof.of(sheet, sheet.corner(144, 86.4))
    assert [m.says for m in lines.measures] == [
        "6.000 in · 152.40 mm",
        "6.000 in · 152.40 mm",
        "0.500 in · 12.70 mm",
        "12.750 in · 323.85 mm",
        "9.000 in · 228.60 mm",
        "9.250 in · 234.95 mm",
    ]
    kinds = [rule.kind for rule in lines.rules]
    assert kinds == ["trim"] * 4 + ["fold"] * 2
    assert [kind for kind, _ in lines.areas] == ["safe", "safe", "safe", "barcode"]
