"""Formulas as pictures, by LuaLaTeX and PDFium."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from geppetto.diagnostics import GeppettoError
from geppetto.latex import formulas
from geppetto.model.formulas import Formula
from geppetto.model.settings import Settings

pytestmark = pytest.mark.tools
LINE, FRACTION = Formula("x", False), Formula(r"\frac{a}{b}", False)
DISPLAY = Formula(r"\begin{align} a &= b \\ &= c \end{align}", True)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A letter, a fraction and a display of two lines."""
    folder = tmp_path_factory.mktemp("formulas")
    return formulas.draw([LINE, FRACTION, DISPLAY, LINE], Settings(title="A"), folder, folder, 0)


def test_each_is_drawn_once_as_large_as_the_text_around_it(drawn):
    """A letter has no depth, a fraction reaches below the line; the pixels fit the ems."""
    assert set(drawn) == {LINE, FRACTION, DISPLAY}
    assert 0.4 < drawn[LINE].width < 0.8
    assert drawn[LINE].depth < 0.1
    assert 0.2 < drawn[FRACTION].depth < 0.6
    assert drawn[FRACTION].height > drawn[LINE].height
    for one in drawn.values():
        with Image.open(io.BytesIO(one.png)) as picture:
            assert picture.mode == "L"
            assert abs(picture.width - one.width * formulas.EM) <= 1.5
            assert abs(picture.height - one.height * formulas.EM) <= 1.5


def test_a_display_has_its_lines_and_no_white_around_it(drawn):
    """Two lines high; ink two pixels from every edge."""
    with Image.open(io.BytesIO(drawn[DISPLAY].png)) as picture:
        ink = picture.point(lambda value: 255 if value < 255 else 0).getbbox()
        assert ink == (2, 2, picture.width - 2, picture.height - 2)
    assert 2 < drawn[DISPLAY].height < 4
    assert drawn[DISPLAY].width < 6


def test_none_asked_for_starts_nothing(tmp_path):
    assert formulas.draw([], Settings(title="A"), tmp_path, tmp_path, 0) == {}


def test_a_formula_that_latex_stops_at_is_an_error(tmp_path):
    with pytest.raises(GeppettoError) as caught:
        formulas.draw([Formula(r"\nosuch", False)], Settings(title="A"), tmp_path, tmp_path, 0)
    assert [d.code for d in caught.value.diagnostics] == ["latex-error"]
