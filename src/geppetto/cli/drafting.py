"""`geppetto draft`: what is asked for, and what it prints."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import click

from geppetto.cli.options import Printing, reporting
from geppetto.cli.report import Report

FORMATS = ("pdf", "docx", "epub")


@click.command()
@click.option("--to", "called", multiple=True, help="A reviewer of reviewers.yaml, or all.")
@click.option("--chapters", help="Only these: numbers as printed, or files, parted by commas.")
@click.option(
    "--as",
    "kinds",
    multiple=True,
    type=click.Choice(FORMATS),
    help="What each gets; pdf if absent.",
)
@click.option(
    "--spacing", type=click.Choice(["single", "double"]), help="How far lines stand apart."
)
@click.option("--lenient", is_flag=True, help="Mark faults on the page; build all the same.")
@reporting
@click.pass_obj
def draft(  # noqa: PLR0913 - a parameter for each option
    book: Path,
    *,
    called: tuple[str, ...],
    chapters: str | None,
    kinds: tuple[str, ...],
    spacing: str | None,
    lenient: bool,
    printing: Printing,
) -> None:
    """Make a draft for reviewers: lines and notes in the margin, a copy for each.

    Without --to there is one copy, for nobody in particular.
    """
    from geppetto.pipeline.commission import Order  # noqa: PLC0415 - a quick --help
    from geppetto.pipeline.drafting import draft as make  # noqa: PLC0415

    named = tuple(one.strip() for one in (chapters or "").split(",") if one.strip())
    with Report(book, printing) as report:
        order = Order(book, today(), called, named, kinds, spacing or "", lenient)
        drafted = make(order, report.step)
    report.ended(drafted.artifacts, drafted.diagnostics)


def today() -> str:
    """Give the day of the draft: SOURCE_DATE_EPOCH's, where it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal():
        return datetime.datetime.fromtimestamp(int(given), datetime.UTC).date().isoformat()
    return datetime.datetime.now().astimezone().date().isoformat()
