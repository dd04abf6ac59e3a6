"""What can only be rendered: drawings, or whole pages, as pictures, with their words unseen on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Matrix, Name, Rectangle
from PIL import Image, ImageChops

from geppetto.printing import contents, pictures, seeing, transparent
from geppetto.printing.colour import inherited
from geppetto.printing.contents import Instruction
from geppetto.printing.lightening import Lightened

Box = tuple[float, float, float, float]
UNSEEN = 3
"""The mode in which text is neither filled nor stroked (ISO 32000, 9.3.6)."""
_KEPT = frozenset(
    [
        "q",
        "Q",
        "cm",
        "BT",
        "ET",
        "Tc",
        "Tw",
        "Tz",
        "TL",
        "Tf",
        "Ts",
        "Td",
        "TD",
        "Tm",
        "T*",
        "Tj",
        "TJ",
        "'",
        '"',
        "BMC",
        "BDC",
        "EMC",
    ]
)
_PICTURE, _WORDS = "/GeppettoPicture", "/GeppettoWords"


class Rendering(Lightened):
    """Renders what is transparent: the forms that a page draws, or the page."""

    placed: Matrix
    nested: list[Matrix]

    def drawings(self, page: Any) -> tuple[bytes, Any]:
        """Render each form of a page that is transparent, and flatten the rest."""
        self.placed, self.nested = Matrix(), []
        return self.page(page)

    def whole(self, page: Any) -> tuple[bytes, Any]:
        """Render a whole page."""
        box = [float(one) for one in inherited(page, "/MediaBox", Array([0, 0, 612, 792]))]
        resources = inherited(page, "/Resources", Dictionary())
        picture = seeing.page(self.document, page, seeing.FINE)
        words = self._unseen(self.document.make_stream(contents.data(page)), resources)
        placed = _placed((box[0], box[1], box[2], box[3]))
        drawn = Dictionary(
            {_PICTURE: pictures.made(self.document, picture), **_words(words, Array(box))}
        )
        return f"q {placed} cm {_PICTURE} Do Q {_WORDS} Do\n".encode(), Dictionary(XObject=drawn)

    def _opaque(
        self, instruction: Instruction, state: Any, resources: Any, own: Any
    ) -> Iterator[Instruction]:
        """Follow where things are placed, as well."""
        operands, operator = instruction
        if operator == "cm":
            self.placed = Matrix(*(float(one) for one in operands)) @ self.placed
        elif operator == "q":
            self.nested.append(self.placed)
        elif operator == "Q" and self.nested:
            self.placed = self.nested.pop()
        yield from super()._opaque(instruction, state, resources, own)

    def _form(self, form: Any, state: Any, resources: Any) -> Any:
        within = form.get("/Resources", resources)
        if not transparent.is_used(within) and state.fill.alpha == 1:
            return form
        own = form.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))
        box = Matrix(*(float(one) for one in own)).transform(Rectangle(form.BBox))
        corners = (box.llx, box.lly, box.urx, box.ury)
        grown = max(
            abs(self.placed.a) + abs(self.placed.b), abs(self.placed.c) + abs(self.placed.d)
        )
        picture = seeing.form(self.document, form, corners, seeing.FINE * grown)
        if state.fill.alpha < 1:
            cover = picture.convert("L").point([round(255 * state.fill.alpha)] * 256)
            picture = pictures.over_white(picture, cover)
        words = self._unseen(form, within)
        words.stream_dict.update({"/Matrix": own})
        picture, inked = _cropped(picture, corners)
        held = {_PICTURE: pictures.made(self.document, picture), **_words(words, form.BBox)}
        content = f"q {_placed(inked)} cm {_PICTURE} Do Q {_WORDS} Do\n".encode()
        made = self.document.make_stream(content)
        made.stream_dict.update(
            Dictionary(
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array(list(corners)),
                Resources=Dictionary(XObject=Dictionary(held)),
            )
        )
        return made

    def _unseen(self, stream: Any, resources: Any) -> Any:
        """Make a form of a stream's words alone, unseen."""
        fonts = resources.get("/Font", Dictionary())
        own = Dictionary(Font=fonts, XObject=Dictionary())
        if "/Properties" in resources:
            own.Properties = resources.Properties
        made: list[Instruction] = []
        for operands, operator in contents.read(stream):
            if operator in _KEPT:
                made.append((operands, operator))
                if operator == "BT":
                    made.append(([UNSEEN], "Tr"))
            elif operator == "Do":
                given = resources.get("/XObject", Dictionary()).get(str(operands[0]), Dictionary())
                if given.get("/Subtype") == Name.Form:
                    inner = self._unseen(given, given.get("/Resources", resources))
                    inner.stream_dict.update(
                        {k: given[k] for k in ("/BBox", "/Matrix") if k in given}
                    )
                    own.XObject[str(operands[0])] = inner
                    made.append((operands, operator))
        form = self.document.make_stream(contents.written(made))
        form.stream_dict.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, Resources=own))
        return form


def _cropped(picture: Image.Image, box: Box) -> tuple[Image.Image, Box]:
    """Cut off what is white around a picture: it would hide what is there."""
    left, upper, right, lower = ImageChops.invert(picture).getbbox() or (0, 0, 1, 1)
    wide, high = (box[2] - box[0]) / picture.width, (box[3] - box[1]) / picture.height
    place = (
        box[0] + left * wide,
        box[3] - lower * high,
        box[0] + right * wide,
        box[3] - upper * high,
    )
    return picture.crop((left, upper, right, lower)), place


def _words(words: Any, box: Any) -> dict[str, Any]:
    words.BBox = box
    return {_WORDS: words}


def _placed(box: Box) -> str:
    left, lower, right, upper = box
    return f"{right - left:.4f} 0 0 {upper - lower:.4f} {left:.4f} {lower:.4f}"
