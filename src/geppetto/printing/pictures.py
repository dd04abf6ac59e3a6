"""Images of a PDF: read as Pillow has them, flattened onto white, turned into the press's colours."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, PdfError, PdfImage, StreamDecodeLevel
from PIL import Image, ImageChops, ImageMath

from geppetto.printing.inks import Colour, Target
from geppetto.printing.spaces import Space, read

QUALITY = 95
"""The quality of a JPEG that is written again: above it files grow, and nothing is seen."""
WHOLE = 255
STRIP = 256
"""How many rows of a picture are turned at a time."""
_LOSSY = ("/DCTDecode", "/DCT", "/JPXDecode")
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_ALONE = ("/SMask", "/SMaskInData", "/Decode", "/DecodeParms", "/Filter", "/Intent", "/Matte",
          "/Alternates", "/Metadata", "/OPI", "/StructParent", "/OC")  # fmt: skip


class UnreadableError(ValueError):
    """An image whose samples cannot be read here."""


def filters(image: Any) -> list[str]:
    """Give the names of an image's filters."""
    given = image.get("/Filter", Array())
    return [str(one) for one in given] if isinstance(given, Array) else [str(given)]


def is_lossy(image: Any) -> bool:
    """Tell whether an image is kept as a JPEG is: what it becomes may be, too."""
    return any(one in _LOSSY for one in filters(image))


def samples(image: Any, spaces: Any = None) -> Image.Image:
    """Read an image in a device's colours (L, RGB or CMYK).

    Raises:
        UnreadableError: it is of a kind that is not read.
    """
    try:
        picture = _encoded(image) if is_lossy(image) else None
        if picture is None:
            picture = _raw(image, spaces)
        return picture
    except (
        PdfError,
        OSError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        NotImplementedError,
    ) as fault:
        raise UnreadableError(str(fault)) from fault


def _encoded(image: Any) -> Image.Image | None:
    """Read a JPEG; nothing where its numbers mean no device's colours."""
    data, held = image.read_raw_bytes(), filters(image)
    for one in held[:-1]:
        if one not in {"/FlateDecode", "/Fl"}:
            raise ValueError(f"the filter {one} before a JPEG")
        data = zlib.decompress(data)
    picture = _opened(data)
    space = read(image.ColorSpace) if "/ColorSpace" in image else None
    if space is not None and space.kind != "Device":
        if space.count != 1 or picture.mode != "L":
            raise ValueError("a JPEG of named inks")
        return _looked_up(_decoded(picture, image), space)
    # Pillow turns the inks of Adobe's JPEGs about, which PDF leaves to /Decode.
    if picture.mode == "CMYK" and b"Adobe" in data[:4096]:
        picture = ImageChops.invert(picture)
    return _decoded(picture, image)


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy() if picture.mode in _MODES.values() else picture.convert("RGB")


def _raw(image: Any, spaces: Any) -> Image.Image:
    size = (int(image.Width), int(image.Height))
    is_stencil = bool(image.get("/ImageMask", False))
    bits = 1 if is_stencil else int(image.BitsPerComponent)
    space = read(Name.DeviceGray if is_stencil else image.ColorSpace, spaces)
    if not all(one in {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL",
                       "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
               for one in filters(image)):  # fmt: skip
        return PdfImage(image).as_pil_image().convert("L" if space.count == 1 else "RGB")
    data = image.read_bytes(StreamDecodeLevel.generalized)
    if bits == 16:
        data, bits = data[::2], 8
    if space.count == 1:
        indexes = Image.frombytes("P", size, data, "raw", "P" if bits == 8 else f"P;{bits}")
        picture = Image.frombytes("L", size, indexes.tobytes())
        return _looked_up(picture, space, bits, [float(n) for n in image.get("/Decode", [])])
    if bits != 8 or space.kind != "Device":
        raise ValueError(f"{space.count} colours of {bits} bits, {space.kind}")
    mode = _MODES[space.count]
    return _decoded(Image.frombytes(mode, size, data), image)


def _looked_up(
    picture: Image.Image, space: Space, bits: int = 8, decode: list[float] | None = None
) -> Image.Image:
    """Give the colours that the numbers of one channel mean."""
    top = 2**bits - 1
    low, high = decode or ([0.0, float(top)] if space.kind == "Indexed" else [0.0, 1.0])
    each = [space.device([low + min(n, top) * (high - low) / top]) for n in range(256)]
    kinds = {len(colour) for colour in each}
    return _by_table(picture, each, kinds.pop())


def _by_table(picture: Image.Image, each: list[Colour], count: int) -> Image.Image:
    bands = [picture.point([_octet(colour[n]) for colour in each]) for n in range(count)]
    return bands[0] if count == 1 else Image.merge(_MODES[count], bands)


def _decoded(picture: Image.Image, image: Any) -> Image.Image:
    """Apply what an image says its numbers run from and to."""
    decode = [float(one) for one in image.get("/Decode", [])]
    if not decode or decode == [0.0, 1.0] * len(picture.getbands()):
        return picture
    bands = [
        band.point([_octet(low + n / 255 * (high - low)) for n in range(256)])
        for band, low, high in zip(picture.split(), decode[::2], decode[1::2], strict=True)
    ]
    return Image.merge(picture.mode, bands)


def _octet(part: float) -> int:
    return min(WHOLE, max(0, round(part * WHOLE)))


def transparency(image: Any) -> Image.Image | None:
    """Read how far each point of an image covers what is under it, if it does not wholly.

    Raises:
        UnreadableError: it is of a kind that is not read.
    """
    if int(image.get("/SMaskInData", 0)):
        raise UnreadableError("transparency within a JPEG 2000")
    return samples(image.SMask).convert("L") if "/SMask" in image else None


def over_white(picture: Image.Image, alpha: Image.Image) -> Image.Image:
    """Lay a picture on white, as large as the larger of it and its transparency."""
    size = tuple(map(max, picture.size, alpha.size))
    picture, alpha = (_sized(one, (size[0], size[1])) for one in (picture, alpha))
    white = (0, 0, 0, 0) if picture.mode == "CMYK" else (WHOLE,) * len(picture.getbands())
    return Image.composite(picture, Image.new(picture.mode, picture.size, white), alpha)


def _sized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)


