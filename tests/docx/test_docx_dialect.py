"""What Pandoc is given: pure changes of the tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import ast, sourcemap
from geppetto.docx import dialect, marks, notes


def _prepared(blocks, *, names=None, images=None, **more):
    frame = dialect.Frame(names or {}, images or {})
    given = sourcemap.marked(blocks) if more.get("stops") else blocks
    return dialect.prepare(given, frame, **more), frame


def _style(node):
    return ast.keyvals(node["c"][0]).get("custom-style")


def _header(level=1, **pairs):
    return {"t": "Header", "c": [level, ast.attr("h", [], **pairs), ast.text("Title")]}


def test_a_number_stands_before_the_title():
    [made], _ = _prepared([_header(2, number="3.2")], names={"h": "h_1"})
    level, attributes, inlines = made["c"]
    assert (level, attributes) == (2, ["h_1", [], []])
    assert _style(inlines[0]) == "Section Number"
    assert ast.stringify(inlines).replace("\u2002", " ") == "3.2 Title"


def test_an_appendix_has_its_word():
    [made], _ = _prepared([_header(number="A")], appendix="Appendix")
    assert ast.stringify(made["c"][2]).startswith("Appendix A")


def _image(attributes, words="described", target="a.png"):
    return {"t": "Image", "c": [attributes, ast.text(words), [target, ""]]}


def test_an_image_has_its_alternative_text():
    image = _image(ast.attr("", [], alt="Said", width="3cm", onclick="x"))
    [made], _ = _prepared([ast.plain([image])], images={"a.png": "a-1.png"})
    attributes, words, target = made["c"][0]["c"]
    assert (ast.stringify(words), target[0]) == ("Said", "a-1.png")
    assert attributes[2] == [["width", "3cm"]]


def test_a_decorative_image_says_nothing():
    image = _image(ast.attr("", ["decorative"]))
    [made], _ = _prepared([ast.plain([image])], images={"a.png": "a-1.png"})
    _, words, target = made["c"][0]["c"]
    assert (words, target) == ([], ["a-1.png", marks.DECORATIVE])


def test_an_image_that_is_not_there_is_a_mark():
    [made], _ = _prepared([ast.plain([_image(ast.attr())])])
    assert _style(made["c"][0]) == "Fault Mark"
    assert ast.stringify(made) == "[described]"


def test_an_image_alone_stands_in_the_middle():
    [made], _ = _prepared([ast.para([_image(ast.attr())])], images={"a.png": "a-1.png"})
    assert _style(made) == "Figure"


@pytest.mark.parametrize("form", ["latex", "html", "openxml", "tex", "docx"])
def test_an_authors_text_for_other_formats_is_left_out(form):
    """Above all OpenXML of an author's own: it could be anything."""
    blocks = [ast.raw_block(form, "<w:p/>"), ast.para([ast.raw_inline(form, "x"), *ast.text("b")])]
    [made], _ = _prepared(blocks)
    assert made["c"] == ast.text("b")


def test_a_link_leads_to_a_bookmark_or_is_text():
    links = [ast.link(ast.text("a"), "#in"), ast.link(ast.text("b"), "#out")]
    [made], frame = _prepared([ast.plain(links)], names={"in": "in_1"})
    inside, outside = made["c"]
    assert inside["c"][2][0] == "#in_1"
    assert outside["t"] == "Span"
    assert not frame.links


@pytest.mark.parametrize("target", ["javascript:x", "file:///etc/passwd", "ftp://a", "b.docx"])
def test_no_link_leads_to_a_file_or_a_program(target):
    [made], frame = _prepared([ast.plain([ast.link(ast.text("a"), target)])])
    assert made["c"][0]["t"] == "Span"
    assert frame.links == [target]


def test_what_no_address_may_hold_is_spelled():
    """Word takes a package for broken in which a relationship's target is no URI."""
    target = r"https://e.org/a b\c%20d%b|é"
    [made], _ = _prepared([ast.plain([ast.link(ast.text("a"), target)])])
    assert made["c"][0]["c"][2][0] == "https://e.org/a%20b%5Cc%20d%25b%7Cé"


def test_a_link_does_not_stand_in_a_link():
    inner = ast.link(ast.text("b"), "https://b.org")
    [made], _ = _prepared([ast.plain([ast.link([inner], "https://a.org")])])
    assert [n["t"] for n in ast.nodes(made, {"Link"})] == ["Link"]
    assert ast.stringify(made) == "b"


def _equation():
    math = {"t": "Math", "c": [{"t": "DisplayMath"}, "x"]}
    return ast.span([math], ["eq:x", ["equation"], [["number", "1.2"]]])


