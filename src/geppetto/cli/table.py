"""Prints `doctor`'s findings as a table, and the lines that mend what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from geppetto.doctor import Finding, mending_line


def print_findings(findings: Sequence[Finding]) -> None:
    """Print one row for each finding; below, how to mend what is missing."""
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "what", "version", "for"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        table.add_row(_sign(finding), finding.name, finding.version or "", finding.purpose)
    console.print(table)
    for line in _remedies(findings):
        console.print(Text(line), soft_wrap=True)


def _remedies(findings: Sequence[Finding]) -> Iterable[str]:
    """Give the lines that mend what is missing: one for all that a book cannot do without."""
    whole = mending_line(findings)
    others = (
        f.remedy
        for f in findings
        if not f.found and f.remedy and not (whole and f.required and f.missing)
    )
    return dict.fromkeys([*([whole] if whole else []), *others])


def _sign(finding: Finding) -> Text:
    if finding.found:
        return Text("found", style="green")
    return Text("missing", style="bold red" if finding.required else "yellow")
