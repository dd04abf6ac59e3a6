"""The way from a fresh machine: locks, Makefile, and the set-up on systems that are made up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from geppetto import packages

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
COMMON = "awk cat chmod cksum cp cut dirname env grep head mkdir mv paste printf rm sed sh sleep touch tr"

PYTHON = """#!/bin/sh
# A Python of the tests: new enough, and pip does as PIP says.
case "$*" in
*version_info*3,*11*) exit 0 ;;
*ensurepip*) [ ! -e "$STAGE/no-venv" ] ;;
*python%d*) echo python3.11-venv ;;
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*sysconfig*) echo .venv ;;
*"-m pip"*) echo "pip $*" >>"$STAGE/log"; [ ! -e "$STAGE/no-network" ] ;;
--version) echo Python 3.11.0 ;;
*) exit 1 ;;
esac
"""
APT = """#!/bin/sh
# An apt of the tests: what it installs appears in the PATH.
case "$*" in
*-s\\ install*chromium*) [ -e "$STAGE/lists" ] && [ -e "$STAGE/chromium" ] ;;
*-s\\ install*) [ -e "$STAGE/lists" ] ;;
*update*) echo "apt update" >>"$STAGE/log"; [ ! -e "$STAGE/no-network" ] && touch "$STAGE/lists" ;;
*install*)
    echo "apt $*" >>"$STAGE/log"
    [ ! -e "$STAGE/no-network" ] || exit 100
    rm -f "$STAGE/no-venv"
    cp "$STAGE"/archive/* "$STAGE/bin"
    ;;
esac
"""
INSTALLED = {
    "lualatex": "echo 'This is LuaHBTeX, Version 1.15.0 (TeX Live 2022/Debian)'",
    "java": """echo 'openjdk version "17.0.1" 2021' >&2""",
    "kpsewhich": 'echo "/texmf/$1"',
    "fc-list": 'echo "$1"',
    **dict.fromkeys(("rsvg-convert", "pdftotext", "qpdf", "bibtex", "bwrap", "git"), ":"),
}


def script(path, body):
    path.write_text(body if body.startswith("#!") else f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


class Machine:
    """A made-up machine: a copy of the set-up, and a PATH that holds what we put there."""

    def __init__(self, folder):
        self.stage = folder / "stage"
        self.tree = folder / "a tree"
        self.bin = self.stage / "bin"
        (self.stage / "archive").mkdir(parents=True)
        self.bin.mkdir()
        for name in COMMON.split():
            (self.bin / name).symlink_to(shutil.which(name))
        for name, body in INSTALLED.items():
            script(self.stage / "archive" / name, body)
        shutil.copytree(ROOT / "setup", self.tree / "setup")
        table = "src/geppetto/data/packages.txt"
        for name in (*LOCKS, table):
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        (self.stage / "chromium").touch()
        self.is_user(0)

    def has(self, **programs):
        """Install scripts under these names."""
        for name, body in programs.items():
            script(self.bin / name.replace("_", "-"), body)

    def has_everything(self):
        """Install all that a book and its tests need."""
        shutil.copytree(self.stage / "archive", self.bin, dirs_exist_ok=True)

    def is_user(self, uid):
        """Let this user run the set-up."""
        self.has(id=f"echo {uid}")

    def lacks(self, what):
        """Break the network (`no-network`) or Python's venv module (`no-venv`)."""
        (self.stage / what).touch()

    def set_up(self, what="build", **environment):
        """Run the set-up to its end."""
        return subprocess.run(
            ["sh", "setup/run.sh", what],
            cwd=self.tree,
            env={"PATH": str(self.bin), "STAGE": str(self.stage), "GEPPETTO_RETRY_SECONDS": "0"}
            | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def log(self):
        """What apt and pip were asked to do."""
        path = self.stage / "log"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def pins(name):
    return dict(PIN.findall((ROOT / name).read_text()))


# The locks


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes(name):
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9._-]+==)", text)[1:]
    assert len(blocks) == len(pins(name)) > 10
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name):
    """Who installs chooses the index; the lock says what, not whence."""
    text = (ROOT / name).read_text()
    assert not re.search(r"://|--(extra-)?index-url|--trusted-host|--find-links", text)


def test_the_locks_agree():
    build, dev = (pins(name) for name in LOCKS)
    assert build.items() <= dev.items()


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
    }
    for lock, requirements in wanted.items():
        for requirement in requirements:
            name = re.split(r"[<>=!~;\[ ]", requirement)[0].lower().replace("_", "-")
            assert name in pins(lock), f"{name} is not in {lock}: run `make lock`"


# The Makefile


def test_make_explains_every_target():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    explained = set(re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE))
    assert targets == explained
    assert {"pdf", "epub", "all", "test", "lint", "types", "clean", "doctor", "setup"} <= targets


@pytest.mark.tools
def test_make_alone_says_what_can_be_made():
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make pdf " in printed.stdout
    assert "ready" not in printed.stdout


# Continuous integration


@pytest.mark.tools
@pytest.mark.parametrize("broken", [None, "test", "lint", "types"])
def test_ci_runs_everything_and_fails_if_anything_does(tmp_path, broken):
    script(tmp_path / "make", f'echo "made $1"; [ "$1" != "{broken}" ]')
    ended = subprocess.run(
        [ROOT / ".ci/run"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.findall("made (.*)", ended.stdout) == ["test", "lint", "types"]
    assert ended.returncode == (0 if broken is None else 1)
    assert ended.stdout.splitlines()[-1] == (
        "== all passed" if broken is None else f"== failed: {broken}"
    )


# The set-up


@pytest.mark.tools
def test_root_on_debian_gets_everything(machine):
    """Python's venv module and the system's packages come in one run of apt, after one update."""
    machine.has(python3=PYTHON, **{"apt-get": APT})
    machine.lacks("no-venv")
    ended = machine.set_up("test")
    assert ended.returncode == 0, ended.stderr
    installs = [line for line in machine.log if "apt" in line]
    assert installs[0] == "apt update"
    assert len(installs) == 3
    assert "--no-install-recommends python3.11-venv texlive-luatex " in installs[1]
    assert "DPkg::Lock::Timeout=300" in installs[1]
    assert "chromium chromium-driver" in installs[2]
    pip = next(line for line in machine.log if line.startswith("pip"))
    assert "--require-hashes" in pip
    assert "requirements-dev.lock" in pip


@pytest.mark.tools
@pytest.mark.parametrize("known", [True, False])
def test_what_is_only_offered_is_installed_where_apt_has_it(machine, known):
    machine.has(python3=PYTHON, **{"apt-get": APT})
    if not known:
        (machine.stage / "chromium").unlink()
    assert machine.set_up("build").returncode == 0
    assert not any("chromium" in line for line in machine.log)
    ended = machine.set_up("test")
    assert ended.returncode == 0, ended.stderr
    assert any("chromium chromium-driver" in line for line in machine.log) is known


@pytest.mark.tools
def test_what_is_only_offered_and_cannot_be_installed_stops_nothing(machine):
    machine.has(python3=PYTHON, **{"apt-get": APT})
    machine.has_everything()
    machine.set_up("dev")
    (machine.stage / "lists").touch()
    machine.lacks("no-network")
    ended = machine.set_up("test")
    assert ended.returncode == 0
    assert "the tests that need it will be skipped" in ended.stderr


@pytest.mark.tools
def test_the_second_run_installs_nothing_and_needs_no_network(machine):
    machine.has(python3=PYTHON, **{"apt-get": APT})
    machine.set_up("test")
    before = machine.log
    machine.lacks("no-network")
    for what in ("test", "build", "dev", "python"):
        ended = machine.set_up(what)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert machine.log == before


@pytest.mark.tools
def test_what_was_removed_is_found_when_asked_to_look_again(machine):
    """`make setup` forgets what was noted, and asks no network where nothing is missing."""
    machine.has(python3=PYTHON)
    machine.has_everything()
    machine.set_up()
    for note in (machine.tree / ".venv").glob("set-up-*"):
        note.unlink()
    (machine.bin / "rsvg-convert").unlink()
    ended = machine.set_up()
    assert ended.returncode == 3
    assert "Missing on this system: rsvg-convert." in ended.stderr


@pytest.mark.tools
@pytest.mark.parametrize("changed", ["requirements.lock", "src/geppetto/data/packages.txt"])
def test_a_changed_list_is_seen_whatever_its_time(machine, changed):
    machine.has(python3=PYTHON)
    machine.has_everything()
    assert machine.set_up().returncode == 0
    path = machine.tree / changed
    stamp = path.stat()
    path.write_text(path.read_text() + "\n# changed\n")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert "Set up." in machine.set_up().stderr


@pytest.mark.tools
def test_a_moved_folder_is_set_up_again(machine):
    """A virtual environment holds its own path."""
    machine.has(python3=PYTHON)
    machine.has_everything()
    machine.set_up()
    machine.tree = machine.tree.rename(machine.tree.with_name("moved"))
    assert "Set up." in machine.set_up().stderr
    assert str(machine.tree) in (machine.tree / ".venv/bin/geppetto").read_text()


@pytest.mark.tools
@pytest.mark.parametrize("manager", ["apt-get", "dnf", "brew", "own tlmgr"])
def test_who_cannot_install_is_told_the_doctors_line(machine, manager, monkeypatch):
    """Not root, no sudo: nothing is touched, and one line says what to do."""
    machine.is_user(1000)
    machine.has(python3=PYTHON, **{manager.split()[-1]: "exit 1"})
    ended = machine.set_up("build")
    monkeypatch.setenv("PATH", str(machine.bin))
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    needed = [need for need in packages.needs() if need.scope == "build"]
    line = packages.install_line(packages.missing(needed))
    assert ended.returncode == 3
    assert line
    assert ended.stderr.splitlines()[-1] == f"  {line}"
    assert not (machine.tree / ".venv").exists()


@pytest.mark.tools
def test_installing_can_be_forbidden(machine):
    machine.has(python3=PYTHON, **{"apt-get": APT})
    ended = machine.set_up(GEPPETTO_NO_INSTALL="1")
    assert ended.returncode == 3
    assert "  apt-get install --no-install-recommends texlive-luatex " in ended.stderr
    assert machine.log == []


@pytest.mark.tools
def test_sudo_is_used_only_without_a_question(machine):
    machine.is_user(1000)
    machine.has(
        python3=PYTHON, sudo='[ "$1" = -n ] && shift && exec "$@"', true="", **{"apt-get": APT}
    )
    ended = machine.set_up()
    assert ended.returncode == 0, ended.stderr
    assert any("install" in line for line in machine.log)


@pytest.mark.tools
def test_a_mirror_that_fails_is_tried_once_more(machine):
    machine.has(python3=PYTHON, **{"apt-get": APT})
    machine.lacks("no-network")
    ended = machine.set_up()
    assert ended.returncode == 3
    assert machine.log == ["apt update", "apt update"]
    assert "apt could not install" in ended.stderr


@pytest.mark.tools
def test_pip_without_a_network_leaves_no_mark_of_success(machine):
    machine.has(python3=PYTHON)
    machine.has_everything()
    machine.lacks("no-network")
    ended = machine.set_up()
    assert ended.returncode == 3
    assert "could not be installed" in ended.stderr
    assert len(machine.log) == 2
    (machine.stage / "no-network").unlink()
    assert machine.set_up().returncode == 0


@pytest.mark.tools
@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", "sudo apt-get install python3.11 python3.11-venv"),
        ("dnf", "sudo dnf install python3.12"),
        ("brew", "brew install python@3.13"),
    ],
)
def test_an_old_python_is_told_what_mends_it(machine, manager, line):
    machine.is_user(1000)
    machine.has(python3="exit 1", **{manager: ":"})
    ended = machine.set_up()
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1].strip() == line


@pytest.mark.tools
def test_the_command_runs_in_a_folder_with_blanks(machine):
    """The made command is found by a shell and read by Python, whatever the folder's name."""
    machine.has(python3=PYTHON)
    machine.has_everything()
    machine.set_up()
    command = machine.tree / ".venv/bin/geppetto"
    script(machine.tree / ".venv/bin/python", 'printf "%s\\n" "$@"')
    printed = subprocess.run([command, "pdf", "a b"], capture_output=True, text=True, check=True)
    assert printed.stdout.splitlines() == [str(command), "pdf", "a b"]
    compile(command.read_text(), str(command), "exec")
