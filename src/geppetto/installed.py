"""Geppetto's own files: where they are, where they came from, a digest of everything."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shlex
import sys
from pathlib import Path

from geppetto import __version__

PACKAGE = Path(__file__).parent
NAME = "geppetto-book"
"""What Python's installers call Geppetto."""
PUBLIC = re.compile(r"https://[\w.-]+(:\d+)?/[\w./~%+-]+")
COMMIT = re.compile(r"[0-9a-f]{7,64}")


def in_checkout() -> bool:
    """Tell whether Geppetto runs from its repository, with the set-up beside it."""
    return (PACKAGE.parents[1] / "setup" / "run.sh").is_file()


def setting_up(otherwise: str) -> str:
    """Give the line that sets Geppetto up anew: the checkout's own, or another."""
    return "make setup" if in_checkout() else otherwise


def adding(requirement: str) -> str:
    """Give the line that adds one of Python's packages to where Geppetto runs.

    pipx keeps `pipx_metadata.json` in each environment of its own.
    """
    asked = shlex.quote(requirement)
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return f"pipx inject {NAME} {asked}"
    return f"{shlex.quote(sys.executable)} -m pip install {asked}"


def requirement() -> str:
    """Give what another machine asks its installer for, to have this Geppetto.

    An address that it was installed from is kept by the installer (PEP 610); one
    that only this machine can reach is of no use elsewhere.
    """
    from importlib import metadata  # noqa: PLC0415 - only for a new book

    try:
        origin = json.loads(metadata.distribution(NAME).read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    address, control = str(origin.get("url", "")), origin.get("vcs_info", {})
    if not PUBLIC.fullmatch(address):
        return f"{NAME}=={__version__}"
    if not control:
        return f"{NAME} @ {address}"
    commit = str(control.get("commit_id", ""))
    return f"{NAME} @ git+{address}" + (f"@{commit}" if COMMIT.fullmatch(commit) else "")


def template_root() -> Path:
    """Give the folder of Geppetto's own templates: in a checkout, or in the wheel."""
    checkout = PACKAGE.parents[1] / "templates"
    return checkout if checkout.is_dir() else PACKAGE / "_templates"


@functools.cache
def digest() -> str:
    """Give a digest of Geppetto's own files: another means that it may do otherwise."""
    found = hashlib.sha256()
    for folder in (PACKAGE, template_root()):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()
