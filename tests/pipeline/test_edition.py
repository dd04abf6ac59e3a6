"""What an edition depends on beside the book's files."""

from __future__ import annotations

from pathlib import Path

from geppetto.pipeline.edition import Request


def test_an_epub_with_pages_or_for_kindle_is_another_than_the_plain_one(tmp_path):
    """The pages count by what the map holds: another print edition, another EPUB."""
    pages = tmp_path / "print.pagemap"
    pages.write_bytes(b"one")
    plain = Request(Path("book"), ("epub",))
    paged = Request(Path("book"), ("epub",), pages=pages)
    before = paged.options
    every = {plain.options, before, Request(Path("book"), ("epub",), safe=True).options}
    pages.write_bytes(b"another")
    assert len(every | {paged.options}) == 4
