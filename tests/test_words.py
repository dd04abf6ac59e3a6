"""A book unlike the first one: every word of plain Pandoc's reading stands in both editions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from geppetto import pandoc
from geppetto.epub import check

pytestmark = pytest.mark.tools

BOOKS = Path(__file__).parent / "books"
CHAPTERS = (
    "front/preface.md", "chapters/citations.md", "chapters/tables.md",
    "chapters/näme & 50% #1.md", "chapters/lists.md", "chapters/code.md", "chapters/tongues.md",
    "chapters/crlf.md", "appendix.md",
)  # fmt: skip
WORD = re.compile(r"[^\W\d_]{2,}")
HYPHEN = re.compile(r"[-\u00ad\u2010]\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The book, built once: its folder, and what was said of it."""
    root = tmp_path_factory.mktemp("unlike") / "book"
    shutil.copytree(BOOKS / "unlike", root)
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(root), "all", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return root, [json.loads(line) for line in ended.stdout.splitlines()]


def _pdf(root):
    pdf = next((root / "build").glob("*.pdf"))
    return subprocess.run(
        ["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout


def _epub(root):
    with zipfile.ZipFile(next((root / "build").glob("*.epub"))) as archive:
        pages = [archive.read(n) for n in sorted(archive.namelist()) if n.endswith(".xhtml")]
    return "\n".join("".join(etree.fromstring(page).itertext()) for page in pages)


def _plain(root, chapter):
    """What Pandoc alone, with the two bibliographies, makes of a chapter."""
    command = [pandoc.program(), "--from=markdown+alerts", "--to=plain", "--wrap=none"]
    command += [f"--lua-filter={BOOKS / 'prose.lua'}", "--citeproc", "--metadata=lang=en-US"]
    command += ["--bibliography=one.bib", "--bibliography=more/two.bib", chapter]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return ended.stdout


def _words(text):
    text = unicodedata.normalize("NFKC", text)
    joined = f"{HYPHEN.sub('', text)}\n{HYPHEN.sub('-', text)}"
    return Counter(WORD.findall(joined.casefold()))


@pytest.fixture(scope="module")
def wanted(built):
    """The words of each chapter, counted."""
    texts = {chapter: _plain(built[0], chapter) for chapter in CHAPTERS}
    return {
        chapter: Counter(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
        for chapter, text in texts.items()
    }


@pytest.mark.parametrize("edition", [_pdf, _epub])
def test_every_word_is_there(built, wanted, edition):
    """Notes, captions, cells, code, citations and their entries among them."""
    there = _words(edition(built[0]))
    for chapter, words in wanted.items():
        lost = {word: n for word, n in words.items() if there[word] < n}
        assert len(words) > 3, chapter
        assert lost == {}, chapter


def test_nothing_is_said_but_what_is_so(built):
    """What is right is not complained of; which patterns TeX has is the machine's affair.

    The line of code that has no blank is loose where it breaks; the author's own red is
    too faint for the EPUB to claim anything.
    """
    said = [r for r in built[1] if not r["code"].startswith("hyphenation-")]
    assert [(r["code"], r["path"], r["line"]) for r in said] == [
        ("latex-underfull", "chapters/code.md", 155),
        ("epub-unclaimed", "chapters/lists.md", None),
        ("author-notes-left-out", None, None),
    ]


def test_epubcheck_has_no_word_to_say(built):
    """With usage messages on."""
    assert check.check(next((built[0] / "build").glob("*.epub"))) == []
