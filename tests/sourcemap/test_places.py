"""Where keys, notes, identifiers, images and links stand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geppetto import pandoc
from geppetto.ast import nodes
from geppetto.sourcemap import (
    citations,
    footnote_definitions,
    footnote_references,
    identifiers,
    images,
    links,
)

MARKS = [
    "@key",
    "-@key",
    "@{http://x/y}",
    "[@a;@b]",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "`",
    "[^n]",
    "[^n]:",
    "{#id}",
    "{",
    "}",
    "#",
    "<",
    ">",
    "word",
    ".",
    "\\",
    "$",
    '"',
    "'",
    ">",
    "<http://x.y>",
    "é",
]
SPACED = ("@{a b}", "\n", "\n\n", "word ", "(@a) ", "    ", "> ", "\n[r]: u", "\r", "\u2028")
MARKDOWN = st.lists(st.sampled_from([*MARKS, *SPACED]), max_size=60).map("".join)


@given(st.one_of(st.text(), MARKDOWN))
@settings(max_examples=400, deadline=None)
def test_every_place_is_where_its_mark_stands(text):
    """No text makes them fail, and lines and columns lead to the mark itself, in order."""
    marks = {
        citations: "@",
        footnote_references: "[^",
        footnote_definitions: "[^",
        identifiers: "#",
        images: "![",
    }
    lines = text.split("\n")
    for find, mark in marks.items():
        for places in find(text).values():
            assert places == sorted(set(places))
            for line, column in places:
                assert lines[line - 1][column - 1 :].startswith(mark)
    for places in links(text).values():
        for line, column in places:
            assert lines[line - 1][column - 1] in "[<"


def test_citations_in_reading_order():
    """Keys end before the sentence's punctuation; every form counts; code does not."""
    text = "See @b, and [see @a.b:c, p. 3; -@b].\n`@no` and @{http://x.y/?a=1}.\nme@x.org @b"
    assert citations(text) == {
        "b": [(1, 5), (1, 33), (3, 10)],
        "a.b:c": [(1, 18)],
        "http://x.y/?a=1": [(2, 11)],
    }


def test_notes():
    """A definition begins a block; in the midst of a paragraph it is a reference."""
    text = "A[^1] and\n[^2]: no.\n\n[^1]: One[^x].\n[^2]: Two.\n\n   [^x]: Three.\n"
    assert footnote_definitions(text) == {"1": [(4, 1)], "2": [(5, 1)], "x": [(7, 4)]}
    assert footnote_references(text) == {"1": [(1, 2)], "2": [(2, 1)], "x": [(4, 10)]}


def test_identifiers():
    """Headings, figures, spans, divisions, listings, captions and equations name themselves."""
    text = (
        "# H {#sec:a .unnumbered}\n\n![C](a.png){width=3 #fig:b}\n\n[s]{#c}\n\n"
        "::: {#d}\n:::\n\n```{.python #lst:e}\nx = {#no}\n```\n\n: T {#tbl:f}\n\n"
        '$$x$$ {#eq:g}\n\n<b id="no">x</b> `{#no}`\n'
    )
    assert identifiers(text) == {
        "sec:a": [(1, 6)],
        "fig:b": [(3, 21)],
        "c": [(5, 5)],
        "d": [(7, 6)],
        "lst:e": [(10, 13)],
        "tbl:f": [(14, 6)],
        "eq:g": [(16, 8)],
    }


def test_images_and_links():
    """Inline, by reference, wrapped in angle brackets, with titles and parentheses."""
    text = (
        "![a](x (1).png 'T') [b](<u v>) ![c][r] [r] <https://e.org>\n"
        '[![i](j.png)](k) `[no](no)`\n\n[r]: z.png "R"\n'
    )
    assert images(text) == {"x%20(1).png": [(1, 1)], "z.png": [(1, 32)], "j.png": [(2, 2)]}
    assert links(text) == {
        "u%20v": [(1, 21)],
        "z.png": [(1, 40)],
        "https://e.org": [(1, 44)],
        "k": [(2, 1)],
    }


