"""Whether the margins are free of ink: pages are rendered, and measured from their edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pikepdf import Rectangle
from PIL import Image, ImageChops, ImageDraw

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import NEAR, POINTS, Asked, listed
from geppetto.preflight.opened import Opened
from geppetto.preflight.sizes import cut

EDGES = ("left", "bottom", "right", "top")
KEYS = {
    "inner": "inner-margin",
    "outer": "outer-margin",
    "top": "top-margin",
    "bottom": "bottom-margin",
}
COARSE = 4
TOUCHING = 1.5
"""How many points from an edge ink may end, and count as running over it."""
REACH = 3
"""How many dots ink may end before an edge, and count as running over it."""


@dataclass(frozen=True)
class Found:
    """Ink nearer to an edge than the printer asks: on which page, how near, how far it should be."""

    page: int
    edge: str
    near: float
    least: float
    bleeds: bool


def margins(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Ink in the margins; each edge is named once, with the page that is farthest off."""
    short: dict[str, list[Found]] = {}
    ending: dict[str, list[int]] = {}
    for number, (page, ink) in enumerate(zip(opened.pages, opened.ink(), strict=True), 1):
        for one in _page(opened, asked, number, page, ink):
            if isinstance(one, str):
                ending.setdefault(one, []).append(number)
            else:
                short.setdefault(one.edge, []).append(one)
    for edge, near in short.items():
        over = [one.page for one in near if one.near * POINTS < TOUCHING and not one.bleeds]
        if over:
            yield _cut_off(asked, edge, over)
        if free := [one for one in near if one.page not in over]:
            yield _said(asked, edge, free)
    for edge, pages in ending.items():
        says = f"{listed(pages)}: what runs over the {edge} edge ends before its bleed does."
        hint = "Let pictures that bleed reach the edge of the paper, beyond the page's."
        yield Diagnostic("print-bleed", says, hint=hint)


def _page(
    opened: Opened, asked: Asked, number: int, page: Any, ink: Image.Image
) -> Iterator[Found | str]:
    """Look along the four edges of a page; give the name of an edge where a bleed ends early."""
    sheet, box = opened.paper(page), cut(opened, asked, number, page)
    scale = ink.width / sheet.width
    corners = _corners(sheet, box, scale)
    bleeds = sheet.width - box.width > NEAR * POINTS or sheet.height - box.height > NEAR * POINTS
    within = ink.crop(corners)
    if bleeds:
        yield from _unfinished(ink, corners, number)
        within = _without_bleeding(within)
    free = within.getbbox()
    if free is None:
        return
    left, top, right, bottom = free
    far = {
        "left": left,
        "top": top,
        "right": within.width - right,
        "bottom": within.height - bottom,
    }
    for edge, dots in far.items():
        named = _named(edge, number)
        least = _least(asked, named, len(opened.pages), bleeds=bleeds)
        inches = dots / scale / POINTS
        if inches < least - NEAR:
            yield Found(number, named, inches, least, bleeds)


def _corners(sheet: Rectangle, box: Rectangle, scale: float) -> tuple[int, int, int, int]:
    return (
        round((box.llx - sheet.llx) * scale),
        round((sheet.ury - box.ury) * scale),
        round((box.urx - sheet.llx) * scale),
        round((sheet.ury - box.lly) * scale),
    )


def _named(edge: str, number: int) -> str:
    """Name an edge as a binder does: right-hand pages have odd numbers."""
    if edge in {"top", "bottom"}:
        return edge
    return "inner" if (edge == "left") == (number % 2 == 1) else "outer"


def _least(asked: Asked, edge: str, pages: int, *, bleeds: bool) -> float:
    demands = asked.demands
    if edge == "inner":
        return demands.inner(pages)
    return demands.outside_bleed if bleeds else demands.outside


def _unfinished(ink: Image.Image, corners: tuple[int, int, int, int], number: int) -> Iterator[str]:
    """Give the edges where ink crosses the cut, and ends before the paper does."""
    left, top, right, bottom = corners
    width, height = ink.size
    lines = {
        "left": ((left, 0, left + 1, height), (0, 0, 1, height), left),
        "right": ((right - 1, 0, right, height), (width - 1, 0, width, height), width - right),
        "top": ((0, top, width, top + 1), (0, 0, width, 1), top),
        "bottom": ((0, bottom - 1, width, bottom), (0, height - 1, width, height), height - bottom),
    }
    for edge, (at_cut, at_end, room) in lines.items():
        if room > REACH and ImageChops.subtract(ink.crop(at_cut), ink.crop(at_end)).getbbox():
            yield _named(edge, number)


def _without_bleeding(ink: Image.Image) -> Image.Image:
    """Take away what hangs together with an edge of the page: it may stand in the margin.

    Found on a coarser picture, on which what is nearer than four dots hangs together.
    """
    coarse = ink.reduce(COARSE).point([0] + [255] * 255)
    left = coarse.copy()
    width, height = left.size
    edge = [(x, y) for x in range(width) for y in (0, height - 1)]
    edge += [(x, y) for y in range(height) for x in (0, width - 1)]
    for point in edge:
        if left.getpixel(point):
            ImageDraw.floodfill(left, point, 0)
    bleeding = ImageChops.subtract(coarse, left)
    size = (width * COARSE, height * COARSE)
    whole = bleeding.resize(size, Image.Resampling.NEAREST).crop((0, 0, *ink.size))
    return ImageChops.subtract(ink, whole)


def _cut_off(asked: Asked, edge: str, pages: list[int]) -> Diagnostic:
    """Say that something is cut at the edge of a page that has no bleed."""
    says = (
        f"{listed(pages)}: something runs over the {edge} edge, and there is no bleed to be cut; "
        f"{asked.store.name} asks for one."
    )
    return Diagnostic("print-bleed", says, hint="Set it smaller, so that the margins stay free.")


def _said(asked: Asked, edge: str, found: list[Found]) -> Diagnostic:
    worst = min(found, key=lambda one: one.near - one.least)
    others = [one.page for one in found if one.page != worst.page]
    more = f" ({listed(others).lower()}, too)" if others else ""
    says = (
        f"Page {worst.page}: ink comes within {worst.near:.2f} in of the {edge} edge; "
        f"{asked.store.name} asks for {worst.least:g} in{more}."
    )
    lacks = worst.least - worst.near
    hint = (
        f"Make {KEYS[edge]} under pdf: in book.yaml larger by {lacks:.2f} in; "
        "a wide table, formula or line of code may stand out of the text, too."
    )
    return Diagnostic("print-margin", says, hint=hint)
