"""Which fonts are installed, and what each holds.

Knows fontconfig's `fc-list`, TeX's `kpsewhich` and, where a system has no
fontconfig, the font folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from geppetto import tools

REGULAR, BOLD = 80, 200  # fontconfig's weights
UPRIGHT = 0
_SUFFIXES = frozenset({".otf", ".ttf", ".ttc", ".otc"})
_FIELDS = (
    *("file", "index", "family", "style", "weight", "slant", "width"),
    *("spacing", "color", "variable", "fontformat", "charset"),
)
_MONOSPACED = 100  # fontconfig's FC_MONO
# OpenType's OS/2 weight classes, as fontconfig's weights.
_WEIGHTS = {1: 0, 2: 40, 3: 50, 4: REGULAR, 5: 100, 6: 180, 7: BOLD, 8: 205, 9: 210}
# TeX's own names for families that are not named after their files.
_TEX_STEMS = {
    "Latin Modern Roman": "lmroman10",
    "Latin Modern Mono": "lmmono10",
    "Latin Modern Sans": "lmsans10",
    "Latin Modern Math": "latinmodern-math",
}


@dataclass(frozen=True)
class Font:
    """One font file, or one font of a collection, in fontconfig's terms.

    `charset` lists the code points it holds as hexadecimal ranges.
    """

    path: str
    families: tuple[str, ...]
    style: str = ""
    index: int = 0
    weight: int = REGULAR
    slant: int = UPRIGHT
    width: int = 100
    mono: bool = False
    color: bool = False
    charset: str = field(default="", repr=False)

    @cached_property
    def _points(self) -> frozenset[int]:
        points: set[int] = set()
        for span in self.charset.split():
            first, _, last = span.partition("-")
            points.update(range(int(first, 16), int(last or first, 16) + 1))
        return frozenset(points)

    def covered(self, characters: Iterable[str]) -> frozenset[str]:
        """Give those of the characters for which the font has a glyph."""
        return frozenset(c for c in characters if ord(c) in self._points)


Shapes = tuple[Font, Font | None, Font | None, Font | None]


@dataclass(frozen=True)
class Face:
    """A family's four shapes, as files; a shape that the family lacks is absent.

    `index` tells which font of a collection (.ttc) each of them is.
    """

    family: str
    regular: Path
    bold: Path | None = None
    italic: Path | None = None
    bold_italic: Path | None = None
    index: int = 0


def installed() -> tuple[Font, ...]:
    """Give the OpenType and TrueType fonts of the system, in the order of their paths."""
    listed = _from_fontconfig() if tools.find("fc-list") else _from_folders(tools.FONT_FOLDERS)
    return tuple(sorted(listed, key=lambda font: (font.path, font.index)))


def of_family(catalogue: Iterable[Font], family: str) -> tuple[Font, ...]:
    """Give a family's fonts, from the system or else from TeX's tree."""
    found = tuple(f for f in catalogue if family.casefold() in map(str.casefold, f.families))
    return found or tuple(_from_tex(family))


def shape(fonts: Iterable[Font], *, weight: int = REGULAR, italic: bool = False) -> Font | None:
    """Give the font of a family that is nearest to a weight, upright or italic."""
    fitting = [f for f in fonts if (f.slant > UPRIGHT) is italic and _near(f.weight, weight)]
    return min(fitting, key=lambda f: _distance(f, weight), default=None)


def shapes(fonts: Iterable[Font]) -> tuple[()] | Shapes:
    """Give a family's regular, bold, italic and bold italic, of one file or collection's font.

    Nothing where it has no regular one.
    """
    fonts = tuple(fonts)
    regular = shape(fonts)
    if regular is None:
        return ()
    kin = [f for f in fonts if f.index == regular.index]
    bold, italic = shape(kin, weight=BOLD), shape(kin, italic=True)
    return regular, bold, italic, shape(kin, weight=BOLD, italic=True)


def face(fonts: Iterable[Font], family: str) -> Face | None:
    """Give a family's four shapes as files, or None where it has no regular one."""
    found = shapes(fonts)
    if not found:
        return None
    regular, *others = found
    bold, italic, both = (Path(font.path) if font else None for font in others)
    return Face(family, Path(regular.path), bold, italic, both, regular.index)


def _near(weight: int, wanted: int) -> bool:
    return weight > 150 if wanted == BOLD else 40 < weight <= 150


