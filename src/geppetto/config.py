"""Reads book.yaml: every fault at once, each with its place and its remedy.

Which text is a number, a date or a yes is decided by the key it stands at
(`geppetto.model.settings`), never by YAML: `title: 1984` and `lang: no` are
taken as they are written.
"""

from __future__ import annotations

import json
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from geppetto import files, markedyaml
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
from geppetto.model.settings import Section, Settings
from geppetto.suggest import nearest

FILE = "book.yaml"
BOOK_YAML = files.Kind("configuration", missing="config-missing", encoding="config-yaml")
MINIMAL = "title: A Real Boy\nauthor: Your Name\nlang: en\n"
Names = tuple[str, ...]

ELSEWHERE = {
    "abstract": "description",
    "authors": "author",
    "contents-depth": "toc-depth",
    "cover-image": "epub: cover",
    "documentclass": "pdf: trim",
    "geometry": "pdf: trim",
    "institute": "publisher",
    "isbn": "identifier: isbn-13",
    "language": "lang",
    "linestretch": "pdf: line-stretch",
    "mainfont": "pdf: font",
    "mathfont": "pdf: math-font",
    "monofont": "pdf: mono-font",
    "papersize": "pdf: trim",
    "reference-section-title": "bibliography-title",
    "references": "bibliography",
    "stylesheet": "epub: css",
    "tags": "keywords",
    "toc": "toc-depth",
}

FORMS = {
    "missing": "is missing",
    "string_type": "must be text",
    "list_type": "must be a list",
    "model_type": "must be keys with values",
    "model_attributes_type": "must be keys with values",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "greater_than": "must be greater than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
    "string_pattern_mismatch": "does not have the right form",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "date_type": "must be a day, written year-month-day",
    "date_from_datetime_parsing": "is no day of the calendar",
    "date_parsing": "is no day of the calendar",
}


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
        return Settings.model_validate(_written(value), by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, [_diagnostic(e, marks) for e in error.errors(include_url=False)]


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


def _written(value: Any) -> Any:
    """Leave out the keys at which nothing is written: they have their defaults."""
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items() if item is not None}
    return [_written(item) for item in value] if isinstance(value, list) else value


def _diagnostic(error: ErrorDetails, marks: Marks) -> Diagnostic:
    path = _path(error["loc"], marks)
    names = tuple(step for step in error["loc"] if isinstance(step, str) and step[0] != "<")
    if error["type"] == "extra_forbidden":
        return _unknown_key(names, marks.key(*path))
    what = _what(error)
    if error["type"] == "missing":
        place = marks.key(*path) if names[-1] in path else marks.value(*path)
        message = f"'{names[-1]}' {what}."
    else:
        place = marks.value(*path)
        item = "An item of " if path and isinstance(path[-1], int) else ""
        message = f"{item}{_quoted(names, error['input'])} {what}."
    return Diagnostic("config-value", message, place, _form(names, error))


def _path(loc: tuple[int | str, ...], marks: Marks) -> markedyaml.Keys:
    """Follow pydantic's path as far as book.yaml goes: a lone string may stand for a list."""
    path: markedyaml.Keys = ()
    for step in loc:
        if (*path, step) in marks.values or (*path, step) in marks.keys:
            path = (*path, step)
    return path


def _what(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["input"] is None and error["type"] != "missing":
        return "is empty"
    if error["type"] == "value_error":
        return str(context["error"])
    form = FORMS.get(error["type"])
    return form.format(**context) if form else f"is wrong: {error['msg']}"


def _quoted(names: Names, value: object) -> str:
    """Name the key as it is written: 'pdf: fontsize: 11px'."""
    shown = ": ".join(names)
    if isinstance(value, str) and value:
        shown += f": {value if len(value) <= 60 else value[:59] + '…'}"
    return f"'{shown}'"


def _form(names: Names, error: ErrorDetails) -> str | None:
    """Say what belongs at a key, with an example."""
    info = _fields(Settings).get(names)
    if info is None:
        return None
    hint = info.description or ""
    expected = str(error.get("ctx", {}).get("expected", ""))
    near = nearest(str(error["input"]), expected.replace(" or ", ", ").replace("'", "").split(", "))
    if expected and near:
        hint += f" Did you mean '{near}'?"
    elif info.examples:
        hint += f" For example: {_example(names, info.examples[0])}"
    return hint


def _example(names: Names, value: Any) -> str:
    text = value if isinstance(value, str) else markedyaml.flow(value)
    line = f"{names[-1]}: {text}"
    above = _fields(Settings).get(names[:-1])
    if above is None or not isinstance(above.annotation, type):
        return line
    return f"{names[-2]}: {{{line}}}"


def _unknown_key(names: Names, place: Location) -> Diagnostic:
    key, level = names[-1], names[:-1]
    known = _fields(Settings)
    siblings = [path[-1] for path in known if path[:-1] == level]
    near = nearest(key, siblings)
    others = [path for path in known if path[-1] == key]
    if near and near.casefold().replace("-", "") == key.casefold().replace("_", ""):
        hint = f"Did you mean '{near}'?"
    elif others:
        hint = f"It belongs in '{_example(others[0], '…')}'."
    elif key in ELSEWHERE:
        hint = f"Geppetto's key is '{ELSEWHERE[key]}'."
    elif near:
        hint = f"Did you mean '{near}'?"
    else:
        hint = f"The keys here are: {', '.join(siblings)}."
    where = f" in '{': '.join(level)}'" if level else ""
    return Diagnostic(
        "config-unknown-key", f"Geppetto does not know the key '{key}'{where}.", place, hint
    )


def _fields(model: type[Section], above: Names = ()) -> dict[Names, FieldInfo]:
    """List every key of book.yaml by its path of names."""
    found: dict[Names, FieldInfo] = {}
    for info in model.model_fields.values():
        names = (*above, info.alias or "")
        found[names] = info
        for section in _sections(info.annotation):
            found |= _fields(section, names)
    return found


def _sections(annotation: Any) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [section for part in typing.get_args(annotation) for section in _sections(part)]
