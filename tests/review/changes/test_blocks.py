"""What changed within each kind of block and inline, as a reader is to see it."""

from __future__ import annotations

import pytest
from marks_read import compare, header, items, read, table, words

from geppetto.ast import attr, link, para, span, text
from geppetto.review.changes import blocks, tokens

LONG = "The marionette told the truth on Monday, and nobody in the village believed a word of it."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("A quick fox.", "A slow fox.", "A [-quick-]{+slow+} fox.|"),
        ("A fox, and a dog.", "A fox and a dog.", "A fox[-,-] and a dog.|"),
        ("One word here now.", "One word more here now.", "One word {+more +}here now.|"),
        ("Truth. It is so. And more.", "Truth. And more.", "Truth.[- It is so.-] And more.|"),
        ("He does not see it.", "He doesn’t see it.", "He [-does not-]{+doesn’t+} see it.|"),
        ("木偶說了真話在村裏", "木偶說了謊話在村裏", "木偶說了[-真-]{+謊+}話在村裏|"),
    ],
    ids=["word", "sign", "word put in", "sentence", "apostrophe", "signs that are words"],
)
def test_words(old, new, expected):
    """Words are compared with words, signs by themselves; what goes begins with a sentence."""
    assert compare([words(old)], [words(new)]) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("don’t.", ["don’t", "."]),
        ("self-made", ["self", "-", "made"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("किताब", ["किताब"]),
        ("👍🏽👩\u200d🚀!", ["👍🏽", "👩\u200d🚀", "!"]),
        ("木偶x", ["木", "偶", "x"]),
    ],
    ids=["apostrophe", "hyphen", "accent", "vowel signs", "emoji", "signs that are words"],
)
def test_nothing_is_taken_apart_that_is_one(word, expected):
    """What is set as one stays one."""
    assert tokens.pieces(word) == expected


def test_what_is_too_short_to_be_read_between_changes_is_part_of_them():
    """A comma between two changed words does not stay alone."""
    found = compare([words(f"{LONG} red, green end")], [words(f"{LONG} blue, white end")])
    assert found == f"{LONG} [-red, green-]{{+blue, white+}} end|"


def test_a_paragraph_that_would_take_for_ever():
    """The same word a hundred thousand times, with others between: what is the same at its ends is found."""
    many = ["a"] * 50_000
    old = {"t": "Str", "c": "木".join(many)}
    new = {"t": "Str", "c": "木".join([*many[:100], "b", *many])}
    made = blocks.pair(para([old]), para([new]))
    assert read(made).count("{+") == 1


def test_a_paragraph_that_came_and_one_that_went():
    """They are marked whole; the others are found again."""
    old = [words(LONG), words("This one goes away entirely."), words("The last of all.")]
    new = [words("Something else stands first."), words(LONG), words("The last of all.")]
    expected = (
        "{+Something else stands first.|+}"
        f"{LONG}|[-This one goes away entirely.|-]The last of all.|"
    )
    assert compare(old, new) == expected


def test_what_stands_in_both_as_it_is_is_never_taken_for_something_else():
    """The first paragraph went to the end: the one that stood there is not it, reworded."""
    first, second = words(LONG), words(LONG.replace("Monday", "Tuesday"))
    assert compare([first, second], [second, first]).count("{+") == 1


def test_the_same_words_with_other_markup():
    """It is a change, though no word is another."""
    old = [para([*text("Very"), {"t": "Space"}, {"t": "Emph", "c": text("loud")}])]
    new = [para([*text("Very"), {"t": "Space"}, {"t": "Strong", "c": text("loud")}])]
    assert compare(old, new) == "Very [-loud-]{+loud+}|"


def test_words_within_markup_that_stays():
    """Only they are marked."""
    old = [para([{"t": "Emph", "c": text("a very loud noise")}])]
    new = [para([{"t": "Emph", "c": text("a very long noise")}])]
    assert compare(old, new) == "a very [-loud-]{+long+} noise|"


def test_a_note():
    """What changed in it is marked in it."""
    old = [para([*text("Here"), {"t": "Note", "c": [words("Of wood and of paint.")]}])]
    new = [para([*text("Here"), {"t": "Note", "c": [words("Of wood and of varnish.")]}])]
    assert compare(old, new) == "Here^Of wood and of [-paint-]{+varnish+}.|^|"


def _cite(key, words):
    citation = {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 1,
        "citationHash": 0,
    }
    return para([*text("As said"), {"t": "Space"}, {"t": "Cite", "c": [[citation], text(words)]}])


def test_a_citation():
    """It shows its text; that of another work is another, whatever of its words is the same."""
    assert compare([_cite("eco", "(Eco 1979)")], [_cite("calvino", "(Calvino 1979)")]) == (
        "As said [-(Eco 1979)-]{+(Calvino 1979)+}|"
    )


