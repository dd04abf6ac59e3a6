"""A DOCX that came back: its comments and tracked changes, and where each stands."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returning import (
    PATH,
    comment,
    commented,
    docx,
    keep,
    para,
    put_in,
    run,
    taken_out,
    zipped,
)

from geppetto.diagnostics import GeppettoError
from geppetto.review import returned
from geppetto.review.drafts import Document, Stop
from geppetto.review.remarks import Certainty, Kind, Reply
from geppetto.review.returned.word import Broken, Package
from geppetto.review.returned.word.story import stories

TEXT = """# The dream

The *quick* brown fox, who jumps
over the lazy dog, was quick[^1] again [@key2020, p. 4].

- an item with a fox
- another item

| cell one | cell two |
|----------|----------|
| cell 3   | cell two |

[^1]: A note about the quick fox.
"""
LINES = (1, 3, 4, 6, 7, 9, 9, 11, 11, 13)
STOPS = tuple(Stop(PATH, line, begins=line != 4) for line in LINES)
DOCUMENT = Document("one", PATH, "1", STOPS)
BODY = [
    para("The dream", stop="src_1_1"),
    para("The ", "quick", " brown fox, who jumps ", '<w:bookmarkStart w:id="8" w:name="src_1_3"/>',
         "over the lazy dog, was quick", " again (Key 2020, 4).", stop="src_1_2"),
]  # fmt: skip


@pytest.fixture
def back(tmp_path):
    """Read a DOCX as one that came back of a draft of TEXT."""
    root = keep(tmp_path, {PATH: TEXT}, documents=(DOCUMENT,))

    def read(body, **parts):
        file = tmp_path / "back.docx"
        file.write_bytes(body if isinstance(body, bytes) else docx(body, **parts))
        return returned.read(file, root)

    return read


def place(remark):
    span = remark.place
    return (span.line, span.column, span.end_line, span.end_column)


def source(remark):
    """Give what stands in the source at a remark's place."""
    lines = TEXT.splitlines(keepends=True)
    span = remark.place
    start = sum(map(len, lines[: span.line - 1])) + span.column - 1
    end = sum(map(len, lines[: span.end_line - 1])) + span.end_column - 1
    return TEXT[start:end]


@pytest.mark.parametrize(
    ("before", "words", "after", "expected"),
    [
        ("The ", "quick brown", " fox, who jumps over the lazy dog, was quick again", "quick* brown"),
        ("The quick brown fox", ", who jumps over", " the lazy dog, was quick", ", who jumps\nover"),
        ("The quick brown fox, who jumps over the lazy dog, was ", "quick", " again", "quick"),
        ("The quick brown fox, who jumps over the lazy dog, was quick again ", "(Key 2020, 4)", ".",
         "[@key2020, p. 4]"),
    ],
)  # fmt: skip
def test_a_comment_stands_at_its_words(back, before, words, after, expected):
    """The second "quick" is not the first, and a citation is where it was made."""
    body = BODY[0] + para(before, commented(words), after, stop="src_1_2")
    found, said = back(body, comments=comment(0, "Really?"))
    (remark,) = found.remarks
    assert (remark.kind, remark.text, remark.quote) == (Kind.COMMENT, "Really?", words.strip())
    assert (source(remark), remark.certainty) == (expected, Certainty.EXACT)
    assert (remark.author, remark.date) == ("Ada", "2026-12-01T10:00:00Z")
    assert (found.draft, found.copy, found.kind, said) == ("d1", "ada", "docx", [])


