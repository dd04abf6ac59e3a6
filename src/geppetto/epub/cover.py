"""The cover: the author's own image, or one made from book.yaml through a template."""

from __future__ import annotations

import hashlib
import io
import math
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from PIL import Image, UnidentifiedImageError

from geppetto import installed, store, templates, tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.epub import metadata
from geppetto.epub.characters import line
from geppetto.epub.lettering import Lettering, Sizes, fit
from geppetto.epub.package import Resource
from geppetto.model.book import Book
from geppetto.store.shelf import NOTHING, Shelf, key
from geppetto.terms import direction

SIZE = (1600, 2560)  # what Kindle Direct Publishing asks for (help page G6GTK3T3NUHKLEFX, 2026-11)
MARGIN = 150
TITLE_TOP = 1350
FORMATS = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
STRINGS = 41
EDGE = 6  # the chosen string is not among so many at either side
CURTAIN = (250, 1130)  # between these heights the strings end
DROP = 340  # how far below its neighbours the chosen string ends


@dataclass(frozen=True)
class Palette:
    """The colours of a cover."""

    ground: str
    line: str
    accent: str
    text: str = "#fbf3e2"


PALETTES = (
    Palette("#16243f", "#3c5a90", "#f2a541"),
    Palette("#5a1a22", "#9a4248", "#f4c169"),
    Palette("#143a30", "#39775f", "#f0b84b"),
    Palette("#bf3f28", "#8a2517", "#fbe3b4"),
    Palette("#35204a", "#6d4f92", "#f2b35e"),
    Palette("#0e3c47", "#387a87", "#f6a26b"),
    Palette("#ece0c6", "#c3ae82", "#b8382a", "#2b2420"),
    Palette("#2f3320", "#6d7345", "#e9b44c"),
)


@dataclass(frozen=True)
class String:
    """One line of the drawing, from the top edge to its end, and how broad it is."""

    x: float
    y: float
    breadth: float
    chosen: bool


def make(book: Book, environment: Environment, work: Path, shelf: Shelf = NOTHING) -> Resource:
    """Give the cover as a file for the package; `work` is a folder for files on the way."""
    if book.settings.epub.cover is not None:
        data, kind = _given(book, book.settings.epub.cover, work)
    else:
        svg, kind = drawing(book, environment), "JPEG"
        name = key(installed.digest(), store.stamp(_renderer()), svg)
        data = b64decode(shelf.made("cover", name, lambda: b64encode(_drawn(svg, work)).decode()))
    ending, media_type = FORMATS[kind]
    return Resource(f"cover.{ending}", data, media_type, "cover-image")


def drawing(book: Book, environment: Environment) -> str:
    """Draw the cover as SVG."""
    settings = book.settings
    measure = SIZE[0] - 2 * MARGIN
    seed = hashlib.sha256(book.slug.encode()).digest()
    names = ", ".join(p.name for p in metadata.people(settings) if p.kind == "creator")
    subtitle = _fitted(settings.subtitle, measure, 240, 92)
    author = _fitted(names or None, measure, 210, 96)
    publisher = _fitted(settings.publisher, measure, 60, 44)
    others = sum(each.height + 60 for each in (subtitle, author, publisher) if each)
    room = SIZE[1] - TITLE_TOP - MARGIN - others - 60
    return templates.render(
        environment,
        "cover/front.svg",
        width=SIZE[0],
        height=SIZE[1],
        margin=MARGIN,
        top=TITLE_TOP,
        palette=PALETTES[seed[0] % len(PALETTES)],
        strings=strings(seed),
        title=fit(line(settings.title), measure, room, Sizes(400, 60, 1.0)),
        subtitle=subtitle,
        author=author,
        publisher=publisher,
        direction=direction(settings.lang),
        lang=settings.lang,
    )


def _fitted(text: str | None, measure: float, height: float, largest: float) -> Lettering | None:
    if text is None or not line(text):
        return None
    return fit(line(text), measure, height, Sizes(largest, 34, 1.28))


