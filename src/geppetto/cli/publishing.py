"""`geppetto publish`: what is asked for, the table of the gates, the release folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geppetto.cli.options import Form, Printing, reporting
from geppetto.cli.report import Report, shown
from geppetto.diagnostics import ExitCode, has_errors

if TYPE_CHECKING:
    from geppetto.publish.gates import Gate

STYLES = {"passed": "green", "failed": "bold red", "not run": "yellow", "not needed": "dim"}
NAMES = (
    *("check", "build", "verify", "epubcheck", "ace", "verapdf", "notes", "fonts", "limits"),
    *("print", "metadata", "onix", "bytes"),
)
"""The gates, as `pipeline/gating` has them; named here for a quick --help."""


@click.command()
@click.option("--allow-missing", is_flag=True, help="Publish though a gate's program is missing.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(NAMES),
    help="Ask this gate alone, and write nothing.",
)
@click.option(
    "--verify",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Look at a release folder again: is it whole, do the sources still give it?",
)
@reporting
@click.pass_obj
def publish(
    book: Path,
    *,
    allow_missing: bool,
    only: tuple[str, ...],
    folder: Path | None,
    printing: Printing,
) -> None:
    """Make what stores take, or say why not: build/release/<version>/."""
    if folder is not None:
        if only or allow_missing:
            raise click.UsageError("--verify goes with no other option.")
        _verify(book, folder.resolve(), printing)
        return
    from geppetto.pipeline.publishing import Order  # noqa: PLC0415 - a quick --help
    from geppetto.pipeline.publishing import publish as make  # noqa: PLC0415

    with Report(book, printing) as report:
        published = make(Order(book, allow_missing, only), report.step)
    report.diagnostics(published.diagnostics)
    _table(report, published.gates)
    if published.folder is not None:
        report.result(f"{shown(published.folder)}  {len(published.files)} files")
    if not published.holds:
        report.result("Nothing was published: a gate does not hold.")
        tools_alone = all(gate.state != "failed" for gate in published.gates)
        sys.exit(ExitCode.TOOL if tools_alone else ExitCode.MANUSCRIPT)


def _verify(book: Path, folder: Path, printing: Printing) -> None:
    from geppetto.pipeline.repeating import look  # noqa: PLC0415 - a quick --help

    with Report(book, printing) as report:
        looked = look(book, folder, report.step)
    report.diagnostics(looked.diagnostics)
    report.result(f"{looked.whole} files are whole; {looked.again} were made again, byte for byte")
    if has_errors(looked.diagnostics):
        sys.exit(ExitCode.MANUSCRIPT)


def _table(report: Report, gates: Sequence[Gate]) -> None:
    """Print a row for each gate: for people, or as JSON lines for programs."""
    if report.printing.form is Form.JSON:
        for gate in gates:
            told = {"gate": gate.name, "state": gate.state, "evidence": gate.evidence}
            report.out.print(json.dumps(told, ensure_ascii=False), markup=False)
        return
    if report.printing.for_machines or report.printing.quiet:
        return
    from rich.table import Table  # noqa: PLC0415 - only for who prints
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("gate", "", "evidence"):
        table.add_column(heading, overflow="fold")
    for gate in gates:
        state = Text(str(gate.state), style=STYLES[gate.state])
        table.add_row(gate.name, state, Text(gate.evidence))
    report.out.print(table)
