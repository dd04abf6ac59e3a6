"""A watched book is built at every save; errors do not end the watch, nor does a save during a build."""

from __future__ import annotations

import gc
import queue
import signal
import subprocess
import sys
import threading

import pytest

from geppetto import tools
from geppetto.diagnostics import GeppettoError
from geppetto.model.book import Document
from geppetto.pipeline import building
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
from geppetto.pipeline.watching import Watch
from geppetto.sourcemap import masks

WAIT = 120  # seconds until a test gives up
FILES = {"chapters/1.md": "# One\n\nWords.\n", "chapters/2.md": "# Two\n\nOther words.\n"}


class _Watched:
    """A watch in a thread of its own, and what it tells."""

    def __init__(self, root, *editions):
        self.turns = queue.Queue()
        self.steps = []
        self.watch = Watch(Request(root, editions or ("epub",)), self.steps.append)
        self.thread = threading.Thread(target=self.watch.run, args=(self.turns.put,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *fault):
        self.watch.stop()
        self.thread.join(WAIT)
        assert not self.thread.is_alive()
        assert not tools._RUNNING

    def names(self):
        return [step.name for step in self.steps]

    def turn(self):
        return self.turns.get(timeout=WAIT)


def codes(turn):
    return [d.code for d in turn.outcome.diagnostics]


def test_a_save_is_built_and_an_error_is_mended(make_book):
    root = make_book(FILES)
    with _Watched(root) as watched:
        assert [a.kind for a in watched.turn().outcome.artifacts] == ["epub"]
        good = (root / "build/a-small-book.epub").read_bytes()
        (root / "chapters/1.md").write_text("# One\n\nSee @fig:none.\n")
        turn = watched.turn()
        assert codes(turn) == ["crossref-unknown"]
        assert turn.saved == ("chapters/1.md",)
        assert (root / "build/a-small-book.epub").read_bytes() == good
        (root / "book.yaml").write_text("titel: x\n")
        assert watched.turn().outcome.diagnostics[0].is_error
        (root / "book.yaml").write_text("title: A Small Book\n")
        (root / "chapters/1.md").write_text("# One\n\nMended.\n")
        assert watched.turn().outcome.artifacts
        assert (root / "build/a-small-book.epub").read_bytes() != good


def test_nothing_is_remembered_of_texts_that_are_old(make_book):
    """Memory does not grow with the number of builds."""
    root = make_book(FILES)
    with _Watched(root) as watched:
        watched.turn()
        (root / "chapters/1.md").write_text("# One\n\nOther words.\n")
        watched.turn()
        watched.watch.stop()
        watched.thread.join(WAIT)
        assert masks.mask.cache_info().currsize == 0
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Document)]


def test_while_a_book_is_watched_no_other_build_begins(make_book):
    root = make_book(FILES)
    with _Watched(root) as watched:
        watched.turn()
        with pytest.raises(GeppettoError) as caught:
            build(Request(root, ("epub",)), lambda _: None)
        assert caught.value.diagnostics[0].code == "build-locked"
    assert build(Request(root, ("epub",)), lambda _: None).artifacts


def test_a_save_during_a_build_ends_it(make_book, monkeypatch):
    """The first build is held up until the second save; it is told of the second alone."""
    root = make_book(FILES)
    held, texts = threading.Event(), []
    tried = building.tried

    def slow(request, *rest):
        texts.append((root / "chapters/1.md").read_text())
        if "first" in texts[-1]:
            held.set()
            threading.Event().wait(1)
        return tried(request, *rest)

    with _Watched(root) as watched:
        watched.turn()
        monkeypatch.setattr(building, "tried", slow)
        (root / "chapters/1.md").write_text("# One\n\nThe first save.\n")
        assert held.wait(WAIT)
        (root / "chapters/1.md").write_text("# One\n\nThe second save.\n")
        assert watched.turn().outcome.artifacts
        assert "second" in texts[-1]
        assert watched.turns.empty()


@pytest.mark.tools
def test_the_next_edit_finds_lualatex_waiting(make_book):
    root = make_book(FILES, **{"book.yaml": "title: A Small Book\ndate: 2026-01-02\n"})
    with _Watched(root, "pdf") as watched:
        watched.turn()
        for words in ("Some", "More"):
            (root / "chapters/2.md").write_text(f"# Two\n\n{words} words.\n")
            turn = watched.turn()
            assert turn.outcome.artifacts, turn.outcome.diagnostics
            assert watched.names()[-2:] == ["typesetting, ch2", "putting the outputs in place"]
        (root / "book.yaml").write_text("title: A Small Book\ndate: 2026-01-02\npdf: {trim: a5}\n")
        assert watched.turn().outcome.artifacts
        assert any("pass 1" in name for name in watched.names())


def test_ctrl_c_ends_the_watch(make_book):
    root = make_book(FILES)
    program = "import sys; from geppetto.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "-C", str(root), "watch", "epub"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True) as process:
        while "watching" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT) == 0
        assert "build/a-small-book.epub  2 chapters" in process.stdout.read()
