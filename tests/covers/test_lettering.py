"""Words broken into lines, and the size at which they fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.covers import lettering
from geppetto.covers.lettering import Sizes


@given(st.text(min_size=1, max_size=300))
def test_lettering_fits_its_measure(text):
    """No line of a cover is wider than its measure, and none goes missing unmarked."""
    text = " ".join(text.split()) or "x"
    set_text = lettering.fit(text, 1300, 600, Sizes(200, 60, 1.1))
    whole = "".join("".join(set_text.lines).split())
    assert set_text.cut or whole == "".join(text.split())
    assert not set_text.cut or set_text.lines[-1].endswith("…")
    for each in set_text.lines:
        assert lettering.width(each, set_text.size) <= 1300
    assert set_text.height <= 600


@given(st.text(min_size=1, max_size=600), st.floats(8, 30))
def test_a_paragraph_keeps_its_words_and_its_measure(text, size):
    lines = lettering.paragraph(text, 300, size, lettering.width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(lettering.width(line, size) <= 300.001 for line in lines)


@given(st.lists(st.integers(1, 12), min_size=2, max_size=40))
def test_a_paragraph_is_broken_as_evenly_as_can_be(lengths):
    """No other way of breaking it has less slack: all of those of few words are tried."""
    words = ["n" * length for length in lengths[:9]]
    measure, size = 14.0, 1.0

    def flat(text, size):
        return len(text) * size

    def weight(lines):
        *others, last = (len(line) for line in lines)
        loose = sum(((measure - used) / measure) ** 2 + 0.01 for used in others)
        return loose + (0.6 if last < measure / 5 else 0)

    def ways(rest):
        for count in range(1, len(rest) + 1):
            line = " ".join(rest[:count])
            if len(line) > measure:
                return
            if count == len(rest):
                yield [line]
            yield from ([line, *more] for more in ways(rest[count:]))

    made = lettering.paragraph(" ".join(words), measure, size, flat)
    assert weight(made) == pytest.approx(min(map(weight, ways(words))))


def test_chinese_breaks_between_signs_but_not_before_a_mark():
    lines = lettering.wrap("红楼梦的叙事艺术，与中国古典小说。", 500, 100)
    assert lines == ("红楼梦的叙", "事艺术，与", "中国古典小", "说。")
    assert not any(line[0] in "，。" for line in lines)


def test_names_stay_together_while_there_is_room():
    names = "Ann\u00a0Author, Bartholomew\u00a0Other"
    assert lettering.fit(names, 900, 400, Sizes(90, 34, 1.2)).lines == (
        "Ann\u00a0Author,",
        "Bartholomew\u00a0Other",
    )
    narrow = lettering.fit(names, 400, 900, Sizes(90, 60, 1.2))
    assert "Bartholomew" in narrow.lines


def test_a_line_that_is_too_long_ends_with_an_ellipsis():
    made = lettering.one_line("one two three four", 50, Sizes(10, 8, 1), lettering.width)
    assert made.cut
    assert made.lines == ("one two …",)


def test_fewer_lines_are_preferred_to_letters_that_are_a_little_larger():
    def flat(text, size):
        return len(text) * size / 2

    largest = lettering.fit("one two six", 400, 900, Sizes(300, 20, 1.0), flat)
    calm = lettering.fit("one two six", 400, 900, Sizes(300, 20, 1.0, calm=0.4), flat)
    assert len(largest.lines) == 3
    assert len(calm.lines) == 2
    assert largest.size > calm.size >= 0.4 * largest.size
