"""`geppetto new`: what it asks, what it refuses, what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from terminal import Terminal

from geppetto import config
from geppetto.cli import cli, starting
from geppetto.diagnostics import ExitCode

ANSWERS = ("--title", "My Book", "--author", "Ann Author", "--lang", "en-GB")


def invoke(*arguments):
    return CliRunner().invoke(cli, ["new", *map(str, arguments)])


def test_it_writes_a_book_and_says_how_to_build_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = invoke("my book", *ANSWERS)
    assert done.exit_code == 0, done.output
    assert done.stdout == "my book  17 files\n"
    assert done.stderr.endswith("    cd 'my book'\n    geppetto pdf\n")
    settings = config.load(tmp_path / "my book").settings
    assert (settings.title, settings.author[0].name) == ("My Book", "Ann Author")
    assert settings.lang == "en-GB"


def test_in_the_folder_itself_nobody_has_to_change_into_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = invoke(".", *ANSWERS)
    assert done.stdout == ".  17 files\n"
    assert "cd " not in done.stderr


def test_several_authors(tmp_path):
    assert invoke(tmp_path / "b", *ANSWERS, "--author", "Bob, Jr.", "--quiet").output == ""
    names = [one.name for one in config.load(tmp_path / "b").settings.author]
    assert names == ["Ann Author", "Bob, Jr."]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "--title, --author, --lang"),
        (ANSWERS[:2], "--author, --lang"),
        (ANSWERS[2:], "--title"),
    ],
)
def test_where_nobody_can_be_asked_it_says_what_is_missing(tmp_path, given, missing):
    done = invoke(tmp_path / "b", *given)
    assert done.exit_code == ExitCode.USAGE
    assert f"say {missing} on the command line" in " ".join(done.stderr.split())
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--lang", "English", "en-GB for British English"),
        ("--lang", "de_DE", "does not have the right form"),
        ("--title", "  ", "must not be empty"),
        ("--author", "", "must not be empty"),
        ("--title", "a\x1bb", "prints nothing: U+001B"),
    ],
)
def test_what_book_yaml_could_not_hold_is_refused(tmp_path, option, value, says):
    done = invoke(tmp_path / "b", *ANSWERS, option, value)
    assert done.exit_code == ExitCode.USAGE
    said = " ".join(done.stderr.split())
    assert says in said
    assert option in said
    assert not (tmp_path / "b").exists()


def test_a_folder_that_is_taken_is_said_as_other_problems_are(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    done = invoke(tmp_path, *ANSWERS)
    assert done.exit_code == ExitCode.USAGE
    assert "error[new-occupied]" in done.stderr
    assert os.listdir(tmp_path) == ["notes.txt"]  # noqa: PTH208 - names


@pytest.mark.parametrize(
    ("spoken", "tag"),
    [("de_AT.UTF-8", "de-AT"), ("fr", "fr"), ("C.UTF-8", "en"), ("", "en"), ("pt_BR", "pt-BR")],
)
def test_the_language_of_the_system_is_proposed(monkeypatch, spoken, tag):
    monkeypatch.setattr(starting.locale, "getlocale", lambda _: (None, None))
    monkeypatch.setenv("LANG", spoken)
    assert starting._own_language() == tag


def test_on_a_terminal_it_asks_for_what_is_not_given_until_it_is_right(tmp_path):
    """The title is given; the language is asked for again, with a word about what is wrong."""
    folder = tmp_path / "b"
    terminal = Terminal(120, "new", str(folder), "--title", "A: B", LANG="de_DE.UTF-8")
    for question, answer in (
        (r"Author:$", "Zoë"),
        (r"Language \[de-DE\]:$", "German"),
        (r"no language's code(.|\n)*Language \[de-DE\]:$", ""),
    ):
        assert terminal.shows(question, 60), terminal.written
        os.write(terminal.handle, f"{answer}\n".encode())
    assert terminal.end() == 0, terminal.written
    settings = config.load(folder).settings
    assert (settings.title, settings.author[0].name, settings.lang) == ("A: B", "Zoë", "de-DE")
    assert "Title" not in terminal.written


def test_ctrl_c_at_a_question_leaves_nothing(tmp_path):
    terminal = Terminal(80, "new", str(tmp_path / "b"))
    assert terminal.shows(r"Title:$", 60)
    terminal.interrupt()
    assert terminal.end() == ExitCode.INTERRUPTED
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize("file", ["book", "reviewers"])
def test_the_schemas_can_be_written_anew(tmp_path, file):
    """What it prints is what a new book has."""
    assert invoke(tmp_path / "b", *ANSWERS).exit_code == 0
    printed = CliRunner().invoke(cli, ["schema", *([file] if file != "book" else [])]).stdout
    assert printed == (tmp_path / f"b/.vscode/{file}.schema.json").read_text("utf-8")
