"""What an answer was sent with, told from what a reviewer has added to it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.diagnostics import GeppettoError
from geppetto.review import answers, drafts
from geppetto.review.answers import Answer, Echo, Hand, Said
from geppetto.review.remarks import Reply
from geppetto.review.returned.word import echoing
from geppetto.review.returned.word.comments import Comment
from geppetto.review.returned.word.package import Package
from geppetto.review.returned.word.story import Done, stories

sys.path.insert(0, str(Path(__file__).parent))
from returning import docx, keep, para, put_in, taken_out

OURS = Hand("A. Writer", "2026-01-02T00:00:00Z")
SENT = Answer("d0", (OURS,), (Said("3f2a", "3f2a9c", "Ann", "Why?", (("Ben", "So."),)),))


@pytest.mark.parametrize(
    ("hand", "is_ours"),
    [
        (OURS, True),
        (Hand("A. Writer", "2026-01-01T19:00:00Z"), True),
        (Hand("A. Writer", "2026-01-02T05:45:00"), True),
        (Hand("A. Writer", "2026-01-02T00:00:01Z"), False),
        (Hand("A. Writer", "2026-02-02T00:00:00Z"), False),
        (Hand("Ann", "2026-01-02T00:00:00Z"), False),
        (Hand("A. Writer", ""), False),
    ],
    ids=["the same", "west", "in Nepal", "a second later", "a month later", "another's", "undated"],
)
def test_whose_a_change_is(hand, is_ours):
    """Its author's, at the same time in whatever zone."""
    assert answers.is_of([OURS], hand) is is_ours


def test_the_text_of_an_answer():
    """What was sent as put in is text, what was sent as taken out is not; a reviewer's is a change."""
    ours = {"author": OURS.author, "date": OURS.date}
    within = put_in("new words", **ours).replace("</w:ins>", taken_out(" of ours") + "</w:ins>")
    body = para("Here ", taken_out("old ", **ours), within, put_in(" and theirs"), ".")
    (found,) = stories(Package(docx(body)), [OURS])
    assert found.text == "Here new words of ours.\n"
    assert [(one.done, one.words) for one in found.changes] == [
        (Done.TAKEN_OUT, " of ours"),
        (Done.PUT_IN, " and theirs"),
    ]


def test_a_paragraph_that_was_sent_as_taken_out():
    """Neither its words nor its end are there."""
    mark = f'<w:del w:id="3" w:author="{OURS.author}" w:date="{OURS.date}"/>'
    gone = para(taken_out("Gone.", author=OURS.author, date=OURS.date), mark=mark)
    (found,) = stories(Package(docx(para("One.") + gone + para("Two."))), [OURS])
    assert (found.text, found.changes) == ("One.\nTwo.\n", ())


def comment(author, text, *replies, initials="", resolved=False):
    said = tuple(Reply(who, "2026-02-01", words) for who, words in replies)
    return Comment("7", "", author, "2026-02-01", text, said, resolved, initials)


@pytest.mark.parametrize(
    ("one", "echo"),
    [
        (comment("Ann", "Why?", ("Ben", "So."), initials="3f2a"), None),
        (comment("Ann", "Why?  ", ("Ben", "So.")), None),
        (comment("Ben", "So.", initials="3f2a"), None),
        (
            comment("Ann", "Why?", ("Ben", "So."), ("Ann", "No."), initials="3f2a"),
            Echo("3f2a9c", (Reply("Ann", "2026-02-01", "No."),)),
        ),
        (
            comment("Ann", "Why?", ("Ben", "So."), ("Ben", "So."), initials="3f2a"),
            Echo("3f2a9c", (Reply("Ben", "2026-02-01", "So."),)),
        ),
        (comment("Ann", "Changed.", initials="3f2a", resolved=True), Echo("3f2a9c", (), True)),
    ],
    ids=["as it was", "without initials", "a reply alone", "a reply", "the same words again",
         "resolved"],
)  # fmt: skip
def test_what_is_new_of_a_comment(one, echo):
    """Replies that were not sent, and that it is settled."""
    echoes, new = echoing.parted([one], SENT)
    assert (list(echoes), new) == ([echo] if echo else [], [])


@pytest.mark.parametrize(
    "one",
    [comment("Ann", "Another."), comment("Zoe", "Hm.", initials="3f2a"), comment("Zoe", "Why?")],
    ids=["other words", "another's initials", "another's words"],
)
def test_a_new_comment(one):
    """It is a remark."""
    assert echoing.parted([one], SENT) == ((), [one])
    assert echoing.parted([one], None) == ((), [one])


words = st.text(max_size=8)
saids = st.builds(Said, words, words, words, words, st.lists(st.tuples(words, words)).map(tuple))


@given(st.builds(Answer, words, st.lists(st.builds(Hand, words, words)).map(tuple),
                 st.lists(saids, max_size=3).map(tuple)))  # fmt: skip
def test_a_record_is_read_as_it_was_written(tmp_path_factory, answer):
    """Whatever strangers wrote."""
    root = keep(tmp_path_factory.mktemp("kept"), {"1.md": "# One\n"})
    kept = drafts.find(root, "d1")
    (kept.folder / answers.FILE).write_text(answers.record(answer), "utf-8")
    assert answers.of(kept) == answer


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 9}', '{"format": 1, "since": 3}'])
def test_a_damaged_record(tmp_path, content):
    """It is said, with what is to be done."""
    kept = drafts.find(keep(tmp_path, {"1.md": "# One\n"}), "d1")
    assert answers.of(kept) is None
    (kept.folder / answers.FILE).write_text(content)
    with pytest.raises(GeppettoError) as fault:
        answers.of(kept)
    assert fault.value.diagnostics[0].code == "draft-damaged"
