"""Where a PDF uses transparency (ISO 32000, 11), or what is turned as hardly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Dictionary, Name, Pdf, Stream

from geppetto.printing import shadings

PLAIN = ("/Normal", "/Compatible")
STATE = ("/ca", "/CA", "/SMask", "/BM", "/AIS")
"""What an ExtGState says of transparency."""


def is_used(resources: Any) -> bool:
    """Tell whether anything that resources name is transparent, or a gradient that must be rendered."""
    return any(_is_transparent(kind, made) for kind, made in _held(resources, set()))


def _held(resources: Any, seen: set[tuple[int, int]]) -> Iterator[tuple[str, Any]]:
    """Give all that resources name, and what that names, by kind."""
    for kind in ("/ExtGState", "/XObject", "/Pattern", "/Shading"):
        for made in held(resources, kind):
            if made.objgen != (0, 0) and made.objgen in seen:
                continue
            seen.add(made.objgen)
            yield kind, made
            if "/Resources" in made:
                yield from _held(made.Resources, seen)


def held(resources: Any, kind: str) -> list[Any]:
    """Give all of a kind that resources name."""
    found: Any = resources.get(kind)
    return [] if found is None else list(found.values())


def _is_transparent(kind: str, made: Any) -> bool:
    if kind == "/ExtGState":
        return changes(made)
    if kind == "/XObject":
        return "/SMask" in made or bool(int(made.get("/SMaskInData", 0)))
    if kind == "/Pattern" and int(made.PatternType) == 2:
        return not shadings.is_simple(made.Shading)
    return kind == "/Shading" and not shadings.is_simple(made)


def changes(state: Any) -> bool:
    """Tell whether an ExtGState makes what is drawn transparent."""
    if any(float(state.get(key, 1)) < 1 for key in ("/ca", "/CA")):
        return True
    return isinstance(state.get("/SMask"), Dictionary) or not blends_plainly(state)


def blends_plainly(state: Any) -> bool:
    """Tell whether what is drawn hides what is under it."""
    mode = state.get("/BM", Name.Normal)
    return str(mode if isinstance(mode, Name) else mode[0]) in PLAIN


def forget(document: Pdf) -> None:
    """Take away what says of opaque things that they are: PDF 1.3 knows no such words."""
    for made in document.objects:
        if isinstance(made, Stream) and made.get("/Subtype") == Name.Form and "/Group" in made:
            del made["/Group"]
    for state in states(document):
        if not changes(state):
            for key in STATE:
                if key in state:
                    del state[key]


def states(document: Pdf) -> Iterator[Any]:
    """Give every ExtGState of a PDF: those with a number, and those within resources."""
    for made in document.objects:
        if not isinstance(made, Dictionary | Stream):
            continue
        if made.get("/Type") == Name.ExtGState:
            yield made
        for holder in (made, made.get("/Resources")):
            if isinstance(holder, Dictionary) and isinstance(holder.get("/ExtGState"), Dictionary):
                yield from held(holder, "/ExtGState")
