"""Transparency is taken out, by the least that looks the same; words stay words."""

from __future__ import annotations

import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageChops, ImageFilter

import printed
from geppetto import stores
from geppetto.preflight import Asked, examine
from geppetto.printing import flattening
from geppetto.printing.flattening import Flattened

HALF = Dictionary(H=Dictionary(ca=0.5, CA=0.5), O=Dictionary(ca=1, CA=1))


def image(document, picture, **more):
    made = document.make_stream(picture.tobytes())
    space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}[picture.mode]
    made.stream_dict.update(
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=picture.width,
                   Height=picture.height, BitsPerComponent=8, ColorSpace=space, **more)
    )  # fmt: skip
    return made


def disc(document, cover=255):
    """A red square of which only a disc is there."""
    alpha = Image.new("L", (200, 200), 0)
    from PIL import ImageDraw  # noqa: PLC0415

    ImageDraw.Draw(alpha).ellipse((20, 20, 180, 180), fill=cover)
    mask = image(document, alpha)
    return image(document, Image.new("RGB", (200, 200), (220, 30, 30)), SMask=mask)


def form(document, content, group=True, **resources):
    made = document.make_stream(content)
    made.stream_dict.update(
        Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 432, 648]),
                   Resources=Dictionary(**resources))
    )  # fmt: skip
    if group:
        made.Group = Dictionary(S=Name.Transparency)
    return made


FONT = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
WORDS = b" 0 g BT /T 14 Tf 90 500 Td (Words that stay) Tj ET "


def alone(document):
    """Half of a colour on white, by fill and by line, after and before the colour is set."""
    drawn = b"/H gs 1 0 0 rg 80 80 90 90 re f q 0 0 1 RG 9 w 220 80 90 90 re S Q /O gs 0 .5 0 rg "
    return printed.page(
        document, drawn + b"80 220 90 90 re f /H gs 220 220 90 90 re f", ExtGState=HALF
    )


def grouped(document):
    """Two opaque fields that lie on each other, in a group that is half there."""
    inner = form(document, b"1 0 0 rg 80 80 90 90 re f 0 0 1 rg 120 120 90 90 re f")
    return printed.page(document, b"/H gs /F Do", ExtGState=HALF, XObject=Dictionary(F=inner))


def inheriting(document):
    """A form without a group of its own is drawn with what was set before."""
    inner = form(document, b"80 80 90 90 re f", group=False)
    drawn = b"0 0 1 rg /H gs /F Do"
    return printed.page(document, drawn, ExtGState=HALF, XObject=Dictionary(F=inner))


def soft(document):
    drawn = b"q 99 0 0 99 90 90 cm /A Do Q"
    return printed.page(document, drawn, XObject=Dictionary(A=disc(document)))


def on_ground(document):
    """A disc with nothing around it, on a grey field: white would show."""
    drawn = b"0.7 g 60 60 200 200 re f q 99 0 0 99 90 90 cm /A Do Q"
    return printed.page(document, drawn, XObject=Dictionary(A=disc(document)))


def crossing(document):
    """Two halves that show through each other, in a drawing beside words."""
    inner = form(
        document, b"/H gs 1 0 0 rg 80 80 90 90 re f 0 0 1 rg 120 120 90 90 re f", ExtGState=HALF
    )
    return printed.page(
        document, WORDS + b"/F Do", XObject=Dictionary(F=inner), Font=Dictionary(T=FONT)
    )


def on_the_page(document):
    """The same on the page itself."""
    drawn = WORDS + b"/H gs 1 0 0 rg 80 80 90 90 re f 0 0 1 rg 120 120 90 90 re f"
    return printed.page(document, drawn, ExtGState=HALF, Font=Dictionary(T=FONT))


def multiplied(document):
    state = Dictionary(M=Dictionary(BM=Name.Multiply))
    drawn = b"1 1 0 rg 80 80 90 90 re f /M gs 0 1 1 rg 120 120 90 90 re f"
    return printed.page(document, drawn, ExtGState=state)


