"""One folder for each code: what an author does, and all that Geppetto says of it.

`cases/_stock` is a small book that is right. A case's `book/` is laid over it;
`case.yaml`, where there is one, says how the case is run:

    command: [verify]       what is run, instead of `pdf`
    first: [all]            what is run before, over the same book
    then/                   (a folder) is laid over the book after that
    without: [java]         programs that are not there
    programs: {name: text}  programs that are there in others' stead
    locked: true            while another build holds the folder
    during: chapters/2.md   a file that an editor saves while the book is typeset
    seconds: 3              the limit of LuaLaTeX's time
    hints: false            hints name what this machine would install: not compared
    cover: 200              what is said of the covers of so many pages is compared, and nothing is run
    own: true               only what has the folder's own code is compared
    largest: 1000           how many bytes a print file may have
    calls: shopped.case     what no command says: a function of the book's folder, of tests/
    mail: "550 no mailbox"  what a mail server says to every recipient; PORT in book.yaml is its port

`expected.txt` has the exit code and every problem; `pytest --accept` writes it.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from geppetto import explanations, store, stores, tools
from geppetto.cli import formats, main
from geppetto.cli.report import Report
from geppetto.diagnostics import CATALOGUE
from geppetto.latex import engine
from geppetto.pipeline import covering, reading
from mailservers import Box, serving

CASES = Path(__file__).parent / "cases"
NAMES = sorted(p.name for p in CASES.iterdir() if p.is_dir() and not p.name.startswith("_"))
MACHINES_OWN = {"hyphenation-plain", "hyphenation-missing", "jail-absent"}
KEYS = {
    "command",
    "first",
    "without",
    "programs",
    "locked",
    "seconds",
    "hints",
    "own",
    "during",
    "mail",
    "largest",
    "calls",
    "cover",
}


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Give the stock book after a command; each is run once, for many cases."""
    made = {}

    def give(command):
        if tuple(command) not in made:
            root = tmp_path_factory.mktemp("built") / "book"
            shutil.copytree(CASES / "_stock", root)
            with pytest.MonkeyPatch.context() as patch:
                code, said = _run([*command, "--quiet"], root, os.environ["PATH"], patch)
            assert code == 0, said
            made[tuple(command)] = root
        return made[tuple(command)]

    return give


def _how(name):
    file = CASES / name / "case.yaml"
    how = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
    assert set(how) <= KEYS, name
    return how


def _lay(source, folder):
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            target = folder / path.relative_to(source)
            if path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    for gone in folder.rglob("*.gone"):
        gone.with_suffix("").unlink()
        gone.unlink()


def _path(how, folder):
    """Make a PATH that lacks some programs and has others first."""
    lacking, own = set(how.get("without", ())), how.get("programs", {})
    if not lacking and not own:
        return os.environ["PATH"]
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / program.name
            if program.name not in lacking and program.name not in own:
                link.unlink(missing_ok=True)
                link.symlink_to(program)
    for name, text in own.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return str(folder)


def _save_during(file, monkeypatch):
    """Let an editor save a file when typesetting begins."""
    said = Report.step

    def step(report, one):
        if one.name.startswith("typesetting") and "Saved." not in file.read_text("utf-8"):
            file.write_text(file.read_text("utf-8") + "\nSaved.\n", encoding="utf-8")
        said(report, one)

    monkeypatch.setattr(Report, "step", step)


def _take_no_more(largest, monkeypatch):
    """Let printers take smaller files than they do."""
    every = {
        key: replace(one, print=replace(one.print, bytes=largest)) if one.print else one
        for key, one in stores.every().items()
    }
    monkeypatch.setattr(stores, "every", lambda: every)


