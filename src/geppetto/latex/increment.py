"""Incremental updates of a PDF (ISO 32000, 7.5.6): a few objects anew, behind the file as it is.

To write a whole PDF again for a few bytes that differ takes a quarter of a second;
pikepdf can do no less.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_SIZE = re.compile(rb"\d+ 0 obj\s*<<(?:(?!stream)[\s\S])*?/Size (\d+)")
_WIDTHS = (1, 6, 2)
"""Bytes of each field of a cross-reference stream's entry (7.5.8.2)."""


def stream(dictionary: bytes, content: bytes) -> bytes:
    """Give a stream, compressed; `dictionary` is what it says but of its length and filter."""
    packed = zlib.compress(content, 9)
    inside = dictionary.strip().removeprefix(b"<<").removesuffix(b">>")
    said = b"<< %s /Filter /FlateDecode /Length %d >>" % (inside.strip(), len(packed))
    return b"%s\nstream\n%s\nendstream" % (said, packed)


def updated(base: bytes, objects: Mapping[int, bytes], trailer: Mapping[str, str]) -> bytes:
    """Give a PDF with some of its objects replaced, by their numbers.

    `base` has a cross-reference stream, as qpdf writes it; `trailer` are the keys of its
    trailer that stay (Root, Info), as they are written.

    Raises:
        ValueError: `base` does not end as a PDF does.
    """
    found = _START.search(base)
    size = _SIZE.match(base, int(found[1])) if found else None
    if found is None or size is None:
        raise ValueError("the PDF has no cross-reference stream at its end")
    made = bytearray(base)
    places: dict[int, int] = {}
    for number, text in sorted(objects.items()):
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    own, at = int(size[1]), len(made)
    places[own] = at
    digest = hashlib.sha256(made).hexdigest()[:32]
    rows = b"".join(_row(places[number]) for number in sorted(places))
    index = " ".join(f"{number} 1" for number in sorted(places))
    kept = " ".join(f"/{name} {value}" for name, value in trailer.items())
    said = (
        f"<< /Type /XRef /Size {own + 1} /Prev {int(found[1])} /Index [{index}] "
        f"/W [{' '.join(map(str, _WIDTHS))}] /ID [<{digest}><{digest}>] {kept} >>"
    )
    made += b"%d 0 obj\n%s\nendobj\n" % (own, stream(said.encode(), rows))
    return bytes(made) + b"startxref\n%d\n%%%%EOF\n" % at


def _row(place: int) -> bytes:
    """Write an entry of an object that stands in the file: type 1, its offset, its generation."""
    kind, offset, generation = _WIDTHS
    return (1).to_bytes(kind, "big") + place.to_bytes(offset, "big") + bytes(generation)
