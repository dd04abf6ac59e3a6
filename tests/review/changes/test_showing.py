"""Marks as editions are to set them: on words, formulas, images and lines of code."""

from __future__ import annotations

import pytest
from changed_trees import Trees
from hypothesis import given, settings
from hypothesis import strategies as st
from marks_read import header, items, numbered, read, table, words

from geppetto.ast import attr, attr_of, keyvals, link, nodes, para, raw_block, text
from geppetto.model.changes import CHANGE, WAS, mark_of
from geppetto.review.changes import showing

STAYS = words("It stays where it is, between the others, and says what it said.")


def shown(old, new):
    return showing.show(numbered(old, new))


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_any_change_can_be_shown(number):
    """Marks are on inlines; what is old has no name; every change has one, once."""
    trees = Trees(number)
    old = trees.blocks()
    made = shown(old, trees.edited(old))
    anchors = []
    for node in nodes(made):
        assert WAS not in node
        mark = mark_of(node)
        if mark is None:
            continue
        assert node["t"] == "Span"
        anchors += [node["c"][0][0]] if node["c"][0][0] else []
        inner = [attr_of(one) for one in nodes(node["c"][1]) if CHANGE not in one]
        if mark.kind.is_old:
            assert not any(a[0] or "number" in keyvals(a) for a in inner if a is not None)
            assert not any(one["t"] in {"Note", "RawInline", "Cite"} for one in nodes(node["c"][1]))
    assert len(anchors) == len(set(anchors))


def test_what_is_nested_as_deeply_as_can_be_read():
    """No recursion ends it."""

    def nested(value):
        made = words(value)
        for _ in range(118):
            made = {"t": "BlockQuote", "c": [made]}
        return [made]

    made = shown(
        nested("A word about wood, and not of tin."), nested("A word about wool, and not of tin.")
    )
    assert read(made) == "A word about [-wood-]{+wool+}, and not of tin.|"


def test_what_was_deleted_takes_no_part_in_the_book():
    """A heading is in no contents, a note has no number, a link leads nowhere, LaTeX is not run."""
    note = {"t": "Note", "c": [words("In a note.")]}
    raw = {"t": "RawInline", "c": ["latex", "\\newpage"]}
    old = [STAYS, header("Gone"), para([*text("See"), link(text("there"), "#id"), note, raw])]
    made = shown(old, [STAYS])
    assert read(made[1:]) == "[-Gone-]|[-Seethere [Note: In a note.]`\\newpage`-]|"
    assert {one["t"] for one in nodes(made)}.isdisjoint({"Header", "Note", "Link", "RawInline"})


def test_new_latex_is_shown_and_set():
    """A reader sees what it says, and what it does."""
    made = shown([STAYS], [STAYS, raw_block("latex", "\\newpage\n\\hrule")])
    assert read(made[1]) == "{+`\\newpage`+}{+`\\hrule`+}"
    assert made[2] == raw_block("latex", "\\newpage\n\\hrule")


def test_code_line_by_line():
    """Blank lines are lines; the identifier stays."""
    old = {"t": "CodeBlock", "c": [attr("old"), "x = 1\n\nend"]}
    new = {"t": "CodeBlock", "c": [attr("new"), "x = 2\n\nend"]}
    made = shown([old], [new])
    assert read(made) == "[-`x = 1`-]{+`x = 2`+}` ``end`"
    assert made[0]["c"][0] == ["new", [showing.CODE], []]


def test_numbered_items_keep_their_numbers():
    """One that is gone stands in the item before it, or in the next."""
    decimal = [1, {"t": "Decimal"}, {"t": "Period"}]
    steps = ["The first is to carve", "Then one paints", "And one waits at last"]

    def listed(*values):
        return {"t": "OrderedList", "c": [decimal, items(*values)]}

    middle = shown([listed(*steps)], [listed(steps[0], steps[2])])[0]["c"][1]
    assert [read(item) for item in middle] == [f"{steps[0]}|[-{steps[1]}-]|", f"{steps[2]}|"]
    first = shown([listed(*steps)], [listed(*steps[1:])])[0]["c"][1]
    assert [read(item) for item in first] == [f"[-{steps[0]}-]|{steps[1]}|", f"{steps[2]}|"]
    every = shown([STAYS, listed(*steps)], [STAYS])[1]["c"][1]
    assert len(every) == len(steps)


def test_a_deleted_figure_has_no_number():
    """Its caption says what it was."""
    image = {"t": "Image", "c": [attr(), [], ["a.png", ""]]}
    content = [[None, [words("A nose.")]], [{"t": "Plain", "c": [image]}]]
    figure = {"t": "Figure", "c": [["fig-a", ["wide"], [["number", "1.1"]]], *content]}
    made = shown([figure, STAYS], [STAYS])[0]
    assert made["c"][0] == ["", ["wide"], []]
    assert read(made) == "[-A nose.-]|[-(a.png)-]|"


@pytest.mark.parametrize("kind", ["Math", "Image", "Note"])
def test_what_cannot_stand_with_words_has_a_mark_of_its_own(kind):
    """In one and the same change."""
    content = {
        "Math": [{"t": "DisplayMath"}, "x"],
        "Image": [attr(), [], ["a.png", ""]],
        "Note": [words("A note.")],
    }
    made = shown([], [para([*text("Before"), {"t": kind, "c": content[kind]}, *text("after")])])
    marks = [node for node in made[0]["c"] if mark_of(node)]
    assert [[one["t"] for one in node["c"][1]] for node in marks] == [["Str"], [kind], ["Str"]]
    assert {mark_of(node).number for node in marks} == {1}
    assert [node["c"][0][0] for node in marks] == [showing.anchor(1), "", ""]


def test_both_ends_of_a_move_lead_to_each_other():
    """Where the passage begins, behind the blank before it."""
    moving = "It has a sentence that goes from here to there."
    old = [words(f"The second stays. {moving}"), STAYS, words("The third one is here.")]
    new = [words("The second stays."), STAYS, words(f"The third one is here. {moving}")]
    made = shown(old, new)
    assert read(made[0]) == f"The second stays.[> <][>[1, moved to 2] <][>{moving}<]|"
    links = [node["c"][2][0] for node in nodes(made, {"Link"})]
    assert links == [f"#{showing.anchor(2)}", f"#{showing.anchor(1)}"]


def test_a_rule_between_scenes_and_verse_and_tables():
    """Each shows that it is new."""
    verse = {"t": "LineBlock", "c": [text("One line"), text("and one")]}
    made = shown([STAYS], [STAYS, {"t": "HorizontalRule"}, verse, table(("A", ""), ("1", "2"))])
    assert read(made[1:]) == "{+* * *+}|{+One line+}{+and one+}{+A+}|{+1+}|{+2+}|"
