"""`geppetto send`, and how it prints what became of each letter."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geppetto.cli.options import Printing, reporting
from geppetto.cli.report import Report, shown, sized

if TYPE_CHECKING:
    from geppetto.pipeline.posting import Posted


@click.command()
@click.option(
    "--to", multiple=True, metavar="NAME", help="To this reviewer alone; may be said again."
)
@click.option("--draft", metavar="ID", help="Which draft; the newest if absent.")
@click.option("--smtp", is_flag=True, help="Mail it by the server of book.yaml.")
@click.option("--dry-run", "dry", is_flag=True, help="Show the letters; write and send nothing.")
@click.option(
    "--again",
    multiple=True,
    metavar="NAME",
    help="With --smtp: to this reviewer even if it was sent; or all.",
)
@reporting
@click.pass_obj
def send(  # noqa: PLR0913 - a parameter for each option
    book: Path,
    *,
    to: tuple[str, ...],
    draft: str | None,
    smtp: bool,
    dry: bool,
    again: tuple[str, ...],
    printing: Printing,
) -> None:
    """Write a letter with a draft to each reviewer, ready to be sent, or mail it."""
    import datetime  # noqa: PLC0415 - a quick --help

    from geppetto.pipeline import sending  # noqa: PLC0415

    if again and not smtp:
        raise click.UsageError("--again belongs to --smtp.")
    request = sending.Request(book, to, draft, smtp, dry, again)
    with Report(book, printing) as report:
        outcome = sending.send(request, datetime.datetime.now, report.step, os.environ)
    report.diagnostics(outcome.diagnostics)
    if not (printing.quiet or printing.for_machines):
        for one in outcome.posted:
            _print(one)
    sys.exit(outcome.exit_code)


def _print(one: Posted) -> None:
    """Print what became of a letter; the letter too, if nothing did."""
    to = f"{one.reviewer.name} <{one.reviewer.email}>"
    done = shown(one.path) if one.path else {"ready": "would go out"}.get(one.done, one.done)
    click.echo(f"{done}  {to}  {', '.join(one.files)}  {sized(one.size)}")
    if one.done == "ready":
        lines = [f"Subject: {one.letter.subject}", "", *one.letter.text.rstrip("\n").split("\n")]
        click.echo("".join(f"    {line}".rstrip() + "\n" for line in lines))
