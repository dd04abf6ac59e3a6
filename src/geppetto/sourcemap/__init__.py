"""Where things stand in a chapter's Markdown: keys, notes, images, and the blocks themselves."""

from geppetto.sourcemap.align import PlacedLeaf, SourceMap, align
from geppetto.sourcemap.depth import deepest, tangled
from geppetto.sourcemap.masks import mask
from geppetto.sourcemap.matching import match
from geppetto.sourcemap.pieces import formulas, occurrences, point
from geppetto.sourcemap.places import (
    Place,
    Places,
    citations,
    footnote_definitions,
    footnote_references,
    identifiers,
    images,
    links,
)
from geppetto.sourcemap.stops import AT, STOP, Stop, lines, marked, stops


def forget() -> None:
    """Give the memory back that texts take which have been looked at."""
    mask.cache_clear()


__all__ = [
    "AT",
    "STOP",
    "Place",
    "PlacedLeaf",
    "Places",
    "SourceMap",
    "Stop",
    "align",
    "citations",
    "deepest",
    "footnote_definitions",
    "footnote_references",
    "forget",
    "formulas",
    "identifiers",
    "images",
    "lines",
    "links",
    "marked",
    "mask",
    "match",
    "occurrences",
    "point",
    "stops",
    "tangled",
]
