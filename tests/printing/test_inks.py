"""Colours as a press mixes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.printing.inks import Target, converted, from_lab, grey, inked, limited, over_white

PARTS = st.floats(0, 1)
LIGHTS = st.tuples(PARTS, PARTS, PARTS)
INKS = st.tuples(PARTS, PARTS, PARTS, PARTS)


@given(LIGHTS)
def test_inks_print_what_light_shows(light):
    """By Demichel: red is what cyan lets through of what black lets through."""
    cyan, magenta, yellow, black = inked(light, 4)
    shown = [(1 - one) * (1 - black) for one in (cyan, magenta, yellow)]
    assert shown == pytest.approx(light, abs=1e-9)


@given(LIGHTS)
def test_little_ink_lies_on_each_other(light):
    inks = inked(light, 2.4)
    assert sum(inks) <= 2.4 + 1e-9
    assert min(inks) >= 0


@given(PARTS)
def test_greys_are_black_ink_alone(part):
    assert inked((part, part, part), 2.4) == pytest.approx((0, 0, 0, 1 - part))


@given(INKS, st.floats(1, 4))
def test_no_more_than_the_limit(inks, most):
    made = limited(inks, most)
    assert sum(made) <= most + 1e-9
    assert made[3] == inks[3]
    if sum(inks) <= most:
        assert made == inks


@given(st.one_of(LIGHTS, INKS, st.tuples(PARTS)), PARTS)
def test_on_white_what_covers_nothing_is_white(colour, alpha):
    assert grey(over_white(colour, 0)) == pytest.approx(1)
    assert over_white(colour, 1) == pytest.approx(colour)
    assert grey(over_white(colour, alpha)) >= grey(colour) - 1e-9


def test_lab():
    assert from_lab(100, 0, 0) == pytest.approx((1, 1, 1), abs=0.01)
    assert from_lab(0, 0, 0) == pytest.approx((0, 0, 0), abs=0.01)
    assert from_lab(54.29, 80.81, 69.89) == pytest.approx((1, 0, 0), abs=0.02)  # sRGB's red, in D50


def test_a_target_has_its_own_count():
    assert converted((1, 0, 0), Target.GREY, 2.4) == pytest.approx((0.299,))
    assert converted((0.5,), Target.CMYK, 2.4) == (0.5,)
    assert converted((1, 1, 1, 1), Target.CMYK, 2.4) == pytest.approx((1.4 / 3,) * 3 + (1,))
