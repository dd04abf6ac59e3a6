"""What is said to be left of a build: never wrong by much, never growing, nothing where nobody knows."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from geppetto.progress import Step
from geppetto.progress.count import Count
from geppetto.progress.estimate import SLACK, Past, Seen, Taken, left, past, said, steadied

seconds = st.floats(0, 10_000)
positive = st.floats(0.1, 1_000)
counts = st.integers(0, 5_000)
pasts = st.none() | st.builds(Past, seconds, counts, seconds)


def step(before, of=0):
    return Step("typesetting", Count(of, "pages", lambda: 0) if of else None, past=before)


def looks(of, whole, every=0.2):
    """Look at a step that does `of` pages at a constant rate in `whole` seconds."""
    seen = Seen()
    for number in range(int(whole / every) + 1):
        now = number * every
        seen = seen.then(now, int(of * now / whole))
        yield now, seen


@given(pasts, counts, st.lists(st.tuples(seconds, counts), max_size=6))
def test_it_is_never_negative(before, of, seen_at):
    seen = Seen()
    for now, done in sorted(seen_at):
        seen = seen.then(now, done)
    found = left(step(before, of), seen)
    assert before is not None or found is None
    assert found is None or found >= 0


@given(st.integers(2, 900), st.floats(0.5, 60), pasts)
def test_it_never_grows_within_a_step(of, whole, before):
    """Not even where the build before took a time of a quite different kind."""
    shown, last = [], None
    for _, seen in looks(of, whole):
        found = steadied(left(step(before, of), seen), last)
        last = last if found is None else found
        shown.append(found)
    known = [one for one in shown if one is not None]
    assert known == sorted(known, reverse=True)


@given(st.integers(20, 900), st.floats(4, 60), st.floats(0.3, 3), st.floats(0, 30))
def test_from_the_middle_on_it_is_right_whatever_the_build_before_took(of, whole, ratio, after):
    """The rate is constant: the truth is known at every moment."""
    before, last = Past(whole * ratio, of, after), None
    for now, seen in looks(of, whole):
        found = steadied(left(step(before, of), seen), last)
        last = last if found is None else found
        if found is not None and now > 0.6 * whole:
            truth = whole - now + after
            coarse = whole / of * 2 + 0.4  # pages come whole, looks are 0.2 s apart
            assert truth / 1.5 - SLACK - coarse <= found <= truth + coarse


@given(positive, st.integers(1, 900), st.floats(0, 60), st.floats(0, 1))
def test_a_build_like_the_one_before_takes_as_long(whole, of, after, share):
    """Before the first page, and in a step that counts nothing, the build before alone is known."""
    before = Past(whole, of, after)
    uncounted = Past(whole, 0, after)
    for one in (step(before, of), step(uncounted)):
        found = left(one, Seen().then(share * whole, 0))
        assert abs(found - ((1 - share) * whole + after)) < 1e-6


def test_twice_the_pages_take_twice_the_time_but_of_ten_times_as_many_nobody_knows():
    assert left(step(Past(10, 100, 3), 200), Seen()) == 23
    assert left(step(Past(10, 100, 3), 1000), Seen()) is None
    assert left(step(Past(10, 100, 3), 10), Seen()) is None
    assert left(step(Past(10, 100, 3)), Seen()) is None


def test_the_pace_alone_may_tell_once_enough_is_done():
    few = Seen().then(2, 0).then(4, 1).then(5, 51)
    assert left(step(Past(10, 10, 3), 1001), few) is None
    assert left(step(Past(10, 10, 3), 1001), few.then(6, 201)) == 4 * 2 + 3


def test_a_step_that_takes_longer_than_before_leaves_what_follows():
    assert left(step(Past(10, 0, 3)), Seen().then(25, 0)) == 3


def test_the_first_pages_count_from_when_they_were_done():
    """Ten seconds for the preamble, then ten pages in a second: nine seconds for ninety more."""
    seen = Seen().then(10, 0).then(10, 50).then(11, 60)
    assert left(step(Past(11, 150, 0), 150), seen) == 9


WHOLE = [Taken("reading", 2), Taken("pass 1", 20, 100), Taken("contents", 3), Taken("placing", 1)]
PARTS = [Taken("reading", 1), Taken("parts", 2, 10), Taken("parts", 4, 20), Taken("placing", 1)]


def test_nothing_is_known_of_what_has_not_been_built():
    assert past([], ["reading"]) is None
    assert past([WHOLE], ["reading", "converting"]) is None
    assert past([PARTS], ["reading", "parts", "parts", "parts"]) is None
    assert past([[]], ["reading"]) is None


def test_a_step_is_found_with_what_followed_it():
    assert past([WHOLE], ["reading"]) == Past(2, 0, 24)
    assert past([WHOLE], ["pass 1"]) == Past(20, 100, 4)
    assert past([PARTS], ["reading", "parts"]) == Past(2, 10, 5)
    assert past([PARTS], ["reading", "parts", "parts"]) == Past(4, 20, 1)


def test_where_builds_went_different_ways_nothing_is_known_until_they_part():
    assert past([PARTS, WHOLE], ["reading"]) is None
    assert past([PARTS, WHOLE], ["reading", "pass 1"]) == Past(20, 100, 4)
    assert past([PARTS, WHOLE], ["reading", "parts", "placing"]) == Past(1, 0, 0)


def test_of_builds_that_agree_the_newest_counts():
    slower = [Taken("reading", 3), *PARTS[1:]]
    assert past([slower, PARTS], ["reading"]) == Past(3, 0, 7)


@given(st.floats(0, 100_000))
def test_it_is_said_in_round_numbers(time):
    words = said(time)
    if time < SLACK:
        assert words == ""
        return
    number, unit = re.fullmatch(r"about (\d+) (s|min|h) left", words).groups()
    scale = {"s": 1, "min": 60, "h": 3600}[unit]
    assert abs(int(number) * scale - time) <= max(0.5, 2.5 * (time >= 10), scale * 0.51)


@given(st.floats(0, 100_000), st.floats(0, 100_000))
def test_what_is_said_of_more_is_not_less(one, other):
    assume(min(one, other) >= SLACK)
    scale = {"s": 1, "min": 60, "h": 3600}

    def number(time):
        _, digits, unit, _ = said(time).split()
        return int(digits) * scale[unit]

    assert number(min(one, other)) <= number(max(one, other))


def test_nothing_is_said_of_what_nobody_knows():
    assert said(None) == ""
    assert steadied(None, 10.0) is None
    assert steadied(11.0, 10.0) == 10.0
    assert steadied(40.0, 10.0) is None
    assert steadied(40.0, None) == 40.0
