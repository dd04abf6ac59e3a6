"""Whether two PDFs are the same book: what a reader sees, and where links lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2


def differences(one: Path, other: Path, *, scale: float = 0.6) -> list[str]:
    """Say in what two PDFs differ: pages, boxes, text, links, outline, labels, metadata, and ink.

    Names of destinations may differ; where they lead may not.
    """
    found = []
    with pikepdf.open(one) as a, pikepdf.open(other) as b:
        for what, look in LOOKS.items():
            left, right = look(a), look(b)
            if left != right:
                found.append(f"{what}: {_first(left, right)}")
    return found + _by_page(one, other, scale)


def _by_page(one: Path, other: Path, scale: float) -> list[str]:
    a, b = pypdfium2.PdfDocument(one), pypdfium2.PdfDocument(other)
    found = []
    for number in range(min(len(a), len(b))):
        texts = [d[number].get_textpage().get_text_bounded() for d in (a, b)]
        if texts[0] != texts[1]:
            found.append(f"text of page {number + 1}")
        pixels = [bytes(d[number].render(scale=scale).buffer) for d in (a, b)]
        if pixels[0] != pixels[1]:
            found.append(f"ink of page {number + 1}")
    return found


def _first(left: list[Any], right: list[Any]) -> str:
    pairs = [(x, y) for x, y in zip(left, right, strict=False) if x != y]
    return f"{len(left)} and {len(right)}; {pairs[:1]}"


def _boxes(pdf: pikepdf.Pdf) -> list[Any]:
    return [[float(x) for x in page.mediabox] for page in pdf.pages]


def _labels(pdf: pikepdf.Pdf) -> list[Any]:
    return [page.label for page in pdf.pages]


def _place(place: Any, pages: dict[tuple[int, int], int]) -> Any:
    array = place.D if isinstance(place, pikepdf.Dictionary) else place
    rest = [None if one is None else str(one) for one in list(array)[1:]]
    return pages[array[0].objgen], *rest


def _targets(pdf: pikepdf.Pdf) -> tuple[dict[bytes, Any], dict[tuple[int, int], int]]:
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    tree = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {bytes(pikepdf.String(k)): _place(v, pages) for k, v in tree.items()}, pages


def _links(pdf: pikepdf.Pdf) -> list[Any]:
    targets, pages = _targets(pdf)
    found = []
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", ()):
            rectangle = [round(float(x), 2) for x in annotation.Rect]
            action = annotation.A
            to = str(action.URI) if "/URI" in action else _led(action.D, targets, pages)
            found.append((number, rectangle, to))
    return found


def _led(place: Any, targets: dict[bytes, Any], pages: dict[tuple[int, int], int]) -> Any:
    return targets[bytes(place)] if isinstance(place, pikepdf.String) else _place(place, pages)


def _outline(pdf: pikepdf.Pdf) -> list[Any]:
    targets, pages = _targets(pdf)

    def walk(entry: Any, depth: int) -> Iterator[Any]:
        while entry is not None:
            yield depth, str(entry.Title), entry.get("/Count"), _led(entry.A.D, targets, pages)
            yield from walk(entry.get("/First"), depth + 1)
            entry = entry.get("/Next")

    return list(walk(pdf.Root.Outlines.First, 0))


def _opens(pdf: pikepdf.Pdf) -> list[Any]:
    _, pages = _targets(pdf)
    return [_place(pdf.Root.OpenAction, pages)]


def _said(pdf: pikepdf.Pdf) -> list[Any]:
    return sorted((key, str(value)) for key, value in pdf.docinfo.items())


LOOKS = {
    "pages": lambda pdf: [len(pdf.pages)],
    "boxes": _boxes,
    "labels": _labels,
    "links": _links,
    "outline": _outline,
    "opening": _opens,
    "metadata": _said,
}
