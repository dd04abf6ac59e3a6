"""A stranger's text is words: what is refused, and where it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import tools
from geppetto.ast import attr, link, para, raw_block, raw_inline, span, stringify, text
from geppetto.pipeline import distrusting
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
from geppetto.references import trust


def math(content):
    return {"t": "Math", "c": [{"t": "InlineMath"}, content]}


def refused(source, *inlines, kind="para"):
    """Give what is refused as `line:column message`, and the text that is left."""
    blocks = [para(list(inlines))] if kind == "para" else list(inlines)
    kept, found = trust.refuse(blocks)
    places = [str(distrusting.place(r, "a.md", source)).removeprefix("a.md:") for r in found]
    return [f"{at} {r.message}" for at, r in zip(places, found, strict=True)], kept


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (r"\input{/etc/passwd}", r"\input"),
        (r"x^2 + \directlua{os.exit()}", r"\directlua"),
        ("^^5cinput{x}", "^^"),
        (r"\csname input\endcsname", r"\csname"),
        (r"\def\x{\x\x}\x", r"\def"),
        (r"\begin{filecontents}x\end{filecontents}", r"\begin{filecontents}"),
        (r"\begin\relax{aligned}", r"\begin"),
        (r"\text{\write18{x}}", r"\write"),
        (r"\catcode`\@=11", r"\catcode"),
        (r"\newcommand{\a}{b}", r"\newcommand"),
        (r"\href{javascript:x}{y}", r"\href"),
        (r"\includegraphics{x}", r"\includegraphics"),
    ],
)
def test_a_formula_may_only_set_signs(content, word):
    source = f"Words and ${content}$ more."
    found, kept = refused(source, math(content))
    column = source.index(word) + 1
    assert found == [f"1:{column} A formula may not say {word} in text that is not trusted."]
    assert word in stringify(kept)
    assert kept[0]["c"][0]["t"] == "Span"


@pytest.mark.parametrize(
    "content",
    [
        r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\left\{\begin{aligned} x &= 1 \\ y &\leq 2 \end{aligned}\right.",
        r"\operatorname{rank}\mathbf{A} \ne \text{the word} \quad \hat{x}\ldots",
        r"a \xrightarrow{f} b, \overbrace{x+y}^{n}, \binom{n}{k} \bmod p",
    ],
)
def test_what_mathematicians_write_is_allowed(content):
    found, kept = refused(f"${content}$", math(content))
    assert found == []
    assert kept == [para([math(content)])]


@given(st.text(alphabet="\\^abinputdef{} \n$@", max_size=30))
def test_no_word_that_is_not_listed_comes_through(content):
    """What is left of a formula has listed control words only, however it is spelled."""
    kept, _ = trust.refuse([para([math(content)])])
    for node in kept[0]["c"]:
        if node["t"] == "Math":
            assert "^^" not in node["c"][1]
            assert set(re.findall(r"\\([A-Za-z@]+)", node["c"][1])) <= trust.words()


def test_raw_text_is_refused_where_it_stands():
    source = "One \\emph{a}.\n\nTwo <b>c</b> and\n\\emph{a} again."
    found, kept = refused(
        source,
        *(raw_inline("tex", "\\emph{a}"), raw_inline("html", "<b>"), raw_inline("html", "</b>")),
        raw_inline("tex", "\\emph{a}"),
    )
    assert [line.partition(" ")[0] for line in found] == ["1:5", "3:5", "3:9", "4:1"]
    assert "Raw LaTeX is refused: \\emph{a}" in found[0]
    assert not [n for n in kept[0]["c"] if n["t"] == "RawInline"]


def test_comments_are_taken_out_without_a_word():
    found, kept = refused("<!-- x -->", raw_block("html", "<!-- x -->"), kind="blocks")
    assert (found, kept) == ([], [])


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        " JavaScript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
    ],
)
def test_links_have_schemes_of_a_list(target):
    source = f"See [words]({target}) here."
    found, kept = refused(source, link(text("words"), target))
    assert len(found) == 1
    assert "is refused" in found[0]
    assert kept[0]["c"][0] == {"t": "Str", "c": "words"}


@pytest.mark.parametrize("target", ["https://a.b", "mailto:a@b.c", "tel:1", "#id", "other.md#id"])
def test_other_links_stay(target):
    assert refused("", link(text("words"), target)) == ([], [para([link(text("words"), target)])])


def test_attributes_are_of_a_list():
    source = 'A [b]{lang=de onclick="x()"} and [c]{onclick="x()"} and [d]{width="1cm\\input{x}"}.'
    node = span(text("b"), attr("i", ["k"], lang="de", onclick="x()"))
    other = span(text("c"), attr("", [], onclick="x()"))
    found, kept = refused(source, node, other, span(text("d"), attr("", [], width="1cm\\input{x}")))
    assert [line.partition(" ")[0] for line in found] == ["1:15", "1:38", "1:61"]
    assert [n["c"][0] for n in kept[0]["c"]] == [["i", ["k"], []], ["", [], []], ["", [], []]]


CHAPTER = r"""---
epigraph: Said with $\input{/etc/passwd}$
---
# One

