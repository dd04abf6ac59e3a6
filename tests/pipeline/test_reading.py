"""The book's time by its history, read by git: from any folder, and without what a repository could start."""

from __future__ import annotations

import os
import subprocess

import pytest

from geppetto import tools
from geppetto.pipeline import reading

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(tools.find("git") is None, reason="git is not installed"),
]
NOON = 1_588_680_000


@pytest.fixture
def repository(tmp_path):
    """Make a repository with a book in a folder of it, committed at noon."""
    root = tmp_path / "repository"
    (root / "book/chapters").mkdir(parents=True)
    (root / "book/book.yaml").write_text("title: T\n")
    (root / "book/chapters/1.md").write_text("# One\n\nWords.\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")
    return root


def git(root, *arguments):
    names = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    time = {"GIT_COMMITTER_DATE": f"{NOON} +0000", "GIT_AUTHOR_DATE": f"{NOON} +0000"}
    subprocess.run(["git", *names, *arguments], cwd=root, env=os.environ | time, check=True)


def epoch(root):
    book, _, _ = reading.read(root)
    return reading.epoch(book)


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def test_a_book_in_a_folder_of_a_repository(repository):
    assert epoch(repository / "book") == NOON


def test_a_book_in_a_worktree(repository, tmp_path):
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert epoch(tmp_path / "tree/book") == NOON


def test_a_repository_starts_no_program(repository, tmp_path):
    """Its settings can name programs: for signatures, watching files, paging, connecting."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    for name, value in (
        ("log.showSignature", "true"),
        *(
            (n, str(program))
            for n in ("gpg.program", "core.fsmonitor", "core.pager", "core.sshCommand")
        ),
    ):
        git(repository, "config", name, value)
    assert epoch(repository / "book") == NOON
    assert not (tmp_path / "started").exists()
