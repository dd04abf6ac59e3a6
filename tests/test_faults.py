"""A folder with one deliberate fault of each kind: each reported, with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

ONE = """# One {#sec:one}

A key that is not there [@smiht2020] and one that is [@smith2020].

![A figure](figures/missing.png){#fig:a}

See @fig:b, and the note.[^gone]

Twice.[^twice]

[^twice]: The first.

[^twice]: The second.

## Section {#double}

## Section again {#double}
"""
BIB = """@book{smith2020, author = {Smith, Ann}, title = {A Book}, year = {2020}}

@book{twin, author = {Smith, Ann}, title = {Twin}, year = {2020}}

@book{twin, author = {Smith, Ann}, title = {Twin again}, year = {2021}}

@book{broken, author = {Smith, Ann, title = {No end}, year = {2021}
"""
EXPECTED = {
    ("citation-unknown", "chapters/1.md", 3, 26),
    ("image-missing", "chapters/1.md", 5, 1),
    ("crossref-unknown", "chapters/1.md", 7, 5),
    ("note-undefined", "chapters/1.md", 7, 26),
    ("note-duplicate", "chapters/1.md", 13, 1),
    ("id-duplicate", "chapters/1.md", 17, None),
    ("bib-duplicate-key", "references.bib", 5, None),
    ("bib-broken-entry", "references.bib", 7, None),
}


def _geppetto(root, *arguments):
    program = Path(sys.executable).parent / "geppetto"
    return subprocess.run(
        [str(program), "-C", str(root), *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture
def faulty(make_book):
    return make_book({"chapters/1.md": ONE, "references.bib": BIB})


def test_each_fault_is_reported_with_its_place(faulty):
    """All faults in one run; exit code 1; nothing published."""
    ended = _geppetto(faulty, "pdf", "--json")
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    found = {(r["code"], r["path"], r["line"], r["column"]) for r in records}
    found_lines = {(code, path, line) for code, path, line, _ in found}
    for code, path, line, column in EXPECTED:
        assert (code, path, line) in found_lines
        if column is not None:
            assert (code, path, line, column) in found
    assert ended.returncode == 1
    assert not list((faulty / "build").glob("*.pdf"))


def test_a_suggestion_names_the_right_key(faulty):
    """The nearest right name is suggested."""
    said = _geppetto(faulty, "pdf").stderr
    assert "Did you mean @smith2020?" in said
    assert "Did you mean @fig:a?" in said


@pytest.mark.parametrize("edition", ["pdf", "epub"])
def test_lenient_marks_every_fault_and_builds(faulty, edition):
    """With --lenient the faults become warnings, stand on the page, and the exit code is 0."""
    ended = _geppetto(faulty, edition, "--lenient", "--json")
    assert ended.returncode == 0, ended.stderr
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {"error"}.isdisjoint(r["severity"] for r in records)
    assert (faulty / "build" / f"a-small-book.{edition}").is_file()


def test_lenient_pages_show_the_marks(faulty):
    """Each mark can be read on the page."""
    assert _geppetto(faulty, "pdf", "--lenient").returncode == 0
    pdf = faulty / "build" / "a-small-book.pdf"
    words = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    for mark in ("@smiht2020?", "missing.png", "@fig:b?", "^gone", "^twice", "#double"):
        assert mark in " ".join(words.split()), mark


def test_lenient_marks_what_latex_stops_at(make_book):
    """A fault in raw LaTeX is set as text in its place; the rest of the book is there."""
    text = "# One\n\nBefore.\n\nHere \\undefinedthing{x} it is.\n\nAfter.\n"
    root = make_book({"chapters/1.md": text})
    strict = _geppetto(root, "pdf", "--json")
    assert strict.returncode == 1
    record = next(
        r for r in map(json.loads, strict.stdout.splitlines()) if r["code"] == "latex-error"
    )
    assert (record["path"], record["line"]) == ("chapters/1.md", 5)
    lenient = _geppetto(root, "pdf", "--lenient")
    assert lenient.returncode == 0, lenient.stderr
    words = subprocess.run(
        ["pdftotext", str(root / "build" / "a-small-book.pdf"), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "Before." in words
    assert "After." in words
    assert "undefinedthing" in words


def test_a_fault_leaves_the_last_good_output_standing(make_book):
    """A build that fails does not touch what an earlier one published."""
    root = make_book({"chapters/1.md": "# One\n\nGood.\n"})
    assert _geppetto(root, "epub").returncode == 0
    good = (root / "build" / "a-small-book.epub").read_bytes()
    (root / "chapters" / "1.md").write_text("# One\n\nBad [@nobody].\n")
    assert _geppetto(root, "epub").returncode == 1
    assert (root / "build" / "a-small-book.epub").read_bytes() == good


BROKEN = "<svg xmlns='http://www.w3.org/2000/svg'><image href='x.png'/></svg>"


def test_lenient_marks_images_that_cannot_be_set(make_book):
    """A drawing that takes a picture from elsewhere: the pages are made, with a mark."""
    root = make_book({"chapters/1.md": "# A\n\n![Caption](a.svg)\n", "chapters/a.svg": BROKEN})
    assert _geppetto(root, "pdf").returncode == 1
    ended = _geppetto(root, "pdf", "--lenient")
    assert ended.returncode == 0, ended.stderr
    assert "warning[image-format]" in ended.stderr
    pdf = root / "build" / "a-small-book.pdf"
    words = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True)
    assert "takes a picture from another file" in " ".join(words.stdout.split())


@pytest.mark.parametrize("csl", ["nowhere.csl", "broken.csl"])
def test_a_style_that_cannot_be_used_has_its_line(make_book, csl):
    """Where book.yaml names it."""
    files = {
        "book.yaml": f"title: A Small Book\ncsl: {csl}\n", "broken.csl": "<style>",
        "chapters/1.md": "# A\n\n@k\n", "r.bib": "@book{k, title={T}, year={2000}}\n",
    }  # fmt: skip
    assert "book.yaml:2:6: error[csl-" in _geppetto(make_book(files), "epub").stderr
