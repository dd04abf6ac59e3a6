"""Every colour of a document is turned, and it looks as it did."""

from __future__ import annotations

import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ImageChops

import printed
from geppetto import stores
from geppetto.preflight import Asked, examine
from geppetto.printing import colour, contents
from geppetto.printing.inks import Target

AXIS = {"ShadingType": 2, "Coords": Array([50, 0, 380, 0])}


def ramp(first, last):
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array(first), C1=Array(last), N=1)


def form(document, content, **resources):
    made = document.make_stream(content)
    made.stream_dict.update(
        Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 400]),
                   Resources=Dictionary(**resources))
    )  # fmt: skip
    return made


def image(document, space, data, side=10, **more):
    made = document.make_stream(data)
    made.stream_dict.update(
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=side, Height=side,
                   BitsPerComponent=8, ColorSpace=space, **more)
    )  # fmt: skip
    return made


def tiling(document, content, paint):
    made = document.make_stream(content)
    made.stream_dict.update(
        Dictionary(PatternType=1, PaintType=paint, TilingType=1, BBox=Array([0, 0, 9, 9]),
                   XStep=12, YStep=12, Resources=Dictionary())
    )  # fmt: skip
    return made


def icc(document, count):
    made = document.make_stream(b"")
    made.N = count
    return Array([Name.ICCBased, made])


def device(document):
    return printed.page(
        document, b"1 0 0 rg 0 1 0 RG 9 w 80 80 90 90 re B 0 0 1 0 k 200 80 50 50 re f"
    )


def spaces(document):
    named = {
        "I": Array([Name.Indexed, Name.DeviceRGB, 1, String(bytes([255, 0, 0, 0, 0, 255]))]),
        "S": Array([Name.Separation, Name.Sky, Name.DeviceRGB, ramp([1, 1, 1], [0, 0.5, 1])]),
        "P": icc(document, 3),
        "L": Array([Name.Lab, Dictionary(WhitePoint=Array([0.9642, 1, 0.8249]))]),
    }
    drawn = b"/I cs 1 sc 80 80 50 50 re f /S cs 0.5 scn 150 80 50 50 re f /P cs 0 .4 .1 sc " \
            b"220 80 50 50 re f q /P CS 1 0 0 SC 9 w 80 200 50 50 re S Q /L cs 60 40 -30 sc " \
            b"220 200 50 50 re f"  # fmt: skip
    return printed.page(document, drawn, ColorSpace=Dictionary(**named))


def nested(document):
    inner = form(document, b"0 .6 0 rg 80 80 60 60 re f")
    outer = form(document, b".8 .2 0 rg 160 80 60 60 re f /F Do", XObject=Dictionary(F=inner))
    return printed.page(document, b"/F Do 1 0 0 1 0 100 cm /F Do", XObject=Dictionary(F=outer))


def gradients(document):
    axial = Dictionary(ColorSpace=Name.DeviceRGB, Function=ramp([1, 0, 0], [0, 0, 1]), **AXIS)
    radial = Dictionary(
        ShadingType=3, Coords=Array([200, 300, 9, 200, 300, 90]), ColorSpace=Name.DeviceRGB,
        Function=ramp([0, 1, 0], [1, 0, 1]),
    )  # fmt: skip
    pattern = Dictionary(PatternType=2, Shading=axial)
    drawn = b"/Pattern cs /P scn 80 80 200 50 re f q 100 200 200 200 re W n /R sh Q"
    return printed.page(
        document, drawn, Pattern=Dictionary(P=pattern), Shading=Dictionary(R=radial)
    )


def tiles(document):
    coloured = tiling(document, b"1 .5 0 rg 0 0 6 6 re f", 1)
    plain = tiling(document, b"0 0 6 6 re f", 2)
    drawn = b"/Pattern cs /C scn 80 80 99 99 re f /U cs .2 .4 .8 /P scn 220 80 99 99 re f"
    return printed.page(
        document, drawn, Pattern=Dictionary(C=coloured, P=plain),
        ColorSpace=Dictionary(U=Array([Name.Pattern, Name.DeviceRGB])),
    )  # fmt: skip


