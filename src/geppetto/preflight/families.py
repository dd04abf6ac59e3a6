"""To which family a colour space belongs: grey, light, inks, named inks, by profile."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Name

_PLAIN = {
    "/DeviceGray": "grey", "/G": "grey", "/DeviceRGB": "rgb", "/RGB": "rgb",
    "/DeviceCMYK": "cmyk", "/CMYK": "cmyk", "/CalGray": "icc", "/CalRGB": "icc", "/Lab": "icc",
    "/ICCBased": "icc", "/Pattern": "",
}  # fmt: skip
CALLED = {
    "grey": "grey",
    "rgb": "colours of light (RGB)",
    "cmyk": "coloured inks (CMYK)",
    "spot": "inks by name",
    "icc": "colours by a profile (ICC)",
}


def families(space: Any) -> set[str]:
    """Give the families of a colour space, and of those that it is based on."""
    if isinstance(space, Name):
        return {_PLAIN.get(str(space), "")} - {""}
    if not isinstance(space, Array) or not len(space):
        return set()
    kind = str(space[0])
    if kind in {"/Indexed", "/I"}:
        return families(space[1])
    if kind in {"/Separation", "/DeviceN"}:
        return {"spot"} | (families(space[2]) - {"grey", "cmyk"})
    if kind == "/Pattern" and len(space) > 1:
        return families(space[1])
    return {_PLAIN.get(kind, "")} - {""}
