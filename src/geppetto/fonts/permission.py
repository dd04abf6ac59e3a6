"""Whether a font may be embedded: what its maker wrote into it.

OpenType's `OS/2` table has a field fsType. Of its lowest four bits the most
permissive one counts; none set is no restriction (OpenType 1.9.1, OS/2, "fsType").
"""

from __future__ import annotations

import functools
import re
from enum import Enum
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

from geppetto import tools
from geppetto.fonts.catalogue import from_tex_files

RESTRICTED, PREVIEW, EDITABLE = 0x0002, 0x0004, 0x0008
NO_SUBSETS, BITMAPS_ALONE = 0x0100, 0x0200
_SUBSET = re.compile(r"^[A-Z]{6}\+")


class Permission(Enum):
    """What a font allows."""

    FREE = "free"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


def permission(font: Path | Any, index: int = 0) -> Permission:
    """Tell whether parts of a font file (or what is read like one) may be embedded in a document."""
    try:
        with TTFont(font, fontNumber=index, lazy=True) as opened:
            if "OS/2" not in opened:
                return Permission.UNKNOWN
            return of_type(opened["OS/2"].fsType)
    except (TTLibError, OSError, AssertionError, KeyError):
        return Permission.UNKNOWN


def of_type(fs_type: int) -> Permission:
    """Tell what a value of fsType allows."""
    grants = fs_type & (PREVIEW | EDITABLE)
    if fs_type & RESTRICTED and not grants:
        return Permission.FORBIDDEN
    if fs_type & (NO_SUBSETS | BITMAPS_ALONE):
        return Permission.FORBIDDEN
    return Permission.FREE


def whole(postscript: str) -> str:
    """Give the name of a font of which a PDF holds a subset (ISO 32000-2, 9.9.2)."""
    return _SUBSET.sub("", postscript)


def named(name: str) -> Permission:
    """Tell what the installed font of a PostScript name allows."""
    found = _by_name().get(name) or _in_tex(name)
    return permission(*found) if found else Permission.UNKNOWN


def _in_tex(name: str) -> tuple[Path, int] | None:
    files = [f"{one}.{suffix}" for one in (name, name.lower()) for suffix in ("otf", "ttf")]
    return next(((path, 0) for path in from_tex_files(files)), None)


@functools.cache
def _by_name() -> dict[str, tuple[Path, int]]:
    """Give the installed font files by their PostScript names."""
    if not tools.find("fc-list"):
        return {}
    listed = tools.ask(["fc-list", "--format=%{postscriptname}\\t%{index}\\t%{file}\\n"])
    found: dict[str, tuple[Path, int]] = {}
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        name, index, path = [*line.split("\t"), "", ""][:3]
        if name and index.isdecimal():
            found.setdefault(name, (Path(path), int(index) & 0xFFFF))
    return found
