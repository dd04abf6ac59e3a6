"""Problems as other programs read them: JSON lines, GitHub's annotations, SARIF.

Pure: diagnostics to text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from geppetto import __version__
from geppetto.diagnostics import CATALOGUE, Diagnostic, Location, Severity

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_json(diagnostic: Diagnostic) -> str:
    """Give a diagnostic as one line of JSON."""
    location = diagnostic.location
    record = {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "path": location.path if location else None,
        "line": location.line if location else None,
        "column": location.column if location else None,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "detail": diagnostic.detail,
    }
    return json.dumps(record, ensure_ascii=False)


def as_github(diagnostic: Diagnostic, folder: str = "") -> str:
    """Give a diagnostic as a workflow command of GitHub Actions, which annotates its line.

    `folder` is the book's, from the repository's root. The escapes are those of
    GitHub's own toolkit (`@actions/core`, `command.ts`).
    """
    location = diagnostic.location
    properties: dict[str, str] = {}
    if location is not None:
        properties["file"] = _joined(folder, location.path)
        if location.line is not None:
            properties["line"] = str(location.line)
        if location.column is not None:
            properties["col"] = str(location.column)
    properties["title"] = diagnostic.code
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    kind = _GITHUB[diagnostic.severity or Severity.ERROR]
    return f"::{kind} {listed}::{_data(_words(diagnostic))}"


def as_sarif(
    diagnostics: Iterable[Diagnostic],
    folder: str = "",
    explanations: Mapping[str, str] | None = None,
) -> str:
    """Give diagnostics as one SARIF 2.1.0 log (OASIS, 2020-03-27).

    `explanations` are the codes' sections of the catalogue, in Markdown. SARIF
    counts columns in UTF-16 units unless a run says that it counts characters.
    """
    listed = list(diagnostics)
    codes = list(dict.fromkeys(d.code for d in listed))
    run = {
        "tool": {
            "driver": {
                "name": "Geppetto",
                "semanticVersion": __version__,
                "rules": [_rule(code, explanations or {}) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes.index(d.code), folder) for d in listed],
    }
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(code: str, explanations: Mapping[str, str]) -> dict[str, Any]:
    known = CATALOGUE[code]
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": known.meaning},
        "defaultConfiguration": {"level": known.severity.value},
    }
    if code in explanations:
        rule["help"] = {"text": explanations[code], "markdown": explanations[code]}
    return rule


def _result(diagnostic: Diagnostic, rule: int, folder: str) -> dict[str, Any]:
    severity = diagnostic.severity or Severity.ERROR
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": severity.value,
        "message": {"text": _words(diagnostic)},
    }
    if diagnostic.location is not None:
        result["locations"] = [{"physicalLocation": _physical(diagnostic.location, folder)}]
    return result


def _physical(location: Location, folder: str) -> dict[str, Any]:
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(_joined(folder, location.path), safe="/~()!*'")}
    }
    if location.line is not None:
        physical["region"] = {"startLine": location.line}
        if location.column is not None:
            physical["region"]["startColumn"] = location.column
    return physical


def _words(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message}\n{diagnostic.hint}" if diagnostic.hint else diagnostic.message


def _joined(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder not in {"", "."} else path


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
