"""A release's sums and facts, and what is found when it is not what it was."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from geppetto import store
from geppetto.diagnostics import GeppettoError
from geppetto.publish import folder
from geppetto.publish.folder import Facts, File

FACTS = Facts(
    version="1.0", revision="abc1234", epoch=0, book={"title": "T"}, tools={"Pandoc": "3.9"},
    sources={"book.yaml": "1", "chapters/1.md": "2"}, pages={"a.pdf": 2},
)  # fmt: skip


@pytest.fixture
def release(tmp_path):
    made = tmp_path / "release"
    made.mkdir()
    for name in ("a.pdf", "b.epub"):
        (made / name).write_bytes(name.encode())
    files = [File(name, made / name, "to read") for name in ("a.pdf", "b.epub")]
    (made / folder.METADATA).write_text(folder.metadata(FACTS, files))
    (made / folder.SUMS).write_text(folder.sums(made))
    return made


def test_what_is_written_is_whole_and_can_be_read(release):
    assert folder.damage(release) == []
    told = folder.facts_of(release)
    assert told["version"] == "1.0"
    assert [(f["name"], f["bytes"]) for f in told["files"]] == [("a.pdf", 5), ("b.epub", 6)]
    assert told["files"][0]["sha256"] == folder.digest(release / "a.pdf")


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum")
def test_the_sums_are_those_of_sha256sum(release):
    subprocess.run(["sha256sum", "--check", "--strict", folder.SUMS], cwd=release, check=True)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda r: (r / "a.pdf").write_bytes(b"other"), "a.pdf has been changed"),
        (lambda r: (r / "b.epub").unlink(), "b.epub is missing"),
        (lambda r: (r / "c.txt").write_text("x"), "c.txt has been added"),
        (lambda r: (r / folder.SUMS).unlink(), "SHA256SUMS is missing"),
        (lambda r: (r / folder.SUMS).write_text("no sums"), "no list of sums any more"),
    ],
)
def test_every_harm_is_found(release, harm, said):
    harm(release)
    (found,) = folder.damage(release)
    assert found.code == "release-damaged"
    assert said in found.message


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"form": 99, "files": []})])
def test_another_folder_is_no_release(release, text):
    (release / folder.METADATA).write_text(text)
    with pytest.raises(GeppettoError) as caught:
        folder.facts_of(release)
    assert caught.value.diagnostics[0].code == "release-damaged"


def test_other_sources_are_named():
    told = {"sources": FACTS.sources}
    assert folder.changed_sources(told, dict(FACTS.sources)) == []
    now = {"book.yaml": "1", "chapters/1.md": "3", "chapters/2.md": "4"}
    assert folder.changed_sources(told, now) == ["chapters/1.md", "chapters/2.md"]


def test_a_release_takes_the_place_of_another_whole(release, tmp_path):
    target = tmp_path / "build" / "1.0"
    store.publish_folder(release, target)
    (target / "left over.txt").write_text("x")
    (release / "a.pdf").write_bytes(b"new")
    store.publish_folder(release, target)
    assert sorted(p.name for p in target.iterdir()) == sorted(p.name for p in release.iterdir())
    assert (target / "a.pdf").read_bytes() == b"new"
    assert [p.name for p in target.parent.iterdir()] == ["1.0"]


def test_what_cannot_be_written_leaves_the_old_release(release, tmp_path, monkeypatch):
    target = tmp_path / "build" / "1.0"
    store.publish_folder(release, target)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(GeppettoError) as caught:
        store.publish_folder(release, target)
    assert caught.value.diagnostics[0].code == "output-failed"
    assert (target / "a.pdf").read_bytes() == b"a.pdf"
    assert [p.name for p in target.parent.iterdir()] == ["1.0"]