A formula $x^2$, one $\directlua{os.exit()}$, and \emph{raw} LaTeX [@k; @o].

<script>alert(1)</script>

[js](javascript:alert(1)), ![i](i.png){page="2,x=\Z"}, `\input{x}`{=latex}, `\input{x}` as code.

\newcommand{\mine}{yours}
"""
BIB = r"""
@book{k, author = {Key, A.}, title = {A {$\input{/etc/passwd}$} Title}, year = 2000,
  publisher = {Press}}

@online{o, author = {Net, B.}, title = {\href{javascript:alert(1)}{T}}, year = 2001}
"""


@pytest.mark.tools
def test_a_book_of_a_stranger(make_book):
    """Every refusal has its line and column, in chapters, YAML blocks and bibliographies."""
    root = make_book(
        {
            "book.yaml": "title: T\ntrust: none\nbibliography: r.bib\n",
            "chapters/1.md": CHAPTER,
            "r.bib": BIB,
        }
    )
    outcome = build(Request(root, ("epub",)), lambda _: None)
    said = [(str(d.location), d.message) for d in outcome.diagnostics if d.code == "trust-refused"]
    assert said == [
        ("chapters/1.md:2:22", "A formula may not say \\input in text that is not trusted."),
        ("chapters/1.md:6:23", "A formula may not say \\directlua in text that is not trusted."),
        ("chapters/1.md:6:51", "Raw LaTeX is refused: \\emph{raw}"),
        ("chapters/1.md:8:1", "Raw HTML is refused: <script>alert(1)</script>"),
        ("chapters/1.md:10:1", "A link of the kind javascript: is refused."),
        ("chapters/1.md:10:40", "The attribute page is refused."),
        ("chapters/1.md:10:57", "Raw LaTeX is refused: \\input{x}"),
        ("chapters/1.md:12:1", "Raw LaTeX is refused: \\newcommand{\\mine}{yours}"),
        ("r.bib:2:1", "A formula may not say \\input in text that is not trusted."),
        ("r.bib:5:1", "A link of the kind javascript: is refused."),
    ]
    assert outcome.artifacts == ()


@pytest.mark.tools
def test_a_strangers_book_is_built_and_the_missing_jail_said(make_book, monkeypatch):
    absent = tools.Protection(None, "bubblewrap is not installed", "sudo apt-get install it")
    monkeypatch.setattr(tools, "protection", lambda: absent)
    files = {"chapters/1.md": "# One\n\n*Words* and $x^2$, [so](https://a.b).\n"}
    root = make_book({"book.yaml": "title: T\ntrust: none\n", **files})
    outcome = build(Request(root, ("epub",), strict=True), lambda _: None)
    assert [(d.code, d.hint) for d in outcome.diagnostics] == [("jail-absent", absent.remedy)]
    assert len(outcome.artifacts) == 1
    make_book(files)
    assert build(Request(root, ("epub",)), lambda _: None).diagnostics == ()


@pytest.mark.tools
def test_a_book_of_a_stranger_with_marks(make_book):
    """A lenient build has neither; the same text by a trusted author is built."""
    files = {
        "book.yaml": "title: T\ntrust: none\n",
        "chapters/1.md": "# One\n\nA \\textbf{b} `<i>c</i>`{=html} d.\n",
    }
    root = make_book(files)
    outcome = build(Request(root, ("pdf",), lenient=True), lambda _: None)
    assert len(outcome.artifacts) == 1
    part = next(root.glob("build/latex/parts/*.tex")).read_text()
    assert "\\textbf{b}" not in part
    assert "Raw LaTeX is refused" in part


def test_a_strangers_chapter_with_a_hash_in_its_name(make_book):
    """A `#` stands before what a chapter's YAML block says, and may stand in a file's name too."""
    text = "---\nepigraph:\n  text: A [b](javascript:x) c.\n---\n# A\n\n[x](javascript:y)\n"
    root = make_book({"book.yaml": "title: T\ntrust: none\n", "chapters/1 #title.md": text})
    diagnostics = build(Request(root, ("pdf",)), lambda _: None).diagnostics
    places = [str(d.location).removeprefix("chapters/1 #title.md:") for d in diagnostics]
    assert places == ["3:11", "7:1"]
