"""Remarks kept as Markdown, and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manuscripts import NASTY

from geppetto.review.kept import quoting, reading, sheets
from geppetto.review.kept.sheets import Entry
from geppetto.review.remarks import Certainty, Kind, Remark, Reply, Span

HEAD = sheets.head("2026-11-30-book", "ann", "8ed8560+")
REMARK = Remark(
    id="3f2a9c1b",
    draft="2026-11-30-book",
    reviewer="ann",
    kind=Kind.STRIKEOUT,
    author="Ann Reader",
    date="2026-11-23T10:14:00+01:00",
    text="Why not *shorter*?\n# Really",
    quote="the colour of the nose",
    replacement="the nose",
    replies=(Reply("Bob, Jr", "2026-11-24", "Yes.", "Accepted"), Reply("", "", "")),
    page=12,
    place=Span("chapters/03-x.md", 118, 5, 118, 27),
    certainty=Certainty.EXACT,
)
FILE = HEAD + sheets.written(Entry(REMARK, assigned="Carl", answer="I agree.\n\n- x: y"))


def test_how_a_remark_is_written(golden):
    golden(Path(__file__).parent / "golden" / "remark.md", FILE)


def _read(text):
    sheet, faults = reading.parse("reviews/ann.md", text)
    assert not faults
    return sheet


SPANS = st.builds(
    lambda path, a, b, c, d: Span(path, a, b, *max((a, b), (c, d))),
    NASTY.filter(bool), *[st.integers(1, 99999)] * 4,
)  # fmt: skip
REMARKS = st.builds(
    Remark,
    id=NASTY.filter(lambda text: text.strip() == text != ""),
    draft=st.just("d"),
    reviewer=st.just("ann"),
    kind=st.sampled_from(Kind),
    author=NASTY,
    date=NASTY,
    text=NASTY,
    quote=NASTY,
    replacement=st.one_of(st.none(), NASTY),
    replies=st.lists(st.builds(Reply, NASTY, NASTY, NASTY, NASTY), max_size=3).map(tuple),
    resolved=st.booleans(),
    page=st.one_of(st.none(), st.integers(1, 2000)),
    place=st.one_of(st.none(), SPANS),
    certainty=st.sampled_from(Certainty),
)


@given(
    st.lists(
        st.builds(Entry, REMARKS, state=st.sampled_from(sheets.STATES), assigned=NASTY),
        max_size=4,
        unique_by=lambda entry: entry.remark.id,
    ),
    st.booleans(),
)
def test_remarks_are_read_back_exactly(entries, ending):
    """Whatever strangers wrote; an editor that takes blanks from line ends does no harm."""
    text = sheets.head("d", "ann") + "".join(sheets.written(entry) for entry in entries)
    if ending:
        text = "\n".join(line.rstrip() for line in text.split("\n"))
    assert [part.entry for part in _read(text).parts] == entries


@given(NASTY)
def test_quoted_words_are_read_back_exactly(words):
    lines = quoting.quoted(words).split("\n")[:-1]
    assert all(line.startswith(">") and line == line.rstrip() for line in lines)
    assert quoting.unquoted(lines) == words
    assert quoting.read(quoting.in_line(words)) == words


@given(st.lists(NASTY, max_size=3))
def test_no_text_at_all_stops_the_reading(parts):
    """What is between remarks is kept in no remark's own words."""
    text = FILE + "\n".join(parts)
    sheet, _ = reading.parse("reviews/ann.md", text)
    assert sheet.parts[0].entry.remark == REMARK or "Reply by" in "".join(parts)


def test_an_authors_own_text_stands_between_everything():
    text = FILE.replace("Said:", "My note.\n\nSaid:").replace(
        "> the nose\n", "> the nose\n\n## Mine\n\nSaid:\n\n> no\n"
    )
    entry = _read(text).parts[0].entry
    assert entry.remark == REMARK
    assert entry.answer == "My note.\n\n## Mine\n\nSaid:\n\n> no\n\nI agree.\n\n- x: y"
    assert entry.assigned == "Carl"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("- draft: 2026", "- draf: 2026", 3, "There is no field 'draf'."),
        ("· strikeout ·", "· strikeot ·", 7, "There is no kind 'strikeot'."),
        ("· chapters", "chapters", 7, "This heading of a remark cannot be read, nor the remark."),
        (":118:5", ":118", 7, "'chapters/03-x.md:118' is no place."),
        ("- to: 118:27", "- to: 118", 9, "'118' is no place of a line and a column."),
        ("- page: 12", "- page: xii", 13, "'xii' is no page."),
        ("- state: open", "- state: opne", 14, "There is no state 'opne'."),
        ("- found: exact", "- found: here", 10, "There is no certainty 'here'."),
        ("> the colour of the nose", "the colour", 17, "Nothing is quoted below 'Words:'."),
    ],
)
def test_a_fault_is_said_with_its_line(old, new, line, says):
    """Each has a remedy."""
    _, faults = reading.parse("reviews/ann.md", FILE.replace(old, new, 1))
    first = next(f for f in faults if f.message == says)
    assert (first.location.path, first.location.line) == ("reviews/ann.md", line)
    assert first.hint


def test_a_remark_that_stands_twice_is_said_and_the_first_counts():
    sheet, faults = reading.parse("reviews/ann.md", FILE + sheets.written(Entry(REMARK)))
    assert [f.message for f in faults] == ["The remark 3f2a9c1b stands here a second time."]
    assert [part.entry.assigned for part in sheet.parts] == ["Carl"]
