"""What is said of languages without hyphenation patterns."""

from __future__ import annotations

import subprocess

import pytest

from geppetto.diagnostics import Location
from geppetto.latex import log
from geppetto.pipeline import building
from geppetto.pipeline.edition import Request

LOG = "geppetto: no patterns for turkish\ngeppetto: plain patterns for ngerman\n"


def test_the_log_says_which_languages_lack_patterns():
    """The template's lines are read; TeX's own are not taken for them."""
    found = [(m.kind, m.subject) for m in log.parse(LOG + "no patterns for x\n")]
    assert found == [(log.Kind.NO_PATTERNS, "turkish"), (log.Kind.PLAIN_PATTERNS, "ngerman")]


@pytest.mark.tools
@pytest.mark.parametrize("lang", ["en", "en-GB", "fr"])
def test_a_language_without_patterns_is_named(make_book, lang):
    """A warning at the first place of the language; none for a script that breaks anywhere."""
    root = make_book(
        {
            "book.yaml": f"title: T\nlang: {lang}\n",
            "chapters/1.md": "# Un\n\nTexte.\n\n[Kâhya]{lang=tlh} et [中]{lang=zh}.\n",
        }
    )
    outcome = building.build(Request(root, ["pdf"]), lambda _: None)
    found = [d for d in outcome.diagnostics if d.code.startswith("hyphenation")]
    assert [(d.code, d.location) for d in found] == [
        ("hyphenation-missing", Location("chapters/1.md", 5))
    ]
    assert "'tlh'" in found[0].message


@pytest.mark.tools
def test_a_language_without_patterns_takes_no_other_s(make_book):
    """Its words stay whole in an English book, though English patterns would break them."""
    words = "internationalisation " * 60
    root = make_book({"chapters/1.md": f"# One\n\n[{words.strip()}]{{lang=tlh}}\n"})
    building.build(Request(root, ["pdf"]), lambda _: None)
    command = ["pdftotext", "-layout", next((root / "build").glob("*.pdf")), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert text.count("internationalisation") == 60


@pytest.mark.tools
def test_words_break_by_the_patterns_given(make_book):
    """A French word breaks where French patterns say, though TeX here may have none."""
    words = "anticonstitutionnellement " * 40
    root = make_book({"book.yaml": "title: T\nlang: fr\n", "chapters/1.md": f"# Un\n\n{words}\n"})
    building.build(Request(root, ["pdf"]), lambda _: None)
    command = ["pdftotext", "-layout", root / "build" / "t.pdf", "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    broken = {line.split()[-1] for line in text.splitlines() if line.endswith("-")}
    assert broken
    assert broken <= {
        "anti-", "anticons-", "anticonsti-", "anticonstitu-", "anticonstitution-",
        "anticonstitutionnel-", "anticonstitutionnelle-", "an-",
    }  # fmt: skip
