"""A PDF and its page map, made without TeX."""

from __future__ import annotations

import hashlib
import io

import pikepdf

from geppetto.pagemap import PageMap, Row

CHAPTER = "# One\n\nFirst words of it,\nand second words.\n\nA third line.\n"
BIBLIOGRAPHY = "@book{a,\n  title = {A}\n}\n"
WIDTH, HEIGHT = 300, 400  # points
FIRST, SECOND, THIRD, ENTRY = 3, 4, 6, 1  # lines that stand on pages


def pdf(count=4, title="A Small Book", colour="0 0 0"):
    """Give a PDF whose pages have a bar in their upper half; the first two are i and ii."""
    made = pikepdf.new()
    for number in range(count):
        made.add_blank_page(page_size=(WIDTH, HEIGHT))
        bar = f"{colour} rg 30 {300 - number} 200 20 re f".encode()
        made.pages[number].Contents = made.make_stream(bar)
    roman, arabic = (pikepdf.Dictionary(S=pikepdf.Name(style)) for style in ("/r", "/D"))
    made.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, roman, 2, arabic]))
    with made.open_metadata() as metadata:
        metadata["dc:title"] = title
    made.docinfo["/Title"] = title
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def row(page, y, path, line, width=20000):
    """Give a row of a page, in hundredths of a point."""
    return Row(page, 3000, y, width, 800, 200, path, line)


ROWS = (
    row(1, 5000, "chapters/1.md", FIRST),
    row(1, 6200, "chapters/1.md", SECOND),
    row(1, 30000, "chapters/1.md", FIRST, 900),
    row(2, 9000, "chapters/1.md", THIRD),
    row(4, 4000, "references.bib", ENTRY),
)


def page_map(data, sources, rows=ROWS, count=4):
    """Give the page map of a PDF, made from files with these texts."""
    digests = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in sources.items()}
    size = (WIDTH * 100, HEIGHT * 100)
    return PageMap((size,) * count, tuple(rows), digests, hashlib.sha256(data).hexdigest())
