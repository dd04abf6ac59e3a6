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


class Point(click.ParamType[tuple[float, float]]):
    """Two numbers from 0 to 1, parted by a comma: parts of a page's width and height."""

    name = "x,y"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> tuple[float, float]:
        """Read the two numbers."""
        try:
            x, y = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not two numbers, as in 0.5,0.3.", param, context)
        if not (0 <= x <= 1 and 0 <= y <= 1):
            self.fail(f"{value!r} is off the page: both numbers are from 0 to 1.", param, context)
        return x, y


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
