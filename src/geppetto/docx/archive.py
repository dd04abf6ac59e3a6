"""The package's zip archive: the same bytes for the same parts, and quick to change in a few."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

EARLIEST = 315532800  # zip dates begin with 1980
STORED = (".jpg", ".jpeg", ".png", ".gif")
TYPES = "[Content_Types].xml"
LEVEL = 6
EVERY = re.compile(r".*[^/]", re.DOTALL)
"""What the name of any part matches, but that of no folder."""
RECORD, ENDING = 46, 22
"""Bytes of a directory's record without its names, and of what ends the archive."""


def pack(parts: Mapping[str, bytes], epoch: int) -> bytes:
    """Give the archive, the types of its parts first (ECMA-376 part 2, 10.2)."""
    moment = time.gmtime(max(epoch, EARLIEST))[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts, key=lambda one: (one != TYPES, one)):
            archive.writestr(_entry(name, moment), parts[name], compresslevel=LEVEL)
    return buffer.getvalue()


def unpack(data: bytes, named: re.Pattern[str] = EVERY) -> dict[str, bytes]:
    """Give the parts of an archive of our own, or of Pandoc's, whose whole names match."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if named.fullmatch(name)}


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Give an archive of `pack`'s with other parts in the place of some, the rest as it is packed.

    Raises:
        KeyError: a part is not in it.
    """
    pieces = _pieces(data)
    for name, content in parts.items():
        moment = pieces[name].moment
        pieces[name] = _pieces(_alone(name, moment, content))[name]
    return _joined(list(pieces.values()))


@dataclass(frozen=True)
class _Piece:
    """An entry as it is packed: its bytes, and its record in the archive's directory."""

    local: bytes
    record: bytes

    @property
    def moment(self) -> tuple[int, ...]:
        """The entry's date and time, as MS-DOS wrote them (APPNOTE.TXT, 4.4.6)."""
        time_, date = struct.unpack_from("<2H", self.record, 12)
        day = (date >> 9) + 1980, date >> 5 & 15, date & 31
        return (*day, time_ >> 11, time_ >> 5 & 63, 2 * (time_ & 31))


def _pieces(data: bytes) -> dict[str, _Piece]:
    """Take an archive of our own apart, by its directory (APPNOTE.TXT, 4.3.12 and 4.3.16)."""
    count, _, start = struct.unpack_from("<H2L", data, len(data) - ENDING + 10)
    records: list[tuple[str, int, bytes]] = []
    place = start
    for _ in range(count):
        lengths = struct.unpack_from("<3H", data, place + 28)
        offset = struct.unpack_from("<L", data, place + 42)[0]
        end = place + RECORD + sum(lengths)
        name = data[place + RECORD : place + RECORD + lengths[0]].decode()
        records.append((name, offset, data[place:end]))
        place = end
    ends = [offset for _, offset, _ in records[1:]] + [start]
    return {
        name: _Piece(data[offset:end], record)
        for (name, offset, record), end in zip(records, ends, strict=True)
    }


def _joined(pieces: list[_Piece]) -> bytes:
    out: list[bytes] = []
    records: list[bytes] = []
    offset = 0
    for piece in pieces:
        out.append(piece.local)
        records.append(piece.record[:42] + struct.pack("<L", offset) + piece.record[46:])
        offset += len(piece.local)
    directory = b"".join(records)
    count = len(pieces)
    ending = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)
    return b"".join([*out, directory, ending])


def _alone(name: str, moment: tuple[int, ...], content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_entry(name, moment), content, compresslevel=LEVEL)
    return buffer.getvalue()


def _entry(name: str, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    year, month, day, hour, minute, second = moment
    entry = zipfile.ZipInfo(name, (year, month, day, hour, minute, second))
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
