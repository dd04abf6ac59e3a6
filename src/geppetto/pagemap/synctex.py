"""The page map as SyncTeX knows it, so that any viewer that can, jumps into the Markdown.

The format is that of *synctex(5)*, version 1: for each page a box of boxes, each
with the number of its file, its line, its place and its size in scaled points.
TeX itself would name the LaTeX that Geppetto wrote.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from geppetto.pagemap import PageMap, Row

SUFFIX = ".synctex.gz"
SCALED = 7227 * 65536 / 720_000  # scaled points in a hundredth of a PDF point


def beside(pdf: Path) -> Path:
    """Give the file in which viewers look for the SyncTeX of a PDF."""
    return pdf.with_suffix(SUFFIX)


def packed(made: PageMap, root: Path) -> bytes:
    """Give the file's content; `root` is the book's folder, which viewers need to be told."""
    return gzip.compress("\n".join(_lines(made, root)).encode(), compresslevel=6, mtime=0)


def _lines(made: PageMap, root: Path) -> Iterator[str]:
    tags = {path: number for number, path in enumerate(sorted(made.sources), 1)}
    yield "SyncTeX Version:1"
    for path, tag in tags.items():
        yield f"Input:{tag}:{root.resolve() / path}"
    yield from ("Output:pdf", "Magnification:1000", "Unit:1", "X Offset:0", "Y Offset:0")
    yield "Content:"
    count = 0
    for page, rows in groupby(made.rows, key=lambda row: row.page):
        boxes = [one for row in rows for one in _row(row, tags[row.path])]
        width, height = (round(length * SCALED) for length in made.pages[page - 1])
        first = made.on(page)[0]
        yield f"{{{page}"
        yield f"[{tags[first.path]},{first.line}:0,{height}:{width},{height},0"
        yield from boxes
        yield "]"
        yield f"}}{page}"
        count += 2 + len(boxes)
    yield from ("Postamble:", f"Count:{count}", "Post scriptum:", "")


def _row(row: Row, tag: int) -> tuple[str, str, str]:
    x, y, width, height, depth = (
        round(length * SCALED) for length in (row.x, row.y, row.width, row.height, row.depth)
    )
    at = f"{tag},{row.line}:{x},{y}"
    return f"({at}:{width},{height},{depth}", f"x{at}", ")"
