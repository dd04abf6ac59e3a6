"""Opens the files that a book names: inside its folder only, and in UTF-8.

A manuscript is data: a name that leads out of the book's folder, by `..`, by
an absolute path or by a symbolic link, is refused before anything is read.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from geppetto.diagnostics import Diagnostic, Location
from geppetto.suggest import nearest

BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


# Control characters, and bytes of a name that is not UTF-8.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Kind:
    """What a file is to the author, and the codes of what can be wrong with it."""

    noun: str
    missing: str
    encoding: str
    outside: str = "chapter-outside"


@dataclass(frozen=True)
class Found:
    """A file of the book: its real path, and its path relative to the book's folder."""

    real: Path
    relative: str


def find(
    root: Path, name: str, kind: Kind, place: Location | None
) -> tuple[Found | None, list[Diagnostic]]:
    """Find the file that the book calls `name`; faults are reported at `place`."""
    if UNPRINTABLE.search(name):
        return None, [_unprintable(name, kind, place)]
    real = _inside(root, name)
    if real is None:
        return None, [_outside(name, kind, place)]
    if not _is_file(real):
        real = _as_the_disk_spells_it(real)
        if not _is_file(real):
            return None, [_missing(root, name, kind, place)]
    relative = Path(os.path.normpath(root / name)).relative_to(os.path.normpath(root)).as_posix()
    return Found(real, relative), []


def read(found: Found, kind: Kind) -> tuple[str, list[Diagnostic]]:
    """Read a file as text with LF line ends and no byte-order mark.

    A file that is not UTF-8 is an error; its text is then what the likeliest
    other encoding gives, so that its other faults can be found too.
    """
    try:
        data = found.real.read_bytes()
    except OSError as error:
        message = f"The {kind.noun} {found.relative} cannot be opened: {error.strerror}."
        hint = "See to its permissions."
        return "", [Diagnostic(kind.missing, message, Location(found.relative), hint)]
    return decode(data, found.relative, kind)


def decode(data: bytes, relative: str, kind: Kind) -> tuple[str, list[Diagnostic]]:
    """Decode the bytes of a file; see `read`."""
    data = data.removeprefix(codecs.BOM_UTF8)
    fault = _first_bad_byte(data)
    if fault is None:
        return _with_lf(data.decode("utf-8")), []
    encoding = _likely_encoding(data)
    before = _with_lf(data[:fault].decode("utf-8"))
    location = Location(relative, before.count("\n") + 1, len(before) - before.rfind("\n"))
    diagnostic = Diagnostic(
        kind.encoding,
        f"The {kind.noun} is not UTF-8: byte 0x{data[fault]:02X}. It may be {encoding}.",
        location,
        f"Save it as UTF-8 in your editor, or: "
        f"iconv -f {encoding} -t UTF-8 {relative} > new && mv new {relative}",
    )
    return _with_lf(data.decode(encoding, "replace")), [diagnostic]


def _first_bad_byte(data: bytes) -> int | None:
    """Find where the bytes stop being UTF-8 text; UTF-16 shows as bytes of zero."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return data.index(0) if data.count(0) > len(data) // 4 else None


def _inside(root: Path, name: str) -> Path | None:
    """Give the real path of a file of the book, None where it leads out of the folder."""
    if not name or os.path.isabs(name) or re.match(r"[A-Za-z]:[\\/]|\\\\|~", name):  # noqa: PTH117
        return None
    try:
        real = (root / name).resolve()
        return real if real.is_relative_to(root.resolve()) else None
    except (ValueError, OSError, RuntimeError):
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _listing(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _as_the_disk_spells_it(path: Path) -> Path:
    """Find a name whose letters are composed otherwise on the disk (macOS writes e + ´ for é)."""
    wanted = unicodedata.normalize("NFC", path.name)
    spelt = (p for p in _listing(path.parent) if unicodedata.normalize("NFC", p.name) == wanted)
    return next(spelt, path)


def _unprintable(name: str, kind: Kind, place: Location | None) -> Diagnostic:
    shown = UNPRINTABLE.sub("\ufffd", name)
    if place is not None:
        place = Location(UNPRINTABLE.sub("\ufffd", place.path), place.line, place.column)
    return Diagnostic(
        kind.encoding,
        f"The name of the {kind.noun} '{shown}' has a character that cannot be printed.",
        place,
        "Rename the file; letters of any script, digits and hyphens are safe.",
    )


def _outside(name: str, kind: Kind, place: Location | None) -> Diagnostic:
    return Diagnostic(
        kind.outside,
        f"The {kind.noun} '{name}' lies outside the book's folder.",
        place,
        "Copy the file into the book's folder, and name it by its path from book.yaml.",
    )


def _missing(root: Path, name: str, kind: Kind, place: Location | None) -> Diagnostic:
    near = _nearest_name(name.replace("\\", "/"), _names_beside(root, name))
    if near is not None:
        hint = f"Did you mean '{near}'?"
    elif (root / name).is_dir():
        hint = "It is a folder. Name the files in it."
    else:
        hint = "Write the file, or take its line out of book.yaml."
    return Diagnostic(kind.missing, f"The {kind.noun} '{name}' is not there.", place, hint)


def _nearest_name(name: str, names: list[str]) -> str | None:
    """Give the file whose own name is most like the one that is missing, in any folder."""
    stems = {Path(other).stem: other for other in reversed(names)}
    stem = Path(name).stem
    return stems.get(stem) or stems.get(nearest(stem, stems) or "")


def _names_beside(root: Path, name: str) -> list[str]:
    """List the files with the same suffix in the folder that is named, in chapters/ and at the top."""
    suffix = Path(name).suffix.lower() or ".md"
    folders = dict.fromkeys((Path(name.replace("\\", "/")).parent.as_posix(), "chapters", "."))
    names: list[str] = []
    for folder in folders:
        directory = _inside(root, folder)
        if directory is not None:
            prefix = "" if folder == "." else f"{folder}/"
            names += [prefix + p.name for p in _listing(directory) if p.suffix.lower() == suffix]
    return names


def _likely_encoding(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return encoding
    if data[1:400:2].count(0) > len(data[:400]) // 4:
        return "UTF-16LE"
    if data[0:400:2].count(0) > len(data[:400]) // 4:
        return "UTF-16BE"
    return "WINDOWS-1252" if re.search(rb"[\x80-\x9f]", data) else "ISO-8859-1"


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
