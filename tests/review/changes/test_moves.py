"""What moved, and how changes are counted."""

from __future__ import annotations

from marks_read import header, items, numbered, read, words

from geppetto.ast import nodes
from geppetto.model.changes import mark_of
from geppetto.review.changes import numbering
from geppetto.review.changes.numbering import Counts

FIRST = "This is the first paragraph, and it goes to the very end of the chapter."
OTHERS = [
    words("The second stays where it is, of course."),
    words("And so does the third of them."),
]


def test_a_paragraph_that_moved():
    """Both ends know each other's number."""
    made = numbered([words(FIRST), *OTHERS], [*OTHERS, words(FIRST)])
    assert read(made).startswith(f"[>{FIRST}|<]")
    assert read(made).endswith(f"{{>{FIRST}|<}}")
    ends = [mark for node in nodes(made) if (mark := mark_of(node))]
    assert [(mark.number, mark.other) for mark in ends] == [(1, 2), (2, 1)]


def test_a_paragraph_that_moved_and_was_changed_on_the_way():
    """The change is marked where it is now."""
    made = numbered([words(FIRST), *OTHERS], [*OTHERS, words(FIRST.replace("very", "real"))])
    assert "{>This is the first paragraph, and it goes to the [-very-]{+real+} end" in read(made)
    assert numbering.counts(made) == Counts(3, inserted=1, deleted=1, moved=15, first=1)


def test_a_sentence_that_moved():
    """From one paragraph into another."""
    sentence = "It has a sentence that goes."
    old = [words(f"The second stays. {sentence} And more."), words("The third is here.")]
    new = [words("The second stays. And more."), words(f"The third is here. {sentence}")]
    assert read(numbered(old, new)) == (
        f"The second stays. [>{sentence} <]And more.|The third is here.{{> {sentence}<}}|"
    )


def test_a_few_words_have_not_moved():
    """They may be anywhere."""
    old = [words("He said it was so, and left."), words("Nobody heard the marionette.")]
    new = [words("He said it, and left."), words("Nobody was so, heard the marionette.")]
    assert ">" not in read(numbered(old, new))


def test_a_section_and_an_item_that_moved():
    """A heading with it, however short."""
    section = [header("Wood"), words(FIRST)]
    made = read(numbered([*section, *OTHERS], [*OTHERS, *section]))
    assert made.startswith("[>Wood<]|[>")
    listed = ["One of the items of wood", "Two of them, and of tin", "Three, which are of paint"]
    old = [{"t": "BulletList", "c": items(*listed)}]
    new = [{"t": "BulletList", "c": items(*listed[1:], listed[0])}]
    assert read(numbered(old, new)).count(">") == 2


def test_what_stands_together_is_one_change():
    """What went and what came in its stead; paragraphs that came one after another."""
    old = [words("A quick fox runs on and on."), OTHERS[0]]
    new = [words("A slow fox runs on and on."), OTHERS[0], words("Fresh."), words("Fresher.")]
    counts = numbering.counts(numbered(old, new))
    assert counts == Counts(changes=2, inserted=3, deleted=1, moved=0, first=1)


def test_words_of_notes_and_of_code_count():
    """As a reader would count them."""
    note = {"t": "Note", "c": [words("Two words.")]}
    old = [words("It stays."), {"t": "CodeBlock", "c": [["", [], []], "x = 1"]}]
    new = [
        {"t": "Para", "c": [*words("It stays.")["c"], note]},
        {"t": "CodeBlock", "c": [["", [], []], "x = 1\ny = 2"]},
    ]
    assert numbering.counts(numbered(old, new)).inserted == 2 + 3
