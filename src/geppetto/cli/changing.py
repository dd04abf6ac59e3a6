"""`geppetto changes`: what changed since a revision."""

from __future__ import annotations

from pathlib import Path

import click

from geppetto.cli.options import Printing, reporting
from geppetto.cli.report import Report


@click.command()
@click.argument("revision", required=False, metavar="[REV]")
@click.option("--to", metavar="REV2", help="The later revision; today's files if absent.")
@click.option("--reviewer", metavar="NAME", help="Since the draft that this reviewer got last.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["pdf", "html", "docx"]),
    default="pdf",
    help="A PDF, one page, or tracked changes.",
)
@click.option("--pages", is_flag=True, help="Only the pages of the PDF on which something changed.")
@click.option("--output", type=click.Path(path_type=Path), help="Where to put it.")
@reporting
@click.pass_obj
def changes(  # noqa: PLR0913 - a parameter for each option
    book: Path,
    *,
    revision: str | None,
    to: str | None,
    reviewer: str | None,
    kind: str,
    pages: bool,
    output: Path | None,
    printing: Printing,
) -> None:
    """Mark what changed since REV: a revision of git's, or a kept draft.

    Without REV it is the newest draft that is kept. What was inserted, deleted
    or moved is marked in colours and lines, in build/changes/.
    """
    from geppetto.pipeline.changing import Request, change  # noqa: PLC0415 - a quick --help

    if revision is not None and reviewer is not None:
        raise click.UsageError("Name a revision, or a reviewer: not both.")
    if pages and kind != "pdf":
        raise click.UsageError("--pages belongs to a PDF.")
    target = output and output.resolve()
    request = Request(book, revision, to, reviewer, kind, pages, target)
    with Report(book, printing) as report:
        outcome, comparison = change(request, report.step)
    report.ended(outcome.artifacts, outcome.diagnostics)
    if comparison is not None and not (printing.quiet or printing.for_machines):
        total = comparison.total
        click.echo(
            f"{total.changes} changes: {total.inserted} words inserted, "
            f"{total.deleted} deleted, {total.moved} moved"
        )
