"""`geppetto preflight`: what is asked, and what it prints."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from geppetto.cli.options import Printing, reporting
from geppetto.cli.report import Report
from geppetto.diagnostics import ExitCode, has_errors

PRINTERS = ("kdp", "ingram")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--for", "printer", type=click.Choice(PRINTERS), required=True, help="Who is to print it."
)
@click.option("--cover", is_flag=True, help="FILE is a cover.")
@click.option(
    "--pages", type=click.IntRange(min=1), help="With --cover: how many pages the book has."
)
@reporting
@click.pass_obj
def preflight(  # noqa: PLR0913 - a parameter for each option
    book: Path, *, file: Path, printer: str, cover: bool, pages: int | None, printing: Printing
) -> None:
    """Say whether FILE, a PDF of the pages or a cover, is what a printer asks."""
    from geppetto.pipeline.preflighting import Question  # noqa: PLC0415 - a quick --help
    from geppetto.pipeline.preflighting import preflight as look  # noqa: PLC0415

    if pages is not None and not cover:
        raise click.UsageError("--pages belongs to --cover.")
    with Report(book, printing) as report:
        found = look(book, Question(file.resolve(), printer, cover, pages), report.step)
    report.diagnostics(found)
    report.summed(found)
    if has_errors(found):
        sys.exit(ExitCode.MANUSCRIPT)
