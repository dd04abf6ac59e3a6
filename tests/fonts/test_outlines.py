"""Words drawn as outlines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from geppetto.fonts.outlines import outline


@pytest.fixture
def font(tmp_path) -> Path:
    """A font whose A is a box of 500 by 700 units, and whose B a box of 250 by 350; 1000 to the em."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A", "B"])
    builder.setupCharacterMap({65: "A", 66: "B"})
    builder.setupGlyf({".notdef": _box(1, 1), "A": _box(500, 700), "B": _box(250, 350)})
    builder.setupHorizontalMetrics({".notdef": (0, 0), "A": (600, 0), "B": (300, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupPost()
    path = tmp_path / "boxes.ttf"
    builder.save(path)
    return path


def _box(width, height):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, height), (width, height), (width, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def test_a_word_is_drawn_glyph_after_glyph(font):
    """Each stands where the one before ends; sizes are parts of the em."""
    drawn = outline(font, "AB")
    assert (drawn.width, drawn.height) == (0.9, 0.7)
    assert re.findall(r"(\S+) (\S+) m", drawn.path) == [("0.0000", "0.0000"), ("0.6000", "0.0000")]
    assert drawn.path.count("h") == 2


def test_a_word_with_a_letter_that_the_font_lacks(font):
    """It is not drawn by halves."""
    assert outline(font, "ABC") is None


def test_what_is_no_font(tmp_path):
    """It draws nothing."""
    (tmp_path / "no.otf").write_bytes(b"no font")
    assert outline(tmp_path / "no.otf", "A") is None
    assert outline(tmp_path / "absent.otf", "A") is None
