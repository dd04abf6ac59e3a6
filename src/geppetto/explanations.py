"""What each code of a diagnostic means: the catalogue, `docs/diagnostics.md`, by its sections."""

from __future__ import annotations

import functools
import re
from pathlib import Path

_CODE = re.compile(r"^### ([a-z0-9-]+)$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,3} ", re.MULTILINE)


def catalogue() -> Path:
    """Give the catalogue's file: in a checkout, or in the wheel."""
    package = Path(__file__).parent
    checkout = package.parents[1] / "docs" / "diagnostics.md"
    return checkout if checkout.is_file() else package / "_docs" / "diagnostics.md"


@functools.cache
def sections() -> dict[str, str]:
    """Give the section of each code, without its heading, in Markdown, in the catalogue's order."""
    return split(catalogue().read_text("utf-8"))


def split(text: str) -> dict[str, str]:
    """Give the sections of a text like the catalogue's: a heading of the third level a code."""
    found: dict[str, str] = {}
    for heading in _CODE.finditer(text):
        following = _HEADING.search(text, heading.end())
        end = following.start() if following else len(text)
        found[heading[1]] = text[heading.end() : end].strip()
    return found
