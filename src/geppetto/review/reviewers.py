"""Who reads drafts: reviewers.yaml, every fault at once, each with its place."""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, field_validator

from geppetto import config, files, markedyaml
from geppetto.config.faults import Shape, explained, written
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location, ordered
from geppetto.manuscript import slug
from geppetto.markedyaml import Marks
from geppetto.model.mailboxes import Mailbox, addressed, person
from geppetto.model.settings import LANGUAGE, Section, Settings, Text, as_list
from geppetto.suggest import nearest

KIND = files.Kind("list of reviewers", missing="reviewers-missing", encoding="reviewers-yaml")
EXAMPLE = "- name: Ann Author\n  email: ann@example.org\n"
Format = Literal["pdf", "docx", "epub"]
Formats = Annotated[
    list[Format],
    BeforeValidator(as_list, json_schema_input_type=Format | list[Format]),
    Field(min_length=1),
]
# An editor's schema takes 3 for a number; here every value is text.
Chosen = Annotated[
    list[Text],
    BeforeValidator(as_list, json_schema_input_type=int | str | list[int | str]),
]


class Entry(Section):
    """One reviewer in reviewers.yaml."""

    name: str = Field(
        min_length=1,
        description="The reviewer's name, as the letter says it.",
        examples=["Mary Shelley"],
    )
    email: str = Field(
        description="The reviewer's address.",
        examples=["mary@example.org"],
    )
    formats: Formats = Field(
        ["pdf"],
        description="What the reviewer gets: pdf, docx, epub, or a list of them.",
        examples=[["pdf", "docx"]],
    )
    chapters: Chosen | None = Field(
        None,
        description="The chapters that the reviewer gets: their numbers as printed, or their files. Absent: all.",
        examples=[["3", "chapters/07-the-whale.md"]],
    )
    spacing: Literal["single", "double"] = Field(
        "single",
        description="How far the lines of the PDF stand apart.",
        examples=["double"],
    )
    lang: str | None = Field(
        None,
        pattern=LANGUAGE,
        description="The language of the letter: a BCP 47 tag. Absent: the book's.",
        examples=["fr"],
    )
    note: str | None = Field(
        None,
        max_length=10_000,
        description="A personal line in the letter.",
        examples=["Thank you for chapter 3."],
    )

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return person(value)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        addressed("", value)
        return value


SHAPE = Shape(Entry, "reviewers-value", "reviewers-value")
ENTRIES = TypeAdapter(list[Entry])


@dataclass(frozen=True)
class Reviewer:
    """One who reads drafts.

    `slug` is unique in the file, and safe as a file's name. `chapters` are
    numbers as printed, or paths from the book's folder; empty where they are all. `lang` is
    the letter's language. `place` is where the file speaks of the reviewer.
    """

    slug: str
    name: str
    email: str
    formats: tuple[str, ...] = ("pdf",)
    chapters: tuple[str, ...] = ()
    spacing: str = "single"
    lang: str = "en"
    note: str = ""
    place: Location | None = field(default=None, compare=False)

    @property
    def mailbox(self) -> Mailbox:
        """The name and the address."""
        return addressed(self.name, self.email)


def read(root: Path, settings: Settings) -> tuple[Reviewer, ...]:
    """Read the book's list of reviewers.

    Raises:
        GeppettoError: the file is absent or has faults (exit code 2).
    """
    name = settings.review.reviewers
    place = config.place(root, "review", "reviewers")
    found, diagnostics = files.find(root, name, KIND, place)
    if found is None:
        raise GeppettoError(_with_example(name, diagnostics), ExitCode.USAGE)
    text, diagnostics = files.read(found, KIND)
    document, faults = markedyaml.parse(text, found.relative, "reviewers-yaml")
    diagnostics += faults
    if document.value is None and diagnostics:
        raise GeppettoError(diagnostics, ExitCode.USAGE)
    entries, faults = _validated(document)
    diagnostics += faults
    if diagnostics:
        raise GeppettoError(ordered(diagnostics), ExitCode.USAGE)
    return tuple(_reviewers(entries, settings, document.marks))


def json_schema() -> str:
    """Give the JSON Schema of the list, by which editors complete and check it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ENTRIES.json_schema(by_alias=True),
        "title": "reviewers.yaml",
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def find(reviewers: Sequence[Reviewer], called: str) -> Reviewer:
    """Give the reviewer of a name, an address or a slug.

    Raises:
        GeppettoError: there is none.
    """
    wanted = called.strip().casefold()
    for one in reviewers:
        if wanted in {one.name.casefold(), one.email.casefold(), one.slug}:
            return one
    near = nearest(called, [one.name for one in reviewers])
    hint = f"Did you mean '{near}'?" if near else f"They are {_listed(reviewers)}."
    raise GeppettoError(
        Diagnostic("reviewer-unknown", f"No reviewer is called '{called}'.", hint=hint),
        ExitCode.USAGE,
    )


def _listed(reviewers: Sequence[Reviewer]) -> str:
    return ", ".join(one.name for one in reviewers)


def _with_example(name: str, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    hint = f"Write who reads the drafts into {name}:\n\n{EXAMPLE}"
    unhelped = [d.code == KIND.missing and "mean" not in (d.hint or "") for d in diagnostics]
    return [
        replace(d, hint=hint) if alone else d
        for d, alone in zip(diagnostics, unhelped, strict=True)
    ]


def _validated(document: markedyaml.Document) -> tuple[list[Entry], list[Diagnostic]]:
    value, marks = document.value, document.marks
    if not isinstance(value, list) or not value:
        message = f"{marks.path} must be a list of reviewers."
        hint = f"For example:\n\n{EXAMPLE}"
        return [], [Diagnostic(SHAPE.value, message, marks.value(), hint)]
    try:
        entries = ENTRIES.validate_python(written(value), by_alias=True, by_name=False)
    except ValidationError as error:
        return [], [*explained(error, marks, SHAPE), *_twice(value, marks)]
    return entries, list(_twice(value, marks))


def _twice(value: list[Any], marks: Marks) -> Iterator[Diagnostic]:
    """Find names and addresses that stand twice."""
    for key, noun in (("name", "name"), ("email", "address")):
        seen: dict[str, int] = {}
        for at, one in enumerate(value):
            said = one.get(key) if isinstance(one, dict) else None
            if not isinstance(said, str):
                continue
            folded = " ".join(said.split()).casefold()
            if folded in seen:
                first = marks.value(seen[folded], key).line
                message = f"The {noun} '{said}' stands twice; first on line {first}."
                hint = "Each reviewer stands in the list once, with all that they get."
                yield Diagnostic(SHAPE.value, message, marks.value(at, key), hint)
            seen.setdefault(folded, at)


def _reviewers(entries: list[Entry], settings: Settings, marks: Marks) -> Iterator[Reviewer]:
    taken: Counter[str] = Counter()
    for at, one in enumerate(entries):
        yield Reviewer(
            _unique(one, at, taken),
            one.name,
            one.email,
            tuple(dict.fromkeys(one.formats)),
            tuple(map(posixpath.normpath, one.chapters or ())),
            one.spacing,
            one.lang or settings.lang,
            one.note or "",
            marks.value(at),
        )


def _unique(entry: Entry, at: int, taken: Counter[str]) -> str:
    """Give a slug: of the name, else of the address, else of the place in the list."""
    wanted = slug(entry.name) or slug(entry.email.rpartition("@")[0]) or f"reviewer-{at + 1}"
    name, n = wanted, 1
    while taken[name]:
        n += 1
        name = f"{wanted}-{n}"
    taken[name] += 1
    return name
