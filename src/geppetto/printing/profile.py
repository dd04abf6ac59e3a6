"""A profile of grey ink on paper (ICC.1:2001-04), which PDF/X-4 must have in it."""

from __future__ import annotations

import struct

NAME = "Grey ink, dot gain 20 %"
GAIN = 0.2
"""How much larger a dot of half the area is printed (the usual figure of uncoated paper)."""
POINTS = 256
_D50 = (0.9642, 1.0, 0.8249)


def grey() -> bytes:
    """Give the profile; always the same bytes."""
    tags = [
        (b"desc", _description(NAME)),
        (b"cprt", b"text\0\0\0\0No rights reserved.\0"),
        (b"wtpt", b"XYZ \0\0\0\0" + b"".join(map(_fixed, _D50))),
        (b"kTRC", _curve()),
    ]
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags:
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content.ljust(-(-len(content) // 4) * 4, b"\0")
    return _header(at + len(body)) + table + body


def _header(size: int) -> bytes:
    made = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02400000, b"prtr", b"GRAY", b"XYZ ")
    made += struct.pack(">6H4s", 2001, 4, 1, 0, 0, 0, b"acsp") + b"\0" * 28
    return (made + b"".join(map(_fixed, _D50))).ljust(128, b"\0")


def _fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65536))


def _curve() -> bytes:
    """Give the light that paper sends back, from black to white."""
    lights = [_light(1 - n / (POINTS - 1)) for n in range(POINTS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{POINTS}H", POINTS, *lights)


def _light(dot: float) -> int:
    printed = dot + 4 * GAIN * dot * (1 - dot)
    return round(65535 * (1 - min(1.0, printed)))


def _description(text: str) -> bytes:
    octets = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(octets)) + octets + b"\0" * 78
