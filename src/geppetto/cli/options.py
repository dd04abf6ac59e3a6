"""The options by which a command says how it prints; the same for every command."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import click


class Form(StrEnum):
    """How problems are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@dataclass(frozen=True)
class Printing:
    """How a command prints: the form of its problems, whether little or much is said."""

    form: Form = Form.TEXT
    quiet: bool = False
    verbose: bool = False

    @property
    def for_machines(self) -> bool:
        """Whether standard output belongs to the problems alone."""
        return self.form in {Form.JSON, Form.SARIF}


def reporting(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of printing, and what they say as `printing`."""

    @click.option(
        "--format",
        "form",
        type=click.Choice([form.value for form in Form]),
        default=Form.TEXT.value,
        help="How to print problems: for people, as JSON lines, for GitHub, as SARIF.",
    )
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    @click.option("--quiet", is_flag=True, help="Print problems only.")
    @click.option("--verbose", is_flag=True, help="Print the tools' own words too.")
    @functools.wraps(command)
    def with_printing(
        *arguments: Any, form: str, as_json: bool, quiet: bool, verbose: bool, **named: Any
    ) -> None:
        printing = Printing(Form.JSON if as_json else Form(form), quiet, verbose)
        command(*arguments, printing=printing, **named)

    return with_printing
