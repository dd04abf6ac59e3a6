"""Changes made in chapters."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from manuscripts import NASTY

from geppetto import pandoc
from geppetto.review.kept import applying
from geppetto.review.kept.applying import Proposal, UnfitError
from geppetto.review.kept.literal import has_paragraphs, visible
from geppetto.review.kept.texts import Text

TEXT = "---\ntitle: A dream\n---\n\nA piece of \\*wood\\* and `code` in [a](x.md) shop.\nOne line.\nAnother.\n"


def _change(old, new, text=TEXT, **how):
    start = text.index(old)
    return applying.change(
        Text(text), Proposal("1", start, start + len(old), new, **how)
    ).content.decode()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("piece", "block", "A block of"),
        ("piece", "*block*", r"A \*block\* of"),
        ("piece", "a_b __c__", r"A a_b \_\_c\_\_ of"),
        ("piece ", "", "A of \\*wood"),
        ("piece", "", "A of \\*wood"),
        ("*wood\\*", "wood", "of wood and"),
        ("code", "a*b", "`a*b` in"),
        (" in [a](x.md)", "", "`code` shop."),
        ("One line.\n", "1. line\n", "shop.\n1\\. line Another."),
        ("One line.", "", "shop.\nAnother."),
        (" shop.", "", "[a](x.md)\nOne"),
    ],
)
def test_how_a_change_is_written(old, new, expected):
    """Escaped where Markdown would take it for its own; a blank goes with what is taken out."""
    assert expected in _change(old, new)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("x.md", "y.md", "It stands within markup, or in the YAML block."),
        ("dream", "sleep", "It stands within markup, or in the YAML block."),
        ("code", "`", "The words cannot stand in code as they are."),
        ("piece", "a\n\nb", "It brings more than one paragraph."),
    ],
)
def test_where_no_change_can_be_made(old, new, why):
    """It is said why, and what to do."""
    with pytest.raises(UnfitError) as caught:
        _change(old, new)
    assert caught.value.why == why
    assert caught.value.remedy


def test_a_word_at_a_caret_is_parted_from_the_word_beside_it():
    at = TEXT.index(" of \\*")
    assert (
        "A piece large of"
        in applying.change(Text(TEXT), Proposal("1", at, at, "large", spaced=True)).content.decode()
    )
    at = TEXT.index("piece")
    assert (
        "A large piece"
        in applying.change(Text(TEXT), Proposal("1", at, at, "large", spaced=True)).content.decode()
    )
    assert (
        "A largepiece"
        in applying.change(Text(TEXT), Proposal("1", at, at, "large")).content.decode()
    )
    assert (
        "A pixece"
        in applying.change(
            Text(TEXT), Proposal("1", at + 2, at + 2, "x", spaced=True)
        ).content.decode()
    )


def test_the_mark_of_the_remark_goes_and_that_of_another_stays_or_forbids_it():
    marked = "A {~~piece~>block~~}{>>Ann (remark 1): x<<}{>>Bob (remark 2): y<<} of wood.\n"
    start = "A piece of wood.\n".index("piece")
    made = applying.change(Text(marked), Proposal("1", start, start + 5, "block"))
    assert made.content.decode() == "A block{>>Bob (remark 2): y<<} of wood.\n"
    with pytest.raises(UnfitError) as caught:
        applying.change(Text(marked), Proposal("1", 0, start + 7, "The"))
    assert "insert --remove" in caught.value.remedy


@pytest.mark.tools
def test_a_quotation_mark_after_a_blank_closes_no_quotation():
    """Pandoc would take it for the end of one, and the blank would be lost."""
    for words in ["'~<1 '@", '"a "b', "'a ' b", "“a” \"', b", "rock ' roll's '"]:
        made = _made("1. {} so it goes", words)
        blocks, _ = pandoc.read({"-": made.before, "+": made.after})
        assert applying.holds(blocks["-"], blocks["+"], made.words, PLACE), made.after
    assert _made("A {}", "'quoted' and \"this\"").after == "A 'quoted' and \"this\""


def test_line_ends_and_the_byte_order_mark_stay():
    text = "\ufeffOne piece\r\nof wood\nand\r\nmore.\r\n"
    read = Text(text).read
    start = read.index("wood")
    made = applying.change(Text(text), Proposal("1", start, start + 4, "oak"))
    assert made.content.decode() == text.replace("wood", "oak")


FRAMES = [
    "Before {} after.",
    "{} after",
    "Before {}",
    "Before,{}.",
    "- item {}\n- {}x",
    "> {} quoted",
    "# Head {} ing",
    "# Head {}",
    "*{}*",
    "**strong {}** a",
    "[{}](x.md)",
    "a[^1]\n\n[^1]: {} note",
    "| a | b |\n|---|---|\n| {} | c |\n",
    "1. {}",
    "Term\n\n:   {}",
    "Line\n{}\nline",
    "“{}” and '{}' twice",
    "::: {{.x}}\n{}\n:::",
]
PLACE = "QQQ"


def _made(frame, words):
    """Give a change of a frame's place, None where it is refused."""
    source = frame.format(*[PLACE] * frame.count("{}")).replace("{{", "{").replace("}}", "}")
    words = visible(words).strip() if "*" in frame else words  # emphasis has no blank at its ends
    start = source.index(PLACE)
    try:
        return applying.change(Text(source), Proposal("1", start, start + len(PLACE), words))
    except UnfitError:
        return None


WORDS = NASTY.filter(lambda words: visible(words) and not has_paragraphs(words))


@pytest.mark.tools
@settings(
    max_examples=12, phases=[Phase.explicit, Phase.generate]
)  # what fails is one of many, as it is
@given(st.lists(st.tuples(st.sampled_from(FRAMES), WORDS), min_size=40, max_size=60))
def test_words_that_are_put_in_are_read_as_they_are(cases):
    """Whatever a reviewer wrote, Pandoc reads it as words, and all else as it was."""
    made = {f"{n}": (frame, words, _made(frame, words)) for n, (frame, words) in enumerate(cases)}
    texts = {}
    for name, (_, _, one) in made.items():
        if one is not None:
            texts |= {f"{name}-": one.before, f"{name}+": one.after}
    blocks, faults = pandoc.read(texts)
    assert not [f for f in faults if f.is_error]
    for name, (frame, words, one) in made.items():
        assert one is not None, (frame, words)
        before, after = blocks[f"{name}-"], blocks[f"{name}+"]
        assert applying.holds(before, after, one.words, PLACE), (frame, words, one.after)


@pytest.mark.tools
def test_a_change_that_makes_something_else_of_the_text_is_noticed():
    """A list, a heading, a hard line break or lost emphasis is no plain change of words."""
    cases = {
        "a": ("The - item", "- item", ""),
        "b": ("*word*", "**", ""),
        "c": ("One two\nthree", "One  \nthree", "two"),
        "d": ("One word.", "One *new*.", "new"),
        "e": ("One word.", "Two new.", "new"),
        "f": ("[a](x)", "[b](y)", "b"),
        "g": ("One word.", "One new.", "new"),
        "h": ("One **word**.", "One new.", "new"),
    }
    texts = {f"{n}{k}": text for n, case in cases.items() for k, text in enumerate(case[:2])}
    blocks, _ = pandoc.read(texts)
    held = {
        n
        for n, case in cases.items()
        if applying.holds(blocks[f"{n}0"], blocks[f"{n}1"], case[2], "**word**")
    }
    assert held == {"g", "h"}
    assert not applying.holds(blocks["h0"], blocks["h1"], "new", "word")
