"""Builds DOCXs from a book's folder, with the steps that resolve real books."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docx_soundness import W, faults, parts
from lxml import etree

from geppetto.diagnostics import Diagnostic
from geppetto.docx import edition
from geppetto.docx.whole import Order
from geppetto.model.book import Resolved
from geppetto.pipeline import reading
from geppetto.pipeline.resolving import resolve


@dataclass(frozen=True)
class Built:
    """A DOCX and what was said of it."""

    data: bytes
    diagnostics: list[Diagnostic]
    resolved: Resolved

    def part(self, name: str) -> etree._Element:
        """Give the tree of a part."""
        return etree.fromstring(parts(self.data)[name])

    @property
    def document(self) -> etree._Element:
        """The text."""
        return self.part("word/document.xml")

    def paragraphs(self, style: str) -> list[str]:
        """Give the text of every paragraph of a style."""
        return [
            "".join(t.text or "" for t in p.iter(f"{W}t"))
            for p in self.document.iter(f"{W}p")
            if (s := p.find(f"{W}pPr/{W}pStyle")) is not None and s.get(f"{W}val") == style
        ]


def build(root: Path, order: Order | None = None) -> Built:
    """Make the DOCX of a book's folder; it is sound, or the test fails."""
    book, csl, _ = reading.read(root)
    resolved, _ = resolve(book, csl, lambda _: None)
    work = root / "build" / "docx"
    epoch = reading.epoch(book)
    data, said = edition.build(resolved, work, epoch=epoch, order=order or Order())
    assert faults(data) == []
    return Built(data, said, resolved)