def images(document):
    held = {
        "R": image(document, Name.DeviceRGB, bytes([200, 90, 30] * 100)),
        "P": image(document, icc(document, 3), bytes([20, 90, 200] * 100)),
        "K": image(document, Name.DeviceCMYK, bytes([0, 90, 200, 20] * 100)),
    }
    places = ((b"R", b"80 80"), (b"P", b"200 80"), (b"K", b"80 220"))
    drawn = b" ".join(b"q 99 0 0 99 %s cm /%s Do Q" % (at, name) for name, at in places)
    return printed.page(document, drawn, XObject=Dictionary(**held))


def inline(document):
    data = bytes([250, 20, 40]) * 16
    drawn = b"q 99 0 0 99 80 80 cm BI /W 4 /H 4 /BPC 8 /CS /RGB ID " + data + b"\nEI Q"
    return printed.page(document, drawn)


PAGES = [device, spaces, nested, gradients, tiles, images, inline]


def look(document, tmp_path, name):
    document.save(tmp_path / name)
    with pypdfium2.PdfDocument(tmp_path / name) as made:
        return made[0].render(scale=1).to_pil().convert("RGB")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_grey_looks_as_the_colours_do(tmp_path, page):
    """Rendered and made grey, and made grey and rendered, are the same."""
    with Pdf.new() as document:
        document.pages.append(page(document))
        before = look(document, tmp_path, "before.pdf").convert("L")
        assert before.getextrema()[0] < 200
        assert colour.convert(document, Target.GREY) == []
        after = look(document, tmp_path, "after.pdf")
    assert all(r == g == b for r, g, b in set(after.get_flattened_data()))
    assert ImageChops.difference(before, after.convert("L")).reduce(3).getextrema()[1] <= 16
    said = examine(tmp_path / "after.pdf", Asked(stores.every()["kdp"]))
    assert "print-colour" not in {d.code for d in said}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_inks_are_what_ingram_takes(tmp_path, page):
    with Pdf.new() as document:
        document.pages.append(page(document))
        assert colour.convert(document, Target.CMYK) == []
        document.save(tmp_path / "after.pdf")
    ingram = Asked(stores.every()["ingram"], ink="premium-color", cover=True)
    codes = {d.code for d in examine(tmp_path / "after.pdf", ingram)}
    assert not codes & {"print-colour", "print-ink"}


def test_black_text_stays_black_ink():
    with Pdf.new() as document:
        document.pages.append(printed.page(document, b"0 0 0 rg 1 0 0 RG 80 80 9 9 re f"))
        colour.convert(document, Target.CMYK)
        read = contents.read(document.pages[0])
    assert [(list(map(float, numbers)), name) for numbers, name in read[:2]] == [
        ([0, 0, 0, 1], "k"),
        ([0, 1, 1, 0], "K"),
    ]


def test_what_shares_an_object_is_turned_once():
    """Two pages with one form: the second would turn grey's numbers again."""
    with Pdf.new() as document:
        shared = document.make_indirect(form(document, b"1 0 0 rg 80 80 60 60 re f"))
        for _ in range(2):
            document.pages.append(printed.page(document, b"/F Do", XObject=Dictionary(F=shared)))
        colour.convert(document, Target.GREY)
        assert shared.read_bytes().split()[:2] == [b"0.2990", b"g"]


def test_what_cannot_be_turned_is_named():
    with Pdf.new() as document:
        bad = image(document, Name.DeviceRGB, b"short")
        document.pages.append(printed.page(document, b"/A Do", XObject=Dictionary(A=bad)))
        (left,) = colour.convert(document, Target.GREY)
    assert left.startswith("page 1: an image")
