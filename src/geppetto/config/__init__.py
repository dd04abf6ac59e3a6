"""Reads book.yaml: every fault at once, each with its place and its remedy.

Which text is a number, a date or a yes is decided by the key it stands at
(`geppetto.model.settings`), never by YAML: `title: 1984` and `lang: no` are
taken as they are written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from geppetto import files, markedyaml
from geppetto.config.faults import Shape, explained, written
from geppetto.diagnostics import (
    CATALOGUE,
    CHECKED,
    Diagnostic,
    ExitCode,
    GeppettoError,
    Location,
    ordered,
)
from geppetto.markedyaml import Marks
from geppetto.model.settings import Settings
from geppetto.suggest import nearest

FILE = "book.yaml"
BOOK_YAML = files.Kind("configuration", missing="config-missing", encoding="config-yaml")
MINIMAL = "title: A Real Boy\nauthor: Your Name\nlang: en\n"
BOOK = Shape(Settings)


@dataclass(frozen=True)
class Configuration:
    """What book.yaml says, and where it says it."""

    settings: Settings
    marks: Marks = field(default_factory=Marks)


def load(root: Path) -> Configuration:
    """Read `book.yaml` in the book's folder.

    Raises:
        GeppettoError: with every fault of the file; its exit code is USAGE.
    """
    found, diagnostics = files.find(root, FILE, BOOK_YAML, None)
    if found is None:
        raise GeppettoError(_absent(root, diagnostics), ExitCode.USAGE)
    text, diagnostics = files.read(found, BOOK_YAML)
    document, faults = markedyaml.parse(text, FILE)
    diagnostics += faults
    if document.value is None and diagnostics:
        raise GeppettoError(diagnostics, ExitCode.USAGE)
    settings, faults = _validated(document)
    diagnostics += faults
    if settings is not None:
        diagnostics += _unknown_checks(settings, document.marks)
    if diagnostics or settings is None:
        raise GeppettoError(ordered(diagnostics), ExitCode.USAGE)
    return Configuration(settings, document.marks)


def place(root: Path, *keys: str | int) -> Location:
    """Give the place of a value in book.yaml."""
    try:
        return load(root).marks.value(*keys)
    except GeppettoError:
        return Location(FILE)


def json_schema() -> str:
    """Give the JSON Schema of book.yaml, by which editors complete and check it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(by_alias=True),
        "title": "book.yaml",
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _absent(root: Path, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    if any(d.code != "config-missing" for d in diagnostics):
        return diagnostics
    other = next((n for n in ("book.yml", "Book.yaml") if (root / n).is_file()), None)
    hint = f"Rename {other} to {FILE}." if other else (
        f"Write a file {FILE} beside the folder chapters/:\n\n{MINIMAL}"
    )  # fmt: skip
    message = f"There is no {FILE} in {root}."
    return [Diagnostic("config-missing", message, Location(FILE), hint)]


def _validated(document: markedyaml.Document) -> tuple[Settings | None, list[Diagnostic]]:
    marks = document.marks
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        message = f"{FILE} must hold keys with values."
        hint = f"For example:\n\n{MINIMAL}"
        return None, [Diagnostic("config-value", message, marks.value(), hint)]
    try:
        return Settings.model_validate(written(value), by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, explained(error, marks, BOOK)


def _unknown_checks(settings: Settings, marks: Marks) -> list[Diagnostic]:
    """Find codes under `checks` that are none of `geppetto check`'s own."""
    found = []
    for code in settings.checks.keys() - CHECKED:
        near = nearest(code, CHECKED)
        if code in CATALOGUE:
            hint = "Only what 'geppetto check' alone finds can be turned off."
        else:
            hint = f"Did you mean '{near}'?" if near else f"They are: {', '.join(sorted(CHECKED))}."
        says = f"'checks: {code}' names no check."
        found.append(Diagnostic("config-value", says, marks.key("checks", code), hint))
    return found
