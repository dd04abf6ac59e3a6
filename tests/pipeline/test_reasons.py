"""A build says why each part of a book was set again, and sets no others."""

from __future__ import annotations

import pytest

from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request

BIB = """@book{a, title = {First}, author = {One, A.}, year = 2001}
@book{b, title = {Second}, author = {Two, B.}, year = 2002}
"""
FILES = {
    "chapters/one.md": "# One\n\nWords [@a].\n",
    "chapters/two.md": "# Two\n\nWords [@b].\n",
    "chapters/three.md": "# Three\n\nWords, see [the first](one.md).\n",
    "book.yaml": "title: T\ndate: 2026-01-02\nchapters: [chapters/one.md, chapters/two.md, chapters/three.md]\n",
    "references.bib": BIB,
}


def why(root):
    """Build, and give why parts were set."""
    outcome = build(Request(root, ("pdf",)), lambda _: None)
    assert outcome.artifacts, outcome.diagnostics
    return [one.removeprefix("pdf: ") for one in outcome.reasons if one.count(": ") > 1]


@pytest.mark.tools
def test_each_part_has_its_reason(make_book):
    root = make_book(FILES)
    assert why(root) == ["the whole book: no last build stands that parts could be joined to"]
    (root / "chapters/two.md").write_text("# Two\n\nOther words [@b].\n")
    assert why(root) == ["two: chapters/two.md has changed"]
    (root / "references.bib").write_text(BIB.replace("2001", "1999"))
    assert why(root) == [
        "one: the entry a has changed",
        "bibliography: the entry a has changed",
    ]
    (root / "chapters/one.md").write_text("# The First\n\nWords [@a].\n")
    assert why(root) == [
        "one: chapters/one.md has changed",
        "three: what it refers to has changed",
        "contents: headings or page numbers in them have changed",
    ]
    (root / "chapters/one.md").write_text("# The First\n\n" + "Words, many. " * 900 + "[@a]\n")
    assert why(root) == [
        "one: chapters/one.md has changed",
        "two: page numbers have moved after one",
        "three: page numbers have moved after two",
        "bibliography: page numbers have moved after three",
        "contents: headings or page numbers in them have changed",
    ]
    (root / "book.yaml").write_text(FILES["book.yaml"] + "pdf: {trim: a5}\n")
    assert why(root) == ["the whole book: book.tex has changed"]
