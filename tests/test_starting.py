"""A new book: every file of it, in any language and under any title; whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from geppetto import config, starting, templates
from geppetto.cli import cli
from geppetto.diagnostics import GeppettoError
from geppetto.review import reviewers
from geppetto.starting import Answers
from geppetto.store import newfolder

ROOT = Path(__file__).parents[1]
FILES = {
    ".editorconfig", ".gitattributes", ".github/workflows/book.yml", ".gitignore",
    ".vscode/book.schema.json", ".vscode/extensions.json", ".vscode/reviewers.schema.json",
    ".vscode/settings.json", ".vscode/tasks.json", "Makefile", "book.yaml",
    "chapters/01-first-words.md", "chapters/02-things-to-look-at.md",
    "chapters/03-from-draft-to-book.md", "chapters/figures/editions.svg",
    "references.bib", "reviewers.yaml",
}  # fmt: skip
PLAIN = Answers("My Book", ("Ann Author",), "en")
TITLES = (
    "Plain", "1984", "no", "A: B", "#hash", "- dash", "'", '"', "It's \"so\": a {tale}, [of] #x",
    "日本語の本：はじめに", "🐞 & 👩‍👩‍👧", "{{ title }} <<title>> <% raw %>", "100 % $(rm -rf) `x`", "*a &b !c",
    "\\n \\", "---", "...", "null", "~", "@home", "a\tb",
)  # fmt: skip
LANGUAGES = ("en", "en-GB", "de", "fr-CH", "ja", "zh-Hant", "ar", "he", "el", "pt-BR", "sv", "mi")


def loaded(answers: Answers):
    """Give what Geppetto reads in the book.yaml of a new book."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "book.yaml").write_text(starting.text("book.yaml", answers), "utf-8")
        return config.load(Path(folder)).settings


