"""Builds resolved books from Markdown, without the steps that resolve real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geppetto import ast, pandoc
from geppetto.ast import Block
from geppetto.model.book import Book, Chapter, Document, Heading, Resolved, Role
from geppetto.model.settings import Settings

Make = Callable[..., Resolved]


def document(slug: str, blocks: list[Block], **values: Any) -> Document:
    """Make a document of a chapter whose blocks are resolved already."""
    headings = [node for node in blocks if node["t"] == "Header"]
    title = ast.stringify(headings[0]) if headings else ""
    role = values.pop("role", Role.MAIN)
    text = values.pop("text", "")
    return Document(
        slug=slug,
        role=role,
        title=title,
        blocks=tuple(blocks),
        chapter=Chapter(f"chapters/{slug}.md", slug, role, text),
        headings=tuple(
            Heading(
                node["c"][0],
                node["c"][1][0],
                ast.stringify(node["c"][2]),
                ast.keyvals(node["c"][1]).get("number"),
            )
            for node in headings
        ),
        **values,
    )


def resolved(
    root: Path, documents: list[Document], images: dict[str, Path] | None = None, **settings: Any
) -> Resolved:
    """Make a resolved book of documents."""
    homes = {
        attributes[0]: each.slug
        for each in documents
        for node in ast.nodes(list(each.blocks))
        if (attributes := ast.attr_of(node)) is not None and attributes[0]
    }
    chapters = tuple(d.chapter for d in documents if d.chapter is not None)
    book = Book(root, Settings.model_validate({"title": "A Book", **settings}), chapters)
    return Resolved(book, tuple(documents), homes, images or {})


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """Give `document`."""
    return document


@pytest.fixture
def make_resolved() -> Make:
    """Give `resolved`."""
    return resolved


@pytest.fixture(scope="session")
def markdown() -> Callable[[str], list[Block]]:
    """Give a reader of Markdown, for tests that may run Pandoc."""

    def read(text: str) -> list[Block]:
        blocks, _ = pandoc.read({"test.md": text})
        return blocks["test.md"]

    return read
