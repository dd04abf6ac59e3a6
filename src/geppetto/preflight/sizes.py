"""The sheet and the finished page: one size, one that the printer cuts, its bleed, no marks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from pikepdf import Rectangle

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import NEAR, POINTS, Asked, listed
from geppetto.preflight.opened import Opened

Size = tuple[float, float]


def one(opened: Opened, _: Asked) -> Iterator[Diagnostic]:
    """Pages of another size than most, or turned."""
    sheets = {n: _size(opened.paper(page)) for n, page in enumerate(opened.pages, 1)}
    usual = Counter(sheets.values()).most_common(1)[0][0]
    others: dict[Size, list[int]] = defaultdict(list)
    for number, size in sheets.items():
        if not _near(size, usual):
            others[size].append(number)
    for size, pages in others.items():
        has = "has" if len(pages) == 1 else "have"
        says = f"{listed(pages)} {has} {_said(size)}; the others have {_said(usual)}."
        yield Diagnostic("print-sizes", says, hint="Set every page on one size of paper.")
    turned = [n for n, page in enumerate(opened.pages, 1) if int(page.get("/Rotate", 0)) % 360]
    if turned:
        says = f"{listed(turned)} {'is' if len(turned) == 1 else 'are'} shown turned."
        yield Diagnostic("print-sizes", says, hint="Turn what stands on the page instead.")


def trim(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """A finished page smaller or larger than the printer makes, or other than the book's."""
    demands, (width, height) = asked.demands, finished(opened, asked)
    bounds = (
        ("wide", width, demands.width_min, demands.width_max),
        ("high", height, demands.height_min, demands.height_max),
    )
    hint = "Choose another trim under pdf: in book.yaml."
    for word, length, least, most in bounds:
        says = f"The page is {length:.3f} in {word}; {asked.store.name} makes books "
        if least is not None and length < least - NEAR:
            yield Diagnostic("print-trim", f"{says}{least:g} in {word} or more.", hint=hint)
        if most is not None and length > most + NEAR:
            yield Diagnostic("print-trim", f"{says}{most:g} in {word} at most.", hint=hint)
    if asked.trim is not None and not _near((width, height), asked.trim):
        says = f"The page is {_said((width, height))}; the book's trim is {_said(asked.trim)}."
        yield Diagnostic("print-trim", says, hint="Make the file anew, or mend pdf: trim.")


def finished(opened: Opened, asked: Asked) -> Size:
    """Give the size of the finished page: the first page's, less what the book's trim cuts off."""
    size = _size(opened.trimmed(opened.pages[0]))
    if asked.trim is not None and _with_bleed(size, asked.trim, asked):
        return asked.trim
    return size


def _with_bleed(size: Size, trim: Size, asked: Asked) -> bool:
    demands = asked.demands
    return _near(size, (trim[0] + demands.bleed_width, trim[1] + demands.bleed_height))


def cut(opened: Opened, asked: Asked, number: int, page: Any) -> Rectangle:
    """Give the finished page on its sheet: what its boxes say, else by the book's trim."""
    box = opened.trimmed(page)
    if asked.trim is None or not _with_bleed(_size(box), asked.trim, asked):
        return box
    wide, high = asked.demands.bleed_width * POINTS, asked.demands.bleed_height * POINTS / 2
    left, right = (0.0, wide) if number % 2 else (wide, 0.0)
    return Rectangle(box.llx + left, box.lly + high, box.urx - right, box.ury - high)


def marks(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Room around the page for marks, beyond what bleeds."""
    demands = asked.demands
    room = max(demands.bleed_width, demands.bleed_height) * POINTS
    wide = []
    for number, page in enumerate(opened.pages, 1):
        sheet, box = opened.paper(page), cut(opened, asked, number, page)
        sides = _sides(sheet, box)
        if any(side > room + NEAR * POINTS for side in sides):
            wide.append(number)
    if wide:
        says = (
            f"{listed(wide)} {'has' if len(wide) == 1 else 'have'} room beyond the bleed, as for "
            f"crop marks; {asked.store.name} takes none."
        )
        hint = "Write the file without printer's marks, its paper as large as page and bleed."
        yield Diagnostic("print-marks", says, hint=hint)


def bleed(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """A bleed of another width than the printer's, or at the bind, where there is none."""
    demands = asked.demands
    high = demands.bleed_height / 2
    wrong: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(opened.pages, 1):
        sheet, box = opened.paper(page), cut(opened, asked, number, page)
        left, lower, right, upper = (side / POINTS for side in _sides(sheet, box))
        inner, outer = (left, right) if number % 2 else (right, left)
        largest = max(demands.bleed_width, demands.bleed_height) + NEAR
        if max(left, lower, right, upper) > largest or not any(
            side > NEAR for side in (left, lower, right, upper)
        ):
            continue  # marks, or no bleed
        if inner > NEAR:
            wrong[f"at the bind, where {asked.store.name} takes none"].append(number)
        if abs(outer - demands.bleed_width) > NEAR:
            wrong[f"of {outer:.3f} in at the outer edge, not {demands.bleed_width:g}"].append(
                number
            )
        if abs(lower - high) > NEAR or abs(upper - high) > NEAR:
            wrong[f"of {upper:.3f} in above and {lower:.3f} in below, not {high:g}"].append(number)
    for what, pages in wrong.items():
        says = f"{listed(pages)} {'has' if len(pages) == 1 else 'have'} a bleed {what}."
        hint = "Let TrimBox and MediaBox be as far apart as the printer's bleed, or the same."
        yield Diagnostic("print-bleed", says, hint=hint)


def _sides(sheet: Rectangle, box: Rectangle) -> tuple[float, float, float, float]:
    """Give how far a box is within a sheet: left, below, right, above."""
    return (box.llx - sheet.llx, box.lly - sheet.lly, sheet.urx - box.urx, sheet.ury - box.ury)


def _size(box: Rectangle) -> Size:
    return (round(box.width / POINTS, 4), round(box.height / POINTS, 4))


def _near(size: Size, other: Size) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(size, other, strict=True))


def _said(size: Size) -> str:
    return f"{size[0]:.3f} × {size[1]:.3f} in"
