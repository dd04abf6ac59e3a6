"""The pure steps from Pandoc's tree and HTML to pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto import ast
from geppetto.epub import allowed, balance, dialect, finish, rawhtml, xhtml
from geppetto.epub.characters import NOTE, names
from geppetto.epub.xhtml import XHTML

SEVERAL = st.lists(st.text(min_size=1, max_size=12), max_size=12)


def _prepare(blocks, **values):
    given_values = {"appendix": None, "images": {}, "tidy": lambda fragment: fragment, **values}
    return dialect.prepare(blocks, **given_values)


def _page(markup, *, raw=True, homes=None):
    tree, removed = xhtml.parse(markup, raw=raw)
    finish.structure(tree)
    homes = homes or {}
    removed += finish.connect(tree, finish.Targets("a.xhtml", homes, names(homes)))
    return xhtml.inside(tree), removed


def _well_formed(inside):
    return etree.fromstring(f'<div xmlns="{xhtml.XHTML}" xmlns:epub="{xhtml.OPS}">{inside}</div>')


@given(SEVERAL)
def test_names_are_xml_names_and_distinct(identifiers):
    """Every identifier has an NCName of its own."""
    mapped = names(identifiers)
    assert len(set(mapped.values())) == len(set(identifiers))
    for name in mapped.values():
        assert etree.fromstring(f'<a xml:id="{name}"/>') is not None


def test_names_keep_notes_apart():
    """An author's identifier never takes the name of a generated note."""
    mapped = names(["note-1", f"{NOTE}1", "fig:x", "fig-x"])
    assert mapped == {
        "note-1": "id-note-1",
        f"{NOTE}1": "note-1",
        "fig:x": "fig-x",
        "fig-x": "fig-x-2",
    }


@given(st.text())
def test_any_html_comes_out_well_formed(fragment):
    """Whatever an author writes as HTML, the page is well-formed XML."""
    tidied, _ = rawhtml.tidy(fragment, lambda source: source)
    inside, _ = _page(f"<p>before</p>{tidied}<p>after</p>")
    text = "".join(_well_formed(inside).itertext())
    assert "before" in text
    assert "after" in text


@given(st.lists(st.sampled_from([
    "<b>", "</b>", "<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "<ul>",
    "<li>", "</ul>", "word", "&", "<!-- a -- b -->", "<script>", "</script>", "<svg>", "</svg>",
    "<title>", "<h2>", "</h2>", "<a href='#x'>", "</a>", "<figure>", "<figcaption>", "<BR>",
]), max_size=14))  # fmt: skip
def test_tangled_tags_come_out_well_formed(pieces):
    """Tags in any order make a well-formed page that keeps what follows them."""
    tidied, _ = rawhtml.tidy("".join(pieces), lambda source: source)
    inside, _ = _page(f"{tidied}<p>after</p>")
    assert "after" in "".join(_well_formed(inside).itertext())


@pytest.mark.parametrize(
    ("fragment", "expected", "removed"),
    [
        ("a & b", "a &amp; b", []),
        ("<!-- a -- b --->x", "x", []),
        ("<BR CLEAR=all>x", "<br/>x", []),
        ("<center>x</center>", '<div style="text-align: center">x</div>', []),
        ('<p onclick="f()">x</p>', "<p>x</p>", ["p onclick"]),
        ('x<script>alert("&")</script>y', "xy", ["script"]),
        ("<iframe src='u'>in</iframe>", "in", ["iframe"]),
        ("<title>kept", "kept", ["title"]),
        ("<textarea>kept", "kept", ["textarea"]),
        ('<a href="javascript:f()">x</a>', "<span>x</span>", ["a javascript:f()"]),
        ('<a href="data:text/html,x">x</a>', "<span>x</span>", ["a data:text/html,x"]),
        ("<ul>text<li>one</ul>", "<div>text<div>one</div></div>", []),
        ("<span><div>x</div></span>", "<div><div>x</div></div>", []),
        ("<h2>a<div>b</div></h2>", '<h2>a<span style="display: block">b</span></h2>', []),
        ("<o:p>Word</o:p>", "Word", []),
        ('<p id="a">1</p><p id="a">2</p>', '<p id="a">1</p><p>2</p>', []),
        ('<p style="position: fixed; color: red">x</p>', '<p style="color: red">x</p>', []),
        ('<p lang="el">x</p>', '<p lang="el" xml:lang="el">x</p>', []),
    ],
)
def test_raw_html_becomes_valid_xhtml(fragment, expected, removed):
    """Each custom of old or careless HTML has one outcome."""
    tidied, gone = rawhtml.tidy(fragment, {}.get)
    inside, more = _page(tidied)
    assert (inside.strip(), gone + more) == (expected, removed)


