"""Faults of the machine: killed, disk full, folder closed, two at once, inputs that change.

Each time the last good outputs stand, nothing piles up, and the next build is
right and equal to a clean one.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from geppetto import store
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.latex import engine
from geppetto.pipeline import making
from geppetto.pipeline.building import build
from geppetto.pipeline.cleaning import clean
from geppetto.pipeline.edition import Request
from sameness import differences

EDITIONS = ("pdf", "epub")
MOMENTS = 25
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)
SEED = 20261125


def made(root, *editions, on_step=lambda _: None):
    return build(Request(root, editions or EDITIONS), on_step)


def outputs(root):
    """Give the bytes of each edition in build/."""
    return {
        p.suffix: p.read_bytes()
        for p in (root / "build").glob("*.*")
        if p.suffix in {".pdf", ".epub"}
    }


def is_same(one, other, folder):
    """Tell whether two sets of outputs are the same; a joined PDF has other bytes than one run's."""
    if one.keys() != other.keys() or one.get(".epub") != other.get(".epub"):
        return False
    if one.get(".pdf") == other.get(".pdf"):
        return True
    files = [folder / "one.pdf", folder / "other.pdf"]
    for file, made in zip(files, (one, other), strict=True):
        file.write_bytes(made[".pdf"])
    return differences(*files) == []


def strays(root):
    """Give what a build left half-written, in its folder and in the place for temporary files."""
    left = [
        *(root / "build").rglob(f"{store.PREFIX}*"),
        *Path(tempfile.gettempdir()).glob("*geppetto-*"),
    ]
    return sorted(path.name for path in left)


