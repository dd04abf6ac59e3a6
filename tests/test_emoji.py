"""What is an emoji, and what is one picture together."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.emoji import SEQUENCE, is_emoji
from geppetto.latex import code
from geppetto.pipeline import building
from geppetto.pipeline.edition import Request
from geppetto.templates import tex, xml

WHOLE = [
    "😀",
    "👩‍🚀",
    "🇩🇪",
    "👍🏽",
    "❤️",
    "👨‍👩‍👧‍👦",
    "1️⃣",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "🧑🏽‍🤝‍🧑🏿",
    "🏳️‍🌈",
    "🤷‍♀️",
    "✨",
    "*️⃣",
]


@pytest.mark.parametrize("sequence", WHOLE)
def test_a_sequence_is_one_picture(sequence):
    """Flags, skins, families, keycaps: each is found whole, between other letters."""
    assert [m[0] for m in SEQUENCE.finditer(f"a{sequence}b")] == [sequence]
    assert tex(f"a{sequence}b").startswith("a\\emoji{" + sequence)


def test_a_keycap_of_a_sign_that_is_tex_s_own():
    """The number sign within an emoji is escaped."""
    assert tex("#️⃣") == "\\emoji{\\#️⃣}{0023FE0F20E3}"


def test_signs_that_are_text_are_no_emoji():
    """A telephone, a heart and a digit are signs of the text face, until U+FE0F follows."""
    assert SEQUENCE.search("☎ ❤ © 1 # ♥ ✈") is None
    assert not any(map(is_emoji, "☎❤©1#♥\ufe0f\u200d"))
    assert all(map(is_emoji, "😀✨🇩\u20e3"))


def test_neighbours_stay_apart():
    """Two flags, two faces, a face and a flag."""
    assert [m[0] for m in SEQUENCE.finditer("🇩🇪🇫🇷😀😀")] == ["🇩🇪", "🇫🇷", "😀", "😀"]


@given(st.text() | st.text(st.sampled_from("😀🇩🇪👩🚀\u200d\ufe0f\u20e31❤{}\\")))
def test_every_text_keeps_what_is_not_emoji(text):
    """Without the emoji, the LaTeX is that of the pieces between them."""
    printable = xml(text)
    between = "".join(tex(piece) for piece in SEQUENCE.split(printable))
    assert re.sub(r"\\emoji\{[^{}]*\}\{[0-9A-F]+\}", "", tex(printable)) == between


def test_highlighted_code_is_not_marked_twice():
    """Emoji in Pandoc's highlighting are marked; those that are, and raw LaTeX, stay."""
    begin, end = "\\begin{Highlighting}[]\n", "\\end{Highlighting}"
    done = "\\emoji{👩‍🚀}{D83DDC69200DD83DDE80}"
    made = code.with_emoji(f"😀 {begin}\\StringTok{{👩‍🚀}} {done}{end} 😀")
    assert made == f"😀 {begin}\\StringTok{{{done}}} {done}{end} 😀"


@pytest.mark.tools
def test_emoji_are_set_and_read_back(make_book):
    """In the title, a heading, the text, code of three kinds, and a note."""
    line = " ".join(WHOLE[:7])
    text = f"# Kap 🚀\n\nText {line} end.\n\n```\nx = '😀'\n```\n\n```python\ny = '✨'\n```\n\n"
    text += "`a👍🏽b` #️⃣[^1]\n\n[^1]: Note 🎈.\n"
    root = make_book({"book.yaml": "title: Tit 🎉\n", "chapters/1.md": text})
    outcome = building.build(Request(root, ["pdf"]), lambda _: None)
    assert [d for d in outcome.diagnostics if d.is_error] == []
    command = ["pdftotext", "-raw", root / "build" / "tit.pdf", "-"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    for piece in ("Tit 🎉", "Kap 🚀", line, "😀", "✨", "👍🏽", "Note 🎈"):
        assert piece in printed
