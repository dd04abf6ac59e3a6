"""All colours of a PDF as grey, or as cyan, magenta, yellow and black; no profiles.

What is drawn, images, gradients, patterns and the letters of Type 3 fonts. What
cannot be turned stays as it is, and is named: the preflight finds it, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from geppetto.printing import contents, pictures, shadings
from geppetto.printing.contents import Instruction
from geppetto.printing.inks import Target, converted
from geppetto.printing.spaces import PATTERN, Space, plain, read

INK_MAX = 2.4
"""The layers of ink that may lie on each other where a printer names no number."""
UNCOLOURED = "/GeppettoPattern"
"""What the space of uncoloured patterns is named in the resources."""
_DEVICE = {"g": 1, "G": 1, "rg": 3, "RG": 3, "k": 4, "K": 4}


@dataclass
class _State:
    """The colour spaces in force, and those that `q` has put by."""

    fill: Space = field(default_factory=lambda: plain(1))
    stroke: Space = field(default_factory=lambda: plain(1))
    kept: list[tuple[Space, Space]] = field(default_factory=list)


def convert(document: Pdf, target: Target, ink_max: float = INK_MAX) -> list[str]:
    """Turn every colour of an open PDF into the target's; give what could not be turned."""
    turner = _Turner(document, target, ink_max)
    for number, page in enumerate(document.pages, 1):
        turner.number = number
        turner.page(page.obj)
    turner.end()
    return turner.left


