"""`geppetto explain`: a code's section of the catalogue, or all codes in a line each."""

from __future__ import annotations

import io

import pytest
from click.testing import CliRunner
from rich.console import Console

from geppetto import explanations
from geppetto.cli import cli, explaining
from geppetto.diagnostics import CATALOGUE, ExitCode


@pytest.mark.parametrize("code", ["citation-unknown", "word-doubled", "file-bom"])
def test_a_code_is_explained(code):
    """Its heading, then its section word for word."""
    said = CliRunner().invoke(cli, ["explain", code])
    assert said.exit_code == 0
    assert (
        said.output == f"{code} ({CATALOGUE[code].severity})\n\n{explanations.sections()[code]}\n"
    )


def test_all_codes_are_listed():
    """Each in a line, with its meaning."""
    lines = CliRunner().invoke(cli, ["explain"]).output.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    assert all(k.meaning in line for k, line in zip(CATALOGUE.values(), lines, strict=True))


def test_a_code_that_is_none_is_wrong_usage_with_the_nearest():
    said = CliRunner().invoke(cli, ["explain", "citation-unkown"])
    assert said.exit_code == ExitCode.USAGE
    assert "Did you mean citation-unknown?" in said.output


def test_a_terminal_gets_it_set(monkeypatch):
    """Without the marks of Markdown."""
    console = Console(file=io.StringIO(), force_terminal=True, width=80, no_color=True)
    monkeypatch.setattr(explaining, "Console", lambda **_: console)
    explaining.print_explanation("citation-unknown")
    said = console.file.getvalue()
    assert "Why it matters." in said
    assert "**" not in said


def test_the_catalogue_is_split_at_its_headings():
    text = "# T\n\n## G\n\n### a-b\n\nOne.\n\n### c\n\nTwo.\n\n## H\n\n### d\n\nThree.\n"
    assert explanations.split(text) == {"a-b": "One.", "c": "Two.", "d": "Three."}


def test_the_wheel_finds_it_beside_the_package(tmp_path, monkeypatch):
    """Where there is no checkout."""
    package = tmp_path / "lib" / "site" / "geppetto"
    (package / "_docs").mkdir(parents=True)
    (package / "_docs" / "diagnostics.md").write_text("x")
    monkeypatch.setattr(explanations, "__file__", str(package / "explanations.py"))
    assert explanations.catalogue().read_text() == "x"
