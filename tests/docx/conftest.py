from __future__ import annotations

import pytest
from docx_books import Built, build

from geppetto.docx.whole import Order


@pytest.fixture
def make_docx(make_book):
    """Make the DOCX of a small book of the files given, and of one chapter's text."""

    def make(text: str = "", order: Order | None = None, **files: str | bytes) -> Built:
        chapter = {"chapters/1.md": f"# One {{#sec:one}}\n\n{text}\n"} if text else {}
        return build(make_book({**chapter, **files}), order)

    return make
