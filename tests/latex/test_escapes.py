"""Any text that the fonts hold is set as itself: what goes into a template comes out of the PDF."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from geppetto.templates import Tex, tex

SPECIAL = r"""\{}$&#%_^~`'"-,<>|[]*+=?!@:;/()."""
LETTERS = "abcXYZ019éüßñøÆšŁőдЖяαβΩ“”‘’–—…€§†"
# Ranges of characters that stand alone and run from left to right, and that the fonts of
# src/geppetto/data/packages.txt hold: Latin, Greek, Cyrillic, Armenian, Georgian, signs, kana, Han.
RANGES = ((0xA1, 0xAC), (0x100, 0x17E), (0x391, 0x3A1), (0x3B1, 0x3C9), (0x410, 0x44F), (0x531, 0x556),
          (0x10D0, 0x10F0), (0x1E80, 0x1E85), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2600, 0x2603),
          (0x3042, 0x3093), (0x4E00, 0x4E0B), (0xAC00, 0xAC02), (0x1F600, 0x1F60F))  # fmt: skip
EVERY = [chr(point) for first, last in RANGES for point in range(first, last + 1)]


@given(st.text())
def test_escaping_never_fails_and_leaves_no_command(text):
    """Every special character is escaped, and escaping is done once."""
    escaped = tex(text)
    assert isinstance(escaped, Tex)
    assert tex(escaped) == escaped
    assert "\n" not in escaped
    assert "%" not in escaped.replace("\\%", "")


def _strings(seed):
    """Two hundred strings of special characters and letters of many kinds, the same at every run."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    for _ in range(200):
        kinds = (SPECIAL, SPECIAL, LETTERS, LETTERS, EVERY)
        yield "".join(chance.choice(chance.choice(kinds)) for _ in range(chance.randint(1, 24)))


def _built(root, edition):
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(root), edition], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return root / "build" / f"t.{edition}"


def _read(pdf):
    command = ["pdftotext", "-raw", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _plain(text):
    """Undo what is no change of the text: ligatures' own code points, and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.tools
def test_strings_read_back_the_same(make_book):
    """As chapters' short titles and authors, through pdftotext."""
    strings = list(_strings(20261123))
    chapters = {}
    for number, string in enumerate(strings, 1):
        quoted = "'" + string.replace("'", "''") + "'"
        head = f"---\nshort-title: {quoted}\nauthor: [{quoted}]\n---\n"
        chapters[f"chapters/{number:03}.md"] = f"{head}# Chapter {number}\n\nText.\n"
    root = make_book(
        {"book.yaml": "title: T\npdf: {opening: any, trim: a4, fontsize: 9pt}\n", **chapters}
    )
    pages = _read(_built(root, "pdf")).split("\f")
    lost = []
    for number, string in enumerate(strings, 1):
        page = next(p for p in pages if f"Chapter {number}\n" in p and "Text." in p)
        if _plain(string) not in _plain(page):
            lost.append((string, page))
    assert lost == []


ENTITIES = re.compile(r'["&\\]')

# How a .bib file says what BibTeX, or the LaTeX in its fields, would take for its own.
BIB = {
    **{c: f"\\{c}" for c in "{}$&#%_"},
    "\\": "{\\textbackslash}", "^": "{\\textasciicircum}", "~": "{\\textasciitilde}",
    "'": "{\\textquotesingle}", '"': "{\\textquotedbl}",
    "-": "{-}", "–": "{–}", "<": "{<}", ">": "{>}", ",": "{,}", "?": "{?}", "!": "{!}",
}  # fmt: skip


@pytest.mark.tools
def test_fields_of_the_bibliography_read_back_the_same(make_book):
    """As a title and as a body's name, through BibTeX, citeproc, LaTeX and pdftotext."""
    # No field can say a grave accent by itself: LaTeX, and Pandoc, take it for a quotation mark.
    strings = [f"Q{string.replace('`', '')}Q" for string in _strings(20261124)]
    entries = []
    for number, string in enumerate(strings):
        escaped = "".join(BIB.get(c, c) for c in string)
        fields = f"author = {{{{N{escaped}N}}}}, title = {{{{{escaped}}}}}, year = {{1{number:03}}}"
        entries.append(f"@book{{k{number}, {fields}}}")
    root = make_book(
        {
            "book.yaml": "title: T\nnocite: ['@*']\npdf: {trim: a4, fontsize: 9pt}\n",
            "chapters/1.md": "# One\n\nText.\n",
            "all.bib": "\n".join(entries),
        }
    )
    printed = _plain(_read(_built(root, "pdf")))
    assert [s for s in strings if _plain(s) not in printed] == []
    assert [s for s in strings if f"N{_plain(s)}N" not in printed] == []


@pytest.mark.tools
def test_alternative_texts_read_back_the_same(make_book):
    """In the EPUB as they were written; the PDF, which prints none, is typeset with them."""
    strings = list(_strings(20261125))
    lines = []
    for string in strings:
        escaped = re.sub(r"([^\w\s]|_)", r"\\\1", string)
        alternative = re.sub(ENTITIES, _entity, string)
        lines.append(f'Text ![](dot.png){{alt="{alternative}"}} {escaped}\n')
    dot = BytesIO()
    Image.new("RGB", (4, 4)).save(dot, "PNG")
    root = make_book(
        {
            "book.yaml": "title: T\nlang: en\n",
            "chapters/1.md": "# One\n\n" + "\n".join(lines),
            "chapters/dot.png": dot.getvalue(),
        }
    )
    printed = _plain(_read(_built(root, "pdf")))
    assert [s for s in strings if _plain(s) not in printed] == []
    with zipfile.ZipFile(_built(root, "epub")) as archive:
        page = next(n for n in archive.namelist() if "ch1" in n or "one" in n.lower())
        tree = etree.fromstring(archive.read(page))
    images = tree.iter("{http://www.w3.org/1999/xhtml}img")
    assert [image.get("alt") for image in images] == strings


def _entity(match):
    return f"&#{ord(match[0])};"
