"""The pieces of an author's own LaTeX: numbered, marked without harm, replaced."""

from __future__ import annotations

import pytest

from geppetto.ast import attr, div, para, raw_block, raw_inline, span, text
from geppetto.latex import pieces

SPACE = {"t": "Space"}


def math(source):
    return {"t": "Math", "c": [{"t": "InlineMath"}, source]}


def raw(source):
    return raw_inline("latex", source)


def marks(inlines):
    """The marks that come into a paragraph, and where."""
    [block] = pieces.marked([para(inlines)])
    return [n["c"][1] if n["t"] == "RawInline" else n["t"] for n in block["c"]]


@pytest.mark.parametrize(
    ("inlines", "expected"),
    [
        ([raw("\\a")], ["\\atpiece{1}", "\\a"]),
        ([math("x^2")], ["\\atpiece{1}", "Math"]),
        ([math("x = 1"), math("\\x")], ["Math", "\\atpiece{2}", "Math"]),
        # The second may be the first's argument.
        ([raw("\\textbf "), raw("\\a")], ["\\atpiece{1}", "\\textbf ", "\\a"]),
        ([raw("\\textbf"), SPACE, math("x^2")], ["\\atpiece{1}", "\\textbf", "Space", "Math"]),
        ([raw("\\a{b}"), raw("{c}")], ["\\atpiece{1}", "\\a{b}", "{c}"]),
        ([raw("\\a{b}"), raw("\\c")], ["\\atpiece{1}", "\\a{b}", "\\atpiece{2}", "\\c"]),
        (
            [raw("\\a"), *text("b"), raw("\\c")],
            ["\\atpiece{1}", "\\a", "Str", "\\atpiece{2}", "\\c"],
        ),
        # What is no LaTeX is no piece.
        ([raw_inline("html", "<b>"), raw("\\a")], ["<b>", "\\atpiece{1}", "\\a"]),
    ],
)
def test_marks(inlines, expected):
    """A mark stands before what could fail, and parts no command from its argument."""
    assert expected == marks(inlines)


def test_every_piece_has_its_number():
    """In reading order, in notes and citations too; an image's description has none."""
    note = {"t": "Note", "c": [para([math("n^1")])]}
    cite = {"t": "Cite", "c": [[{"citationPrefix": [math("p")]}], [math("p^1")]]}
    image = {"t": "Image", "c": [attr(), [math("i^1")], ["a.png", ""]]}
    blocks = [para([note, cite, image, raw("\\r")]), div([raw_block("latex", "\\b")], attr())]
    listed = pieces.listed(blocks)
    assert [(p.text, p.block, p.is_block) for p in listed] == [
        ("n^1", 0, False), ("p^1", 0, False), ("\\r", 0, False), ("\\b", 1, True),
    ]  # fmt: skip
    marked = str(pieces.marked(blocks))
    positions = [marked.index(f"atpiece{{{n}}}") for n in (1, 2, 3, 4)]
    assert positions == sorted(positions)


def test_an_entry_of_the_bibliography_is_known():
    """By its identifier."""
    entry = div([para([raw("\\a")])], attr("ref-k", ["csl-entry"]))
    assert [p.entry for p in pieces.listed([div([entry], attr("refs"))])] == ["ref-k"]


def test_pieces_are_replaced_by_number():
    """Others stay as they are."""
    blocks = [para([math("x^1"), SPACE, raw("\\a")]), para(text("words"))]
    mark = span(text("fault"), attr("", ["fault"]))
    assert pieces.replaced(blocks, {2: mark}) == [para([math("x^1"), SPACE, mark]), blocks[1]]


@pytest.mark.parametrize(
    ("piece", "keeps"),
    [
        (math("\\frac{a}{b} \\label{x}"), True),
        (math("\\def\\x{1} \\x"), False),
        (math("\\global\\setlength{\\y}{1pt}"), False),
        (raw("\\newpage"), True),
        (raw("\\textbf{bold} \\begin{center}x\\end{center}\\vspace*{1em}"), True),
        (raw("\\begin{align*}x\\end{align*}"), False),
        (raw("\\newcommand{\\x}{y}"), False),
        (raw("\\x"), False),
        (raw("\\setcounter{page}{3}"), False),
    ],
)
def test_what_may_say_something_to_another_chapter_is_told_from_the_rest(piece, keeps):
    assert pieces.keeps_to_itself([para([piece])]) is keeps
    assert pieces.keeps_to_itself([div([para([span([piece], attr())])], attr())]) is keeps