def test_a_comment_in_a_cell_and_in_an_item_stands_there(back):
    """Of two cells with the same words, it is the one whose row it is."""
    table = "".join(
        f"<w:tr><w:tc>{para(one, stop=f'src_1_{stop}')}</w:tc><w:tc>{two}</w:tc></w:tr>"
        for one, two, stop in (
            ("cell one", para("cell two", stop="src_1_7"), 6),
            ("cell 3", para(commented("cell two"), stop="src_1_9"), 8),
        )
    )
    item = para("an item with a ", commented("fox", "1"), stop="src_1_4")
    found, _ = back(item + f"<w:tbl>{table}</w:tbl>", comments=comment(0, "a") + comment(1, "b"))
    assert [(r.text, r.place.line, r.certainty) for r in found.remarks] == [
        ("b", 6, "exact"),
        ("a", 11, "exact"),
    ]
    assert source(found.remarks[1]) == "cell two"


def test_a_comment_in_what_has_no_bookmark_is_found_by_its_words(back):
    """A paragraph that only a draft shows follows a citation, of whose letters it is none."""
    body = para("over the lazy dog, was quick again (Key 2020, 4).", stop="src_1_3")
    body += para(
        "For Ada: an item ", commented("with a fox"), " is what I mean by all of this. " * 4
    )
    found, _ = back(body, comments=comment(0, "Where?"))
    (remark,) = found.remarks
    assert (source(remark), remark.certainty) == ("with a fox", Certainty.EXACT)


def test_a_comment_in_a_note_stands_in_the_note(back):
    note = f'<w:footnote w:id="2">{para("A note about the ", commented("quick"), stop="src_1_10")}</w:footnote>'
    hidden = f'<w:footnote w:type="separator" w:id="-1">{para("x")}</w:footnote>'
    found, _ = back("".join(BODY), footnotes=hidden + note, comments=comment(0, "Which?"))
    assert place(found.remarks[0]) == (13, 24, 13, 29)


def test_answers_and_what_is_resolved_are_kept(back):
    """Word says in a part of its own which comment answers which."""
    body = para("The ", commented("quick"), commented("", "1"), " brown fox", stop="src_1_2")
    said = comment(0, "Why?", paragraph="0A") + comment(
        1, "Because.", "Bob", "2026-12-02T09:00:00Z", "0B"
    )
    extended = '<w15:commentEx w15:paraId="0A" w15:done="1"/><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A" w15:done="0"/>'
    found, _ = back(body, comments=said, commentsExtended=extended)
    (remark,) = found.remarks
    assert remark.resolved
    assert remark.replies == (Reply("Bob", "2026-12-02T09:00:00Z", "Because."),)


def test_answers_as_google_docs_writes_them_are_answers(back):
    """There an answer is one more comment on the same words, a state the words of one."""
    body = para(
        '<w:commentRangeStart w:id="0"/>', '<w:commentRangeStart w:id="1"/>',
        '<w:commentRangeStart w:id="2"/>', "The quick", '<w:commentRangeEnd w:id="0"/>',
        '<w:commentRangeEnd w:id="1"/>', '<w:commentRangeEnd w:id="2"/>', " brown fox",
        stop="src_1_2",
    )  # fmt: skip
    said = (
        comment(0, "Why?")
        + comment(1, "Because.", "Bob", "2026-12-02T09:00:00Z")
        + comment(2, "_Marked as resolved_", "Bob", "2026-12-02T09:01:00Z")
    )
    found, _ = back(body, comments=said)
    (remark,) = found.remarks
    assert (remark.text, remark.resolved) == ("Why?", True)
    assert [reply.text for reply in remark.replies] == ["Because."]


def test_a_deletion_and_an_insertion_by_one_author_are_a_replacement(back):
    body = para(
        "The quick ", taken_out("brown"), put_in("red"), " fox, who jumps over the ",
        taken_out("lazy "), "dog, was quick", stop="src_1_2",
    )  # fmt: skip
    found, _ = back(body)
    assert [(r.kind, r.quote, r.replacement, source(r)) for r in found.remarks] == [
        (Kind.REPLACEMENT, "brown", "red", "brown"),
        (Kind.DELETION, "lazy", "", "lazy "),
    ]
    assert {r.certainty for r in found.remarks} == {Certainty.EXACT}


