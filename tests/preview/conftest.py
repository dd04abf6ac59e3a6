"""A book's folder with a PDF in it, and its page map."""

from __future__ import annotations

import pytest
from proofs import BIBLIOGRAPHY, CHAPTER, page_map

from geppetto.pagemap import stored


@pytest.fixture
def build(make_book):
    """Make a book, and put a PDF made from its files into place."""

    def put(data, **texts):
        sources = {"chapters/1.md": CHAPTER, "references.bib": BIBLIOGRAPHY, **texts}
        root = make_book(sources)
        target = root / "build/a-small-book.pdf"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        stored.beside(target).write_bytes(stored.packed(page_map(data, sources)))
        return target

    return put
