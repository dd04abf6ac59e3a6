"""Says what pydantic finds wrong in a YAML file: where it stands, what belongs there."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from geppetto import markedyaml
from geppetto.diagnostics import Diagnostic, Location
from geppetto.markedyaml import Marks
from geppetto.model.settings import Section
from geppetto.suggest import nearest

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
    "string_too_long": "must have {max_length} characters or fewer",
    "too_short": "must not be empty",
    "date_type": "must be a day, written year-month-day",
    "date_from_datetime_parsing": "is no day of the calendar",
    "date_parsing": "is no day of the calendar",
}


@dataclass(frozen=True)
class Shape:
    """What a YAML file may say: its keys, and the codes of what is wrong with them."""

    model: type[Section]
    value: str = "config-value"
    key: str = "config-unknown-key"


def written(value: Any) -> Any:
    """Leave out the keys at which nothing is written: they have their defaults."""
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items() if item is not None}
    return [written(item) for item in value] if isinstance(value, list) else value


def explained(error: ValidationError, marks: Marks, shape: Shape) -> list[Diagnostic]:
    """Give a diagnostic for each fault, at its place in the file."""
    return [_diagnostic(one, marks, shape) for one in error.errors(include_url=False)]


def example(model: type[Section], names: Names, value: Any) -> str:
    """Give a line that says `value` at a key, within the keys above it."""
    text = value if isinstance(value, str) else markedyaml.flow(value)
    line = f"{names[-1]}: {text}"
    above = fields(model).get(names[:-1])
    if above is None or not isinstance(above.annotation, type):
        return line
    return example(model, names[:-1], f"{{{line}}}")


def fields(model: type[Section], above: Names = ()) -> dict[Names, FieldInfo]:
    """List every key of a file by its path of names."""
    found: dict[Names, FieldInfo] = {}
    for info in model.model_fields.values():
        names = (*above, info.alias or "")
        found[names] = info
        for section in _sections(info.annotation):
            found |= fields(section, names)
    return found


def _diagnostic(error: ErrorDetails, marks: Marks, shape: Shape) -> Diagnostic:
    path = _path(error["loc"], marks)
    names = tuple(step for step in error["loc"] if isinstance(step, str) and step[0] != "<")
    if error["type"] == "extra_forbidden":
        return _unknown_key(names, marks.key(*path), shape)
    what = _what(error)
    if error["type"] == "missing":
        place = marks.key(*path) if names[-1] in path else marks.value(*path)
        message = f"'{names[-1]}' {what}."
    else:
        place = marks.value(*path)
        item = "An item of " if names and path and isinstance(path[-1], int) else ""
        message = f"{item}{_quoted(names, error['input'])} {what}."
    return Diagnostic(shape.value, message, place, _form(names, error, shape.model))


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
    shown = ": ".join(names) or "an item"
    if isinstance(value, str) and value:
        shown += f": {value if len(value) <= 60 else value[:59] + '…'}"
    return f"'{shown}'"


def _form(names: Names, error: ErrorDetails, model: type[Section]) -> str | None:
    """Say what belongs at a key, with an example."""
    info = fields(model).get(names)
    if info is None:
        return None
    hint = info.description or ""
    expected = str(error.get("ctx", {}).get("expected", ""))
    near = nearest(str(error["input"]), expected.replace(" or ", ", ").replace("'", "").split(", "))
    if expected and near:
        hint += f" Did you mean '{near}'?"
    elif info.examples:
        hint += f" For example: {example(model, names, info.examples[0])}"
    return hint


def _unknown_key(names: Names, place: Location, shape: Shape) -> Diagnostic:
    key, level = names[-1], names[:-1]
    known = fields(shape.model)
    siblings = [path[-1] for path in known if path[:-1] == level]
    near = nearest(key, siblings)
    others = [path for path in known if path[-1] == key]
    if near and near.casefold().replace("-", "") == key.casefold().replace("_", ""):
        hint = f"Did you mean '{near}'?"
    elif others:
        hint = f"It belongs in '{example(shape.model, others[0], '…')}'."
    elif key in ELSEWHERE:
        hint = f"Geppetto's key is '{ELSEWHERE[key]}'."
    elif near:
        hint = f"Did you mean '{near}'?"
    else:
        hint = f"The keys here are: {', '.join(siblings)}."
    where = f" in '{': '.join(level)}'" if level else ""
    return Diagnostic(shape.key, f"Geppetto does not know the key '{key}'{where}.", place, hint)


def _sections(annotation: Any) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [section for part in typing.get_args(annotation) for section in _sections(part)]