def _distance(font: Font, weight: int) -> tuple[int, int, int, str]:
    """How far a font is from the wanted one: width, optical size (for 10.5 pt), weight."""
    optical = re.match(r"(\d+)\b", font.style)
    return (
        abs(font.width - 100),
        abs(2 * int(optical[1]) - 21) if optical else 0,
        abs(font.weight - weight),
        font.path,
    )


def _from_fontconfig() -> Iterator[Font]:
    pattern = "\\t".join(f"%{{{name}}}" for name in _FIELDS) + "\\n"
    listed = tools.ask(["fc-list", f"--format={pattern}"])
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        values = dict(zip(_FIELDS, line.split("\t"), strict=False))
        usable = values.get("fontformat") in {"CFF", "TrueType"} and values["variable"] != "True"
        if usable and "charset" in values:
            yield _described(values)


def _described(values: dict[str, str]) -> Font:
    return Font(
        values["file"],
        tuple(values["family"].split(",")),
        values["style"],
        _integer(values["index"], 0),
        _integer(values["weight"], REGULAR),
        _integer(values["slant"], UPRIGHT),
        _integer(values["width"], 100),
        _integer(values["spacing"], 0) >= _MONOSPACED,
        values["color"] == "True",
        values["charset"],
    )


def _integer(text: str, default: int) -> int:
    """Read fontconfig's number; a variable font has a range instead."""
    return int(float(text)) if re.fullmatch(r"[\d.]+", text) else default


def _from_folders(folders: Iterable[str]) -> Iterator[Font]:
    for folder in folders:
        for path in sorted(Path(folder).expanduser().rglob("*")):
            if path.suffix.lower() in _SUFFIXES and path.is_file():
                yield from _from_file(path)


def _from_file(path: Path) -> Iterator[Font]:
    """Read what fontconfig would say; a file that is no font gives nothing."""
    try:
        if path.suffix.lower() in {".ttc", ".otc"}:
            with TTCollection(path, lazy=True) as collection:
                fonts = [_read(path, font, index) for index, font in enumerate(collection.fonts)]
        else:
            with TTFont(path, lazy=True) as font:
                fonts = [_read(path, font, 0)]
    except (TTLibError, OSError, KeyError, AssertionError):
        return
    yield from (font for font in fonts if font is not None)


def _read(path: Path, font: TTFont, index: int) -> Font | None:
    if "fvar" in font or "cmap" not in font or "OS/2" not in font:
        return None
    names = font["name"]
    families = dict.fromkeys(n for i in (16, 1) if (n := names.getDebugName(i)))
    style = names.getDebugName(17) or names.getDebugName(2) or ""
    return Font(
        str(path),
        tuple(families),
        style,
        index,
        _WEIGHTS.get(font["OS/2"].usWeightClass // 100, REGULAR),
        100 if font["OS/2"].fsSelection & 1 else UPRIGHT,
        75 if "Condensed" in style else 100,
        bool(font["post"].isFixedPitch),
        any(table in font for table in ("CBDT", "COLR", "sbix")),
        " ".join(f"{point:x}" for point in sorted(font.getBestCmap() or ())),
    )


def _from_tex(family: str) -> Iterator[Font]:
    """Look for a family's files in TeX's tree, of which fontconfig need not know."""
    stem = _TEX_STEMS.get(family, family.replace(" ", ""))
    math = stem.removesuffix("Math").removesuffix("math")
    names = [f"{stem}.{suffix}" for suffix in ("otf", "ttf")]
    if math != stem:
        names.append(f"{math.rstrip('-').lower()}-math.otf")
    for shape_name in ("Regular", "Bold", "Italic", "BoldItalic"):
        for name in (f"{stem}-{shape_name}", f"{stem}-{shape_name}".lower()):
            names += [f"{name}.otf", f"{name}.ttf"]
    for path in from_tex_files(names):
        yield from _from_file(path)


def from_tex_files(names: Iterable[str]) -> Iterator[Path]:
    """Give those of the files named that TeX's tree has."""
    if tools.find("kpsewhich"):
        found = tools.ask(["kpsewhich", *dict.fromkeys(names)]).stdout.decode("utf-8", "replace")
        yield from (Path(line) for line in dict.fromkeys(found.split("\n")) if line)
