"""`geppetto docx --answer`: what it prints."""

from __future__ import annotations

from pathlib import Path

import click

from geppetto.cli.options import Printing
from geppetto.cli.report import Report


def answer(
    book: Path, reviewer: str, output: Path | None, printing: Printing, *, every: bool
) -> None:
    """Make the answer to a reviewer, and say what stands in it."""
    from geppetto.cli.drafting import today  # noqa: PLC0415 - a quick --help
    from geppetto.pipeline import answering  # noqa: PLC0415

    with Report(book, printing) as report:
        request = answering.Request(book, today(), reviewer, every, output)
        answered = answering.answer(request, report.step)
    report.ended(answered.outcome.artifacts, answered.outcome.diagnostics)
    if not (printing.quiet or printing.for_machines):
        click.echo(
            f"{answered.remarks} open remarks, {answered.changes} changes; "
            f"kept as draft {answered.draft}"
        )