def masked(document):
    """A soft mask, as drawings have that fade."""
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1]), N=1)
    shading = Dictionary(
        ShadingType=2, Coords=Array([80, 0, 280, 0]), ColorSpace=Name.DeviceGray, Function=ramp
    )
    mask = form(document, b"/S sh", Shading=Dictionary(S=shading))
    mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    state = Dictionary(M=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)))
    inner = form(document, b"/M gs 1 0 0 rg 80 80 200 90 re f", ExtGState=state)
    return printed.page(document, b"/F Do", XObject=Dictionary(F=inner))


CASES = {
    alone: Flattened(),
    grouped: Flattened(),
    inheriting: Flattened(),
    soft: Flattened(),
    on_ground: Flattened(),
    crossing: Flattened(drawings=(1,)),
    masked: Flattened(drawings=(1,)),
    on_the_page: Flattened(pages=(1,)),
    multiplied: Flattened(pages=(1,)),
}


def look(path):
    with pypdfium2.PdfDocument(path) as made:
        words = made[0].get_textpage().get_text_bounded()
        return made[0].render(scale=2).to_pil().convert("RGB"), words


@pytest.mark.parametrize("page", CASES, ids=lambda page: page.__name__)
def test_it_looks_as_it_did(tmp_path, page):
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    with Pdf.new() as document:
        document.pages.append(page(document))
        document.save(before)
        assert flattening.flatten(document) == CASES[page]
        document.save(after)
    (seen, words), (now, kept) = look(before), look(after)
    assert seen.convert("L").getextrema()[0] < 240
    apart = ImageChops.difference(seen, now).convert("L").filter(ImageFilter.MinFilter(5))
    assert apart.getextrema()[1] <= 10
    assert kept == words
    said = {d.code for d in examine(after, Asked(stores.every()["kdp"]))}
    assert "print-transparency" not in said


def test_pages_share_what_is_made_of_one_image():
    """A sign that stands on many pages is kept once."""
    with Pdf.new() as document:
        shared = document.make_indirect(disc(document))
        for _ in range(3):
            drawn = b"q 20 0 0 20 90 90 cm /A Do Q"
            document.pages.append(printed.page(document, drawn, XObject=Dictionary(A=shared)))
        flattening.flatten(document)
        made = {next(iter(p.obj.Resources.XObject.values())).objgen for p in document.pages}
    assert len(made) == 1


def test_what_is_named_and_never_drawn_goes():
    """Programs name states and drawings for all pages on each; a printer sees what is named."""
    with Pdf.new() as document:
        other = form(document, b"/H gs 0 0 9 9 re f", ExtGState=HALF)
        held = {"ExtGState": HALF, "XObject": Dictionary(F=other)}
        document.pages.append(printed.page(document, b"/O gs 80 80 9 9 re f", **held))
        assert flattening.flatten(document) == Flattened()
        resources = document.pages[0].obj.Resources
        assert list(resources.ExtGState.keys()) == ["/O"]
        assert list(resources.XObject.keys()) == []


def test_an_opaque_page_is_let_be():
    with Pdf.new() as document:
        document.pages.append(printed.page(document, b"1 0 0 rg 80 80 9 9 re f"))
        document.pages[0].obj.Group = Dictionary(S=Name.Transparency)
        assert flattening.flatten(document) == Flattened()
        assert document.pages[0].obj.Contents.read_bytes() == b"1 0 0 rg 80 80 9 9 re f"
        assert "/Group" not in document.pages[0].obj


def test_what_is_drawn_stays_drawn():
    """A colour on white becomes another colour, and no picture."""
    with Pdf.new() as document:
        document.pages.append(alone(document))
        flattening.flatten(document)
        page = document.pages[0].obj
        assert b"1 0.5000 0.5000 rg" in page.Contents.read_bytes()
        assert list(page.Resources.get("/XObject", {}).keys()) == []
