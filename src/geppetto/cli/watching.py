"""What `geppetto watch` shows: on a terminal the last build's problems, in their place."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from geppetto.cli.report import Report
from geppetto.diagnostics import GeppettoError, has_errors
from geppetto.pipeline.edition import Request
from geppetto.pipeline.watching import Turn, Watch


def show(book: Path, editions: Sequence[str], *, lenient: bool) -> None:
    """Watch a book, and print what comes of each build, until Ctrl-C."""
    report = Report(book)
    watch = Watch(Request(book, editions, lenient=lenient), lambda _: None)
    report.step("building; Ctrl-C ends it")
    try:
        watch.run(lambda turn: _print(report, turn))
    except KeyboardInterrupt:
        return
    except GeppettoError as fault:
        report.diagnostics(fault.diagnostics)
        sys.exit(fault.exit_code)


def _print(report: Report, turn: Turn) -> None:
    """Print a build in the last one's place: what was wrong then is gone if it was mended."""
    if report.out.is_terminal:
        click.clear()
    outcome = turn.outcome
    report.diagnostics(outcome.diagnostics)
    for artifact in outcome.artifacts:
        report.artifact(artifact)
    if has_errors(outcome.diagnostics):
        report.stopped(outcome.diagnostics)
    saved = ", ".join(turn.saved[:3]) + (", …" if len(turn.saved) > 3 else "")
    report.step(f"{turn.seconds:.1f} s{f' after {saved}' if saved else ''}; watching")
