"""Tags: where TeX can make them, what the templates and the dialect give with and without them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geppetto import packages, pandoc
from geppetto.ast import attr, nodes, para, span, text
from geppetto.fonts import FontPlan
from geppetto.latex import tagging
from geppetto.latex.parts import tree, write_book
from geppetto.latex.setting import make_setting
from geppetto.model.book import Book, Chapter, ChapterMeta, Document, Resolved, Role
from geppetto.model.settings import Settings

FONTS = FontPlan("Test Serif", "Test Mono", "Test Math")
LUATEX = "This is LuaHBTeX, Version 1.24.0 (TeX Live 2026/Debian)"
OLD = "This is LuaHBTeX, Version 1.15.0 (TeX Live 2022/Debian)"
TAGGED = ("\\tagstruct", "\\UseTaggingSocket", "\\DocumentMetadata", "\\tagpdf", "\\taggedtext")


@pytest.fixture
def tex(monkeypatch):
    """Pretend a TeX Live, and what it lacks."""

    def pretend(version, *absent):
        monkeypatch.setattr(tagging, "check_version", lambda: version)
        there = frozenset(file for file, name in tagging.NEEDED.items() if name not in absent)
        monkeypatch.setattr(packages, "tex_files", lambda _: there)

    return pretend


def resolved(blocks, **settings):
    book = Book(Path("/"), Settings.model_validate({"title": "A Book", **settings}), ())
    head = {"t": "Header", "c": [1, attr("one", number="1"), text("The First")]}
    main = Document("one", Role.MAIN, "The First", (head, *blocks), number="1")
    return Resolved(book, (main,))


def latex(blocks, standard, **settings):
    """Give the raw LaTeX of a document's tree."""
    book = resolved(blocks, **settings)
    made = tree(book.documents[0], replace(make_setting(book, FONTS), standard=standard))
    return "\n".join(n["c"][1] for n in nodes(made) if n["t"] in {"RawBlock", "RawInline"})


def markdown(source, standard):
    blocks, _ = pandoc.read({"one.md": source})
    return latex(blocks["one.md"], standard)


def book_tex(standard, **settings):
    book = resolved([], **settings)
    return write_book(book, replace(make_setting(book, FONTS, pages=100), standard=standard))


@pytest.mark.parametrize("wanted", ["ua-2", "ua-1"])
def test_a_newer_tex_can_tag(tex, wanted):
    tex(LUATEX)
    assert (wanted, []) == tagging.standard(wanted)


def test_an_older_tex_says_that_it_cannot(tex):
    tex(OLD)
    given, said = tagging.standard("ua-2")
    assert given == ""
    assert [d.code for d in said] == ["pdf-untagged"]
    assert said[0].message == (
        "This PDF has no tags: they need TeX Live 2025 or newer, and this is TeX Live 2022."
    )


def test_a_tex_without_its_packages_says_which(tex):
    tex(LUATEX, "luamml", "latex-lab")
    given, said = tagging.standard("ua-2")
    assert given == ""
    assert said[0].message == "This PDF has no tags: TeX lacks latex-lab, luamml."
    assert "tlmgr install latex-lab luamml" in str(said[0].hint)


def test_who_wants_no_tags_is_told_nothing(tex):
    tex(OLD)
    assert tagging.standard("none") == ("", [])


def test_without_tags_no_template_speaks_of_them():
    made = book_tex("")
    assert [word for word in TAGGED if word in made] == []


def test_the_standard_stands_before_the_class():
    made = book_tex("ua-2", lang="de-AT")
    before, _, _ = made.partition("\\documentclass")
    assert "lang=de-AT,pdfversion=2.0,pdfstandard=ua-2,pdfstandard=a-4f" in before
    assert "math/setup=mathml-SE" in before
    older, _, _ = book_tex("ua-1").partition("\\documentclass")
    assert "pdfversion=1.7,pdfstandard=ua-1," in older
    assert "a-4f" not in older


