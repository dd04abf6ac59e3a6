"""The page map as a file beside its PDF: compressed JSON."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from geppetto.pagemap import PageMap, Row

SUFFIX = ".pagemap"
FORMAT = 2
LEVEL = 4
"""How much is compressed: more would take longer than it is worth."""
_LARGEST = 1 << 28  # bytes of JSON: some millions of rows


def beside(pdf: Path) -> Path:
    """Give the file in which the map of a PDF is kept."""
    return pdf.with_suffix(SUFFIX)


def packed(made: PageMap) -> bytes:
    """Give the file's content: the same for the same map."""
    index = {path: number for number, path in enumerate(sorted(made.sources))}
    rows = [page_text(made.on(number), index) for number in range(1, len(made.pages) + 1)]
    return assembled(made.pdf, made.sources, made.pages, rows)


def page_text(rows: Iterable[Row], index: Mapping[str, int]) -> str:
    """Give the rows of a page as JSON; `index` numbers their chapters."""
    listed = [[r.x, r.y, r.width, r.height, r.depth, index[r.path], r.line] for r in rows]
    return json.dumps(listed, separators=(",", ":"))


def assembled(
    pdf: str,
    sources: Mapping[str, str],
    pages: Sequence[Sequence[int]],
    texts: Sequence[str],
) -> bytes:
    """Give the file's content from the pages' texts; `sources` were numbered in their order."""
    head = {
        "format": FORMAT,
        "pdf": pdf,
        "pages": pages,
        "sources": sorted(sources.items()),
    }
    text = json.dumps(head, separators=(",", ":"))
    content = f'{text[:-1]},"rows":[{",".join(texts)}]}}'
    return gzip.compress(content.encode(), compresslevel=LEVEL, mtime=0)


def unpacked(data: bytes) -> PageMap:
    """Read the file's content.

    Raises:
        ValueError: it is no page map, or of another format.
    """
    try:
        record = json.loads(_decompressed(data))
        return _page_map(record)
    except (
        OSError,
        EOFError,
        zlib.error,
        KeyError,
        TypeError,
        IndexError,
        RecursionError,
    ) as fault:
        raise ValueError(str(fault)) from fault


def _decompressed(data: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    text = reader.decompress(data, _LARGEST)
    if not reader.eof:
        raise ValueError("it does not come to its end")
    return text


def _page_map(record: dict[str, Any]) -> PageMap:
    if record["format"] != FORMAT:
        raise ValueError(f"its format is {record['format']!r}, not {FORMAT}")
    paths = [str(path) for path, _ in record["sources"]]
    pages = tuple((int(width), int(height)) for width, height in record["pages"])
    if len(record["rows"]) != len(pages):
        raise ValueError("it has rows of more or fewer pages")
    rows = tuple(
        _row(number, numbers, paths)
        for number, listed in enumerate(record["rows"], 1)
        for numbers in listed
    )
    return PageMap(pages, rows, {str(p): str(d) for p, d in record["sources"]}, str(record["pdf"]))


def _row(page: int, numbers: list[Any], paths: list[str]) -> Row:
    x, y, width, height, depth, source, line = map(int, numbers)
    return Row(page, x, y, width, height, depth, paths[source], line)
