"""What a page draws with: colours, images and where they lie, states, gradients, forms, letters.

Content is read as a viewer reads it, forms, patterns and Type 3 letters within it, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Dictionary, Matrix, Name

COLOURS = {"g": "grey", "G": "grey", "rg": "rgb", "RG": "rgb", "k": "cmyk", "K": "cmyk"}
SHOWING = frozenset({"Tj", "TJ", "'", '"'})
MARKING = SHOWING | {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"}
_DEEPEST = 28


@dataclass(frozen=True)
class Drawn:
    """One thing that a page draws with.

    `kind` is colour (`what` its family, `numbers` its parts), space (`made` the colour
    space), image (`made`, at `placed`), state, shading, form, pattern, font, or mark:
    that something is painted.
    """

    kind: str
    what: str = ""
    numbers: tuple[float, ...] = ()
    made: Any = None
    placed: Matrix | None = None

    def __hash__(self) -> int:
        return hash((self.kind, self.what, self.numbers))


@dataclass(frozen=True)
class _Place:
    """Where the walk is: the resources in force, what is placed how, how deep."""

    resources: Any
    placed: Matrix
    deep: int = 0


class Walker:
    """Walks the pages of a file; on each, what stands in one place several times is walked once."""

    def __init__(self) -> None:
        self.seen: set[Any] = set()

    def page(self, page: Any) -> list[Drawn]:
        """Give what a page draws with, everything once."""
        self.seen = set()
        resources = _inherited(page, "/Resources")
        found: dict[tuple[Any, ...], Drawn] = {}
        for one in self._content(pikepdf.Page(page), _Place(resources, Matrix())):
            placed = None if one.placed is None else _rounded(one.placed)
            known = (one.kind, one.what, one.numbers, _identity(one.made), placed)
            found.setdefault(known, one)
        for note in page.get("/Annots", []):
            look = note.get("/AP", Dictionary()).get("/N")
            if isinstance(look, pikepdf.Stream):
                found.setdefault(("annotation", look.objgen), Drawn("form", made=look))
        return list(found.values())

    def _first(self, known: Any) -> bool:
        """Tell whether something is met for the first time on this page."""
        is_new = known not in self.seen
        self.seen.add(known)
        return is_new

    def _content(self, stream: Any, place: _Place) -> Iterator[Drawn]:
        kept, placed = [], place.placed
        yield from self._named(place)
        for one in pikepdf.parse_content_stream(stream):
            if isinstance(one, pikepdf.ContentStreamInlineImage):
                yield Drawn("inline", made=one.iimage, placed=placed)
                continue
            operands, operator = one.operands, str(one.operator)
            if operator == "q":
                kept.append(placed)
            elif operator == "Q" and kept:
                placed = kept.pop()
            elif operator == "cm":
                placed = Matrix(*(float(n) for n in operands)) @ placed
            else:
                here = _Place(place.resources, placed, place.deep)
                yield from self._does(operator, operands, here)

    def _does(self, operator: str, operands: Any, place: _Place) -> Iterator[Drawn]:
        if operator in COLOURS:
            yield Drawn("colour", COLOURS[operator], tuple(float(one) for one in operands))
        elif operator in {"cs", "CS"}:
            yield _space(operands[0], place.resources)
        elif operator == "Do":
            made = _named(place.resources, "/XObject", operands[0])
            if made is not None:
                yield from self._object(made, place)
        elif operator == "sh":
            made = _named(place.resources, "/Shading", operands[0])
            if made is not None:
                yield from _shading(made, place.resources)
        if operator in MARKING:
            yield Drawn("mark")

    def _object(self, made: Any, place: _Place) -> Iterator[Drawn]:
        if made.get("/Subtype") == Name.Image:
            yield Drawn("mark")
            yield Drawn("image", made=made, placed=place.placed)
            if "/ColorSpace" in made:
                yield _space(made.ColorSpace, place.resources)
        elif made.get("/Subtype") == Name.Form and place.deep < _DEEPEST:
            yield Drawn("form", made=made)
            own = Matrix(*(float(n) for n in made.get("/Matrix", [1, 0, 0, 1, 0, 0])))
            resources = made.get("/Resources", place.resources)
            here = _Place(resources, own @ place.placed, place.deep + 1)
            if self._first((_identity(made), _rounded(here.placed))):
                yield from self._content(made, here)

    def _named(self, place: _Place) -> Iterator[Drawn]:
        """Give what the resources name and no instruction draws by itself."""
        resources = place.resources
        if not self._first(_identity(resources)):
            return
        for made in _held(resources, "/ExtGState"):
            yield Drawn("state", made=made)
        for made in _held(resources, "/Font"):
            yield Drawn("font", made=made)
            is_drawn = made.get("/Subtype") == Name.Type3 and place.deep < _DEEPEST
            if is_drawn and self._first(_identity(made)):
                own = _Place(made.get("/Resources", resources), place.placed, place.deep + 1)
                for glyph in made.CharProcs.values():
                    yield from self._content(glyph, own)
        for made in _held(resources, "/Pattern"):
            if int(made.PatternType) == 2:
                yield from _shading(made.Shading, resources)
                if "/ExtGState" in made:
                    yield Drawn("state", made=made.ExtGState)
            elif place.deep < _DEEPEST and self._first(_identity(made)):
                own = _Place(made.get("/Resources", resources), place.placed, place.deep + 1)
                yield from self._content(made, own)


def _space(made: Any, resources: Any) -> Drawn:
    if isinstance(made, Name):
        made = (resources.get("/ColorSpace") or Dictionary()).get(str(made), made)
    return Drawn("space", made=made)


def _shading(made: Any, resources: Any) -> Iterator[Drawn]:
    yield Drawn("shading", made=made)
    yield _space(made.ColorSpace, resources)


def _named(resources: Any, key: str, name: Any) -> Any:
    return (resources.get(key) or Dictionary()).get(str(name))


def _held(resources: Any, key: str) -> list[Any]:
    held = resources.get(key)
    return [] if held is None else list(held.values())


def _inherited(page: Any, key: str) -> Any:
    node = page
    while node is not None:
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return Dictionary()


def _rounded(matrix: Matrix) -> tuple[float, ...]:
    six = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    return tuple(round(one, 3) for one in six)


def _identity(made: Any) -> Any:
    """Tell objects apart: by their number, else by what they say."""
    if made is None or not isinstance(made, pikepdf.Object):
        return id(made) if made is not None else None
    return made.objgen if made.objgen != (0, 0) else made.unparse()
