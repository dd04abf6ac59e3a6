"""Any text that the fonts hold is set as itself: what goes into a template comes out of the PDF."""

from __future__ import annotations

import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.templates import Tex, tex

SPECIAL = r"""\{}$&#%_^~`'"-,<>|[]*+=?!@:;/()."""
LETTERS = "abcXYZ019éüßñøÆšŁőдЖяαβΩ“”‘’–—…€§†"


@given(st.text())
def test_escaping_never_fails_and_leaves_no_command(text):
    """Every special character is escaped, and escaping is done once."""
    escaped = tex(text)
    assert isinstance(escaped, Tex)
    assert tex(escaped) == escaped
    assert "\n" not in escaped
    assert "%" not in escaped.replace("\\%", "")


def _strings():
    """Two hundred strings of special characters and letters, the same at every run."""
    chance = random.Random(20261123)  # noqa: S311 - not a secret
    for _ in range(200):
        length = chance.randint(1, 24)
        yield "".join(chance.choice(SPECIAL + LETTERS) for _ in range(length))


def _plain(text):
    """Undo what is no change of the text: ligatures' own code points, and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.tools
def test_strings_read_back_the_same(make_book):
    """As the title, chapters' titles, and fields of the bibliography, through pdftotext."""
    strings = list(_strings())
    chapters = {}
    for number, string in enumerate(strings, 1):
        quoted = "'" + string.replace("'", "''") + "'"
        head = f"---\nshort-title: {quoted}\nauthor: [{quoted}]\n---\n"
        chapters[f"chapters/{number:03}.md"] = f"{head}# Chapter {number}\n\nText.\n"
    root = make_book(
        {"book.yaml": "title: T\npdf: {opening: any, trim: a4, fontsize: 9pt}\n", **chapters}
    )
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(root), "pdf"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    said = subprocess.run(
        ["pdftotext", "-raw", str(root / "build" / "t.pdf"), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    pages = said.split("\f")
    lost = []
    for number, string in enumerate(strings, 1):
        page = next(p for p in pages if f"Chapter {number}\n" in p and "Text." in p)
        if _plain(string) not in _plain(page):
            lost.append((string, page))
    assert lost == []
