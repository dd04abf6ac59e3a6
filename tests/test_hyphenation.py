"""Where words break: the patterns of each language."""

from __future__ import annotations

import re

import pytest

from geppetto import hyphenation
from geppetto.latex.language import BABEL


def breaks(word: str, tag: str, left: int = 2, right: int = 2) -> str:
    """Break a word by Liang's algorithm, as TeX does (*TeX: The Program*, part 42)."""
    found = hyphenation.patterns(tag)
    values = {re.sub(r"\d", "", p): p for p in found.text.split()}
    dotted = f".{word}."
    levels = [0] * (len(dotted) + 1)
    for start in range(len(dotted)):
        for end in range(start + 1, len(dotted) + 1):
            pattern = values.get(dotted[start:end], "")
            for offset, digit in enumerate(re.split(r"\D", pattern)):
                levels[start + offset] = max(levels[start + offset], int(digit or 0))
    odd = {i - 1 for i, level in enumerate(levels) if level % 2}
    return "".join(
        f"-{letter}" if i in odd and left <= i <= len(word) - right else letter
        for i, letter in enumerate(word)
    )


@pytest.mark.parametrize(
    ("tag", "broken"),
    [
        ("en-GB", "ty-po-graph-ic-al"),
        ("en-US", "ty-po-graph-i-cal"),
        ("de", "Sil-ben-tren-nung"),
        ("fr", "ca-rac-té-ris-tique"),
        ("ru", "до-сто-при-ме-ча-тель-ность"),
        ("el", "πε-ρι-λαμ-βάνουν"),
        ("hu", "össze-sze-rel-he-tő"),
    ],
)
def test_words_break_as_in_their_language(tag, broken):
    """Each dictionary is read in its encoding, with its own patterns."""
    assert breaks(broken.replace("-", "").lower(), tag) == broken.lower()


def test_a_break_that_changes_the_spelling_is_left_out():
    """Hungarian "hosszabb" breaks as "hosz-szabb", which TeX's patterns cannot say."""
    assert breaks("hosszabb", "hu") == "hosszabb"


def test_a_tag_finds_the_nearest_dictionary():
    """Regions and scripts count; American English, which all TeX has, is the plain one."""
    named = {
        tag: hyphenation.patterns(tag).name for tag in ("en-IE", "en", "pt-BR", "pt", "sr-Latn")
    }
    assert named == {
        "en-IE": "en-GB",
        "en": "en-US",
        "pt-BR": "pt-BR",
        "pt": "pt-PT",
        "sr-Latn": "sr-Latn",
    }
    assert hyphenation.patterns("DE_at").name == "de-AT"


def test_languages_without_patterns():
    """What no dictionary holds has none, rather than another language's."""
    assert [hyphenation.patterns(tag) for tag in ("tr", "grc", "el-polyton", "tlh")] == [None] * 4


def test_which_languages_break_words():
    """Chinese and Arabic need no patterns; Turkish does, and has a package."""
    assert not hyphenation.breaks_words("zh-Hant")
    assert not hyphenation.breaks_words("ar")
    assert hyphenation.breaks_words("tr")
    assert hyphenation.package("tr") == "texlive-lang-european"
    assert hyphenation.package("de-CH") == "texlive-lang-german"


@pytest.mark.parametrize("tag", sorted(BABEL))
def test_every_dictionary_is_readable_as_patterns(tag):
    """Nothing but letters, digits, dots and the apostrophes and hyphens of words is left."""
    found = hyphenation.patterns(tag)
    if found is None:
        return
    assert re.fullmatch(r"[A-Za-z-]+", found.name)
    odd = [
        p
        for p in found.text.split()
        if not re.fullmatch(r"[\w.'’`·‐\-\u0300-\u0eff\u200c\u200d]+", p)
    ]
    assert not odd
    assert len(found.text.split()) > 50