def test_unclosed_inline_tag_ends_with_its_paragraph():
    """An unclosed <b> does not embolden the rest of the chapter."""
    closed = balance.close_inlines([ast.raw_inline("html", "<b>"), *ast.text("x")])
    assert closed[-1] == ast.raw_inline("html", "</b>")


def test_unclosed_block_ends_before_the_next_heading():
    """An unclosed <center> reaches to the next heading and no further."""
    heading = {"t": "Header", "c": [2, ast.attr("h"), ast.text("H")]}
    blocks = [ast.raw_block("html", "<center>"), ast.para(ast.text("x")), heading]
    assert balance.close_blocks(blocks) == [
        *blocks[:2],
        ast.raw_block("html", "</center>"),
        heading,
    ]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a?b=c&d=[e]|f#g", "https://example.org/a?b=c&d=%5Be%5D%7Cf#g"),
        ("https://münchen.example/ä%", "https://xn--mnchen-3ya.example/%C3%A4%25"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("//example.org/x", "https://example.org/x"),
        ("http://exa mple.org/", None),
        ("data.csv", None),
        ("JavaScript:x", None),
    ],
)
def test_addresses_are_urls_or_refused(href, expected):
    """Outside addresses are valid URLs with a scheme that may stand in a book."""
    assert allowed.address(href) == expected


def test_notes_are_numbered_in_reading_order_and_nested_ones_last():
    """A note in a note comes after those of the text."""
    inner = {"t": "Note", "c": [ast.para(ast.text("inner"))]}
    first = {"t": "Note", "c": [ast.para([*ast.text("first"), inner])]}
    second = {"t": "Note", "c": [ast.para(ast.text("second"))]}
    *_, footnotes = _prepare([ast.para([first, second])])
    assert [ast.stringify(note) for note in footnotes["c"][1]] == ["first3", "second", "inner"]


def test_note_in_a_link_stands_behind_it():
    """Links do not nest."""
    note = {"t": "Note", "c": [ast.para(ast.text("n"))]}
    paragraph, _ = _prepare([ast.para([ast.link([*ast.text("x"), note], "#y")])])
    assert [node["c"][0][1] for node in paragraph["c"]] == [[], ["noteref"]]


def test_captions_carry_label_and_number():
    """A figure says "Figure 2.1" from its own keys."""
    figure = {
        "t": "Figure",
        "c": [ast.attr("f", label="Figure", number="2.1"), [None, [ast.plain(ast.text("C"))]], []],
    }
    [changed] = _prepare([figure])
    assert ast.stringify(changed["c"][1]) == "Figure\u00a02.1 C"
    assert changed["c"][0] == ["f", [], []]


def test_latex_is_left_to_the_pdf():
    """Raw LaTeX never reaches the EPUB."""
    assert _prepare([ast.raw_block("latex", r"\clearpage"), ast.para([])]) == [ast.para([])]