@pytest.fixture
def book(make_book, tmp_path, monkeypatch):
    """A small book; temporary files have a place of its own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return make_book({"chapters/1.md": "# One\n\nOld words.\n"})


def edit(root, words):
    (root / "chapters/1.md").write_text(f"# One\n\n{words}\n")


def clean_outputs(root, tmp_path, words):
    """Give what a clean build of the book with these words gives, elsewhere."""
    other = tmp_path / f"clean-{words.split()[0]}"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("build"))
    edit(other, words)
    made(other)
    return outputs(other)


@pytest.mark.tools
def test_killed_at_any_moment(book, tmp_path):
    """SIGKILL at 25 random moments of a build: an output is the old or the new one, whole."""
    texts = ("Old words.", "New words, and some more.")
    good = [clean_outputs(book, tmp_path, words) for words in texts]
    made(book)
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    lasting = {}
    for number, editions in enumerate((EDITIONS, ("epub",)), 1):
        edit(book, texts[number % 2])
        started = time.monotonic()
        made(book, *editions)
        lasting[editions] = time.monotonic() - started
    ended = 0
    for moment in range(MOMENTS):
        edit(book, texts[moment % 2])
        editions = EDITIONS if moment % 3 == 0 else ("epub",)
        ended += _killed(book, editions, chance.uniform(0, lasting[editions]))
        for suffix, data in outputs(book).items():
            both = ({suffix: one[suffix]} for one in good)
            assert any(is_same({suffix: data}, one, tmp_path) for one in both)
    assert ended >= MOMENTS // 3
    edit(book, texts[0])
    made(book)
    assert is_same(outputs(book), good[0], tmp_path)
    assert strays(book) == []


def _killed(root, editions, seconds):
    """Build in a process of its own and kill it after a while; say whether it was still at work."""
    child = os.fork()
    if child == 0:
        try:
            made(root, *editions)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    _wait_for_the_lock(root)
    return os.WIFSIGNALED(status)


def _wait_for_the_lock(root):
    """What the killed build had started dies with it, or holds the lock until it ends."""
    for _ in range(1200):
        try:
            with store.locked(root / "build"):
                return
        except GeppettoError:
            time.sleep(0.05)
    pytest.fail("a program outlives the killed build")


@pytest.mark.tools
def test_a_full_disk(book):
    """As a limit on the size of files: whoever writes is refused, Python and LuaLaTeX alike."""
    made(book)
    before = outputs(book)
    edit(book, "New words.")
    ended = os.fork()
    if ended == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        try:
            made(book)
        except GeppettoError as fault:
            os._exit(
                fault.exit_code
                if fault.diagnostics[0].code in {"output-failed", "tool-failed"}
                else 99
            )
        os._exit(98)
    _, status = os.waitpid(ended, 0)
    assert os.waitstatus_to_exitcode(status) == ExitCode.MACHINERY
    assert outputs(book) == before
    made(book)
    assert outputs(book) != before
    assert strays(book) == []


def test_a_full_disk_is_said(book, monkeypatch):
    """An error of the disk anywhere in a build ends it with code 4 and says what to do."""

    def full(*_):
        raise OSError(28, "No space left on device", str(book / "build/x"))

    monkeypatch.setattr(making.reading, "read", full)
    with pytest.raises(GeppettoError) as caught:
        made(book)
    [found] = caught.value.diagnostics
    assert caught.value.exit_code is ExitCode.MACHINERY
    assert (found.code, "Make room" in found.hint) == ("output-failed", True)
    assert "No space left" in found.message


def test_too_little_memory_is_said(book, monkeypatch):
    def greedy(*_):
        raise MemoryError

    monkeypatch.setattr(making.reading, "read", greedy)
    with pytest.raises(GeppettoError) as caught:
        made(book)
    assert caught.value.diagnostics[0].code == "output-failed"


def test_lualatex_on_a_full_disk(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/lualatex"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "This is LuaHBTeX, Version 1.15.0" && exit\n'
        "echo 'luahbtex: fatal: fwrite() failed: No space left on device' >&2; exit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    with pytest.raises(GeppettoError) as caught:
        engine.typeset({"book.tex": "x"}, tmp_path / "work", jobname="book", epoch=0)
    assert caught.value.diagnostics[0].code == "output-failed"
    assert caught.value.exit_code is ExitCode.MACHINERY


def test_a_build_folder_that_cannot_be_written(book):
    (book / "build").write_text("in the way")
    with pytest.raises(GeppettoError) as caught:
        made(book)
    assert (caught.value.diagnostics[0].code, caught.value.exit_code) == (
        "output-failed",
        ExitCode.MACHINERY,
    )
    assert (book / "build").read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_build_folder_that_is_read_only(book):
    (book / "build").mkdir(mode=0o555)
    with pytest.raises(GeppettoError) as caught:
        made(book)
    assert caught.value.diagnostics[0].code == "output-failed"
    assert "rights" in caught.value.diagnostics[0].hint


def test_two_builds_at_once(book):
    """The second says so and touches nothing."""
    with store.locked(book / "build"):
        with pytest.raises(GeppettoError) as caught:
            made(book)
        with pytest.raises(GeppettoError):
            clean(book)
    assert (caught.value.diagnostics[0].code, caught.value.exit_code) == (
        "build-locked",
        ExitCode.MACHINERY,
    )


def test_what_outlives_a_killed_build_holds_its_lock(book):
    """A program that was started under the lock keeps it until it ends."""
    child = os.fork()
    if child == 0:
        with store.locked(book / "build"):
            subprocess.Popen(["sleep", "1"], close_fds=False)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with pytest.raises(GeppettoError), store.locked(book / "build"):
        pass
    _wait_for_the_lock(book)


@pytest.mark.tools
def test_a_clock_that_goes_backwards(book, tmp_path):
    """What is stale is decided by content: an edit with an older time is an edit."""
    future = time.time() + 86_400
    os.utime(book / "chapters/1.md", (future, future))
    made(book)
    for path in (book / "build").rglob("*"):
        os.utime(path, (future, future))
    edit(book, "Younger words.")
    os.utime(book / "chapters/1.md", (1, 1))
    assert made(book).diagnostics == ()
    assert is_same(outputs(book), clean_outputs(book, tmp_path, "Younger words."), tmp_path)


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "half"),
    [
        ("book.yaml", b'title: "A Small'),
        ("chapters/1.md", "# One\n\nWörds".encode()[:9]),
        ("chapters/1.md", b""),
        ("chapters/a.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("r.bib", b"@book{k, title = {Half"),
    ],
    ids=["book.yaml", "within a letter", "nothing", "an image", "a bibliography"],
)
def test_inputs_written_by_half(book, name, half):
    (book / "build").mkdir()
    (book / "build/a-small-book.epub").write_bytes(b"the last good one")
    (book / "book.yaml").write_text("title: A Small Book\nbibliography: r.bib\n")
    (book / "r.bib").write_text("@book{k, title = {T}, author = {A}, year = 2000}\n")
    (book / "chapters/1.md").write_text("# One\n\n![x](a.png) [@k]\n")
    (book / "chapters/a.png").write_bytes(PNG)
    (book / name).write_bytes(half)
    try:
        outcome = made(book, "epub")
        failed = outcome.artifacts == ()
        places = [d.location.path for d in outcome.diagnostics if d.location]
    except GeppettoError as fault:
        failed, places = True, [d.location.path for d in fault.diagnostics if d.location]
    assert failed or half == b""
    assert name in places
    if failed:
        assert (book / "build/a-small-book.epub").read_bytes() == b"the last good one"


@pytest.mark.tools
def test_an_editor_that_saves_during_a_build(book):
    """The outputs hold one state of the text, and the change is said."""

    def save(step):
        if step.name == "setting citations":
            edit(book, "Saved meanwhile.")

    outcome = made(book, "epub", on_step=save)
    assert [(d.code, str(d.location)) for d in outcome.diagnostics] == [
        ("input-changed", "chapters/1.md")
    ]
    first = outputs(book)
    assert made(book, "epub").diagnostics == ()
    assert outputs(book) != first


def test_a_killed_builds_leavings_are_swept(book):
    (book / "build/latex/parts").mkdir(parents=True)
    for name in ("build/.geppetto-abc.pdf", "build/latex/parts/.geppetto-def.tex"):
        (book / name).write_text("half")
    left = Path(tempfile.gettempdir()) / f"{store.WORKSPACE}abc"
    left.mkdir()
    with store.workspace() as mine:
        store.sweep(book / "build")
        assert mine.is_dir()
    assert not mine.exists()
    assert strays(book) == []


@pytest.mark.tools
def test_clean_goes_by_its_record(book):
    """It needs no book.yaml, knows earlier titles, and leaves what is not Geppetto's."""
    made(book, "epub")
    (book / "book.yaml").write_text("title: Another Title\n")
    made(book, "epub")
    (book / "build/mine.pdf").write_text("mine")
    (book / "book.yaml").write_text("title: [broken")
    removed = {path.name for path in clean(book)}
    assert {"a-small-book.epub", "another-title.epub", "epub"} <= removed
    assert [path.name for path in (book / "build").iterdir()] == ["mine.pdf"]
    (book / "build/mine.pdf").unlink()
    assert clean(book) == []
    assert not (book / "build").exists()


def test_a_record_names_nothing_outside_the_folder(book):
    (book / "build").mkdir()
    (book / "secret").write_text("x")
    (book / "build" / store.RECORD).write_text('["../secret", "/etc/passwd", 3, "."]')
    assert store.recorded(book / "build") == []
    clean(book)
    assert (book / "secret").exists()
