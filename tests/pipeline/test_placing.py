"""`geppetto where` and SyncTeX: from a page to the line of a chapter, and back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.pagemap import stored
from geppetto.pipeline import building, placing
from geppetto.pipeline.edition import Request

pytestmark = pytest.mark.tools
UNLIKE = Path(__file__).parents[1] / "books" / "unlike"

ONE = """# One {#sec:one}

A paragraph whose q01 is on the third line, and whose
q02 is on the next; *emphasis that q03 here
and q04* goes on with q05 to the end.[^n]

[^n]: A note with q06 in it.

- An item with q07
    - and a q08

Term with q09
:   has a q10.

> A quotation with q11.

| q12  | q13  |
|------|------|
| q14  | q15  |

: A caption with q16. {#tbl:t}

| A verse with q17
| and q18

```
codeword = 1
```

$$ a^2 + b^2 = c^2 $$

## A heading with q19

As [@smith2020] says, q20.
"""
BIB = """@book{smith2020,
  author = {Smith, Ann}, title = {The q99}, publisher = {P}, year = {2020}
}
"""
WORDS = {
    "q01": 3, "q02": 4, "q03": 4, "q04": 5, "q05": 5,
    "q06": 7, "q07": 9, "q08": 10, "q09": 12, "q10": 13,
    "q11": 15, "q12": 17, "q13": 17, "q14": 19, "q15": 19,
    "q16": 21, "q17": 23, "q18": 24, "q19": 32, "q20": 34,
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    (folder / "chapters").mkdir()
    (folder / "book.yaml").write_text("title: Small\nlang: en\ndate: 2026-01-02\n")
    (folder / "refs.bib").write_text(BIB)
    (folder / "chapters" / "1.md").write_text(ONE)
    building.build(Request(folder, ("pdf",)), lambda _: None)
    return folder


@pytest.fixture
def pdf(root):
    return root / "build" / "small.pdf"


FIRST = 7  # the page after the titles and the contents


def _points(pdf):
    """Where each word of the text stands, in parts of its page's width and height."""
    document = pdfium.PdfDocument(pdf)
    for number, page in enumerate(document, 1):
        if number < FIRST:
            continue
        width, height = page.get_size()
        text = page.get_textpage()
        for word in re.finditer(r"\w+", text.get_text_range()):
            left, bottom, right, top = text.get_charbox(word.start())
            x, y = (left + right) / 2 / width, 1 - (bottom + top) / 2 / height
            yield word[0], number, (x, y)
    document.close()


def test_each_word_of_a_page_leads_to_its_line(root, pdf):
    """Every kind of block, and every line within a paragraph."""
    found = {}
    for word, page, point in _points(pdf):
        if word in WORDS:
            spot = placing.in_text(pdf, page, point, root).spots[0]
            assert spot.path == "chapters/1.md"
            found[word] = spot.line
    assert found == WORDS


def test_an_entry_of_the_bibliography_leads_to_the_bib_file(root, pdf):
    (where,) = [(page, point) for word, page, point in _points(pdf) if word.lower() == "q99"]
    (spot,) = placing.in_text(pdf, *where, root).spots
    assert (spot.path, spot.line) == ("refs.bib", 1)


@pytest.mark.parametrize("word", ["q01", "q02", "q06", "q14", "q19"])
def test_a_line_leads_to_where_its_words_stand(root, pdf, word):
    """The rectangle that is given is on the line of the page on which the word is, or beside it."""
    ((page, (_, y)),) = [(page, at) for one, page, at in _points(pdf) if one == word]
    spots = placing.in_pdf(f"chapters/1.md:{WORDS[word]}", root).spots
    assert [spot.page for spot in spots] == [page]
    (spot,) = spots
    assert abs(spot.y + spot.height / 2 - y) < 2 * spot.height


def test_a_line_between_two_is_led_to_what_is_above(root):
    answer = placing.in_pdf("chapters/1.md:8", root)
    assert {spot.line for spot in answer.spots} == {7}
    assert [d.code for d in answer.diagnostics] == ["place-nearest"]


def test_a_point_on_white_is_led_to_what_is_near(root, pdf):
    page = placing.in_pdf("chapters/1.md:3", root).spots[0].page
    answer = placing.in_text(pdf, page, (0.01, 0.99), root)
    assert [d.code for d in answer.diagnostics] == ["place-nearest"]


def _code(ask):
    with pytest.raises(GeppettoError) as stopped:
        ask()
    assert stopped.value.exit_code is ExitCode.USAGE
    return [d.code for d in stopped.value.diagnostics]


def test_places_that_are_none_are_refused(root, pdf):
    """Pages past the end, empty pages, files that the PDF has nothing of, no line."""
    assert _code(lambda: placing.in_text(pdf, 999, None, root)) == ["place-unknown"]
    assert _code(lambda: placing.in_text(pdf, 2, None, root)) == ["place-unknown"]
    assert _code(lambda: placing.in_pdf("chapters/9.md:1", root)) == ["place-unknown"]
    assert _code(lambda: placing.in_pdf("chapters/1.md", root)) == ["place-unknown"]


@pytest.fixture
def copy(root, tmp_path):
    return Path(shutil.copytree(root, tmp_path / "copy"))


def test_a_map_that_is_not_the_pdfs_own_is_told(copy):
    """A PDF that was changed; a chapter that was changed since: the answer stands, with a warning."""
    pdf = copy / "build" / "small.pdf"
    (copy / "chapters" / "1.md").write_text("\n" + ONE)
    assert [d.code for d in placing.in_pdf("chapters/1.md:3", copy).diagnostics] == ["map-stale"]
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    said = placing.in_pdf("chapters/1.md:3", copy).diagnostics
    assert [(d.code, str(d.location)) for d in said] == [
        ("map-stale", "None"),
        ("map-stale", "chapters/1.md"),
    ]


def test_a_map_that_is_damaged_or_gone_is_told(copy):
    file = stored.beside(copy / "build" / "small.pdf")
    file.write_bytes(file.read_bytes()[:100])
    assert _code(lambda: placing.in_pdf("chapters/1.md:3", copy)) == ["map-damaged"]
    file.unlink()
    assert _code(lambda: placing.in_pdf("chapters/1.md:3", copy)) == ["map-missing"]


def _geppetto(root, *arguments):
    program = Path(sys.executable).parent / "geppetto"
    return subprocess.run(
        [str(program), "-C", str(root), *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_line_answers_both_ways(root, pdf):
    """A line `path:line` for an editor; a page for a reader; JSON for programs."""
    there = _geppetto(root, "where", "chapters/1.md:4", "--json")
    spot = json.loads(there.stdout)
    at = f"{spot['x'] + spot['width'] / 2},{spot['y'] + spot['height'] / 2}"
    back = _geppetto(root, "where", str(pdf), "--page", str(spot["page"]), "--at", at)
    assert back.stdout == "chapters/1.md:4\n"
    assert f"page {spot['page']} at " in _geppetto(root, "where", "chapters/1.md:4").stdout
    for wrong in ([str(pdf)], [str(pdf), "--page", "7", "--at", "3"], ["a.md:1", "--page", "1"]):
        assert _geppetto(root, "where", *wrong).returncode == ExitCode.USAGE


def _synctex(*arguments):
    ended = subprocess.run(["synctex", *arguments], capture_output=True, text=True, check=True)
    return dict(re.findall(r"^(Input|Line|Page|x|y|h|v|W|H):(.*)$", ended.stdout, re.MULTILINE))


def test_viewers_jump_into_the_markdown_and_back(root, pdf):
    """SyncTeX's own program: `edit` gives the chapter's line, `view` the page of a line."""
    sizes = [page.get_size() for page in pdfium.PdfDocument(pdf)]
    right = 0
    for word, page, (x, y) in _points(pdf):
        if word in WORDS:
            width, height = sizes[page - 1]
            found = _synctex("edit", "-o", f"{page}:{x * width}:{y * height}:{pdf}")
            assert Path(found["Input"]) == root / "chapters" / "1.md"
            right += int(found["Line"]) == WORDS[word]
            seen = _synctex("view", "-i", f"{WORDS[word]}:1:{found['Input']}", "-o", str(pdf))
            assert int(seen["Page"]) == page
    assert right == len(WORDS)


@pytest.mark.parametrize("book", ["small", "unlike"])
def test_the_layout_is_the_same_without_the_stops(book, root, tmp_path):
    """Each word has the same box on the same page when LaTeX's files have no stop in them."""
    if book == "unlike":
        folder = Path(shutil.copytree(UNLIKE, tmp_path / "unlike"))
        building.build(Request(folder, ("pdf",), lenient=True), lambda _: None)
    else:
        folder = Path(shutil.copytree(root, tmp_path / "small"))
    work = folder / "build" / "latex"
    with_stops = _boxes(work)
    for part in (work / "parts").glob("*.tex"):
        text = part.read_text("utf-8")
        assert "\\atstop" in text
        part.write_text(re.sub(r"\\atstop\{\d+\}", "", text), encoding="utf-8")
    assert _boxes(work) == with_stops


def _boxes(work):
    subprocess.run(
        ["lualatex", "-interaction=nonstopmode", "book.tex"],
        cwd=work,
        capture_output=True,
        check=False,
    )
    ended = subprocess.run(
        ["pdftotext", "-bbox", "book.pdf", "-"],
        cwd=work,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in ended.stdout.splitlines() if "<word" in line or "<page" in line]


def test_two_builds_write_the_same_map(root, tmp_path):
    """In another folder: the same bytes."""
    folder = tmp_path / "elsewhere"
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("build"))
    building.build(Request(folder, ("pdf",)), lambda _: None)
    one, two = (stored.beside(f / "build" / "small.pdf").read_bytes() for f in (root, folder))
    assert one == two
