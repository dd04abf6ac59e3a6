"""What is published is called after git's tag; and which programs made it."""

from __future__ import annotations

import datetime
import platform
import re
from pathlib import Path

import geppetto
from geppetto import packages, pandoc, verapdf
from geppetto.epub import ace
from geppetto.epub import check as epubcheck
from geppetto.pipeline import reading
from geppetto.publish import onix

_UNFIT = re.compile(r"[^\w.+-]+")
_PROGRAMS = {"rsvg-convert": ("rsvg-convert", "--version"), "Java": ("java", "-version")}


def version_of(root: Path) -> str:
    """Give the version of a book: git's tag, with what came after it; else the book's day.

    A tag `v1.2` is the version 1.2; three commits later it is 1.2-3-gabc1234, with
    a `+` if files differ from that.
    """
    said = reading.git(root, "describe", "--tags", "--dirty=+")
    if not said:
        commit = reading.revision(root)
        return f"0-{commit}" if commit else day(reading.epoch(reading.read(root)[0]))
    return _UNFIT.sub("-", re.sub(r"^v(?=\d)", "", said))


def day(epoch: int) -> str:
    """Give a moment's day."""
    return datetime.datetime.fromtimestamp(epoch, datetime.UTC).date().isoformat()


def tools_used() -> dict[str, str]:
    """Give the versions of the programs that make and check a release."""
    lualatex, year = packages.texlive()
    found = {
        "Geppetto": geppetto.__version__,
        "Python": platform.python_version(),
        "Pandoc": packages.first_version(packages.said(str(pandoc.program()), "--version")),
        "LuaLaTeX": f"{lualatex} (TeX Live {year})" if lualatex else None,
        **{name: packages.first_version(packages.banner(*ask)) for name, ask in _PROGRAMS.items()},
        "EPUBCheck": epubcheck.version(),
        "DAISY Ace": ace.version(),
        "veraPDF": verapdf.version(),
        "onixcheck": onix.checker() if onix.checkable() else None,
    }
    return {name: version for name, version in found.items() if version}