def test_two_authors_make_two_changes(back):
    body = para("The quick ", taken_out("brown"), put_in("red", "Bob"), " fox", stop="src_1_2")
    found, _ = back(body)
    assert [(r.kind, r.author) for r in found.remarks] == [
        (Kind.DELETION, "Ada"),
        (Kind.INSERTION, "Bob"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "column", "line"),
    [("The quick", " brown fox", 11, 3), ("The quick ", "brown fox", 13, 3), ("", "The quick", 1, 3),
     ("The quick brown fox, who jumps over", " the lazy", 5, 4)],
)  # fmt: skip
def test_an_insertion_stands_between_two_characters(back, before, after, column, line):
    found, _ = back(para(before, put_in("very "), after, stop="src_1_2"))
    (remark,) = found.remarks
    assert (remark.kind, remark.quote, remark.replacement) == (Kind.INSERTION, "", "very ")
    assert place(remark) == (line, column, line, column)
    assert remark.certainty is Certainty.EXACT


def test_what_was_put_in_and_taken_out_again_is_nothing(back):
    inside = f'<w:ins w:id="1" w:author="Ada">{taken_out("gone", "Bob")}</w:ins>'
    found, _ = back(para("The ", inside, "quick brown", stop="src_1_2"))
    assert found.remarks == ()


def test_a_move_is_said_at_both_its_ends(back):
    body = para(
        "The quick ", taken_out("brown ", name="moveFrom"), "fox, who jumps", stop="src_1_2"
    )
    body += para("an item with a ", put_in("brown ", name="moveTo"), "fox", stop="src_1_4")
    found, _ = back(body)
    assert [(r.kind, r.quote, r.replacement, r.place.line) for r in found.remarks] == [
        (Kind.MOVE, "brown", "", 3),
        (Kind.MOVE, "", "brown ", 6),
    ]


def test_a_new_paragraph_is_an_insertion_with_an_empty_line(back):
    mark = '<w:ins w:id="3" w:author="Ada" w:date="2026-12-01T10:00:00Z"/>'
    body = para("The quick brown fox", put_in("."), stop="src_1_2", mark=mark)
    found, _ = back(body + para(put_in("He"), ", who jumps over"))
    (remark,) = found.remarks
    assert remark.replacement == ".\n\nHe"
    assert place(remark) == (3, 22, 3, 22)


def test_a_paragraph_that_is_joined_to_the_next_is_a_deletion(back):
    mark = '<w:del w:id="3" w:author="Ada" w:date="2026-12-01T10:00:00Z"/>'
    body = para("an item with a fox", stop="src_1_4", mark=mark) + para(
        "another item", stop="src_1_5"
    )
    found, _ = back(body)
    (remark,) = found.remarks
    assert (remark.kind, remark.replacement, remark.place.line) == (Kind.DELETION, "", 6)


def test_without_bookmarks_words_are_found_by_their_order(back):
    """Google Docs drops them; the second "quick" is still the second."""
    body = para("The dream") + para(
        "The quick brown fox, who jumps over the lazy dog, was ", commented("quick"), " again."
    ) + para(commented("an item", "1"), " with a fox") + para(commented("nowhere at all", "2"))  # fmt: skip
    found, said = back(body, comments=comment(0, "a") + comment(1, "b") + comment(2, "c"))
    assert [(source(r), r.certainty) for r in found.remarks[:2]] == [
        ("quick", Certainty.EXACT),
        ("an item", Certainty.EXACT),
    ]
    assert found.remarks[0].place.line == 4
    assert found.remarks[2].certainty is Certainty.BLOCK
    assert said == []


