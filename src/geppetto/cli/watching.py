"""What `geppetto watch` shows: on a terminal the last build's problems, in their place."""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import TYPE_CHECKING

import click

from geppetto.cli.report import Report
from geppetto.diagnostics import GeppettoError, has_errors
from geppetto.pipeline.edition import Request
from geppetto.pipeline.watching import Turn, Watch
from geppetto.progress import OnStep, Step

if TYPE_CHECKING:
    from geppetto.preview import Preview


def show(request: Request, preview: Preview | None = None) -> None:
    """Watch a book, and print what comes of each build, until Ctrl-C."""
    report = Report(request.root)
    watch = Watch(request, _teller(report, preview))
    report.say("building; Ctrl-C ends it")
    try:
        watch.run(lambda turn: _told(report, turn, preview))
    except KeyboardInterrupt:
        return
    except GeppettoError as fault:
        report.still()
        report.diagnostics(fault.diagnostics)
        sys.exit(fault.exit_code)
    finally:
        report.still()


def _teller(report: Report, preview: Preview | None) -> OnStep:
    """Give what tells of each step where it is seen: off a terminal a watch tells of whole builds."""

    def tell(step: Step) -> None:
        if report.moves:
            report.step(step)
        if preview is not None:
            preview.begun(step.name)

    return tell


def serve(request: Request, port: int, *, opens: bool) -> None:
    """Watch a book, and show its PDF in the browser, too; `opens` opens the browser at once."""
    from geppetto.pipeline.placing import pdf_of  # noqa: PLC0415 - for who is shown something
    from geppetto.preview import Preview  # noqa: PLC0415

    try:
        preview = Preview(request.root, port)
    except OSError as fault:
        words = f"Port {port} cannot be used: {fault.strerror}. Name another, or none."
        raise click.UsageError(words) from fault
    with preview:
        _print_address(Report(request.root), preview)
        standing = pdf_of(request.root)
        if standing is not None:
            preview.stands(standing)
        if opens and _has_display():
            webbrowser.open(preview.address)
        show(request, preview)


def _told(report: Report, turn: Turn, preview: Preview | None) -> None:
    """Tell of a build where the author looks."""
    if preview is not None:
        made = (one.path for one in turn.outcome.artifacts if one.kind == "pdf")
        preview.built(next(made, None), turn.outcome.diagnostics, turn.seconds)
    _print(report, turn)
    if preview is not None and report.out.is_terminal:  # where the first line has been cleared
        _print_address(report, preview)


def _print_address(report: Report, preview: Preview) -> None:
    report.say(f"shown at {preview.address}")


def _has_display() -> bool:
    return sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def _print(report: Report, turn: Turn) -> None:
    """Print a build in the last one's place: what was wrong then is gone if it was mended."""
    report.still()
    if report.out.is_terminal:
        click.clear()
    outcome = turn.outcome
    report.diagnostics(outcome.diagnostics)
    for artifact in outcome.artifacts:
        report.artifact(artifact)
    if has_errors(outcome.diagnostics):
        report.stopped(outcome.diagnostics)
    saved = ", ".join(turn.saved[:3]) + (", …" if len(turn.saved) > 3 else "")
    report.say(f"{turn.seconds:.1f} s{f' after {saved}' if saved else ''}; watching")
