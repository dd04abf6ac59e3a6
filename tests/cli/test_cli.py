"""The command line's own part: usage, exit codes, what goes where."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from geppetto.cli import cli, main
from geppetto.cli.options import Printing
from geppetto.cli.report import Report
from geppetto.diagnostics import Diagnostic, ExitCode, Location


def test_help_names_every_command():
    """`--help` lists the commands."""
    said = CliRunner().invoke(cli, ["--help"]).output
    for name in ("pdf", "epub", "all", "doctor", "clean"):
        assert name in said


def _exit_code(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["geppetto", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_unknown_command_is_wrong_usage(monkeypatch):
    """An unknown command ends with 2."""
    assert _exit_code(monkeypatch, "pfd") == ExitCode.USAGE


def test_a_folder_without_a_book_is_wrong_usage(monkeypatch, tmp_path, capsys):
    """No book.yaml: exit code 2, and the remedy."""
    assert _exit_code(monkeypatch, "-C", str(tmp_path), "epub") == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "config-missing" in said
    assert "title:" in said


def test_json_gives_one_record_a_line(monkeypatch, make_book, capsys):
    """Configuration faults are JSON lines on stdout with --json."""
    root = make_book({"book.yaml": "title: X\nlagn: en\n"})
    assert _exit_code(monkeypatch, "-C", str(root), "epub", "--json") == ExitCode.USAGE
    record = json.loads(capsys.readouterr().out)
    assert (record["code"], record["path"], record["line"]) == (
        "config-unknown-key",
        "book.yaml",
        2,
    )
    assert "lang" in record["hint"]


def test_diagnostics_read_like_a_compilers(tmp_path, capsys):
    """`path:line:col: severity[code]: message`, the hint below."""
    fault = Diagnostic(
        "link-unknown", "It leads nowhere.", Location("a.md", 3, 7), "Mend it.", "raw"
    )
    Report(tmp_path).diagnostics([fault])
    assert (
        capsys.readouterr().err
        == "a.md:3:7: error[link-unknown]: It leads nowhere.\n    Mend it.\n"
    )


def test_verbose_adds_the_tools_own_words(tmp_path, capsys):
    """A tool's words are shown only when asked for."""
    fault = Diagnostic("link-unknown", "It leads nowhere.", detail="raw words")
    Report(tmp_path, Printing(verbose=True)).diagnostics([fault])
    assert "| raw words" in capsys.readouterr().err


def test_square_brackets_are_printed_as_they_are(tmp_path, capsys):
    """Words in brackets are text, never the console's markup."""
    Report(tmp_path).diagnostics(
        [Diagnostic("note-undefined", "The footnote [^red] and [bold]x[/].")]
    )
    assert "[^red] and [bold]x[/]" in capsys.readouterr().err