def test_an_aside_is_a_section_where_the_standard_has_none():
    assert "\\AssignStructureRole{callout}{Aside}" in book_tex("ua-2")
    assert "\\AssignStructureRole{callout}{Aside}" not in book_tex("ua-1")


@pytest.mark.tools
def test_a_table_names_its_heads():
    source = "| A | B |\n|---|---|\n| 1 | 2 |\n"
    assert "{\\small\\headerrows{1}\\headercolumns{}}" in markdown(source, "ua-2")
    assert "\\headerrows" not in markdown(source, "")


@pytest.mark.tools
def test_a_table_without_a_head_names_none():
    source = "  -- --\n  no head\n  at all\n  -- --\n"
    assert "\\headerrows{}" in markdown(source, "ua-2")


@pytest.mark.tools
def test_a_caption_stands_with_its_table_not_in_it():
    """Also where the table is broken over pages, or stands in a list."""
    source = "- x\n\n    | A |\n    |---|\n    | 1 |\n\n    : The caption.\n"
    made = markdown(source, "ua-2")
    assert made.index("\\begin{captionedtable}") < made.index("\\begin{abovetable}")
    assert made.index("\\end{abovetable}") < made.index("\\begin{nestedtable}")
    assert made.index("\\end{nestedtable}") < made.index("\\end{captionedtable}")
    assert "captionedtable" not in markdown(source, "")


@pytest.mark.tools
def test_a_figure_in_a_list_has_its_caption_with_it():
    source = "- x\n\n    ![Its caption](a.png){alt=Words}\n"
    assert "\\begin{captionedfigure}" in markdown(source, "ua-2")
    assert "\\begin{placedfigure}" in markdown(source, "")


def test_words_of_another_language_say_which():
    words = para([span(text("Guten Tag"), attr(lang="de"))])
    made = latex([words], "ua-2")
    assert "\\taggedtext{tag=Span,lang=de}{" in made
    assert "\\foreignlanguage{ngerman}{" in made
    assert "taggedtext" not in latex([words], "")


def test_a_language_s_tag_holds_nothing_for_tex():
    words = para([span(text("x"), attr(lang="de}\\input{x"))])
    assert "lang=deinputx}" in latex([words], "ua-2")


def test_a_section_is_not_enclosed_by_the_tag_of_a_language():
    """A heading closes sections and opens one: what encloses it could not end after it."""
    head = {"t": "Header", "c": [2, attr("two"), text("Zwei")]}
    division = {
        "t": "Div",
        "c": [attr(lang="de"), [para(text("Eins.")), head, para(text("Drei."))]],
    }
    made = latex([division], "ua-2")
    assert made.count("\\begin{languagetag}{de}") == 2
    assert made.index("\\end{languagetag}") < made.index("\\section*{")
    assert made.index("\\section*{") < made.rindex("\\begin{languagetag}")


def test_a_chapter_in_another_language_says_so_once_it_is_open():
    book = resolved([para(text("Eins."))])
    chapter = Chapter("one.md", "one", Role.MAIN, "", ChapterMeta(lang="de"))
    document = replace(book.documents[0], chapter=chapter)
    made = tree(document, replace(make_setting(book, FONTS), standard="ua-2"))
    raw = [n["c"][1] for n in nodes(made) if n["t"] == "RawBlock"]
    assert "\\documentlanguage{de}" in raw
    assert raw.index("\\documentlanguage{de}") > raw.index("%@block 0")


def test_a_link_within_a_link_is_words():
    inner = {"t": "Link", "c": [attr(), text("inner"), ["#a", ""]]}
    outer = {"t": "Link", "c": [attr(), [*text("outer "), inner], ["#b", ""]]}
    assert latex([para([outer])], "ua-2").count("\\booklink") == 1
    assert latex([para([outer])], "").count("\\booklink") == 2
