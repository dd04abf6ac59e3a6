"""A book resolved from the texts of its chapters."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from geppetto.ast import nodes, stringify
from geppetto.diagnostics import ordered
from geppetto.pipeline import reading
from geppetto.pipeline.resolving import resolve

BIB = """@book{smith2000, author={Smith, Jane}, title={A Book}, year={2000}, publisher={P}}
@book{doe1999, author={Doe, John}, title={Other}, date={1999}}
@article{sec:foo, author={Foo, F.}, title={Foo}, journaltitle={J}, date={2001}}
@incollection{part, author={Part, P.}, title={In Part}, crossref={whole}}
@collection{whole, editor={Whole, W.}, title={The Whole}, date={1990}}
"""
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Trial:
    """A resolved book, and what was said of it."""

    resolved: object
    diagnostics: tuple

    def text(self, index=0):
        """The words of a document without its heading, no-break spaces as plain ones."""
        blocks = list(self.resolved.documents[index].blocks[1:])
        return stringify(blocks).replace("\u00a0", " ")

    def all(self, kind, index=0):
        """Every node of one type in a document."""
        return list(nodes(list(self.resolved.documents[index].blocks), {kind}))

    def faults(self):
        """The words of every mark in the book."""
        found = (
            node
            for document in self.resolved.documents
            for node in nodes(list(document.blocks), {"Span", "Div"})
        )
        return [stringify(node) for node in found if "fault" in node["c"][0][1]]

    def said(self):
        """Every diagnostic in one line, with its hint."""
        return [f"{d.location}: {d.code}: {d.message} {d.hint or ''}" for d in self.diagnostics]

    def codes(self):
        """Every diagnostic's place and code."""
        return [(str(d.location), d.code) for d in self.diagnostics]


@pytest.fixture
def solve(make_book):
    """Resolve a book of chapters given by text, in order; other files by path."""

    def make(*chapters, settings="", bib=BIB, files=None):
        every = {f"chapters/{n:02}.md": text for n, text in enumerate(chapters, start=1)}
        every["book.yaml"] = f"title: T\n{settings}"
        every["chapters/a.png"] = PNG
        if bib:
            every["r.bib"] = bib
        root = make_book(every | (files or {}))
        book, csl, read = reading.read(root)
        resolved, found = resolve(book, csl, lambda _: None)
        return Trial(resolved, ordered([*read, *found]))

    return make