def test_missing_image_is_shown_as_a_fault():
    """An image that could not be packaged leaves its description, marked."""
    image = {"t": "Image", "c": [ast.attr("", alt="A hill"), [], ["x.png", ""]]}
    [paragraph] = _prepare([ast.para([image])])
    assert paragraph["c"] == [ast.span(ast.text("[A hill]"), ast.attr("", ["fault"]))]


def test_formula_has_its_tex_as_alternative_text():
    """MathML says its source to readers who cannot see it."""
    source = (
        f'<math xmlns="{xhtml.MATHML}"><semantics><mi>x</mi>'
        '<annotation encoding="application/x-tex">x &lt; 1</annotation></semantics></math>'
    )
    inside, _ = _page(source, raw=False)
    assert _well_formed(inside)[0].get("alttext") == "x < 1"
    assert "annotation" not in inside


def test_links_lead_to_the_page_of_their_target():
    """A link to another chapter names its file, one that leads nowhere becomes text."""
    markup = '<p id="fig:b"><a href="#sec:a">x</a><a href="#fig:b">y</a><a href="#no">z</a></p>'
    inside, removed = _page(markup, raw=False, homes={"sec:a": "b.xhtml", "fig:b": "a.xhtml"})
    assert 'href="b.xhtml#sec-a"' in inside
    assert 'href="#fig-b"' in inside
    assert removed == ["a #no"]


def test_table_heads_have_a_scope():
    """Header cells say what they head; empty ones are no heads."""
    inside, _ = _page(
        "<table><thead><tr><th></th><th>a</th></tr></thead>"
        "<tbody><tr><th>b</th><td>c</td></tr></tbody></table>",
        raw=False,
    )
    assert inside.count("<th") - inside.count("<thead") == 2
    assert '<th scope="col">a</th>' in inside
    assert '<th scope="row">b</th>' in inside


def _framed(markup):
    root = etree.fromstring(f'<div xmlns="{XHTML}">{markup}</div>')
    finish.structure(root)
    return root


def test_a_table_stands_in_a_frame_that_can_be_moved():
    """What follows the table stays behind it; a wide one can be reached by keys."""
    root = _framed("<table><tr><td>a</td></tr></table>tail")
    assert root[0].get("class") == "table"
    assert root[0].get("tabindex") is None
    assert root[0].tail == "tail"
    assert _framed(f"<table><tr>{'<td>a</td>' * 8}</tr></table>")[0].get("tabindex") == "0"


def test_columns_of_one_width_are_left_to_the_reading_system():
    """Different widths are the author's wish."""
    equal = '<col style="width: 50%"/><col style="width: 50%"/>'
    wished = '<col style="width: 30%"/><col style="width: 70%"/>'
    table = '<table style="width:100%"><colgroup>{}</colgroup><tr><td>a</td><td>b</td></tr></table>'
    free, kept = _framed(table.format(equal))[0][0], _framed(table.format(wished))[0][0]
    assert free.get("style") is None
    assert free.find(f"{{{XHTML}}}colgroup") is None
    assert kept.find(f"{{{XHTML}}}colgroup") is not None


def test_an_authors_mathml_has_alternative_text():
    """Its own words, where it says none: EPUBCheck asks for some (ACC-009)."""
    made, _ = _page('<p><math><mi>x</mi><mo>=</mo></math><math alttext="y"><mi>x</mi></math></p>')
    assert re.findall('alttext="([^"]*)"', made) == ["x=", "y"]


def test_the_notes_of_a_caption_are_not_the_images_too():
    """Pandoc makes the image's description of the caption, notes and all."""
    words = [*ast.text("a"), {"t": "Note", "c": [ast.para(ast.text("n"))]}]
    image = ast.plain([{"t": "Image", "c": [ast.attr(), words, ["x.png", ""]]}])
    figure = {"t": "Figure", "c": [ast.attr(), [None, [ast.plain(words)]], [image]]}
    made = _prepare([figure], images={"x.png": "x.png"})
    assert len(list(ast.nodes(made, {"Link"}))) == 1
