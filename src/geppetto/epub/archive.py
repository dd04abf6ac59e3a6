"""The container: a zip archive that is the same, byte for byte, for the same parts."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping

EARLIEST = 315532800  # zip dates begin with 1980
STORED = (".jpg", ".jpeg", ".png", ".gif", ".webp")


def pack(parts: Mapping[str, bytes], epoch: int) -> bytes:
    """Give the archive, `mimetype` first and uncompressed (OCF 3.3, section 4.3)."""
    moment = time.gmtime(max(epoch, EARLIEST))[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = _entry("mimetype", moment, zipfile.ZIP_STORED)
        archive.writestr(entry, b"application/epub+zip")
        for name in sorted(parts):
            method = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(_entry(name, moment, method), parts[name], compresslevel=9)
    return buffer.getvalue()


def _entry(name: str, moment: tuple[int, ...], method: int) -> zipfile.ZipInfo:
    year, month, day, hour, minute, second = moment
    entry = zipfile.ZipInfo(name, (year, month, day, hour, minute, second))
    entry.compress_type = method
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
