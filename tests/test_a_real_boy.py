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
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from lxml import etree

from geppetto import pandoc
from geppetto.ast import nodes, stringify
from geppetto.epub import check
from geppetto.pipeline import verifying
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
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


def test_the_epub_marks_the_pages_of_print(built, tmp_path):
    """Behind each mark stand the words that stand first, below the running head, on its page.

    Those of a float at the head of a page stand elsewhere in the EPUB: a later line is first then.
    """
    pdf = built[0] / "build" / "a-real-boy.pdf"
    request = Request(
        built[0], ("epub",), tmp_path / "paged.epub", pages=pdf.with_suffix(".pagemap")
    )
    assert {d.code for d in build(request, lambda _: None).diagnostics} == {"author-notes-left-out"}
    following = _following(tmp_path / "paged.epub")
    printed = _printed_pages(pdf)
    assert set(following) == set(printed) - {"i"}  # the half-title: the EPUB has none
    far = {}
    for folio, words in following.items():
        lines = [" ".join(printed[folio][n : n + 6]) for n in range(len(printed[folio]))]
        starts = [n for n, line in enumerate(lines) if _plain(line)[: len(words)] == words]
        assert starts, (folio, words)
        far[folio] = starts[0]
    floats = {folio for folio, line in far.items() if line > 1}
    assert floats == {"4", "8", "13", "32"}


def _plain(text):
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def _printed_pages(pdf):
    """The lines of each page that is not blank, by its folio."""
    document = pdfium.PdfDocument(pdf)
    pages = {}
    for index in range(len(document)):
        number = str(index + 1)
        words = subprocess.run(
            ["pdftotext", "-raw", "-f", number, "-l", number, str(pdf), "-"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        if words.strip():
            pages[document.get_page_label(index)] = [w for w in words.splitlines() if w.strip()]
    return pages


def _following(epub):
    """The first words after each mark, by its folio: of the text, not of notes and captions."""
    with zipfile.ZipFile(epub) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        items = {i.get("id"): i.get("href") for i in package.iter("{*}item")}
        spine = [items[ref.get("idref")] for ref in package.iter("{*}itemref")]
        stream = [
            s for name in spine for s in _stream(etree.fromstring(archive.read(f"EPUB/{name}")))
        ]
    marks = {said[1]: n for n, said in enumerate(stream) if isinstance(said, tuple)}
    return {
        folio: [word for word in stream[n + 1 : n + 60] if isinstance(word, str)][:4]
        for folio, n in marks.items()
    }


def _stream(element):
    kind = element.get("{http://www.idpf.org/2007/ops}type") or ""
    if kind == "pagebreak":
        yield "mark", element.get("aria-label")
    skipped = kind in {"footnotes", "noteref", "landmarks", "page-list"}
    if skipped or etree.QName(element).localname in {"head", "figcaption"}:
        return
    yield from _plain(element.text or "")
    for child in element:
        yield from _stream(child)
        yield from _plain(child.tail or "")
