"""The first book itself, built whole: what its readers would miss is missed here first.

What can be seen without building it is in test_a_real_boy_text.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from geppetto import pandoc
from geppetto.ast import nodes, stringify
from geppetto.epub import check
from geppetto.pipeline import verifying
from geppetto.references import constructs

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[1]
SOURCES = ("book.yaml", "references.bib", "chapters")
WORD = re.compile(r"[^\W\d_]{2,}")


def _copy(folder):
    folder.mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    return folder


def _build(folder, home=None, tz="UTC"):
    program = Path(sys.executable).parent / "geppetto"
    environment = {**os.environ, "TZ": tz}
    environment.pop("SOURCE_DATE_EPOCH", None)
    if home is not None:
        environment["HOME"] = str(home)
    ended = subprocess.run(
        [str(program), "-C", str(folder), "all", "--strict", "--json"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The book, built once for all tests here."""
    folder = _copy(tmp_path_factory.mktemp("real") / "book")
    said = _build(folder)
    return folder, said


@pytest.fixture(scope="module")
def chapters():
    """The chapters as Pandoc reads them, without the author's notes."""
    files = sorted((ROOT / "chapters").glob("*.md"))
    texts = {f.name: re.sub(r"\A---\n.*?\n---\n", "", f.read_text(), flags=re.S) for f in files}
    blocks, _ = pandoc.read(texts)
    return {name: constructs.without_author_notes(b)[0] for name, b in blocks.items()}


def _pdf_text(folder):
    pdf = folder / "build" / "a-real-boy.pdf"
    return subprocess.run(
        ["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout


def _epub_text(folder):
    words = []
    with zipfile.ZipFile(folder / "build" / "a-real-boy.epub") as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".xhtml"):
                words += etree.fromstring(archive.read(name)).itertext()
    return " ".join(words)


def _words(text):
    """Count words; a word hyphenated at a line's end is joined, with and without its hyphen."""
    joined = re.sub(r"[-\u00ad\u2010]\n", "", text) + "\n" + re.sub(r"([-\u2010])\n", r"\1", text)
    return Counter(WORD.findall(joined.casefold()))


def test_author_notes_are_left_out_and_counted(built):
    """The build says how many notes it left out; none stands in an edition."""
    folder, said = built
    note = next(r for r in said if r["code"] == "author-notes-left-out")
    count = int(note["message"].split()[0])
    sources = "".join(p.read_text() for p in (ROOT / "chapters").glob("*.md"))
    assert count == sources.count("::: {.author-note}") > 0
    assert "REQUIRED" not in _pdf_text(folder)
    assert "REQUIRED" not in _epub_text(folder)


def test_nothing_else_is_said(built):
    """The book builds under --strict: no warning, no error."""
    assert {r["code"] for r in built[1]} == {"author-notes-left-out"}


@pytest.mark.parametrize("edition", [_pdf_text, _epub_text])
def test_every_word_is_there(built, chapters, edition):
    """Every word of the chapters stands in the edition, as often as in the chapter."""
    prose = []
    for blocks in chapters.values():
        for node in nodes(blocks):
            if node["t"] in {"Para", "Plain", "Header"}:
                prose.append(_own_words(node))
    wanted = Counter(WORD.findall(" ".join(prose).casefold()))
    there = _words(edition(built[0]))
    lost = {word: n - there[word] for word, n in wanted.items() if there[word] < n}
    assert not lost


def _own_words(node):
    """The words of a block, notes and image descriptions apart, citations left to citeproc."""
    inlines = node["c"][2] if node["t"] == "Header" else node["c"]
    kept = [i for i in inlines if i["t"] not in {"Cite", "Image"}]
    words = stringify(kept)
    return words.replace("“", "").replace("”", "")


def test_nothing_is_lost(built):
    """`geppetto verify` finds every word, note, figure, table and citation, once."""
    assert verifying.verify(built[0], (), lambda _: None).diagnostics == ()


def test_latex_found_nothing_to_complain_of(built):
    """No overfull box over 1 pt, no undefined reference, no missing character."""
    log = (built[0] / "build" / "latex" / "book.log").read_text(errors="replace")
    wide = [float(n) for n in re.findall(r"Overfull \\[hv]box \(([\d.]+)pt too", log)]
    assert [n for n in wide if n > 1] == []
    assert "undefined" not in log.lower().replace("undefinedpages", "")
    assert "Missing character" not in log


def test_every_font_is_embedded(built):
    """Pdffonts says yes for each."""
    pdf = built[0] / "build" / "a-real-boy.pdf"
    rows = subprocess.run(
        ["pdffonts", str(pdf)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows)


def test_the_pdf_is_sound(built):
    """Qpdf finds no fault; the metadata is right without an author."""
    pdf = built[0] / "build" / "a-real-boy.pdf"
    subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, check=True)
    said = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert "A Real Boy" in said
    assert "Author" not in said
    assert "432 x 648 pts" in said


def test_epubcheck_has_no_word_to_say(built):
    """EPUBCheck 5 with usage messages on: nothing at all."""
    assert check.check(built[0] / "build" / "a-real-boy.epub") == []


def test_the_same_bytes_in_another_folder_home_and_hour(built, tmp_path):
    """A clean build elsewhere gives the same PDF and EPUB, byte for byte."""
    home = tmp_path / "other home"
    home.mkdir()
    folder = _copy(tmp_path / "another place" / "book")
    _build(folder, home=home, tz="Pacific/Auckland")
    for name in ("a-real-boy.pdf", "a-real-boy.epub"):
        assert (folder / "build" / name).read_bytes() == (built[0] / "build" / name).read_bytes()


def test_a_second_build_changes_nothing(built):
    """Building again over the last build gives the same bytes."""
    files = [built[0] / "build" / f"a-real-boy.{kind}" for kind in ("pdf", "epub")]
    before = [f.read_bytes() for f in files]
    _build(built[0])
    assert [f.read_bytes() for f in files] == before
