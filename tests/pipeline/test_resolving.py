"""The whole book resolved."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from geppetto import pandoc
from geppetto.ast import nodes, stringify
from geppetto.diagnostics import ordered
from geppetto.model.book import Bibliography
from geppetto.pipeline import reading
from geppetto.pipeline.resolving import resolve

GOLDEN = Path(__file__).parent / "golden"
BIB = "@book{k, author={Key, A.}, title={T}, year={2000}}\n@book{m, title={M}, year={2001}}\n"
PLAIN = """# Title *of* it

Text @k [p. 3] with "quotes" [see @m], `code`, $m$, a note^[Of *words* [@k].] -- and
[a link](https://x.org).

Term

:   Definition

| line
| block

> Quoted

  a     b
----  ---
   1    2

1. one
2. two

[^1]: Def

More[^1] ~~out~~ x^2^.
"""
pytestmark = pytest.mark.tools


def solved(root):
    book, csl, read = reading.read(root)
    resolved, found = resolve(book, csl, lambda _: None)
    return resolved, ordered([*read, *found])


def words(blocks):
    """Every word, of notes too."""
    notes = [stringify(note["c"]) for note in nodes(blocks, {"Note"})]
    return f"{stringify(blocks)} {' '.join(notes)}".replace("\u00a0", " ").split()


def test_the_words_are_those_of_plain_pandoc(make_book):
    """Of a chapter without cross-references, nothing is lost and nothing added."""
    root = make_book({"chapters/1.md": PLAIN, "r.bib": BIB})
    resolved, diagnostics = solved(root)
    assert diagnostics == ()
    command = [pandoc.program(), "--citeproc", "--bibliography=r.bib", "-Mlink-citations", "-tjson"]
    done = subprocess.run([*command, "chapters/1.md"], cwd=root, capture_output=True, check=True)
    expected = words(json.loads(done.stdout)["blocks"])
    chapter, bibliography = resolved.documents
    assert sorted(words([*chapter.blocks, *bibliography.blocks[1:]])) == sorted(expected)


def test_every_fault_is_named_and_marked(make_book, golden):
    """All in one run, each with its place; each visible on the page."""
    root = make_book(
        {
            "chapters/1.md": "# One\n\n@nope @fig:no [x](#no) [y](2.md#no) z[^no]\n\n"
            "![a](no.png) ![b](http://x/y.png) ![c](../../up.png) ![](a.png)\n\n"
            "## A {#x}\n\n## B {#x}\n\nn[^d]\n\n[^d]: D\n[^d]: E\n\n[^u]: U\n",
            "chapters/2.md": "# Two {#x}\n\n@k\n",
            "chapters/a.png": b"x",
            "r.bib": BIB,
            "book.yaml": "title: T\nnocite:\n- k\n- kk\n",
        }
    )
    resolved, diagnostics = solved(root)
    said = "".join(f"{d.location}: {d.severity}[{d.code}]: {d.message}\n" for d in diagnostics)
    marks = [
        stringify(node)
        for document in resolved.documents
        for node in nodes(list(document.blocks), {"Span", "Div"})
        if "fault" in node["c"][0][1]
    ]
    golden(GOLDEN / "faults.txt", said + "\n" + "\n".join(marks) + "\n")


def test_homes_and_images(make_book):
    """Every identifier has a home; every image is named from the book's folder."""
    files = {"chapters/1.md": "# A\n\n![x](i.png)\n", "chapters/2.md": "# B\n\n@k\n"}
    root = make_book({**files, "chapters/i.png": b"x", "r.bib": BIB})
    resolved, _ = solved(root)
    assert resolved.homes == {
        "a": "ch1", "b": "ch2", "bibliography": "bibliography", "refs": "bibliography",
        "ref-k": "bibliography",
    }  # fmt: skip
    assert resolved.images == {"chapters/i.png": (root / "chapters/i.png").resolve()}


def test_an_entry_that_pandoc_alone_refuses(make_book):
    """Is named with its line, its citations are marked, and the others are set."""
    root = make_book({"chapters/1.md": "# A\n\n@k and @m\n", "r.bib": BIB})
    book, csl, _ = reading.read(root)
    references = dict(book.bibliography.references)
    broken = "@book{m,\n title={M}\n year={2001}}"
    references["m"] = replace(references["m"], raw=broken)
    book = replace(book, bibliography=Bibliography(references))
    resolved, diagnostics = resolve(book, csl, lambda _: None)
    assert [str(d.location) for d in diagnostics if d.code == "bib-broken-entry"] == ["r.bib:4"]
    assert stringify(list(resolved.documents[0].blocks)) == "A Key (2000) and [@m?]"


def test_a_fault_of_an_entry_stands_beside_it(make_book):
    """In the bibliography, where a doubled key can be seen."""
    root = make_book({"chapters/1.md": "# A\n\n@k\n", "r.bib": BIB})
    book, csl, _ = reading.read(root)
    faults = {"k": "the key k stands twice"}
    book = replace(book, bibliography=replace(book.bibliography, faults=faults))
    resolved, _ = resolve(book, csl, lambda _: None)
    assert stringify(list(resolved.documents[-1].blocks)).endswith("T. [the key k stands twice]")


def test_a_chapter_that_pandoc_cannot_take(make_book):
    """Is named; the book's other chapters are still looked at."""
    loop = "# A\n\n\\newcommand{\\x}{\\x} \\x and\n"
    root = make_book({"chapters/1.md": loop, "chapters/2.md": "# B\n\n@nope\n"})
    resolved, diagnostics = solved(root)
    assert [d.code for d in diagnostics] == ["pandoc-failed", "citation-unknown"]
    assert [d.title for d in resolved.documents] == ["B"]