def tree(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_is_there_in_every_language(lang):
    """Texts end with a line's end and hold no sign of a template; book.yaml is the last."""
    files = starting.files(Answers("A Title", ("A. B.",), lang))
    assert set(files) == FILES
    assert list(files)[-1] == "book.yaml"
    for name, content in files.items():
        text = content.decode("utf-8")
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert not re.search(r"<%|%>|<#|#>|<<\w|\w>>", text), name
    assert loaded(Answers("A Title", ("A. B.",), lang)).lang == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_samples_say_that_they_are_in_english(lang):
    """Each names its language where the book's is another, and shows the book's own marks."""
    files = starting.files(Answers("A Title", ("A. B.",), lang))
    foreign = not lang.startswith("en")
    for name, content in files.items():
        if name.endswith(".md"):
            assert (re.search(r"\A---\nlang: en\b", content.decode()) is not None) == foreign, name
    assert (f"{{lang={lang}}}" in files["chapters/01-first-words.md"].decode()) == foreign


@pytest.mark.parametrize("title", TITLES)
def test_hostile_titles_are_read_as_they_were_given(title):
    read = loaded(Answers(title, (title, "B"), "en"))
    assert read.title == words(title)
    assert [author.name for author in read.author] == [words(title), "B"]


@given(title=st.text(min_size=1), author=st.text(min_size=1))
def test_any_title_is_refused_or_read_as_it_was_given(title, author):
    """What is not refused stands in book.yaml, blanks aside; what YAML could not hold is refused."""
    refused = starting.faults(title, author)
    odd = any(templates.xml(words(text)) != words(text) for text in (title, author))
    assert bool(refused) == (odd or not words(title) or not words(author))
    if not refused:
        read = loaded(Answers(title, (author,), "en"))
        assert (read.title, read.author[0].name) == (words(title), words(author))


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("e", "does not have the right form"),
        ("de_DE", "does not have the right form"),
        ("", "does not have the right form"),
        ("English", "is no language's code"),
        ("deutsch-AT", "is no language's code"),
    ],
)
def test_what_is_no_language(lang, says):
    (fault,) = starting.faults(lang=lang)
    assert says in fault.message
    assert "en-GB" in (fault.hint or "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_a_language(lang):
    assert starting.faults(lang=lang) == []


def test_editors_get_the_schemas_and_the_problem_matcher():
    """They are those of the checkout; the first line of each YAML file leads to its schema."""
    files = {name: content.decode() for name, content in starting.files(PLAIN).items()}
    assert files[".vscode/book.schema.json"] == config.json_schema()
    assert files[".vscode/reviewers.schema.json"] == reviewers.json_schema()
    for name in ("book", "reviewers"):
        schema = f".vscode/{name}.schema.json"
        assert files[f"{name}.yaml"].startswith(f"# yaml-language-server: $schema={schema}\n")
        assert json.loads(files[".vscode/settings.json"])["yaml.schemas"][schema] == f"{name}.yaml"
    own = json.loads((ROOT / ".vscode/tasks.json").read_text("utf-8"))["tasks"][0]
    for task in json.loads(files[".vscode/tasks.json"])["tasks"]:
        program, command = task["command"].split()
        assert (program, command in cli.commands) == ("geppetto", True)
        assert task["problemMatcher"] == own["problemMatcher"]
    assert "redhat.vscode-yaml" in json.loads(files[".vscode/extensions.json"])["recommendations"]


def test_git_and_editors_keep_what_must_be_kept():
    """The ledger's lines are joined; blanks at the end of a line of Markdown stay."""
    files = {name: content.decode() for name, content in starting.files(PLAIN).items()}
    assert "reviews/ledger.yaml merge=union\n" in files[".gitattributes"]
    assert "[*.md]\ntrim_trailing_whitespace = false\n" in files[".editorconfig"]
    assert "\n/build/\n" in files[".gitignore"]


def test_the_list_of_reviewers_is_right_once_it_is_switched_on(tmp_path):
    """Without the `#` of its examples it is a list that Geppetto reads."""
    text = starting.files(PLAIN)["reviewers.yaml"].decode()
    head, _, examples = text.partition("\n\n")
    assert all(line.startswith("#") for line in text.splitlines() if line)
    shown = re.sub(r"^# ?", "", examples, flags=re.M)
    (tmp_path / "reviewers.yaml").write_text(f"{head}\n\n{shown}", "utf-8")
    (tmp_path / "book.yaml").write_text("title: A\n")
    found = reviewers.read(tmp_path, config.load(tmp_path).settings)
    assert [one.name for one in found] == ["Mary Shelley", "Carlo Collodi"]


def test_book_yaml_is_right_once_it_is_switched_on(tmp_path):
    """Every key that is commented out is one that Geppetto knows, with a value that it takes."""
    text = starting.files(PLAIN)["book.yaml"].decode()
    keys = re.compile(r"^# (?=(?!yaml-)[a-z-]+: *|  +[\w-])", re.M)
    switched = keys.sub("", text)
    assert switched.count("\n  ") > text.count("\n  ")
    (tmp_path / "book.yaml").write_text(switched, "utf-8")
    settings = config.load(tmp_path).settings
    assert (settings.publisher, settings.review.sender) == (
        "The Little Press",
        "Your Name <you@example.org>",
    )
    assert settings.chapters is not None


# Make


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "a book"
    starting.start(folder, PLAIN)
    return folder


def make(book, *arguments, path=os.environ["PATH"]):
    make_ = shutil.which("make")
    return subprocess.run(
        [make_, *arguments],
        cwd=book,
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def programs(folder, **scripts):
    folder.mkdir()
    for name in ("sh", "awk"):
        (folder / name).symlink_to(shutil.which(name))
    for name, body in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_every_target_runs_its_command(book, tmp_path):
    """Each target but `help` is a command of Geppetto's, and gets ARGS."""
    path = programs(tmp_path / "bin", geppetto='echo "ran $*"')
    listed = re.findall(r"^  make (\w+)", make(book, path=path).stdout, re.M)
    assert set(listed) - {"help"} <= set(cli.commands)
    assert {"pdf", "epub", "docx", "all", "check", "draft", "publish", "doctor"} < set(listed)
    for target in set(listed) - {"help"}:
        ran = make(book, target, "ARGS=--quiet", path=path)
        assert (ran.stdout, ran.returncode) == (f"ran {target} --quiet\n", 0)


def test_make_says_in_one_line_that_geppetto_is_missing(book, tmp_path):
    ran = make(book, "pdf", path=programs(tmp_path / "bin"))
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.count("\n") == 1
    assert "geppetto is not installed here" in ran.stderr
    assert "pipx install 'geppetto-book" in ran.stderr


# whole or not at all


def test_an_empty_folder_and_one_with_git_are_new(tmp_path):
    for name, other in (
        ("empty", None),
        ("git", ".git/HEAD"),
        ("r", "README.md"),
        ("deep/er", None),
    ):
        folder = tmp_path / name
        if other:
            (folder / other).parent.mkdir(parents=True)
            (folder / other).write_text("ref")
        elif name == "empty":
            folder.mkdir()
        starting.start(folder, PLAIN)
        assert set(tree(folder)) - {other} == FILES
    assert not list(tmp_path.rglob(".geppetto-*"))
    assert (tmp_path / "git/.git/HEAD").read_text() == "ref"


@pytest.mark.parametrize("name", ["book.yaml", "notes.txt", ".gitignore", "chapters/1.md"])
def test_nothing_is_overwritten(tmp_path, name):
    """A folder that holds anything is refused, and stays as it is."""
    (tmp_path / "b" / name).parent.mkdir(parents=True)
    (tmp_path / "b" / name).write_text("mine")
    with pytest.raises(GeppettoError) as refused:
        starting.start(tmp_path / "b", PLAIN)
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "new-occupied"
    assert name.split("/")[0] in diagnostic.message
    assert tree(tmp_path) == {f"b/{name}": b"mine"}


def test_a_book_is_not_written_twice_nor_over_a_file_nor_through_a_dead_link(tmp_path):
    starting.start(tmp_path / "b", PLAIN)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    for name in ("b", "file", "link"):
        with pytest.raises(GeppettoError):
            starting.start(tmp_path / name, PLAIN)
    with pytest.raises(GeppettoError):
        starting.start(tmp_path / "file/b", PLAIN)
    assert tree(tmp_path) == before
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("at", [0, 9, 20, 30])
@pytest.mark.parametrize("there", [False, True])
def test_what_is_stopped_halfway_leaves_nothing(tmp_path, monkeypatch, stop, at, there):
    """By Ctrl-C or a full disk, at any file: what was there before is all that there is."""
    folder = tmp_path / "b"
    if there:
        (folder / ".git").mkdir(parents=True)
        (folder / ".git/HEAD").write_text("ref")
    elif at > 16:
        return  # beside its place each file is written once
    before, written = tree(tmp_path), []

    def sync(_):
        written.append(1)
        if len(written) > at:
            raise stop

    monkeypatch.setattr(newfolder.os, "fsync", sync)
    with pytest.raises((KeyboardInterrupt, GeppettoError)):
        starting.start(folder, PLAIN)
    assert tree(tmp_path) == before
    assert folder.exists() == there
    assert {p.name for p in tmp_path.rglob("*")} == ({"b", ".git", "HEAD"} if there else set())


KILLED = """
import os, pathlib, sys
from geppetto import starting
from geppetto.store import newfolder
written = []
def sync(_):
    written.append(1)
    if len(written) > int(sys.argv[2]):
        os.kill(os.getpid(), 9)
newfolder.os.fsync = sync
starting.start(pathlib.Path(sys.argv[1]), starting.Answers("Killed", ("A",), "en"))
"""


@pytest.mark.parametrize("at", [5, 27])
def test_what_is_killed_halfway_is_taken_back_by_the_next(tmp_path, at):
    """Where files stand in their place already, the next run removes those that are still ours."""
    (tmp_path / "b/.git").mkdir(parents=True)
    source = {"PYTHONPATH": str(Path(starting.__file__).parents[1])}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "b"), str(at)],
        env=os.environ | source,
        check=False,
    )
    assert killed.returncode == -9
    assert not (tmp_path / "b/book.yaml").exists()
    assert (at > len(FILES)) == (tmp_path / "b/Makefile").exists()
    starting.start(tmp_path / "b", PLAIN)
    assert tree(tmp_path / "b") == starting.files(PLAIN)


def test_what_an_author_changed_of_a_killed_run_is_kept(tmp_path):
    folder = tmp_path / "b"
    left = folder / f"{newfolder.WITHIN}x"
    left.mkdir(parents=True)
    for name in ("a.md", "c.md"):
        (left / name).write_text("ours, whole")
    (folder / "a.md").write_text("ours,")
    (folder / "c.md").write_text("changed")
    with pytest.raises(GeppettoError):
        starting.start(folder, PLAIN)
    assert tree(folder) == {"c.md": b"changed"}


def test_the_workflow_is_yaml_and_installs_what_the_book_needs():
    """Fonts and patterns come with the language."""
    text = starting.files(Answers("本", ("A",), "de"))[".github/workflows/book.yml"].decode()
    steps = yaml.safe_load(text)["jobs"]["book"]["steps"]
    (apt,) = [step["run"] for step in steps if "apt-get install" in step.get("run", "")]
    for package in ("texlive-luatex", "fonts-noto-cjk", "texlive-lang-german", "fonts-texgyre"):
        assert re.search(rf"(?<!\S){package}(?!\S)", apt), package
    assert "fonts-noto-color-emoji" not in apt
