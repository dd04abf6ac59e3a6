"""What other programs read: JSON lines, GitHub's annotations, SARIF."""

from __future__ import annotations

import json

import pytest

from geppetto.cli.formats import as_github, as_json, as_sarif
from geppetto.cli.options import Form, Printing
from geppetto.cli.report import Report
from geppetto.diagnostics import CATALOGUE, Diagnostic, Location, Severity

FAULT = Diagnostic(
    "citation-unknown", "No @smiht, 100 %.", Location("chapters/a b, c.md", 3, 5), "Mean @smith?"
)
NOWHERE = Diagnostic("tool-missing", "No TeX.")


def test_a_json_line_has_every_field():
    """Nothing is left out, and what is not known is null."""
    record = json.loads(as_json(FAULT))
    assert record == {
        "severity": "error",
        "code": "citation-unknown",
        "path": "chapters/a b, c.md",
        "line": 3,
        "column": 5,
        "message": "No @smiht, 100 %.",
        "hint": "Mean @smith?",
        "detail": None,
    }
    assert json.loads(as_json(NOWHERE))["path"] is None


def test_an_annotation_escapes_what_github_would_read():
    """Commas and colons in properties, per cent signs and new lines in both."""
    assert as_github(FAULT) == (
        "::error file=chapters/a b%2C c.md,line=3,col=5,title=citation-unknown"
        "::No @smiht, 100 %25.%0AMean @smith?"
    )
    assert as_github(NOWHERE, "books/one") == "::error title=tool-missing::No TeX."


@pytest.mark.parametrize(
    ("severity", "kind"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_an_annotation_has_the_problems_weight(severity, kind):
    fault = Diagnostic("latex-warning", "x", severity=severity)
    assert as_github(fault).startswith(f"::{kind} ")


def test_an_annotation_names_the_file_from_the_repositorys_root():
    assert "file=books/one/chapters/a b%2C c.md," in as_github(FAULT, "books/one")


def _check_result(result, fault, rules):
    assert result["ruleId"] == fault.code == rules[result["ruleIndex"]]["id"]
    assert result["level"] == fault.severity.value
    assert result["message"]["text"].startswith(fault.message)


def test_sarif_holds_each_problem_with_its_rule_and_place():
    """The properties that SARIF 2.1.0 requires, and the place as a URI."""
    log = json.loads(as_sarif([FAULT, NOWHERE, FAULT], "books/one", {"tool-missing": "*Help.*"}))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["citation-unknown", "tool-missing"]
    assert rules[0]["shortDescription"]["text"] == CATALOGUE["citation-unknown"].meaning
    assert rules[1]["help"]["markdown"] == "*Help.*"
    for result, fault in zip(run["results"], (FAULT, NOWHERE, FAULT), strict=True):
        _check_result(result, fault, rules)
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "books/one/chapters/a%20b%2C%20c.md"
    assert physical["region"] == {"startLine": 3, "startColumn": 5}
    assert "locations" not in run["results"][1]


def test_sarif_without_problems_is_a_whole_log():
    """A run that found nothing says so: GitHub then closes its alerts."""
    (run,) = json.loads(as_sarif([]))["runs"]
    assert run["results"] == []


def test_github_is_told_where_the_book_lies(tmp_path, monkeypatch, capsys):
    """Paths count from GITHUB_WORKSPACE, else from the current folder."""
    book = tmp_path / "books" / "one"
    book.mkdir(parents=True)
    monkeypatch.chdir(book)
    for workspace, path in ((str(tmp_path), "books/one/a.md"), ("", "a.md")):
        monkeypatch.setenv("GITHUB_WORKSPACE", workspace)
        report = Report(book, Printing(Form.GITHUB))
        report.diagnostics([Diagnostic("link-unknown", "x", Location("a.md", 1))])
        assert f"file={path},line=1," in capsys.readouterr().out