class _Turner:
    """Turns what a document draws with; what several pages share, once."""

    def __init__(self, document: Pdf, target: Target, ink_max: float) -> None:
        self.document, self.target, self.ink_max = document, target, ink_max
        self.number = 0
        self.left: list[str] = []
        self.done: set[tuple[int, int]] = set()
        self.resources: list[Any] = []

    def page(self, page: Any) -> None:
        """Turn what a page draws."""
        resources = inherited(page, "/Resources", Dictionary())
        held = contents.data(page)
        if not contents.is_black_alone(held):
            stream = self.document.make_stream(held)
            page.Contents = self.document.make_stream(self._content(stream, resources))
        self._resources(resources)

    def end(self) -> None:
        """Take away the colour spaces that nothing names any more."""
        spaces = shadings.SPACES[self.target]
        for resources in self.resources:
            if "/ColorSpace" in resources:
                del resources["/ColorSpace"]
            resources.ColorSpace = Dictionary({UNCOLOURED: Array([Name.Pattern, spaces])})

    def _first(self, made: Any) -> bool:
        """Tell whether an object is met for the first time; what has no number always is."""
        if made.objgen == (0, 0):
            return True
        is_new = made.objgen not in self.done
        self.done.add(made.objgen)
        return is_new

    def _content(self, stream: Any, resources: Any) -> bytes:
        spaces = resources.get("/ColorSpace", Dictionary())
        state = _State()
        made: list[Instruction] = []
        for instruction in contents.read(stream):
            try:
                made += self._turned(instruction, state, spaces, resources)
            except (ValueError, IndexError) as fault:
                self._leave(str(fault))
                made.append(instruction)
        return contents.written(made)

    def _turned(
        self, instruction: Instruction, state: _State, spaces: Any, resources: Any
    ) -> Iterator[Instruction]:
        operands, operator = instruction
        stroke = operator.isupper()
        if operator == "q":
            state.kept.append((state.fill, state.stroke))
        elif operator == "Q" and state.kept:
            state.fill, state.stroke = state.kept.pop()
        if operator in _DEVICE:
            self._into(state, plain(_DEVICE[operator]), stroke=stroke)
            yield self._colour([float(one) for one in operands], state, stroke=stroke)
        elif operator in {"cs", "CS"}:
            yield from self._space(read(operands[0], spaces), state, resources, stroke=stroke)
        elif operator in {"sc", "SC", "scn", "SCN"}:
            yield self._set(operands, operator, state, stroke=stroke)
        elif operator == contents.INLINE:
            yield self._inline(operands[0], resources)
        else:
            yield instruction

    def _into(self, state: _State, space: Space, *, stroke: bool) -> None:
        if stroke:
            state.stroke = space
        else:
            state.fill = space

    def _space(
        self, space: Space, state: _State, resources: Any, *, stroke: bool
    ) -> Iterator[Instruction]:
        """Enter a colour space: a device's own is entered with its first colour."""
        self._into(state, space, stroke=stroke)
        if space.kind != PATTERN:
            yield self._colour(space.initial, state, stroke=stroke)
        else:
            name = Name.Pattern if space.under is None else Name(UNCOLOURED)
            if space.under is not None:
                self.resources.append(resources)
            yield [name], "CS" if stroke else "cs"

    def _colour(self, numbers: Any, state: _State, *, stroke: bool) -> Instruction:
        space = state.stroke if stroke else state.fill
        made = converted(space.device(numbers), self.target, self.ink_max)
        return contents.colour(made, stroke=stroke)

    def _set(self, operands: Any, operator: str, state: _State, *, stroke: bool) -> Instruction:
        space = state.stroke if stroke else state.fill
        if space.kind != PATTERN:
            return self._colour([float(one) for one in operands], state, stroke=stroke)
        *numbers, name = operands
        if space.under is None or not numbers:
            return operands, operator
        colour = converted(
            space.under.device([float(n) for n in numbers]), self.target, self.ink_max
        )
        if self.target is Target.CMYK and len(colour) == 1:
            colour = (0.0, 0.0, 0.0, 1 - colour[0])
        return [*(contents.number(one) for one in colour), name], operator

    def _inline(self, image: Any, resources: Any) -> Instruction:
        """Put an image that stands within the content beside it, where it can be turned."""
        if image.iimage.image_mask:
            return [image], contents.INLINE
        picture = image.iimage.as_pil_image()
        if picture.mode not in {"L", "RGB", "CMYK"}:
            picture = picture.convert("RGB")
        turned = pictures.converted(picture, self.target, self.ink_max)
        objects = resources.get("/XObject", Dictionary())
        name = f"/GeppettoInline{len(objects)}"
        objects[name] = pictures.made(self.document, turned)
        resources.XObject = objects
        return [Name(name)], "Do"

    def _resources(self, resources: Any) -> None:
        """Turn what content names: forms, images, patterns, gradients, letters."""
        if not self._first(resources):
            return
        self.resources.append(resources)
        spaces = resources.get("/ColorSpace", Dictionary())
        for made in _values(resources, "/XObject"):
            self._object(made, spaces, resources)
        for made in _values(resources, "/Pattern"):
            self._pattern(made, spaces, resources)
        for made in _values(resources, "/Shading"):
            self._shading(made, spaces)
        for made in _values(resources, "/Font"):
            if made.get("/Subtype") == Name.Type3 and self._first(made):
                own = made.get("/Resources", resources)
                for glyph in made.CharProcs.values():
                    self._stream(glyph, own)
                self._resources(own)

    def _object(self, made: Any, spaces: Any, resources: Any) -> None:
        if made.get("/Subtype") == Name.Form:
            if self._first(made):
                own = made.get("/Resources", resources)
                self._stream(made, own)
                self._resources(own)
        elif made.get("/Subtype") == Name.Image and self._first(made):
            self._image(made, spaces)

    def _stream(self, stream: Any, resources: Any) -> None:
        if not contents.is_black_alone(stream.read_bytes()):
            stream.write(self._content(stream, resources))

    def _pattern(self, made: Any, spaces: Any, resources: Any) -> None:
        if not self._first(made):
            return
        if int(made.PatternType) == 2:
            self._shading(made.Shading, spaces)
            return
        own = made.get("/Resources", resources)
        self._stream(made, own)
        self._resources(own)

    def _shading(self, made: Any, spaces: Any) -> None:
        if not self._first(made):
            return
        try:
            shadings.convert(self.document, made, self.target, self.ink_max, spaces)
        except (ValueError, AttributeError, KeyError) as fault:
            self._leave(f"a gradient ({fault})")

    def _image(self, image: Any, spaces: Any) -> None:
        if bool(image.get("/ImageMask", False)):
            return
        try:
            if isinstance(image.get("/Mask"), Array):
                image.Mask = pictures.keyed(self.document, image)
            if self._is_fit(image):
                return
            lossy = pictures.is_lossy(image)
            picture = pictures.samples(image, spaces)
            pictures.put(image, pictures.converted(picture, self.target, self.ink_max), lossy=lossy)
        except (ValueError, AttributeError, pikepdf.PdfError) as fault:
            self._leave(f"an image ({fault})")

    def _is_fit(self, image: Any) -> bool:
        """Tell whether an image is grey already, and of a kind that every press takes."""
        plainly = (
            image.get("/ColorSpace") == Name.DeviceGray
            and int(image.get("/BitsPerComponent", 8)) <= 8
        )
        old = {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/RunLengthDecode"}
        return plainly and set(pictures.filters(image)) <= old and "/SMask" not in image

    def _leave(self, what: str) -> None:
        self.left.append(f"page {self.number}: {what}")


def inherited(page: Any, key: str, default: Any) -> Any:
    """Give what a page has, or one of the nodes above it (ISO 32000, 7.7.3.4)."""
    node = page
    while node is not None:
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return default


def _values(resources: Any, key: str) -> list[Any]:
    held = resources.get(key)
    return [] if held is None else list(held.values())
