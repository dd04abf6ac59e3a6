"""Formulas that text can say, and those it cannot."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto.epub import plainmath


def _said(source):
    span = plainmath.spelled(source)
    if span is None:
        return None
    text = etree.tostring(span, encoding="unicode", with_tail=False)
    inner = re.sub(r"^<[^>]*>|</[^>]*>$", "", text)
    return inner.replace("html:", "").replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x", "<em>x</em>"),
        ("42", "42"),
        ("3.5", "3.5"),
        ("x^2", "<em>x</em><sup>2</sup>"),
        (r"\alpha_{1}", "<em>α</em><sub>1</sub>"),
        (r"\Omega", "Ω"),
        ("x_{ij} < -1", "<em>x</em><sub><em>ij</em></sub>~&lt;~−1"),
        ("E = mc^2", "<em>E</em>~=~<em>mc</em><sup>2</sup>"),
        ("f(x)", "<em>f</em>(<em>x</em>)"),
        ("a + b, c", "<em>a</em>~+~<em>b</em>,~<em>c</em>"),
        ("e^{-x}", "<em>e</em><sup>−<em>x</em></sup>"),
        ("f'", "<em>f</em>′"),
        (r"x \in A", "<em>x</em>~∈~<em>A</em>"),
        (r"10\%", "10%"),
    ],
)
def test_what_text_can_say(source, expected):
    assert _said(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        r"\frac{a}{b}", r"\sqrt{2}", "x_i^2", r"\hat{x}", "x^{y^2}", r"\sum_i a_i", "", "{x}", "^2",
        r"\text{if } x", "x_", r"\mathbb{R}", "x^{a=b}", "x^2^3", "a & b", r"\left( x \right)",
    ],
)  # fmt: skip
def test_what_text_cannot_say(source):
    assert _said(source) is None


@given(st.text("xyzn0123456789+-=<>()^_{}\\ ,'", max_size=20))
def test_nothing_is_lost_or_made_up(source):
    """Letters and digits of a formula that is spelled stand in the text, in order."""
    span = plainmath.spelled(source)
    if span is not None:
        said = "".join(map(str, span.itertext()))
        assert [c for c in said if c.isalnum()] == [c for c in source if c.isalnum()]