def test_numbers_that_are_counted_are_no_change():
    """A citation's, a cross-reference's, a heading's: they follow from a change elsewhere."""
    xref = ["", ["xref"], []]
    old = [
        _cite("eco", "[3]"),
        para([link(text("Figure 2.1"), "#fig-a", xref)]),
        header("Wood", number="2.1", name="wood"),
    ]
    new = [
        _cite("eco", "[4]"),
        para([link(text("Figure 3.2"), "#fig-a", xref)]),
        header("Wood", number="3.2", name="wood-2"),
    ]
    assert "{+" not in compare(old, new)
    assert "Figure 3.2" in compare(old, new)


def test_headings():
    """Words within one; one of another level is another."""
    assert compare([header("A heading")], [header("A good heading")]) == "A {+good +}heading|"
    assert compare([header("Old")], [header("Old", 3)]) == "[-Old-]|{+Old+}|"


def test_items_of_lists():
    """Each is marked whole, or within."""
    old = [{"t": "BulletList", "c": items("One item", "Two items of wood", "Three")}]
    new = [{"t": "BulletList", "c": items("One item", "Two items of tin", "Four more")}]
    assert compare(old, new) == ("One item|Two items of [-wood-]{+tin+}|[-Three|-]{+Four more|+}")


def test_terms_and_what_they_mean():
    """A definition belongs to its term, whatever it says now."""
    old = [{"t": "DefinitionList", "c": [[text("Puppet"), [[words("Of strings.")]]]]}]
    new = [{"t": "DefinitionList", "c": [[text("Puppet"), [[words("A hand, rather.")]]]]}]
    assert read(blocks.compare(old, new)).startswith("Puppet[-Of strings.|-]")


def test_verse():
    """Line by line."""
    old = [{"t": "LineBlock", "c": [text("The first line"), text("The second line")]}]
    new = [
        {"t": "LineBlock", "c": [text("The first line"), text("Another"), text("The second one")]}
    ]
    assert compare(old, new) == "The first line{+Another+}The second [-line-]{+one+}"


def test_code():
    """Both blocks are kept; their lines are compared when they are shown."""
    old = {"t": "CodeBlock", "c": [attr("", ["python"]), "x = 1\nreturn x"]}
    new = {"t": "CodeBlock", "c": [attr("", ["python"]), "x = 2\nreturn x"]}
    assert compare([old], [new]) == "{~`x = 1\nreturn x`|~`x = 2\nreturn x`|~}"


def test_formulas_images_and_raw_text_are_whole():
    """What is new stands beside what is old."""
    math = [{"t": "Math", "c": [{"t": "InlineMath"}, source]} for source in ("a^2", "b^2")]
    both = [para([*text("With it"), {"t": "Space"}, one]) for one in math]
    assert compare(both[:1], both[1:]) == "With it [-`a^2`-]{+`b^2`+}|"


def test_the_cells_and_rows_of_tables():
    """Where the columns are the same; else the whole old table and the whole new."""
    old = table(("Name", "Wood"), ("Pinocchio", "pine"), ("Lucignolo", "ash"))
    new = table(("Name", "Wood"), ("Pinocchio", "oak"), ("Fairy", "none"))
    assert compare([old], [new]) == (
        "Name|Wood|Pinocchio|[-pine-]{+oak+}|[-Lucignolo|-][-ash|-]{+Fairy|+}{+none|+}"
    )
    wider = table(("Name", "Wood", "Length"), ("Pinocchio", "pine", "12"))
    assert compare([old], [wider]).count("[-") == 1


def test_a_table_with_tall_cells_keeps_its_grid():
    """Rows neither come nor go in it: a row more makes it another table."""
    old, new = (table(("A", "B"), ("one", "two"), ("three", word)) for word in ("four", "five"))
    for one in (old, new):
        one["c"][4][0][3][0][1][0][2] = 2
    assert compare([old], [new]) == "A|B|one|two|three|[-four-]{+five+}|"
    taller = table(("A", "B"), ("one", "two"), ("three", "four"), ("and", "more"))
    taller["c"][4][0][3][0][1][0][2] = 2
    assert compare([old], [taller]).startswith("[-A|B|")


def test_entries_of_the_bibliography_are_known_by_their_keys():
    """However alike two are, they are of two works."""
    entries = [
        {
            "t": "Div",
            "c": [attr(f"ref-eco{year}", ["csl-entry"]), [words(f"Eco, Umberto. {year}.")]],
        }
        for year in ("1979", "1980")
    ]
    assert compare(entries[:1], entries[1:]) == "[-Eco, Umberto. 1979.|-]{+Eco, Umberto. 1980.|+}"


def test_an_equation_stays_one():
    """Its number is the new book's; its formula is marked in it."""
    old, new = (
        para(
            [
                span(
                    [{"t": "Math", "c": [{"t": "DisplayMath"}, s]}],
                    attr("eq", ["equation"], number=n),
                )
            ]
        )
        for s, n in (("a", "1.1"), ("b", "1.2"))
    )
    made = blocks.pair(old, new)[0]["c"][0]
    assert made["c"][0] == ["eq", ["equation"], [["number", "1.2"]]]
    assert read(made) == "[-`a`-]{+`b`+}"
