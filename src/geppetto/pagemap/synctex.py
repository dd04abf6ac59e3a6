"""The page map as SyncTeX knows it, so that any viewer that can, jumps into the Markdown.

The format is that of *synctex(5)*, version 1: for each page a box of boxes, each
with the number of its file, its line, its place and its size in scaled points.
TeX itself would name the LaTeX that Geppetto wrote.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geppetto.pagemap import PageMap, Row
from geppetto.pagemap.stored import LEVEL

SUFFIX = ".synctex.gz"
SCALED = 7227 * 65536 / 720_000  # scaled points in a hundredth of a PDF point


def beside(pdf: Path) -> Path:
    """Give the file in which viewers look for the SyncTeX of a PDF."""
    return pdf.with_suffix(SUFFIX)


def packed(made: PageMap, root: Path) -> bytes:
    """Give the file's content; `root` is the book's folder, which viewers need to be told."""
    tags = numbered(made.sources)
    pages = range(1, len(made.pages) + 1)
    texts = [page_text(made.on(number), made.pages[number - 1], tags) for number in pages]
    return assembled(made.sources, texts, root)


def numbered(paths: Iterable[str]) -> dict[str, int]:
    """Give each file its tag."""
    return {path: number for number, path in enumerate(sorted(paths), 1)}


def page_text(rows: Sequence[Row], size: tuple[int, int], tags: Mapping[str, int]) -> str:
    """Give the box of a page, with a box for each of its rows; nothing for a page without."""
    if not rows:
        return ""
    width, height = (round(length * SCALED) for length in size)
    boxes = [one for row in rows for one in _row(row, tags[row.path])]
    first = f"[{tags[rows[0].path]},{rows[0].line}:0,{height}:{width},{height},0"
    return "\n".join([first, *boxes, "]"])


def assembled(paths: Iterable[str], texts: Sequence[str], root: Path) -> bytes:
    """Give the file's content from the pages' texts."""
    lines = ["SyncTeX Version:1"]
    lines += (f"Input:{tag}:{root.resolve() / path}" for path, tag in numbered(paths).items())
    lines += ("Output:pdf", "Magnification:1000", "Unit:1", "X Offset:0", "Y Offset:0", "Content:")
    for number, text in enumerate(texts, 1):
        lines += (f"{{{number}", text, f"}}{number}") if text else ()
    count = sum(text.count("\n") + 1 for text in texts if text)
    lines += ("Postamble:", f"Count:{count}", "Post scriptum:", "")
    return gzip.compress("\n".join(lines).encode(), compresslevel=LEVEL, mtime=0)


def _row(row: Row, tag: int) -> tuple[str, str, str]:
    x, y, width, height, depth = (
        round(length * SCALED) for length in (row.x, row.y, row.width, row.height, row.depth)
    )
    at = f"{tag},{row.line}:{x},{y}"
    return f"({at}:{width},{height},{depth}", f"x{at}", ")"
