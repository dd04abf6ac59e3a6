"""The page map as a file beside its PDF: compressed JSON."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from geppetto.pagemap import PageMap, Row

SUFFIX = ".pagemap"
FORMAT = 1
_LARGEST = 1 << 28  # bytes of JSON: some millions of rows


def beside(pdf: Path) -> Path:
    """Give the file in which the map of a PDF is kept."""
    return pdf.with_suffix(SUFFIX)


def packed(made: PageMap) -> bytes:
    """Give the file's content: the same for the same map."""
    paths = sorted(made.sources)
    index = {path: number for number, path in enumerate(paths)}
    record = {
        "format": FORMAT,
        "pdf": made.pdf,
        "pages": made.pages,
        "sources": [[path, made.sources[path]] for path in paths],
        "rows": [
            [r.page, r.x, r.y, r.width, r.height, r.depth, index[r.path], r.line] for r in made.rows
        ],
    }
    return gzip.compress(
        json.dumps(record, separators=(",", ":")).encode(), compresslevel=6, mtime=0
    )


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
    rows = tuple(_row(numbers, paths) for numbers in record["rows"])
    pages = tuple((int(width), int(height)) for width, height in record["pages"])
    return PageMap(pages, rows, {str(p): str(d) for p, d in record["sources"]}, str(record["pdf"]))


def _row(numbers: list[Any], paths: list[str]) -> Row:
    page, x, y, width, height, depth, source, line = map(int, numbers)
    return Row(page, x, y, width, height, depth, paths[source], line)