def _run(arguments, root, path, monkeypatch):
    """Run the command line: in a process of its own where the programs are not this one's."""
    words = ["-C", str(root), *arguments, "--json"]
    if path != os.environ["PATH"]:
        ended = subprocess.run(
            [sys.executable, "-c", "from geppetto.cli import main; main()", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=root,
            env={**os.environ, "PATH": path},
        )
        return ended.returncode, ended.stdout + ended.stderr
    out = root.parent / "out.txt"
    with out.open("w") as stream, monkeypatch.context() as here:
        here.setattr("sys.argv", ["geppetto", *words])
        here.setattr("sys.stdout", stream)
        here.chdir(root)
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.read_text("utf-8")


def _called(name, root):
    """Give what a function of the tests' says of the book, as the command line prints it."""
    module, _, function = name.rpartition(".")
    said = getattr(importlib.import_module(module), function)(root)
    return "\n".join(formats.as_json(one) for one in said)


def _covered(root, pages):
    """Draw the covers for the book's stores; give what is said of them as the command line does."""
    book, _, faults = reading.read(root)
    assert not faults
    wanted = stores.named(book.settings.publish.stores)
    made = covering.make(book, pages, wanted, root / "covers", lambda _: None)
    return "\n".join(formats.as_json(one) for one in made.diagnostics)


def _set(code, said, how, root):
    """Give the exit code and the problems as lines of text."""
    lines = [f"exit {int(code)}"]
    for line in said.splitlines():
        record = json.loads(line) if line.startswith('{"severity"') else None
        if record is None or (record["code"] in MACHINES_OWN and record["code"] != root.name):
            continue
        if how.get("own") and record["code"] != root.name:
            continue
        place = ":".join(
            str(record[k]) for k in ("path", "line", "column") if record[k] is not None
        )
        text = f"{record['severity']}[{record['code']}]: {record['message']}"
        lines.append(f"{place}: {text}" if place else text)
        if record["hint"] and how.get("hints", True):
            lines.append("    " + record["hint"].replace("\n", "\n    "))
    return "\n".join(lines).replace(str(root), "BOOK") + "\n"


@pytest.mark.tools
@pytest.mark.parametrize("name", NAMES)
def test_case(name, golden, built, tmp_path, monkeypatch):
    """The case says what is expected, its own code among it."""
    how = _how(name)
    overlaid = (CASES / name / "book").is_dir()
    stock = CASES / "_stock" if overlaid or "first" not in how else built(how["first"])
    root = Path(shutil.copytree(stock, tmp_path / name))
    programs = tmp_path / "programs"
    programs.mkdir()
    _lay(CASES / name / "book", root)
    if "first" in how and overlaid:
        code, said = _run([*how["first"], "--quiet"], root, os.environ["PATH"], monkeypatch)
        assert code == 0, said
    _lay(CASES / name / "then", root)
    if "seconds" in how:
        monkeypatch.setattr(engine, "LIMITS", tools.Limits(seconds=how["seconds"]))
    if "largest" in how:
        _take_no_more(how["largest"], monkeypatch)
    if "during" in how:
        _save_during(root / how["during"], monkeypatch)
    path = _path(how, programs)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    if "calls" in how:
        code, said = 0, _called(how["calls"], root)
    elif "mail" in how:
        with serving(Box(refusal=how["mail"])) as port:
            file = root / "book.yaml"
            file.write_text(file.read_text("utf-8").replace("PORT", str(port)), "utf-8")
            code, said = _run(how["command"], root, path, monkeypatch)
    elif "cover" in how:
        code, said = 0, _covered(root, how["cover"])
    elif how.get("locked"):
        with store.locked(root / "build"):
            code, said = _run(how.get("command", ["pdf"]), root, path, monkeypatch)
    else:
        code, said = _run(how.get("command", ["pdf"]), root, path, monkeypatch)
    text = _set(code, said, how, root)
    assert f"[{name}]" in text, said
    golden(CASES / name / "expected.txt", text)


@pytest.mark.tools
def test_the_stock_book_is_right(tmp_path, monkeypatch):
    """Nothing is said of it in any edition, nor by a check or a comparison."""
    root = Path(shutil.copytree(CASES / "_stock", tmp_path / "stock"))
    for command in (["all"], ["verify"], ["check"]):
        code, said = _run(command, root, os.environ["PATH"], monkeypatch)
        assert _set(code, said, {}, root) == "exit 0\n"


def test_the_catalogue_the_codes_and_the_cases_agree():
    """Every code has its section, in the catalogue's order, and its folder; no other has."""
    assert list(explanations.sections()) == list(CATALOGUE)
    assert set(NAMES) == set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_section_says_what_the_code_says(code):
    """Severity and meaning; an example; a line that Geppetto prints; why; how."""
    section = explanations.sections()[code]
    known = CATALOGUE[code]
    markable = ", markable" if known.markable else ""
    first, *rest = section.split("\n\n")
    assert first == f"{known.severity.value.capitalize()}{markable}. {known.meaning}"
    printed = re.findall(rf"^    (?:\S.*: )?(\w+\[{code}\]: .*)$", section, re.MULTILINE)
    expected = (CASES / code / "expected.txt").read_text("utf-8")
    assert printed, code
    assert all(re.sub(r"^\w+", "", line) in expected for line in printed), printed
    assert rest[-2].startswith("**Why it matters.** ")
    assert rest[-1].startswith("**How to mend it.** ")


def test_no_case_is_left_unused():
    """Each folder holds a book, a way to run it, or both, and what is expected."""
    for name in NAMES:
        held = {p.name for p in (CASES / name).iterdir()}
        assert held <= {"book", "then", "case.yaml", "expected.txt"}, name
        assert "expected.txt" in held
