"""Passages carried into later texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geppetto.review.kept.carrying import Fate, carry, carry_in_book
from geppetto.review.kept.offsets import offsets, span

PATH = "chapters/1.md"
TEXT = """# The Dream

Once upon a time there was a piece of wood. It was not an expensive piece of wood,
far from it: just a common block of firewood.

> A king! my little readers will say.

I do not know how this really happened, yet the fact remains that one fine day
this piece of wood found itself in the shop of an old carpenter.
"""


def _passage(words, text=TEXT, path=PATH):
    start = text.index(words)
    return span(path, text, start, start + len(words))


def _read(carried, texts):
    text = texts[carried.span.path]
    return text[slice(*offsets(text, carried.span))]


def _carry(words, new):
    carried = carry(_passage(words), TEXT, new)
    return carried.fate, carried.span and _read(carried, {PATH: new})


def test_an_unchanged_text_leaves_a_passage_where_it_is():
    passage = _passage("expensive piece")
    carried = carry(passage, TEXT, TEXT)
    assert (carried.fate, carried.span) == (Fate.SAME, passage)


@pytest.mark.parametrize(
    ("new", "fate", "words"),
    [
        (TEXT.replace("# The", "A foreword.\n\n# The"), Fate.MOVED, "a common block of firewood"),
        (TEXT.replace("common", "very common"), Fate.CHANGED, "a very common block of firewood"),
        (TEXT.replace("a common", "the common"), Fate.CHANGED, "the common block of firewood"),
        (TEXT.replace("firewood", "timber"), Fate.CHANGED, "a common block of timber"),
        (TEXT.replace(": just a common block of firewood", ""), Fate.GONE, None),
        (TEXT.replace("common block", "common\nblock"), Fate.MOVED, "a common\nblock of firewood"),
        (TEXT.replace("far from it: just", "just"), Fate.MOVED, "a common block of firewood"),
    ],
    ids=["before", "word added", "first word", "last word", "taken out", "line broken", "beside"],
)
def test_what_becomes_of_a_passage(new, fate, words):
    """Edits elsewhere move a passage; edits in it change it; without it, it is gone."""
    assert _carry("a common block of firewood", new) == (fate, words)


def test_one_word_that_was_replaced_is_changed_in_its_place():
    new = TEXT.replace("expensive", "costly")
    assert _carry("expensive", new) == (Fate.CHANGED, "costly")


def test_a_rewritten_paragraph_does_not_hold_a_common_word_by_chance():
    new = TEXT.replace(
        TEXT.split("\n\n")[3], "Nobody remembers when the puppet first opened an eye and blinked."
    )
    assert _carry("the fact remains", new)[0] is Fate.GONE
    assert _carry("the shop", new)[0] is Fate.GONE


def test_a_paragraph_that_stands_elsewhere_in_the_chapter_is_found_there():
    parts = TEXT.split("\n\n")
    new = "\n\n".join([parts[0], parts[3].rstrip("\n"), parts[2], parts[1]]) + "\n"
    for words in ("fact remains", "common block", "A king"):
        fate, read = _carry(words, new)
        assert (fate, read) == (Fate.SAME if words == "A king" else Fate.MOVED, words)


def test_a_sentence_moved_to_another_chapter_is_found_and_its_edit_seen():
    sentence = (
        "It was not an expensive piece of wood,\nfar from it: just a common block of firewood."
    )
    new = {
        PATH: TEXT.replace(sentence, "So it began."),
        "chapters/2.md": f"# Wood\n\nOther words stand here. {sentence} And more.\n",
    }
    carried = carry_in_book(_passage("common block"), {PATH: TEXT}, new)
    assert carried.span.path == "chapters/2.md"
    assert (carried.fate, _read(carried, new)) == (Fate.MOVED, "common block")
    new["chapters/2.md"] = new["chapters/2.md"].replace("common block", "common old block")
    carried = carry_in_book(_passage("common block"), {PATH: TEXT}, new)
    assert (carried.fate, _read(carried, new)) == (Fate.CHANGED, "common old block")


def test_a_chapter_under_another_name_is_known_again():
    new = {"chapters/07-wood.md": TEXT.replace("Once upon", "Once again upon")}
    carried = carry_in_book(_passage("common block"), {PATH: TEXT}, new)
    assert carried.fate is Fate.MOVED
    assert _read(carried, new) == "common block"
    assert carried.span.path == "chapters/07-wood.md"


def test_a_chapter_split_in_two_and_two_chapters_made_one():
    first, second = TEXT.split("> A king!")
    split = {PATH: first, "chapters/2.md": "# Later\n\n> A king!" + second}
    one = {"chapters/all.md": "# All\n\n" + split["chapters/2.md"] + "\n" + first}
    for old, new in (({PATH: TEXT}, split), (split, one)):
        for words in ("common block", "old carpenter", "piece of wood found"):
            path = next(p for p, text in old.items() if words in text)
            carried = carry_in_book(_passage(words, old[path], path), old, new)
            assert carried.fate in {Fate.SAME, Fate.MOVED}
            assert _read(carried, new) == words


def test_an_insertion_goes_with_the_words_at_its_sides():
    at = TEXT.index("expensive")
    point = span(PATH, TEXT, at, at)
    new = TEXT.replace("Once upon", "Once more upon")
    carried = carry(point, TEXT, new)
    assert carried.fate is Fate.MOVED
    assert offsets(new, carried.span) == (new.index("expensive"),) * 2
    new = TEXT.replace("an expensive", "an awfully expensive")
    assert carry(point, TEXT, new).fate is Fate.CHANGED


def test_a_chapter_that_is_gone_takes_its_passages_with_it():
    assert carry_in_book(_passage("common block"), {PATH: TEXT}, {}).fate is Fate.GONE
    assert carry_in_book(_passage("common block"), {}, {PATH: TEXT}).fate is Fate.GONE
    assert carry(_passage("common block"), TEXT, "").fate is Fate.GONE


WORD = st.sampled_from([f"{a}{b}" for a in ("wood", "nose", "tree", "sea") for b in range(40)])
PARAGRAPH = st.lists(st.one_of(WORD, st.sampled_from(["the", "a", "and", "of"])), min_size=3)
TEXTS = st.lists(PARAGRAPH.map(" ".join), min_size=1, max_size=6).map("\n\n".join)


@settings(max_examples=60)
@given(TEXTS, st.data())
def test_edits_elsewhere_never_lead_a_passage_astray(text, data):
    """Marked words, set apart by rare ones, are found at their place after edits outside them."""
    start = data.draw(st.integers(0, len(text)))
    marked = "alpha the beta gamma of delta and epsilon"
    before, after = text[:start] + " ", " " + text[start:]
    old = before + marked + after
    edits = data.draw(st.lists(st.tuples(st.booleans(), st.integers(0, 400), TEXTS), max_size=3))
    for in_front, at, words in edits:
        if in_front:
            before = before[:at] + words + before[min(len(before), at + 20) - 1 :] + " "
        else:
            after = " " + after[:at] + words + after[at + 20 :]
    new = before + marked + after
    passage = span(PATH, old, old.index(marked), old.index(marked) + len(marked))
    carried = carry(passage, old, new)
    assert carried.fate in {Fate.SAME, Fate.MOVED}
    assert offsets(new, carried.span) == (len(before), len(before) + len(marked))


def test_words_that_stand_once_are_found_among_words_that_stand_often():
    """Nothing around them tells where they are, and they say it themselves."""
    marked = "alpha the beta gamma of delta"
    old = f"wood {marked} wood wood wood\n\nwood wood wood\n\nwood wood wood"
    new = f"wood wood wood\n\nwood wood wood\n\nwood {marked} wood wood\n\nwood wood"
    at = old.index(marked)
    carried = carry(span(PATH, old, at, at + len(marked)), old, new)
    assert carried.fate is Fate.MOVED
    assert new[slice(*offsets(new, carried.span))] == marked


@given(TEXTS, st.data())
def test_an_edit_within_a_passage_is_never_taken_for_none(text, data):
    """Whatever is put into the passage, or taken out, it is not said to be the same."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = data.draw(st.integers(start, end))
    cut = data.draw(st.integers(at, end))
    put = data.draw(st.sampled_from(["", "zebra", " zebra ", "z", ", zebra"]))
    new = text[:at] + put + text[cut:]
    carried = carry(span(PATH, text, start, end), text, new)
    if carried.fate in {Fate.SAME, Fate.MOVED}:
        now = new[slice(*offsets(new, carried.span))]
        assert now.split() == text[start:end].split()


@given(TEXTS, TEXTS)
def test_a_passage_is_the_same_only_where_its_words_are(old, new):
    """Between any two texts, a passage that is carried whole reads as it did."""
    for start in range(0, len(old), 7):
        end = min(len(old), start + 9)
        carried = carry(span(PATH, old, start, end), old, new)
        if carried.fate in {Fate.SAME, Fate.MOVED}:
            now = new[slice(*offsets(new, carried.span))]
            assert now.split() == old[start:end].split()


def test_a_very_long_chapter_is_carried():
    """10,000 lines, a word changed in every fiftieth and all lines broken anew: no step is quadratic."""
    lines = [f"Line {n} of the wood that the carpenter of old had found." for n in range(10_000)]
    old = "\n".join(lines)
    new = " ".join(w if n % 50 else f"{w} hewn" for n, w in enumerate(lines)).replace("wood", "log")
    carried = carry(_passage("Line 7777 of the", old), old, new)
    assert _read(carried, {PATH: new}) == "Line 7777 of the"
