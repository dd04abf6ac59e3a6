"""Remarks put into chapters as marks, and taken out again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manuscripts import NASTY, chapters

from geppetto.review.kept import critic, inserting
from geppetto.review.kept.inserting import Insertion
from geppetto.review.kept.texts import Text

TEXT = (
    "# A dream\n\nA piece of `wood` and $a + b$ in [the](x.md) shop [@smith].\n\n```\ncode\n```\n"
)


def _insert(text, *insertions):
    edits, left = inserting.edits(text, insertions)
    assert not left
    return Text(text).edited(edits).decode()


def _on(words, text=TEXT, **said):
    start = text.index(words)
    return Insertion("3f2a", "Ann", "why?", start, start + len(words), **said)


@pytest.mark.parametrize(
    ("insertion", "expected"),
    [
        (_on("piece"), "A {==piece==}{>>Ann (remark 3f2a): why?<<} of"),
        (_on("piece", new=""), "A {--piece--}{>>Ann (remark 3f2a): why?<<} of"),
        (_on("piece", new="block"), "A {~~piece~>block~~}{>>Ann (remark 3f2a): why?<<} of"),
        (replace(_on("piece"), end=13, new="new "), "A {++new ++}{>>Ann (remark 3f2a): why?<<}piece"),
        (replace(_on("piece"), end=13), "A {>>Ann (remark 3f2a): why?<<}piece"),
        (_on("`wood` and"), "of {==`wood` and==}{>>Ann (remark 3f2a): why?<<} $a"),
        (_on("wood"), "`wood`{>>Ann (remark 3f2a): “wood”: why?<<} and"),
        (_on("+ b$ in"), "$a + b$ in{>>Ann (remark 3f2a): “+ b$ in”: why?<<} ["),
        (_on("smith"), "[@smith]{>>Ann (remark 3f2a): “smith”: why?<<}."),
        (_on("x.md", new="y.md"), "[the](x.md){>>Ann (remark 3f2a): “x.md” → “y.md”: why?<<} shop"),
        (_on("# A dream"), "# A dream{>>Ann (remark 3f2a): “# A dream”: why?<<}\n"),
        (_on("code"), "[@smith].{>>Ann (remark 3f2a): “code”: why?<<}\n\n```"),
    ],
)  # fmt: skip
def test_how_a_remark_stands_in_a_chapter(insertion, expected):
    """Round its words, or where these cannot be marked, at the nearest place outside."""
    marked = _insert(TEXT, insertion)
    assert expected in marked
    assert critic.plain(marked).text == TEXT


def test_two_remarks_on_the_same_words_and_on_overlapping_ones():
    one, two, three = (
        _on("piece of"),
        replace(_on("piece of"), id="2"),
        replace(_on("of `wood`"), id="9"),
    )
    marked = _insert(TEXT, one, two, three)
    assert (
        "A {==piece of==}{>>Ann (remark 3f2a): why?<<}{>>Ann (remark 2): “piece of”: why?<<} "
        "`wood`{>>Ann (remark 9): “of `wood`”: why?<<} and"
    ) in marked
    again = _insert(marked, replace(_on("piece of"), id="77"))
    assert "(remark 2): “piece of”: why?<<}{>>Ann (remark 77)" in again
    assert critic.plain(again).text == critic.plain(marked).text == TEXT


def test_remarks_in_a_yaml_block_stand_after_it():
    text = "---\ntitle: The Dream\n---\n\nWords.\n"
    marked = _insert(text, _on("Dream", text))
    assert marked == text.replace("Words", "{>>Ann (remark 3f2a): “Dream”: why?<<}Words")


def test_an_example_in_code_and_an_authors_own_marks_are_text():
    for text in (
        "`{>>Ann (remark 3): x<<}`\n",
        "```\n{==a==}{>>Ann (remark 3): x<<}\n```\n",
        "- item\n\n    ~~~\n    {==a==}{>>Ann (remark 3): x<<}\n    ~~~\n",
        "<pre>{==a==}{>>Ann (remark 3): x<<}</pre>\n",
        "{==a==}{>>Ann: x<<} {>>my own (of March)<<}\n",
    ):
        assert critic.plain(text).text == text
    assert critic.plain("Text.\n\n    {>>Ann (remark 3): x<<}once a list\n").text == (
        "Text.\n\n    once a list\n"
    )
    assert critic.plain("<!-- {>>Ann (remark 3): x<<} -->").text == "<!--  -->"


def test_a_text_of_code_alone_has_no_place_for_a_remark():
    edits, left = inserting.edits("```\ncode\n```", [_on("code", "```\ncode\n```")])
    assert (edits, left) == ([], ("3f2a",))


@pytest.mark.parametrize(
    "piece", ["{==", "{--a", "{~~a~>", "{~~a", "{++", "{>>", "{>>A (remark 1): x", "[@", "](", "- "]
)
def test_marks_that_never_end_do_not_keep_the_build_busy(piece):
    """A hundred thousand of them would, were a step quadratic."""
    text = piece * 100_000 + " (remark x)\n"
    assert critic.marks(text) == ()
    assert inserting.closed(text) is not None


def test_some_of_the_remarks_are_taken_out_and_the_others_stay():
    marked = "A {==piece==}{>>Ann (remark 1): a<<}{>>Bob (remark 2): b<<} and {--wood--}{>>C (remark 3)<<}"

    def left(*ids):
        plain = critic.plain(marked)
        cuts = [cut for mark in plain.marks for cut in mark.cuts_of(ids)]
        return "".join(c for i, c in enumerate(marked) if not any(s <= i < e for s, e in cuts))

    assert left("1", "2", "3") == "A piece and wood"
    assert left("2") == marked.replace("{>>Bob (remark 2): b<<}", "")
    assert left("1") == "A piece{>>Bob (remark 2): b<<} and {--wood--}{>>C (remark 3)<<}"
    assert left("9") == marked


@st.composite
def _remarked(draw):
    text = draw(chapters())
    plain = critic.plain(text).text
    insertions = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(plain)))
        end = draw(st.one_of(st.just(start), st.integers(start, min(len(plain), start + 30))))
        new = draw(st.one_of(st.none(), st.just(""), NASTY))
        author, said = draw(NASTY), draw(NASTY)
        insertions.append(Insertion(f"id{number}", author, said, start, end, new))
    return text, insertions


@given(_remarked())
def test_a_chapter_with_remarks_is_the_chapter_without_them(case):
    """What the build reads is the same, line by line, and each remark that was put in is found."""
    text, insertions = case
    edits, left = inserting.edits(text, insertions)
    marked = Text(text).edited(edits).decode()
    assert critic.plain(marked).text == critic.plain(text).text
    assert marked.count("\n") == text.count("\n")
    before = [c[0] for m in critic.marks(text) for c in m.comments]
    found = [c[0] for m in critic.marks(marked) for c in m.comments]
    assert sorted(found) == sorted([*before, *(one.id for one in insertions if one.id not in left)])


@given(_remarked(), st.data())
def test_places_lead_from_the_chapter_with_remarks_to_that_without_and_back(case, data):
    text, insertions = case
    plain = critic.plain(Text(text).edited(inserting.edits(text, insertions)[0]).decode())
    at = data.draw(st.integers(0, len(plain.text)))
    assert plain.inner(plain.outer(at)) == plain.inner(plain.outer(at, after=True)) == at
    if at < len(plain.text):
        assert plain.marked[plain.outer(at, after=True)] == plain.text[at]


@given(_remarked(), st.integers(0, 5), st.text(alphabet="abc é\n", max_size=10))
def test_remarks_come_out_of_a_chapter_that_was_edited_meanwhile(case, place, words):
    """Plain words put between paragraphs change nothing in what is taken out."""
    text, insertions = case
    marked = Text(text).edited(inserting.edits(text, insertions)[0]).decode()
    gaps = [i for i in range(len(marked)) if marked.startswith("\n\n", i)] or [len(marked)]
    inner = critic.plain(marked)
    if any(m.start < gaps[place % len(gaps)] < m.end for m in inner.marks):
        return
    at = gaps[place % len(gaps)]
    edited = marked[:at] + "\n\nWords " + words.strip() + marked[at:]
    expected = (
        inner.text[: inner.inner(at)] + "\n\nWords " + words.strip() + inner.text[inner.inner(at) :]
    )
    assert critic.plain(edited).text == critic.plain(expected).text


@given(st.text(alphabet="ab\r\n\ufeff", max_size=30), st.data())
def test_an_edited_file_keeps_its_line_ends(written, data):
    """Nothing but the stretch that is edited changes, byte for byte."""
    text = Text(written)
    start = data.draw(st.integers(0, len(text.read)))
    end = data.draw(st.integers(start, len(text.read)))
    edited = text.edited([inserting.Edit(start, end, "new")]).decode()
    assert Text(edited).read.startswith(text.read[:start])
    assert edited.startswith(written[: text.offset(start)])
    assert edited.endswith("new" + written[text.offset(end) :])
