"""The pages of print in the EPUB: each mark before the first word of its page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from geppetto.epub import pagelist, spots
from geppetto.epub.pages import Page
from geppetto.pagemap.printed import Printed

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Some title words</title></head>'
    '<body><section class="chapter">'
)
FOOT = "</section></body></html>"
MARK = re.compile(
    r'<span epub:type="pagebreak" role="doc-pagebreak" id="[^"]*" aria-label="([^"]*)"></span>'
)


def _page(body, name="text/1.xhtml"):
    return Page(name, "A title", f"{HEAD}{body}{FOOT}")


def _printed(*texts):
    """Give printed pages, numbered from 1, each with a running head and a folio."""
    return [
        Printed(str(number), f"{text}\n{number} The Running Head" if text else "", bool(text))
        for number, text in enumerate(texts, 1)
    ]


def _marked(body, *texts):
    """Give the body with the marks in it, each as [folio]."""
    [page], _, said = pagelist.mark([_page(body)], _printed(*texts))
    assert said == []
    etree.fromstring(page.markup.encode())
    return MARK.sub(r"[\1]", page.markup).removeprefix(HEAD).removesuffix(FOOT)


@pytest.mark.parametrize(
    ("body", "texts", "expected"),
    [
        (
            "<p>One two three. Four five six.</p>",
            ("One two three.", "Four five six."),
            "<p>[1]One two three. [2]Four five six.</p>",
        ),
        (
            "<h1>One two</h1><p>Three four.</p><h2>Five</h2><p>Six seven.</p>",
            ("One two\nThree four.", "Five\nSix seven."),
            "[1]<h1>One two</h1><p>Three four.</p>[2]<h2>Five</h2><p>Six seven.</p>",
        ),
        (
            "<p>One two said: “<em>Three</em> four five.”</p>",
            ("One two said:", "“Three four five.”"),
            "<p>[1]One two said: [2]“<em>Three</em> four five.”</p>",
        ),
        (
            '<p>One two (<a href="#x">Ha and Schmidhuber 2018</a>) three.</p>',
            ("One two (Ha and", "Schmidhuber 2018) three."),
            '<p>[1]One two (<a href="#x">Ha and [2]Schmidhuber 2018</a>) three.</p>',
        ),
        (
            "<ul><li>one two three</li><li>four five six</li></ul>",
            ("• one two three", "• four five six"),
            "<ul><li>[1]one two three</li><li>[2]four five six</li></ul>",
        ),
        (
            '<p>One two three.</p><div class="table"><table><caption>Table 1 Of four</caption>'
            "<thead><tr><th>five</th></tr></thead></table></div>",
            ("One two three.", "Table 1 Of four\nfive"),
            '<p>[1]One two three.</p>[2]<div class="table"><table><caption>Table 1 Of four'
            "</caption><thead><tr><th>five</th></tr></thead></table></div>",
        ),
        (
            "<table><tbody><tr><td>one two</td></tr><tr><td>three four</td></tr></tbody></table>",
            ("one two", "three four"),
            "<table><tbody><tr><td>[1]one two</td></tr>"
            "<tr><td>[2]three four</td></tr></tbody></table>",
        ),
        (
            "<p>天地玄黄宇宙洪荒日月</p>",
            ("天地玄黄", "宇宙洪荒日月"),
            "<p>[1]天地玄黄[2]宇宙洪荒日月</p>",
        ),
        (
            "<p>Of our R&amp;D one two three.</p>",
            ("Of our R&", "D one two three."),
            "<p>[1]Of our R&amp;[2]D one two three.</p>",
        ),
    ],
    ids=[
        "between words",
        "headings",
        "quotes",
        "links",
        "items",
        "table",
        "cells",
        "han",
        "entity",
    ],
)
def test_a_mark_stands_before_the_first_word_of_its_page(body, texts, expected):
    assert _marked(body, *texts) == expected


def test_notes_and_running_heads_are_not_taken_for_the_text():
    """A note stands at the foot in print, and at the end here; its words begin no page."""
    body = (
        "<p>One two three four. Five six seven eight.</p>"
        '<section epub:type="footnotes"><aside><p>1 Two three of the note.</p></aside></section>'
    )
    made = _marked(body, "One two three four.\n1. Two three of the note.", "Five six seven eight.")
    assert made.startswith("<p>[1]One two three four. [2]Five six seven eight.</p>")


FIGURE = (
    '<figure><img src="a.png" alt="x"/><figcaption>Figure 1 A whale below</figcaption></figure>'
)


def test_a_figure_at_the_head_of_a_page_belongs_to_it():
    body = f"<p>One two three.</p>{FIGURE}<p>Four five six.</p>"
    made = _marked(body, "One two three.", "Figure 1 A whale below\nFour five six.")
    assert made == f"<p>[1]One two three.</p>[2]{FIGURE}<p>Four five six.</p>"


def test_a_figure_that_floated_does_not_move_the_mark():
    """Print has it at the head of the page, the EPUB behind words of that page."""
    body = f"<p>One two three. Four five six.</p>{FIGURE}<p>Seven eight.</p>"
    made = _marked(body, "One two three.", "Figure 1 A whale below\nFour five six.\nSeven eight.")
    assert made.startswith("<p>[1]One two three. [2]Four five six.</p>")


def test_a_page_with_a_figure_alone_begins_at_the_figure():
    body = f"<p>One two three.</p><p>Four five six.</p>{FIGURE}"
    made = _marked(body, "One two three. Four five six.", "Figure 1 A whale below")
    assert made == f"<p>[1]One two three.</p><p>Four five six.</p>[2]{FIGURE}"


def test_a_formula_at_the_head_of_a_page_belongs_to_it():
    formula = '<p><math display="block"><mi>E</mi><mo>=</mo><mi>m</mi></math></p>'
    made = _marked(
        f"<p>One two three.</p>{formula}<p>Four five.</p>", "One two three.", "E = m\nFour five."
    )
    assert made == (
        '<p>[1]One two three.</p><p>[2]<math display="block"><mi>E</mi><mo>=</mo><mi>m</mi></math>'
        "</p><p>Four five.</p>"
    )


def test_a_page_none_of_whose_words_is_found_begins_where_the_next_does():
    made = _marked("<p>One two three. Four five six.</p>", "One two three.", "ξψ", "Four five six.")
    assert made == "<p>[1]One two three. [2][3]Four five six.</p>"


def test_blank_pages_have_no_mark_and_the_list_leads_to_all_others():
    _, listed, _ = pagelist.mark(
        [_page("<p>One two three.</p>"), _page("<p>Four five.</p>", "text/2.xhtml")],
        _printed("One two three.", "", "Four five."),
    )
    assert [(one.text, one.href) for one in listed] == [
        ("1", "text/1.xhtml#page-1"),
        ("3", "text/2.xhtml#page-3"),
    ]
    assert pagelist.largest(listed) == 3


def test_title_page_and_parts_have_the_folios_of_print():
    """They hold no word of a chapter; the printed page with most of their words is theirs."""
    pages = [
        _page("<h1>A Real Boy</h1><p>An essay</p>", "titlepage.xhtml"),
        _page("<h1>Part One</h1>", "part-1.xhtml"),
        _page("<p>Words of a chapter.</p>"),
    ]
    printed = [
        Printed("i", "A Real Boy", False),
        Printed("ii", "", False),
        Printed("iii", "A Real Boy\nAn essay\n2026", False),
        Printed("1", "Part One", False),
        Printed("3", "Words of a chapter.", True),
    ]
    _, listed, _ = pagelist.mark(pages, printed)
    assert [(one.text, one.href.partition("#")[0]) for one in listed] == [
        ("iii", "titlepage.xhtml"),
        ("1", "part-1.xhtml"),
        ("3", "text/1.xhtml"),
    ]


def test_the_contents_are_found_by_what_a_reader_sees_of_them():
    """The lists that reading systems alone use stand in the same page, unseen, and do not count."""
    hidden = f'<nav hidden="hidden"><h2>Landmarks</h2>{"<p>Cover, title page, pages</p>" * 9}</nav>'
    pages = [_page(f"<nav><h1>Contents</h1><p>1 On measure</p></nav>{hidden}", "nav.xhtml")]
    pages.append(_page("<h1>1 On measure</h1><p>Words of a chapter.</p>"))
    printed = [
        Printed("v", "Contents\n1 On measure 1\nv", False),
        Printed("1", "1\nOn measure\nWords of a chapter.\n1", True),
    ]
    _, listed, _ = pagelist.mark(pages, printed)
    assert [one.text for one in listed] == ["v", "1"]


def test_an_identifier_of_the_authors_is_not_taken():
    [page], listed, _ = pagelist.mark([_page('<p id="page-1">One two.</p>')], _printed("One two."))
    assert listed[0].href == "text/1.xhtml#page-1-2"
    assert page.markup.count('id="page-1"') == 1


WORDS = st.lists(
    st.text("abcdefghij", min_size=2, max_size=6), min_size=6, max_size=60, unique=True
)


@settings(max_examples=40)
@given(WORDS, st.data())
def test_any_text_broken_anywhere_has_each_mark_before_its_first_word(words, data):
    """The marks stand where the pages break, and nothing else of the markup changes."""
    ends = sorted(
        data.draw(st.sets(st.sampled_from(range(3, len(words) - 2)), max_size=4)) | {len(words)}
    )
    starts = [0, *ends[:-1]]
    if any(end - start < 2 for start, end in zip(starts, ends, strict=True)):
        return
    cuts = data.draw(st.sets(st.sampled_from(range(1, len(words))), max_size=5))
    paragraphs = "".join(f"</p><p>{w}" if n in cuts else f" {w}" for n, w in enumerate(words))
    body = f"<p>{paragraphs}</p>"
    texts = [" ".join(words[a:b]) for a, b in zip(starts, ends, strict=True)]
    [page], listed, said = pagelist.mark([_page(body)], _printed(*texts))
    assert said == []
    assert MARK.sub("", page.markup) == _page(body).markup
    following = [
        spots.tokens(re.sub(r"<[^>]*>", " ", after)) for after in MARK.split(page.markup)[2::2]
    ]
    assert [word for word, *_ in following] == [words[start] for start in starts]
    assert [one.text for one in listed] == [str(n) for n in range(1, len(texts) + 1)]