CITING = [
    "``a` @k",
    "```a`` @k",
    "a.@k ...@k x..@k",
    "/@k http://medium.com/@user",
    "_@k",
    "a_@k",
    "a*@k",
    "@{a b} @{a{b}c} @{http://x.y/?a=1}",
    "@* @_k @-k @1",
    "x @k. @k: @k-- @a//b @a:b.c:d @k's @k_ @k?",
    "text <!-- a\n\n@k --> c @l",
    "```python foo @k\n@b\n```",
    "para\n~~~\n@k\n~~~",
    "para\n```\n@k\n```",
    "-@k foo-@k 'f' '@k' it's@k",
    "é@k 中@k ²@k",
    "[x](http://a/@k) <http://a/@k> <span title='@k'>@z</span>",
    "# H `a\n\n- `a\n- b` @k",
    "$a$@k \\footcite{@k} \\foo @k",
    "\\begin{x}\n@k\n\\end{x}",
    "\\@k a\\_@k",
    "~~~\n@k\n",
    "[@k](u) ![@k](u)",
    "[foo][@k]\n\n[@k]: u",
    "`a\n@k\n` `a\n- @k\n`",
    "$5 @k $6",
    "$$a\n\n@k$$",
    "^[@k] [^a]\n\n[^a]: @d",
    "a [^a]\n[^a]: @d",
    "<pre>\n@k\n</pre>",
    "`a`@k (a)@k [a]{.x}@k &amp;@k a\\.@k",
    "(@good) x\n\nsee (@good) @good @bad",
    "(@a) x\n(@b) y\n\n(@a) @b @c",
    "a @x) b\n@x) c",
    "> quoted @k\n> ```\n> @no\n> ```\n> @l",
    "- a\n\n    @k\n\n1.  ~~~\n    @no\n    ~~~\n",
    "text\n\n    @no\n\n@k",
    "| a | b |\n|---|---|\n| @k | `@no` |\n\n: @cap {#tbl:x}",
    "# @head {#sec:a key='@no'}\n\n![@alt](x.png){alt='@no'}",
    "Term @t\n\n:   @d\n\n| line @l\n| block",
    "me@example.org <me@example.org> [@a; see -@b, p. 3 and @c]",
    "[see [@a] and] [-@fig:x] @Fig:y [@fig-z]",
    "::: {.x data-a='@no'}\n@k\n:::",
]


@pytest.mark.tools
def test_citations_are_those_that_pandoc_reads():
    """The keys found are the keys of Pandoc's tree, sample by sample."""
    documents, _ = pandoc.read({f"{i}.md": text for i, text in enumerate(CITING)})
    for i, text in enumerate(CITING):
        found = Counter({key: len(places) for key, places in citations(text).items()})
        assert (text, found) == (text, _cited(documents[f"{i}.md"]))


def _cited(blocks) -> Counter[str]:
    # A citation's own text repeats what is cited in its prefix and suffix.
    citing = [c for node in nodes(blocks) if node["t"] == "Cite" for c in node["c"][0]]
    inner = [c for node in nodes(blocks) if node["t"] == "Cite" for c in _inner(node["c"][1])]
    return Counter(c["citationId"] for c in citing) - Counter(c["citationId"] for c in inner)


def _inner(inlines) -> list:
    return [c for node in nodes(inlines) if node["t"] == "Cite" for c in node["c"][0]]


LINKING = [
    "![a](b c.png) ![a](<b c.png>) ![a](b(c).png 'T') ![a](a\\_b.png)",
    "![x][y] ![y][] ![y] ![a](a_b&amp;c.png)\n\n[y]: z.png 'hi' {width=3}",
    "[a](b\n'c') [a]( b ) [a](b){#id} [a][ Y\nz ]\n\n[y z]: <u v>\n   'title'",
    "[a [b](c) d](e) [![i](j)](k)",
    "<me@x.org> <HTTP://x.y/z>",
    "[y](äö.png) [z](a%20b) [w]()",
    '[x](a"b) [x](a|b) [x](a[b]) [x](a{b})',
    "[a] (b) [a] [b] [a]\n[b]\n\n[a]: aa\n[b]: bb",
    '[a](b "x \\" y") [c](d \'e\')',
    "[a][b]\n\n[B]:\n  foo",
    "> [a][b]\n>\n> [b]: c",
    "`[a](b)` \\[a](b) [c](d) $[e](f)$",
]


@pytest.mark.tools
def test_targets_are_those_that_pandoc_reads():
    """Targets of links and images are spelt as in Pandoc's tree, and as many."""
    documents, _ = pandoc.read({f"{i}.md": text for i, text in enumerate(LINKING)})
    for i, text in enumerate(LINKING):
        tree = list(nodes(documents[f"{i}.md"]))
        for kind, find in (("Image", images), ("Link", links)):
            found = Counter({target: len(places) for target, places in find(text).items()})
            expected = Counter(node["c"][2][0] for node in tree if node["t"] == kind)
            assert (text, found) == (text, expected)
