"""Images are read as PDF says, and turned into the press's colours."""

from __future__ import annotations

import io

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageChops

from geppetto.printing import pictures
from geppetto.printing.inks import Target, inked

SIZE = (40, 30)


@pytest.fixture
def document():
    with Pdf.new() as made:
        yield made


def ramp(mode="RGB"):
    """A picture in which every part takes many values."""
    across = Image.linear_gradient("L").resize(SIZE)
    bands = [across, across.rotate(180), across.transpose(Image.Transpose.ROTATE_90).resize(SIZE)]
    if mode == "CMYK":
        bands.append(across.point([n // 3 for n in range(256)]))
    return across if mode == "L" else Image.merge(mode, bands)


def stored(document, data, space, bits=8, **more):
    made = document.make_stream(data)
    made.stream_dict.update(
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=SIZE[0], Height=SIZE[1],
                   BitsPerComponent=bits, ColorSpace=space, **more)
    )  # fmt: skip
    return made


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("lossy", [False, True])
def test_what_is_put_is_read(document, mode, lossy):
    picture = ramp(mode)
    read = pictures.samples(pictures.made(document, picture, lossy=lossy))
    assert read.mode == mode
    far = ImageChops.difference(read, picture).getextrema()
    worst = max(high for _, high in ([far] if mode == "L" else far))
    assert worst <= (40 if lossy else 0)
    assert ImageChops.difference(read, picture).resize((1, 1)).getextrema() is not None


def test_numbers_may_run_the_other_way(document):
    made = stored(document, ramp("L").tobytes(), Name.DeviceGray, Decode=Array([1, 0]))
    assert pictures.samples(made).tobytes() == ImageChops.invert(ramp("L")).tobytes()


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_of_few_bits(document, bits):
    table = bytes([255, 0, 0, 0, 0, 255]) + bytes(3 * (2**bits - 2))
    row = bytes([0b01010101] * 5) if bits == 1 else bytes([1] * (SIZE[0] * bits // 8))
    space = Array([Name.Indexed, Name.DeviceRGB, 2**bits - 1, String(table)])
    read = pictures.samples(stored(document, row * SIZE[1], space, bits))
    assert read.getpixel((1, 0)) in {(0, 0, 255), (255, 0, 0)}
    assert (0, 0, 255) in {color for _, color in read.getcolors()}


def test_sixteen_bits_become_eight(document):
    data = b"".join(bytes([n, 7]) for n in ramp("L").tobytes())
    assert pictures.samples(stored(document, data, Name.DeviceGray, 16)).tobytes() == (
        ramp("L").tobytes()
    )


def test_an_ink_by_name(document):
    ramp_to_red = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 0, 0]), N=1
    )
    space = Array([Name.Separation, Name.Crimson, Name.DeviceRGB, ramp_to_red])
    read = pictures.samples(stored(document, b"\xff" * 1200, space))
    assert read.getcolors() == [(1200, (255, 0, 0))]


def test_adobes_inks_are_turned_about(document):
    """As Photoshop writes them: the numbers are turned, and PDF's Decode turns them back."""
    out = io.BytesIO()
    ramp("CMYK").save(out, "JPEG", quality=100, subsampling=0)
    made = stored(document, b"", Name.DeviceCMYK, Decode=Array([1, 0] * 4))
    made.write(out.getvalue(), filter=Name.DCTDecode)
    read = pictures.samples(made)
    far = ImageChops.difference(read, ramp("CMYK")).getextrema()
    assert max(high for _, high in far) < 16


def test_grey_is_weighed_as_single_colours_are():
    read = pictures.converted(ramp(), Target.GREY, 2.4)
    assert read.tobytes() == ramp().convert("L").tobytes()
    inks = pictures.converted(Image.new("CMYK", (1, 1), (255, 0, 0, 51)), Target.GREY, 2.4)
    assert inks.getpixel((0, 0)) == pytest.approx(255 * (1 - 0.299 - 0.2), abs=1)


def test_inks_are_those_of_single_colours():
    read = pictures.converted(ramp(), Target.CMYK, 2.4)
    for at in ((0, 0), (7, 20), (21, 3), (39, 29)):
        colour = ramp().getpixel(at)
        expected = [255 * one for one in inked(tuple(n / 255 for n in colour), 2.4)]
        assert read.getpixel(at) == pytest.approx(expected, abs=3)


def test_inks_keep_to_the_limit():
    picture = Image.merge("CMYK", [ramp("L").point([255] * 256)] * 3 + [ramp("L")])
    read = pictures.converted(picture, Target.CMYK, 2.4)
    sums = [sum(one) for one in read.get_flattened_data()]
    assert max(sums) <= 2.4 * 255 + 3
    assert read.getchannel("K").tobytes() == ramp("L").tobytes()


def test_what_is_half_there_is_half_white():
    alpha = Image.new("L", SIZE, 128)
    read = pictures.over_white(Image.new("RGB", SIZE, (0, 0, 0)), alpha)
    assert read.getpixel((3, 3)) == (127, 127, 127)
    inks = pictures.over_white(Image.new("CMYK", SIZE, (0, 0, 0, 255)), alpha)
    assert inks.getpixel((3, 3))[3] == 128


def test_the_finer_of_picture_and_transparency_is_kept():
    coarse = Image.new("L", (4, 3), 255)
    assert pictures.over_white(ramp(), coarse).size == SIZE
    assert pictures.over_white(Image.new("RGB", (4, 3)), Image.new("L", SIZE)).size == SIZE


def test_a_mask_of_colours_becomes_one_of_dots(document):
    made = stored(document, bytes([5] * 600 + [9] * 600), Name.DeviceGray, Mask=Array([5, 6]))
    mask = pictures.keyed(document, made)
    assert mask.ImageMask is True
    dots = Image.frombytes("1", SIZE, mask.read_bytes())
    assert [bool(dots.getpixel((0, y))) for y in (0, 29)] == [True, False]


def test_what_cannot_be_read_is_said(document):
    made = stored(document, b"short", Name.DeviceRGB)
    with pytest.raises(pictures.UnreadableError):
        pictures.samples(made)