def test_a_remark_has_the_same_name_in_a_later_return(back):
    """What is added before it, and numbers that Word gives anew, change nothing."""
    first = para("The ", commented("quick"), " brown ", put_in("red "), "fox", stop="src_1_2")
    then = para(
        commented("The", "0"), " ", commented("quick", "5"), " brown ", put_in("red "), "fox",
        stop="src_1_2",
    )  # fmt: skip
    before, _ = back(first, comments=comment(0, "Why?"))
    after, _ = back(
        then, comments=comment(0, "New", date="2026-12-03T10:00:00Z") + comment(5, "Why?")
    )
    assert {r.id for r in before.remarks} <= {r.id for r in after.remarks}
    assert len({r.id for r in after.remarks}) == 3
    assert before.digest != after.digest


def test_the_draft_is_known_by_its_footer(back):
    footer = para("Draft d1 · 2026-11-30 · for Ada Lovelace")
    found, said = back(para("The quick", stop="src_1_2"), label="", footer=footer)
    assert (found.draft, found.copy, found.remarks, said) == ("d1", "ada", (), [])


@pytest.mark.parametrize(
    ("label", "code"),
    [("", "returned-nameless"), ("d9/ada", "draft-unknown"), ("../d1/ada", "draft-unknown")],
)
def test_a_file_of_no_draft_is_refused(back, label, code):
    with pytest.raises(GeppettoError) as caught:
        back(para("The quick"), label=label)
    assert caught.value.diagnostics[0].code == code
    assert caught.value.diagnostics[0].hint


def test_a_copy_that_the_draft_does_not_know_is_said(back):
    found, said = back(para("The ", put_in("x")), label="d1/bob")
    assert (found.copy, [d.code for d in said]) == ("bob", ["returned-copy-unknown"])


@pytest.mark.parametrize(
    "data",
    [
        zipped({"mimetype": "x"}),
        zipped({"word/document.xml": "<broken"}),
        docx(para("x"))[:-40],
        zipped({"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><a>&c;"}),
    ],
    ids=["another archive", "broken XML", "cut off", "entities"],
)
def test_a_broken_file_is_refused_with_a_remedy(back, data):
    with pytest.raises(GeppettoError) as caught:
        back(data)
    assert caught.value.diagnostics[0].code == "returned-unreadable"
    assert "anew" in caught.value.diagnostics[0].hint


def test_a_part_that_unpacks_to_more_than_its_limit_is_refused(monkeypatch):
    monkeypatch.setattr("geppetto.review.returned.word.package.LARGEST_PART", 10_000)
    with pytest.raises(Broken, match="larger"):
        stories(Package(docx(para("x" * 20_000))))


def test_no_entity_of_a_file_is_followed(back, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    head = f'<!DOCTYPE a [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    body = docx(para("The ", put_in("PLACE")))
    with zipfile.ZipFile(tmp_path / "in.docx", "w") as made:
        for name in zipfile.ZipFile(io.BytesIO(body)).namelist():
            data = zipfile.ZipFile(io.BytesIO(body)).read(name).decode()
            made.writestr(
                name,
                head + data.replace("PLACE", "&s;")
                if "document.xml" in name and "rels" not in name
                else data,
            )
    found, _ = back((tmp_path / "in.docx").read_bytes())
    assert not any("secret" in (r.replacement or "") for r in found.remarks)


WORDS = st.text("abc xyz é", max_size=9)


@given(st.lists(st.tuples(st.sampled_from(["as it was", "put in", "taken out"]), WORDS)))
def test_the_text_of_a_story_is_the_text_that_was_sent(pieces):
    """Whatever is put in is not of it, whatever is taken out still is."""
    makers = {"as it was": run, "put in": put_in, "taken out": taken_out}
    body = para(*(makers[kind](words) for kind, words in pieces))
    (story,) = stories(Package(docx(body)))
    sent = "".join(words for kind, words in pieces if kind != "put in")
    assert story.text == sent + "\n"
    for change in story.changes:
        if change.done == "taken out":
            assert story.text[change.start : change.end] == change.words
        else:
            assert change.start == change.end
