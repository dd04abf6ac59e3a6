"""What runs on GitHub, for this repository and for a new book: pinned, modest, and there."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from geppetto import starting
from geppetto.cli import cli

ROOT = Path(__file__).parents[1]
OWN = {path.name: path.read_text("utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")}
NEW = starting.text("dot-github/workflows/book.yml", starting.Answers("A", ("B",), "en"))
WORKFLOWS = {**OWN, "new": NEW}
USES = re.compile(r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", re.M)

each = pytest.mark.parametrize("name", sorted(WORKFLOWS))


def workflow(name):
    """Give a workflow as YAML 1.1 has it, in which the key `on` is a truth value."""
    read = yaml.safe_load(WORKFLOWS[name])
    return {"on" if key is True else key: value for key, value in read.items()}


def steps(name):
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def lines(name):
    """Give every line that a workflow has a shell run."""
    runs = [step["run"] for step in steps(name) if "run" in step]
    return [line.strip() for run in runs for line in run.replace("\\\n", "").splitlines()]


def test_there_are_a_workflow_for_the_tests_and_one_for_the_book():
    assert set(OWN) == {"ci.yml", "book.yml"}
    assert ".ci/run" in lines("ci.yml")
    assert os.access(ROOT / ".ci/run", os.X_OK)


@each
def test_every_action_is_pinned_by_its_commit(name):
    """With its version beside it; all workflows take the same."""
    pinned = USES.findall(WORKFLOWS[name])
    assert len(pinned) == len([step for step in steps(name) if "uses" in step]) > 2
    assert WORKFLOWS[name].count("uses:") == len(pinned)
    everywhere = {use for text in WORKFLOWS.values() for use in USES.findall(text)}
    assert len(everywhere) == len({action for action, _, _ in everywhere})


@each
def test_it_may_do_little_and_ends(name):
    """It reads; only what makes a release writes, and runs nothing that a book could say."""
    read = workflow(name)
    assert read["permissions"] == {"contents": "read"}
    assert read["concurrency"]["group"].endswith("${{ github.ref }}")
    assert {"push", "pull_request"} <= set(read["on"])
    assert not re.search(r"{{[^}]*secrets", WORKFLOWS[name])
    for title, job in read["jobs"].items():
        assert 0 < job["timeout-minutes"] <= 90
        writes = job.get("permissions", {}) == {"contents": "write"}
        assert writes == (title == "release")
        assert not writes or "checkout" not in str(job)
        assert writes == (job.get("if") == "github.ref_type == 'tag'")
    for step in steps(name):
        assert "${{" not in step.get("run", "")
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@each
def test_it_runs_commands_that_are_there(name):
    """Geppetto's, Make's targets, the set-up's."""
    ran = {found[1] for line in lines(name) if (found := re.match(r"\S*geppetto (\w+)", line))}
    assert ran <= set(cli.commands)
    for line in lines(name):
        if target := re.match(r"make (\w+)", line):
            subprocess.run([shutil.which("make"), "-n", target[1]], cwd=ROOT, check=True)
        if setting := re.match(r"sh (setup/run.sh) (\w+)", line):
            assert re.search(rf"^{setting[2]}\) lock=", (ROOT / setting[1]).read_text(), re.M)


@pytest.mark.parametrize("name", ["book.yml", "new"])
def test_it_checks_builds_and_publishes_the_book(name):
    """In this order, with problems beside their lines; a tag alone publishes."""
    said = "\n".join(lines(name))
    order = [r"doctor", r"check .*--strict --format github", r"all .*--format github", r"verify ",
             r"publish "]  # fmt: skip
    assert re.search(".*".join(order), said, re.S)
    (publishing,) = [step for step in steps(name) if "publish" in step.get("run", "")]
    assert publishing["if"] == "github.ref_type == 'tag'"
    assert workflow(name)["on"]["push"]["tags"] == ["v*"]


def test_both_make_the_release_alike():
    assert workflow("book.yml")["jobs"]["release"] == workflow("new")["jobs"]["release"]


def summed_up(folder):
    """Run the step that makes `assets/` of `release/`, as GitHub runs it; give its exit code."""
    (script,) = [step["run"] for step in steps("new") if "sha256sum" in step.get("run", "")]
    return subprocess.run(
        [shutil.which("bash"), "-e", "-c", script], cwd=folder, check=False
    ).returncode


def test_two_files_of_a_release_that_would_have_one_name_stop_it(tmp_path):
    for name in ("1.0/a-b", "1.0/a/b"):
        (tmp_path / "release" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "release" / name).touch()
    assert summed_up(tmp_path) != 0


def test_the_files_of_a_release_are_named_and_summed_up(tmp_path):
    """What lies in folders gets their names; the sums are those of all files."""
    files = {"1.0/book.pdf": b"a", "1.0/kdp/cover 1.pdf": b"b", "1.0/SHA256SUMS": b"of others"}
    for name, content in files.items():
        path = tmp_path / "release" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert summed_up(tmp_path) == 0
    assets = {path.name: path.read_bytes() for path in (tmp_path / "assets").iterdir()}
    sums = assets.pop("SHA256SUMS").decode().splitlines()
    assert assets == {"book.pdf": b"a", "kdp-cover-1.pdf": b"b"}
    assert sums == [f"{hashlib.sha256(c).hexdigest()}  {n}" for n, c in sorted(assets.items())]