def strings(seed: bytes) -> list[String]:
    """Hang a curtain of strings from the top edge, which the seed shapes.

    Where it is shortest, one string hangs below the others.
    """
    step = SIZE[0] / (STRINGS - 1)
    ends = [_end(seed, number / (STRINGS - 1)) for number in range(STRINGS)]
    chosen = min(range(EDGE, STRINGS - EDGE), key=lambda number: ends[number])
    ends[chosen] += DROP
    return [
        String(round(n * step, 1), round(y, 1), 7 + 7 * seed[4 + n % 28] / 255, n == chosen)
        for n, y in enumerate(ends)
    ]


def _end(seed: bytes, across: float) -> float:
    """Give where a string ends: the sum of two waves, within the curtain."""
    slow = math.sin(seed[1] / 255 * math.tau + (0.8 + seed[2] / 320) * math.tau * across)
    quick = math.sin(seed[3] / 255 * math.tau + (2.1 + seed[2] / 200) * math.tau * across)
    top, bottom = CURTAIN
    return (top + bottom) / 2 + (bottom - top) / 2 * (0.74 * slow + 0.26 * quick)


def _drawn(svg: str, work: Path) -> bytes:
    """Render a drawing to the cover's size as JPEG."""
    with Image.open(io.BytesIO(_rasterised(svg.encode(), work))) as image:
        return _jpeg(image)


def _renderer() -> Path:
    return tools.require(
        "rsvg-convert",
        "renders the cover",
        "Install it: apt install librsvg2-bin, dnf install librsvg2-tools or brew install librsvg.",
    )


def _rasterised(svg: bytes, work: Path) -> bytes:
    fonts = _fonts(work)
    result = tools.run(
        [_renderer(), "--format=png", f"--width={SIZE[0]}", f"--height={SIZE[1]}", "-a"],
        access=tools.Access(read=(fonts,)),
        stdin=svg,
        environment={"FONTCONFIG_FILE": str(fonts)},
    )
    if result.returncode != 0:
        words = result.stderr.decode(errors="replace")
        said = Diagnostic("tool-failed", "The cover could not be rendered.", detail=words)
        raise GeppettoError(said, ExitCode.MACHINERY)
    return result.stdout


def _fonts(work: Path) -> Path:
    """Write a font configuration that adds TeX's OpenType faces to the system's.

    Debian shows fontconfig only the Type 1 forms of TeX Gyre, which Pango cannot use.
    """
    folders = [
        Path("/usr/share/texmf/fonts/opentype"),
        Path("/usr/share/texmf-dist/fonts/opentype"),
    ]
    lines = [f"<dir>{folder}</dir>" for folder in folders if folder.is_dir()]
    path = work / "fonts.conf"
    work.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<?xml version="1.0"?>\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        + "\n".join(lines)
        + "\n<selectfont><rejectfont><glob>*.pfb</glob></rejectfont></selectfont>\n</fontconfig>\n",
        encoding="utf-8",
    )
    return path


def _jpeg(image: Image.Image) -> bytes:
    flat = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=90, optimize=True, subsampling=0)
    return out.getvalue()


def _given(book: Book, target: str, work: Path) -> tuple[bytes, str]:
    """Take the author's image: a JPEG or PNG in RGB as it is, anything else made into a JPEG."""
    path = (book.root / target).resolve()
    if not path.is_relative_to(book.root.resolve()):
        raise _fault("image-outside", f"The cover {target} lies outside the book's folder.")
    if not path.is_file():
        raise _fault("image-missing", f"The cover {target} is not there.")
    data = path.read_bytes()
    if path.suffix.lower() == ".svg":
        data = _rasterised(data, work)
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format in FORMATS and image.mode == "RGB" and path.suffix.lower() != ".svg":
                return data, image.format
            return _jpeg(image), "JPEG"
    except (UnidentifiedImageError, OSError) as fault:
        raise _fault("image-broken", f"The cover {target} cannot be read.") from fault


def _fault(code: str, message: str) -> GeppettoError:
    hint = "Name an image in the book's folder, or leave `epub: cover` out to have one made."
    return GeppettoError(Diagnostic(code, message, Location("book.yaml"), hint))


def frames(data: bytes) -> int:
    """Count an image's frames: more than one moves."""
    with Image.open(io.BytesIO(data)) as image:
        return int(getattr(image, "n_frames", 1))
