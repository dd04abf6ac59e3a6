"""Letters: every language says everything, as text and as HTML, and no value breaks out."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.diagnostics import GeppettoError
from geppetto.installed import template_root
from geppetto.review.mailing import letters
from geppetto.review.mailing.amounts import Change, Kind
from geppetto.review.mailing.letters import Occasion
from geppetto.sheet import LANGUAGES, day

TAGS = sorted(
    p.name.removeprefix("letter.").removesuffix(".txt")
    for p in (template_root() / "review").glob("letter.*.txt")
)
CHANGES = (
    Change(Kind.NEW, "0.md", "1", "Loomings", "", 711, 0),
    Change(Kind.CHANGED, "1.md", "2", "The White Whale", "The Whale", 33, 44),
    Change(Kind.CHANGED, "p.md", "", "Preface", "Foreword", 0, 0),
    Change(Kind.REMOVED, "9.md", "9", "Cetology", "", 0, 999),
)
OCCASION = Occasion(
    "A Real Boy", "2026-11-30", "Ann Author", frozenset({"pdf", "docx", "epub"}),
    ("2. The White Whale",), "2026-10-01", CHANGES,
)  # fmt: skip


def _write(root, lang, occasion=OCCASION, note="Mind the whale."):
    return letters.write(root, occasion, "Mary Shelley", lang, note)


def test_the_languages_there_are():
    """At least these; English among them, for all others."""
    wanted = {"de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "pt-br", "ru", "zh", "zh-hant"}
    assert wanted <= set(TAGS)


def _day(date, tag):
    """Write a day as a letter in this language does."""
    return day(date, tag) if tag in LANGUAGES else date


@pytest.mark.parametrize("tag", TAGS)
def test_every_language_says_everything(tmp_path, tag):
    """Who, what, since when, what changed, how remarks come back."""
    letter, said = _write(tmp_path, tag)
    assert (said, letter.lang) == ([], tag)
    assert "A Real Boy" in letter.subject
    assert _day("2026-11-30", tag) in letter.subject
    lines = letter.text.splitlines()
    for words in (
        "Mary Shelley",
        "A Real Boy",
        _day("2026-10-01", tag),
        "Mind the whale.",
        "PDF",
        "Word",
        "EPUB",
        "3:118",
    ):
        assert words.casefold() in letter.text.casefold(), words
    assert "- 2. The White Whale" in lines
    [new] = [line for line in lines if "Loomings" in line]
    assert re.findall(r"\d+", new) == ["1", "711"]
    [changed] = [line for line in lines if "The White Whale" in line and "33" in line]
    assert re.findall(r"\d+", changed) == ["2", "33", "44"]
    assert re.search(r"[“«„‘「]\u00a0?The Whale\u00a0?[”»“’」]", changed)
    [preface] = [line for line in lines if "Preface" in line]
    assert "Foreword" in preface
    assert not re.search(r"\d", preface)
    [gone] = [line for line in lines if "Cetology" in line]
    assert not re.search(r"\d", gone)
    assert lines[-1] == "Ann Author"


@pytest.mark.parametrize("tag", TAGS)
def test_a_first_letter_speaks_of_no_other(tmp_path, tag):
    """No changes, no other formats, no gaps where nothing is said."""
    plain = Occasion("A Real Boy", "2026-11-30", "", frozenset({"pdf"}))
    letter, _ = _write(tmp_path, tag, plain, "")
    assert "Word" not in letter.text
    assert "EPUB" not in letter.text.upper()
    assert "\n\n\n" not in letter.text
    assert not re.search(r"[{}%]", letter.text)
    assert letter.text.count("2026") == letter.text.count(_day("2026-11-30", tag)) == 1


@pytest.mark.parametrize("tag", TAGS)
def test_a_draft_in_which_no_word_changed(tmp_path, tag):
    """That is said, with the day of the other."""
    same = Occasion("A Real Boy", "2026-11-30", "", frozenset({"pdf"}), (), "2026-10-01", ())
    first = Occasion("A Real Boy", "2026-11-30", "", frozenset({"pdf"}))
    letter, _ = _write(tmp_path, tag, same)
    assert _day("2026-10-01", tag) in letter.text
    assert (
        len(letter.text.split("\n\n"))
        == len(_write(tmp_path, tag, first)[0].text.split("\n\n")) + 1
    )


@pytest.mark.parametrize("tag", TAGS)
def test_the_html_has_the_same_words(tmp_path, tag):
    """Paragraphs and lists; nothing more."""
    letter, _ = _write(tmp_path, tag)
    page = lxml.html.fromstring(letter.html)
    assert page.get("lang") == tag
    assert page.findtext("head/title") == letter.subject
    said = "".join(page.find("body").itertext())
    squeezed = re.sub(r"\s+", "", said)
    assert squeezed == re.sub(r"\s+", "", re.sub(r"^- ", "", letter.text, flags=re.MULTILINE))
    assert len(page.findall(".//li")) == len(re.findall(r"^- ", letter.text, re.MULTILINE))


@pytest.mark.parametrize(
    ("lang", "used"),
    [
        ("de-AT", "de"), ("pt-BR", "pt-br"), ("pt-PT", "pt"), ("zh-TW", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"), ("zh-CN", "zh"), ("EN-gb", "en"),
    ],
)  # fmt: skip
def test_the_nearest_language(tmp_path, lang, used):
    """A tag falls back to what it is a kind of."""
    letter, said = _write(tmp_path, lang)
    assert (letter.lang, said) == (used, [])


def test_a_language_without_a_letter(tmp_path):
    """In English, and it is said how to write one."""
    letter, [said] = _write(tmp_path, "eo")
    assert (letter.lang, said.code, said.is_error) == ("en", "letter-language", False)
    assert "templates/review/letter.eo.txt" in said.hint


def test_a_book_has_letters_of_its_own(tmp_path):
    """In another language, or instead of Geppetto's."""
    own = tmp_path / "templates" / "review"
    own.mkdir(parents=True)
    (own / "letter.eo.txt").write_text("Subject: Pri {{ title }}\nSaluton, {{ reviewer }}!\n")
    letter, said = _write(tmp_path, "eo")
    assert (letter.subject, letter.text, said) == (
        "Pri A Real Boy", "Saluton, Mary Shelley!\n", []
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("Saluton!\n", "templates/review/letter.eo.txt:1", "first line must be its subject"),
        ("Subject: a\n{{ nobody }}\n", "templates/review/letter.eo.txt:2", "'nobody' is undefined"),
        ("Subject: a\n{% if %}\n", "templates/review/letter.eo.txt:2", "Expected an expression"),
    ],
)
def test_a_faulty_letter_of_a_book(tmp_path, text, place, says):
    """Its line is said."""
    own = tmp_path / "templates" / "review"
    own.mkdir(parents=True)
    (own / "letter.eo.txt").write_text(text)
    with pytest.raises(GeppettoError, match=says) as caught:
        _write(tmp_path, "eo")
    assert str(caught.value.diagnostics[0].location) == place


@given(st.text(), st.text(), st.text())
def test_no_value_breaks_out(tmp_path_factory, title, name, note):
    """A title adds no line to the subject, a note no element to the page."""
    root = tmp_path_factory.getbasetemp()
    occasion = Occasion(title, "2026-11-30", name, frozenset({"pdf"}))
    letter, _ = letters.write(root, occasion, "Mary", "en", note)
    assert len(letter.subject.splitlines()) == 1
    page = lxml.html.document_fromstring(letter.html)
    allowed = {"html", "head", "meta", "title", "body", "p", "br", "ul", "li"}
    assert {element.tag for element in page.iter()} <= allowed
