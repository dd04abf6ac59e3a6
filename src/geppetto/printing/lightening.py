"""Content without transparency: colours as they look on white, images laid on white, or cut out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pikepdf import Dictionary, Name, Pdf

from geppetto.printing import contents, pictures, transparent
from geppetto.printing.colour import inherited
from geppetto.printing.contents import Instruction
from geppetto.printing.inks import Colour, over_white
from geppetto.printing.spaces import PATTERN, Space, plain, read

_DEVICE = {"g": 1, "G": 1, "rg": 3, "RG": 3, "k": 4, "K": 4}
_COLOURS = frozenset({"sc", "SC", "scn", "SCN"})


class UnavoidableError(Exception):
    """What is drawn shows through in a way that no colour stands for."""


@dataclass(frozen=True)
class Ink:
    """What is painted with: its space, its numbers, and what set it; how far it covers."""

    space: Space
    numbers: Colour
    alpha: float = 1.0

    def seen(self) -> Colour:
        """Give the colour that it has on white.

        Raises:
            UnavoidableError: it is a pattern.
        """
        if self.space.kind == PATTERN:
            raise UnavoidableError("a pattern shows through")
        return over_white(self.space.device(self.numbers), self.alpha)


@dataclass
class _State:
    fill: Ink = field(default_factory=lambda: Ink(plain(1), (0.0,)))
    stroke: Ink = field(default_factory=lambda: Ink(plain(1), (0.0,)))
    group: float = 1.0  # how far the group covers in which this stands
    kept: list[tuple[Ink, Ink]] = field(default_factory=list)

    def ink(self, *, stroke: bool) -> Ink:
        return self.stroke if stroke else self.fill

    def take(self, ink: Ink, *, stroke: bool) -> None:
        if stroke:
            self.stroke = ink
        else:
            self.fill = ink


class Lightened:
    """Makes content opaque. With `cut`, images are cut out by their outline instead of laid on white."""

    def __init__(self, document: Pdf, *, cut: bool = False) -> None:
        self.document, self.cut = document, cut
        self.images: dict[tuple[tuple[int, int], float], Any] = {}

    def page(self, page: Any) -> tuple[bytes, Any]:
        """Give the content and the resources that a page has without transparency.

        Raises:
            UnavoidableError: not all of it can be had.
        """
        resources = inherited(page, "/Resources", Dictionary())
        stream = self.document.make_stream(contents.data(page))
        return self.content(stream, resources, _State())

    def content(self, stream: Any, resources: Any, state: _State) -> tuple[bytes, Any]:
        """Give what a stream draws, and its resources, without transparency."""
        own = _emptied(resources)
        self._patterns(resources)
        made: list[Instruction] = []
        for instruction in contents.read(stream):
            made += self._opaque(instruction, state, resources, own)
        return contents.written(made), own

    def _patterns(self, resources: Any) -> None:
        for made in transparent.held(resources, "/Pattern"):
            if transparent.is_used(Dictionary(Pattern=Dictionary(A=made))):
                raise UnavoidableError("a pattern that is transparent")

    def _opaque(
        self, instruction: Instruction, state: _State, resources: Any, own: Any
    ) -> Iterator[Instruction]:
        operands, operator = instruction
        if operator == "gs":
            yield from self._entered(operands[0], state, resources, own)
        elif operator == "Do":
            yield self._drawn(operands[0], state, resources, own)
        elif operator in _DEVICE or operator in _COLOURS or operator in {"cs", "CS"}:
            yield from self._coloured(instruction, state, resources)
        else:
            if operator in {"sh", contents.INLINE} and state.fill.alpha < 1:
                raise UnavoidableError("a gradient that is transparent")
            if operator == "q":
                state.kept.append((state.fill, state.stroke))
            elif operator == "Q" and state.kept:
                state.fill, state.stroke = state.kept.pop()
            yield instruction

    def _entered(self, name: Any, state: _State, resources: Any, own: Any) -> Iterator[Instruction]:
        """Enter an ExtGState: what it says of transparency goes into the colours."""
        given = resources.ExtGState[str(name)]
        if isinstance(given.get("/SMask"), Dictionary) or not transparent.blends_plainly(given):
            raise UnavoidableError("a soft mask or a blend mode")
        left = Dictionary({k: v for k, v in given.items() if k not in transparent.STATE})
        own.ExtGState[str(name)] = left
        yield [name], "gs"
        for key, stroke in (("/ca", False), ("/CA", True)):
            ink = state.ink(stroke=stroke)
            alpha = float(given.get(key, ink.alpha / state.group)) * state.group
            if alpha != ink.alpha:
                changed = replace(ink, alpha=alpha)
                state.take(changed, stroke=stroke)
                if changed.space.kind != PATTERN or alpha < 1:
                    yield contents.colour(changed.seen(), stroke=stroke)

    def _coloured(
        self, instruction: Instruction, state: _State, resources: Any
    ) -> Iterator[Instruction]:
        operands, operator = instruction
        stroke = operator.isupper()
        was = state.ink(stroke=stroke)
        if operator in {"cs", "CS"}:
            space = read(operands[0], resources.get("/ColorSpace", Dictionary()))
            ink = Ink(space, space.initial, was.alpha)
        elif operator in _DEVICE:
            ink = Ink(plain(_DEVICE[operator]), tuple(map(float, operands)), was.alpha)
        elif was.space.kind == PATTERN:
            ink = was
        else:
            ink = replace(was, numbers=tuple(map(float, operands)))
        state.take(ink, stroke=stroke)
        if ink.alpha == 1 or (operator in {"cs", "CS"} and ink.space.kind == PATTERN):
            yield instruction
        else:
            yield contents.colour(ink.seen(), stroke=stroke)

    def _drawn(self, name: Any, state: _State, resources: Any, own: Any) -> Instruction:
        """Draw a form or an image, in a copy of its own where it must differ."""
        given = resources.XObject[str(name)]
        if given.get("/Subtype") == Name.Form:
            made = self._form(given, state, resources)
        else:
            made = self._image(given, state.fill, resources)
        if made is given:
            own.XObject[str(name)] = given
            return [name], "Do"
        new = f"/GeppettoFlat{len(own.XObject)}"
        own.XObject[new] = made
        return [Name(new)], "Do"

    def _form(self, form: Any, state: _State, resources: Any) -> Any:
        """Copy a form. What is drawn in a group covers as far as the group does."""
        within = form.get("/Resources", resources)
        alpha = state.fill.alpha
        if alpha == 1 and state.stroke.alpha == 1 and not transparent.is_used(within):
            return form
        inner = _State(state.fill, state.stroke, state.group)
        if "/Group" in form:
            inner = _State(state.fill, replace(state.stroke, alpha=alpha), alpha)
        content, own = self.content(form, within, inner)
        first = [contents.colour(ink.seen(), stroke=s) for ink, s in _shown(inner, state, form)]
        made = self.document.make_stream(contents.written(first) + content)
        kept = ("/Type", "/Subtype", "/BBox", "/Matrix", "/FormType")
        made.stream_dict.update({key: form[key] for key in kept if key in form})
        made.Resources = own
        return made

    def _image(self, image: Any, ink: Ink, resources: Any) -> Any:
        if bool(image.get("/ImageMask", False)) or ("/SMask" not in image and ink.alpha == 1):
            return image
        known = (image.objgen, ink.alpha)
        if known not in self.images:
            self.images[known] = self._laid(image, ink.alpha, resources)
        return self.images[known]

    def _laid(self, image: Any, alpha: float, resources: Any) -> Any:
        """Lay an image on white, or cut it out."""
        picture = pictures.samples(image, resources.get("/ColorSpace"))
        cover = pictures.transparency(image)
        if cover is None:
            cover = picture.convert("L").point([255] * 256)
        if alpha < 1:
            cover = cover.point([round(n * alpha) for n in range(256)])
        lossy = pictures.is_lossy(image)
        if not self.cut:
            return pictures.made(self.document, pictures.over_white(picture, cover), lossy=lossy)
        made = pictures.made(self.document, picture, lossy=lossy)
        made.Mask = pictures.stencil(self.document, cover)
        return made


def _shown(inner: _State, state: _State, form: Any) -> list[tuple[Ink, bool]]:
    """Give the inks that a form begins with, where its group covers less than its colours say."""
    if "/Group" not in form or state.fill.space.kind == PATTERN or inner.group == 1:
        return []
    return [(replace(state.fill, alpha=inner.group), False)]


def _emptied(resources: Any) -> Any:
    """Copy resources without states and objects: those that are drawn with come in one by one."""
    own = Dictionary(resources)
    own.ExtGState, own.XObject = Dictionary(), Dictionary()
    return own