def test_a_numbered_equation_has_a_line_of_its_own():
    words = [*ast.text("before"), {"t": "Space"}, _equation(), {"t": "Space"}, *ast.text("after")]
    made, _ = _prepared([ast.para(words)], names={"eq:x": "eq_x"})
    before, equation, after = made
    assert ast.stringify(before) == "before"
    assert equation["c"][0][0] == "eq_x"
    assert [_style(one) for one in equation["c"][1]] == ["Equation", "Equation Number"]
    assert ast.stringify(equation["c"][1][1]) == "(1.2)"
    assert (_style(after), ast.stringify(after)) == ("First Paragraph", "after")


def test_an_equation_alone_leaves_no_empty_paragraphs():
    made, _ = _prepared([ast.para([_equation()])])
    assert len(made) == 1


def test_a_callout_ends_with_its_rule():
    title = ast.div([ast.plain(ast.text("Note"))], ast.attr("", ["callout-title"]))
    callout = ast.div([title, ast.para(ast.text("Text."))], ast.attr("", ["callout"]))
    [made], _ = _prepared([callout])
    assert _style(made) == "Callout"
    assert _style(made["c"][1][0]) == "Callout Title"
    assert "CalloutEnd" in made["c"][1][-1]["c"][1]


def test_a_listing_has_its_caption_before_it():
    caption = ast.div([ast.plain(ast.text("Cap"))], ast.attr("", ["caption"]))
    code = {"t": "CodeBlock", "c": [ast.attr("", ["c"]), "x"]}
    attributes = ast.attr("l", ["listing"], label="Listing", number="1.1")
    [made], _ = _prepared([ast.div([caption, code], attributes)])
    head, body = made["c"][1]
    assert (_style(head), body["t"]) == ("Listing Caption", "CodeBlock")
    assert ast.stringify(head) == "Listing\u00a01.1 Cap"


def test_a_subfigure_has_its_number_alone():
    attributes = ast.attr("f", [], label="", number="2.1a")
    figure = {"t": "Figure", "c": [attributes, [None, [ast.plain(ast.text("Left"))]], []]}
    [made], _ = _prepared([figure])
    assert ast.stringify(made["c"][1][1]) == "2.1a Left"


def test_right_to_left_follows_from_the_language():
    div = ast.div([ast.para(ast.text("x"))], ast.attr("", [], lang="he"))
    [made], _ = _prepared([div])
    assert ["dir", "rtl"] in made["c"][0][2]


def _note(*blocks):
    return {"t": "Note", "c": list(blocks)}


def test_a_note_in_a_note_goes_to_its_end():
    """Word has no notes in notes: what it says stands behind an asterisk."""
    inner = _note(ast.para(ast.text("inner")))
    flat = notes.flat([ast.para([*ast.text("outer"), inner]), ast.para(ast.text("more"))])
    assert [ast.stringify(block) for block in flat] == ["outer*", "more", "* inner"]
    assert not list(ast.nodes(flat, {"Note"}))


@given(st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_no_note_is_lost_in_notes(shape):
    """However deep they stand, all their words are there, once."""
    count = 0

    def built(children):
        nonlocal count
        count += 1
        word = f"w{count}."
        return _note(ast.para([*ast.text(word), *map(built, children)]))

    [made], _ = _prepared([ast.para([built(shape)])])
    [note] = ast.nodes(made, {"Note"})
    said = "".join(ast.stringify(block) for block in note["c"])
    assert not list(ast.nodes(note["c"], {"Note"}))
    assert all(said.count(f"w{n}.") == 1 for n in range(1, count + 1))


def test_stops_are_marked_only_where_they_are_wanted():
    blocks = [_header(), ast.para(ast.text("x")), {"t": "CodeBlock", "c": [ast.attr(), "c"]}]
    plain, _ = _prepared(blocks)
    marked, _ = _prepared(blocks, stops=7)
    assert not [n for n in ast.nodes(plain) if n["t"] in ast.RAW]
    said = [n["c"][1] for n in ast.nodes(marked) if n["t"] in ast.RAW]
    assert said == [f"<?geppetto stop 7 {n}?>" for n in (1, 2, 3)]


def test_an_authors_own_stop_is_none():
    """`{=geppetto-stop}` in a chapter is text for a format that no edition has."""
    blocks = [ast.para([ast.raw_inline("geppetto-stop", "?><w:p/>"), *ast.text("x")])]
    [made], _ = _prepared(blocks, stops=1)
    assert [n["c"][1] for n in made["c"] if n["t"] == "RawInline"] == ["<?geppetto stop 1 1?>"]
