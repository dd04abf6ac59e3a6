"""The problem matcher of `.vscode/tasks.json` reads what Geppetto prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from geppetto.cli import cli
from geppetto.cli.options import Printing
from geppetto.cli.report import Report
from geppetto.diagnostics import Diagnostic, Location, Severity

ROOT = Path(__file__).parents[2]
TASKS = json.loads((ROOT / ".vscode" / "tasks.json").read_text("utf-8"))["tasks"]
MATCHERS = [matcher["pattern"] for matcher in TASKS[0]["problemMatcher"]]


def _read(line):
    """What the matchers make of a line, by VS Code's names of the groups."""
    found = []
    for pattern in MATCHERS:
        match = re.search(pattern["regexp"], line)
        if match:
            groups = {name: at for name, at in pattern.items() if isinstance(at, int)}
            found.append({name: match[at] for name, at in groups.items()})
    return found


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize(
    "place", [("chapters/a b.md", 3, 5), ("chapters/é.md", 12), ("references.bib",)]
)
def test_each_problem_is_read_once_with_all_its_parts(place, severity, tmp_path, capsys):
    """File, line, column, severity, code and message; the lines below are no problems."""
    fault = Diagnostic(
        "link-unknown", "It: leads [to] 3:4: nowhere.", Location(*place), "Mend: it.", "l:1: raw",
        severity=severity,
    )  # fmt: skip
    Report(tmp_path, Printing(verbose=True)).diagnostics([fault])
    found = [read for line in capsys.readouterr().err.splitlines() for read in _read(line)]
    (read,) = [{name: value for name, value in r.items() if value is not None} for r in found]
    expected = {"file": place[0], "severity": severity.value, "code": fault.code}
    expected |= dict(zip(("line", "column"), map(str, place[1:]), strict=False))
    assert read == {**expected, "message": fault.message}


def test_every_task_reads_problems_alike_and_runs_a_target():
    """A task runs a target that the Makefile has."""
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for task in TASKS:
        assert task["problemMatcher"] == TASKS[0]["problemMatcher"]
        make, target = task["command"].split()
        assert (make, target in targets) == ("make", True)


def test_the_hook_for_pre_commit_runs_a_command_that_is_there():
    """Once for the whole book, whatever has changed."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program, command = hook["entry"].split()
    assert program == "geppetto"
    assert command in cli.commands
    assert hook["pass_filenames"] is False
    assert all(re.search(hook["files"], name) for name in ("chapters/1.md", "a.bib", "book.yaml"))
