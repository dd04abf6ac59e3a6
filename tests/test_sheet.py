"""The words of a draft, in its languages."""

from __future__ import annotations

import string

import pytest

from geppetto.sheet import LANGUAGES, Given, Words, day, sheet, words

GIVEN = Given(
    "A Book", "abc234", "2026-03-01", "1a2b3c4+", ("3", 118), "Ada", "Thanks!", ("3", "5")
)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_every_language_says_everything(lang):
    """No word is empty, every placeholder is one that is filled, and all of them are."""
    said = words(lang)
    assert len(said.months.split()) == 12
    for form, names in _forms(said):
        assert form.strip() == form != ""
        assert {n for _, n, _, _ in string.Formatter().parse(form) if n} == names
    made = sheet(GIVEN, lang)
    everything = " ".join([*made.lines, *made.invitation, made.foot, made.heading])
    assert "{" not in everything
    for word in ("Ada", "2026", "1a2b3c4+", "3, 5", "3:118", "abc234", "Thanks!"):
        assert word in everything


def _forms(said: Words):
    yield said.recipient, {"name"}
    yield said.revision, {"revision"}
    yield said.changed, set()
    yield said.chapters, {"chapters"}
    yield said.day, {"day", "month", "year"}
    first, second, third = said.invitation
    yield first, set()
    yield second, {"example", "line", "chapter"}
    yield third, set()


def test_a_day_as_it_is_written():
    """Each language has its own order and signs; an unknown one is English."""
    assert day("2026-03-01", "en-GB") == "1 March 2026"
    assert day("2026-03-01", "de") == "1. März 2026"
    assert day("2026-03-01", "es") == "1 de marzo de 2026"
    assert day("2026-03-01", "tlh") == "1 March 2026"


def test_what_is_not_known_is_not_said():
    """No name, no revision, all chapters: no line for them, and a foot without gaps."""
    made = sheet(Given("A Book", "abc234", "2026-03-01", "", ("1", 3)), "en")
    assert made.lines == ("1 March 2026",)
    assert made.foot == "Draft abc234 · 2026-03-01"
    assert len(made.invitation) == 3


def test_a_clean_revision_has_no_changes_that_are_not_in_it():
    """Only a `+` says so."""
    clean = sheet(Given("A Book", "abc234", "2026-03-01", "1a2b3c4", ("1", 3)), "en")
    assert "revision 1a2b3c4" in clean.lines