def stencil(pdf: Any, alpha: Image.Image) -> Any:
    """Make the mask of PDF 1.3 that lets the ground show where a picture hides less than half of it."""
    hidden = alpha.point([WHOLE if n < 128 else 0 for n in range(256)]).convert("1")
    mask = pdf.make_stream(zlib.compress(hidden.tobytes(), 9))
    mask.stream_dict.update(_head(hidden.size, 1))
    mask.ImageMask = True
    mask.Filter = Name.FlateDecode
    return mask


def keyed(pdf: Any, image: Any) -> Any:
    """Make the mask that a range of colours stands for (ISO 32000, 8.9.6.4).

    Raises:
        UnreadableError: it has more than one channel, or is a JPEG.
    """
    bits = int(image.BitsPerComponent)
    bounds = [int(one) for one in image.Mask]
    if len(bounds) != 2 or is_lossy(image) or bits > 8:
        raise UnreadableError("a mask by colours of several channels")
    size = (int(image.Width), int(image.Height))
    data = image.read_bytes(StreamDecodeLevel.generalized)
    read_as = "P" if bits == 8 else f"P;{bits}"
    indexes = Image.frombytes("L", size, Image.frombytes("P", size, data, "raw", read_as).tobytes())
    return stencil(
        pdf, indexes.point([0 if bounds[0] <= n <= bounds[1] else 255 for n in range(256)])
    )


def converted(picture: Image.Image, target: Target, ink_max: float) -> Image.Image:
    """Turn a picture into the target's colours."""
    if target is Target.GREY:
        return _grey(picture)
    if picture.mode == "L":
        return picture
    is_inked = picture.mode == "CMYK"
    whole = picture if is_inked else picture.convert("RGB")
    return _by_strips(whole, lambda strip: _limited(strip if is_inked else _inked(strip), ink_max))


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode != "CMYK":
        return picture.convert("L")
    cyan, magenta, yellow, black = picture.split()
    weighed = Image.merge("RGB", (cyan, magenta, yellow)).convert("L")
    return ImageChops.invert(ImageChops.add(weighed, black))


def _by_strips(picture: Image.Image, turn: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Turn a picture into inks strip by strip: reckoning takes much room."""
    made = Image.new("CMYK", picture.size)
    for top in range(0, picture.height, STRIP):
        strip = picture.crop((0, top, picture.width, min(top + STRIP, picture.height)))
        made.paste(turn(strip), (0, top))
    return made


def _inked(picture: Image.Image) -> Image.Image:
    """Give each point its inks, by the rule of single colours."""
    lacks = [ImageChops.invert(band) for band in picture.split()]
    black = ImageChops.darker(ImageChops.darker(lacks[0], lacks[1]), lacks[2])

    def part(band: Image.Image) -> Image.Image:
        made: Image.Image = ImageMath.lambda_eval(
            lambda n: (n["a"] - n["k"]) * WHOLE / n["max"](WHOLE - n["k"], 1), a=band, k=black
        )
        return made.convert("L")

    return Image.merge("CMYK", [*map(part, lacks), black])


def _limited(picture: Image.Image, ink_max: float) -> Image.Image:
    """Take as much of the coloured inks away as lies above the limit."""
    cyan, magenta, yellow, black = picture.split()
    most = round(ink_max * WHOLE)

    def part(band: Image.Image) -> Image.Image:
        held = {"a": band, "c": cyan, "m": magenta, "y": yellow, "k": black}
        made: Image.Image = ImageMath.lambda_eval(
            lambda n: n["min"](
                n["a"], n["a"] * (most - n["k"]) / n["max"](n["c"] + n["m"] + n["y"], 1)
            ),
            **held,
        )
        return made.convert("L")

    return Image.merge("CMYK", [part(cyan), part(magenta), part(yellow), black])


def put(image: Any, picture: Image.Image, *, lossy: bool) -> None:
    """Give an image of a PDF other samples."""
    for key in _ALONE:
        if key in image:
            del image[key]
    data, given = (_jpeg(picture), "/DCTDecode") if lossy else (_packed(picture), "/FlateDecode")
    image.write(data, filter=Name(given))
    image.stream_dict.update(_head(picture.size, 8))
    space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    image.ColorSpace = space[picture.mode]
    if lossy and picture.mode == "CMYK":
        image.Decode = Array([1, 0] * 4)


def _packed(picture: Image.Image) -> bytes:
    return zlib.compress(picture.tobytes(), 6)


def _jpeg(picture: Image.Image) -> bytes:
    """Write a JPEG. Inks are written turned about, as Adobe's are, and Pillow reads and writes them."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


def _head(size: tuple[int, int], bits: int) -> dict[str, Any]:
    return {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": size[0],
        "/Height": size[1],
        "/BitsPerComponent": bits,
    }


def made(pdf: Any, picture: Image.Image, *, lossy: bool = False) -> Any:
    """Make an image of a PDF."""
    image = pdf.make_stream(b"", Dictionary())
    put(image, picture, lossy=lossy)
    return image
