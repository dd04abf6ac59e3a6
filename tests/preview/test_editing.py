"""How an editor is chosen and told its line: by the author's environment, never by the book's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import tools
from geppetto.preview import editing
from geppetto.preview.editing import KNOWN, TERMINAL, choose

FILE = Path("/book/chapters/1.md")
ROOT = Path("/book")


@pytest.fixture
def programs(monkeypatch):
    """Pretend that exactly these programs are installed."""

    def pretend(*names):
        found = {name: Path("/usr/bin", name) for name in names}
        monkeypatch.setattr(tools, "find", found.get)

    return pretend


@pytest.mark.parametrize(
    ("program", "rest"),
    [
        ("code", ["--goto", f"{FILE}:12"]),
        ("zed", [f"{FILE}:12"]),
        ("pycharm", ["--line", "12", str(FILE)]),
        ("kate", ["--line", "12", str(FILE)]),
        ("emacsclient", ["--no-wait", "+12", str(FILE)]),
        ("gvim", ["+12", str(FILE)]),
    ],
)
@pytest.mark.parametrize("variable", ["GEPPETTO_EDITOR", "VISUAL", "EDITOR", None])
def test_a_known_editor_is_told_the_line_in_its_own_way(programs, program, rest, variable):
    programs(program)
    environment = {variable: program} if variable else {}
    expected = (f"/usr/bin/{program}", *rest)
    assert choose(FILE, 12, environment, ROOT).arguments == expected


def test_the_variable_of_geppetto_comes_first(programs):
    programs("code", "zed", "own")
    environment = {"GEPPETTO_EDITOR": "own --at {line} '{file}' 'a b'", "VISUAL": "zed"}
    expected = ("/usr/bin/own", "--at", "12", str(FILE), "a b")
    assert choose(FILE, 12, environment, ROOT).arguments == expected
    assert (
        choose(FILE, 12, {"VISUAL": "zed", "EDITOR": "code"}, ROOT).arguments[0] == "/usr/bin/zed"
    )
    assert choose(FILE, 12, {"EDITOR": "own"}, ROOT).arguments[0] == "/usr/bin/code"


def test_an_unknown_program_is_given_the_file(programs):
    programs("own")
    assert choose(FILE, 12, {"GEPPETTO_EDITOR": "own"}, ROOT).arguments == (
        "/usr/bin/own",
        str(FILE),
    )


def test_nobody_waits_for_the_editor_to_be_closed(programs):
    programs("code")
    arguments = choose(FILE, 12, {"EDITOR": "code --wait --new-window"}, ROOT).arguments
    assert arguments == ("/usr/bin/code", "--new-window", "--goto", f"{FILE}:12")


@given(st.text(st.characters(exclude_characters="\0/"), min_size=1), st.integers(1, 10**7))
def test_a_files_name_is_one_argument_whatever_it_is(name, line):
    """Braces, blanks, quotation marks and semicolons of a name mean nothing."""
    file = ROOT / f"{name}.md"
    found = editing._filled(["sh", "{file}", "{line}"], file, line, ROOT, "PATH")
    assert found.arguments[1:] == (str(file), str(line))


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"GEPPETTO_EDITOR": "vim +{line} {file}", "VISUAL": "code"}, "vim runs in a terminal"),
        ({"EDITOR": "/usr/bin/nano"}, "nano runs in a terminal"),
        ({"GEPPETTO_EDITOR": "nothing"}, "names nothing, which is not installed"),
        ({"GEPPETTO_EDITOR": "code 'a"}, "a quotation mark is not closed"),
        ({"EDITOR": "other 'a"}, "GEPPETTO_EDITOR can name one"),
        ({}, "GEPPETTO_EDITOR can name one"),
    ],
)
def test_why_there_is_none(programs, environment, why):
    programs(*TERMINAL)
    choice = choose(FILE, 12, environment, ROOT)
    assert choice.arguments == ()
    assert why in choice.why


@pytest.mark.parametrize("found", ["code", "sub/code"])
def test_no_program_of_the_books_folder_is_run(tmp_path, monkeypatch, found):
    """A PATH may name the folder that the command was started in."""
    program = tmp_path / found
    program.parent.mkdir(exist_ok=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    assert tools.find("code") == program
    choice = choose(tmp_path / "1.md", 1, {"EDITOR": "code"}, tmp_path)
    assert choice.arguments == ()
    assert "the book's folder" in choice.why
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "." if found == "code" else "sub")
    assert choose(tmp_path / "1.md", 1, {}, tmp_path).arguments == ()


def test_every_known_editor_is_given_the_file_and_the_line():
    for words in KNOWN.values():
        assert any("{file}" in word for word in words)
        assert any("{line}" in word for word in words)
    assert not TERMINAL & set(KNOWN)
