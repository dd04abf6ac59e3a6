"""The letters of a manuscript as they are seen, their places, and the places of words."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.review.returned.places import letters
from geppetto.review.returned.places.aligning import (
    Alignment,
    Part,
    Stretch,
    joined,
    occurrences,
    widened,
)
from geppetto.review.returned.places.letters import fold, markdown, plain


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The *quick* **brown** fox", "thequickbrownfox"),
        ("caf&eacute; &#8212; &amp; ﬁne ½", "cafefine12"),
        ("[words](https://a.example/b_(c) \"T\") on", "wordson"),
        ("[words][label] on\n\n[label]: https://a.example 'T'", "wordson"),
        ("![A caption](a.svg){#fig:a alt=\"No words\"}", "acaption"),
        ("as [see @key2020, p. 4] says", "asseep4says"),
        ("as @key2020 and -@{key:x} say", "asandsay"),
        ("a note[^n] here\n\n[^n]: Its words", "anotehereitswords"),
        ("an inline^[note in it] one", "aninlinenoteinitone"),
        ("$a^2$ and $$b$$ are", "andare"),
        ("`code x` and ``a ` b``", "codexandab"),
        ("```python\nx = 1\n```", "x1"),
        ('``` {.c #lst:c caption="Code, 100%"}\nx = 1\n```\n\ny', "code100x1y"),
        ("a <!-- not seen --> b <b>c</b>", "abc"),
        (r"\textsc{Small} and \emph{x}", "and"),
        ("::: {.author-note}\nwords\n:::", "words"),
        ("::: warning\nwords\n:::", "words"),
        ("# Title {#sec:x .unnumbered}", "title"),
        ("| a | b |\n|:--|--:|\n| c | d |", "abcd"),
        ("a\\*b and \\_c", "abandc"),
        ("snake_case word", "snakecaseword"),
        ("Straße ÅNGSTRÖM e\u0301", "strasseangstrome"),
        ("日本語 текст", "日本語текст"),
    ],
)  # fmt: skip
def test_only_what_is_seen_is_a_letter(text, seen):
    assert markdown(text).seen == seen


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("as [see @key, p. 4] says", ["[see @key, p. 4]", "@key"]),
        ("as @fig:x says", ["@fig:x"]),
        ("$a$ b[^1]", ["$a$", "[^1]"]),
        (r"a \textsc{B} c", [r"\textsc{B}"]),
    ],
)
def test_what_is_seen_as_something_else_is_known(text, others):
    found = markdown(text)
    assert [text[start:end] for start, end in found.others] == others


@given(st.text(max_size=200))
def test_every_letter_has_its_place(text):
    """In order, within the text, and whatever the text is."""
    for found in (markdown(text), plain(text)):
        assert len(found.seen) == len(found.starts) == len(found.ends)
        assert list(found.starts) == sorted(found.starts)
        assert all(0 <= s < e <= len(text) for s, e in zip(found.starts, found.ends, strict=True))
        assert found.seen == fold(found.seen)


@given(st.text(string.ascii_letters + string.digits + " ,.!?'", max_size=200))
def test_of_plain_words_every_letter_is_seen(text):
    assert plain(text).seen == fold(text)


@given(st.lists(st.text("[](){}@^_*`$\\<>:!&;#~| \nab", max_size=30), max_size=40))
def test_time_does_not_run_away(pieces):
    """However brackets and signs stand in each other."""
    text = "".join(pieces) * 20
    assert len(markdown(text).seen) <= len(text)


def stretch(text):
    return Stretch(text, markdown(text), 0, len(text))


def found(text, seen, words):
    """Give what stands in a text at words of what was seen."""
    alignment = Alignment(fold(seen), stretch(text))
    first = len(fold(seen[: seen.index(words)]))
    place = alignment.found(first, first + len(fold(words)))
    return (text[place.start : place.end], place.is_sure) if place else None


@pytest.mark.parametrize(
    ("text", "seen", "words", "expected"),
    [
        ("one *two* three", "one two three", "two three", "two* three"),
        ("a b [@key, p. 9] c", "a b (Author 2020, 9) c", "(Author 2020, 9)", "[@key, p. 9]"),
        ("see @fig:x now", "see figure 3.1 now", "figure 3.1", "@fig:x"),
        ("where $x^2 + y$ is", "where x2 + y is", "x2 + y", "$x^2 + y$"),
        ("on the one, on the other", "on the one, on the other", "the other", "the other"),
        ("word[^9] next", "word12 next", "word12", "word[^9]"),
    ],
)
def test_words_are_found_where_they_were_written(text, seen, words, expected):
    assert found(text, seen, words) == (expected, True)


def test_words_of_another_text_are_not_found():
    assert found("entirely unlike this one", "qqqq zzzz wwww vvvv", "zzzz") is None


WORDS = st.lists(
    st.sampled_from(["the", "of", "a", "dream", "hill", "lake", "clock", "was", "it", "and"]),
    min_size=3,
)


@given(WORDS, st.data())
def test_of_many_like_words_the_one_that_was_seen_is_found(words, data):
    """The whole of a stretch says which."""
    text = " ".join(words)
    number = data.draw(st.integers(0, len(words) - 1))
    first = sum(map(len, words[:number]))
    place = Alignment("".join(words), stretch(text)).found(first, first + len(words[number]))
    start = len(" ".join(words[:number])) + (number > 0)
    assert (place.start, place.end) == (start, start + len(words[number]))
    assert place.share == 1


@given(WORDS, st.text("*_ \n", max_size=3), st.data())
def test_markup_between_words_moves_nothing(words, markup, data):
    text = (markup + " ").join(words)
    number = data.draw(st.integers(0, len(words) - 1))
    first = sum(map(len, words[:number]))
    place = Alignment("".join(words), stretch(text)).found(first, first + len(words[number]))
    if place is not None:  # an empty line and blanks may make code of it
        assert text[place.start : place.end] == words[number]


def test_a_part_seen_after_another_that_is_written_before_it_is_left_out():
    """The mark of a note, in a stroke that ran on into it."""
    text = "the note its words and the body of it"
    whole = stretch(text)
    body = Part("a", Alignment("thebodyofit", Stretch(text, whole.letters, 23, len(text))), 0, 11)
    note = Part("a", Alignment("thenote", Stretch(text, whole.letters, 0, 8)), 0, 3)
    place = joined([body, note])
    assert text[place.start : place.end] == "the body of it"


def test_whole_words_come_before_parts_of_words():
    text = "other the bathe the"
    assert [text[s:e] for s, e in occurrences("the", stretch(text))] == ["the", "the"]
    assert occurrences("the", stretch(text))[0] == (6, 9)
    assert len(occurrences("athe", stretch(text))) == 1


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ('say "so", then', "“", "”,", '"so",'),
        ("say *so*, then", "", ",", "so*,"),
        ("a -- so... b", "–", "…", "-- so..."),
        ("say so then", "“", "!", "so"),
    ],
)
def test_signs_around_words_are_taken_in(text, before, after, expected):
    start = text.index("so")
    low, high = widened(text, (start, start + 2), before, after)
    assert text[low:high] == expected


def test_marks_that_combine_are_no_letters():
    assert letters.folded("\u0301") == ""
