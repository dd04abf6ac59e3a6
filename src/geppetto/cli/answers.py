"""Prints what `geppetto where` found."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.text import Text

from geppetto.cli.options import Form
from geppetto.cli.report import Report, shown
from geppetto.pipeline.placing import Answer, Spot


def print_answer(report: Report, answer: Answer, *, of_pdf: bool) -> None:
    """Print the lines of chapters that stand on a page, or the pages of a line."""
    report.diagnostics(answer.diagnostics)
    lines = [_json(s) for s in answer.spots] if report.printing.form is Form.JSON else None
    if lines is None:
        lines = [f"{s.path}:{s.line}" if of_pdf else _page(s) for s in answer.spots]
    for line in dict.fromkeys(lines):
        report.out.print(Text(line))


def _page(spot: Spot) -> str:
    return f"{shown(spot.pdf)} page {spot.page} at {spot.x:.2f},{spot.y:.2f}"


def _json(spot: Spot) -> str:
    return json.dumps({**asdict(spot), "pdf": shown(spot.pdf)}, ensure_ascii=False)
