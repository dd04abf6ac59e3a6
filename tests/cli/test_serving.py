"""`geppetto watch --serve`: what is wrong usage, what is told and printed of a build, when a browser opens."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest

from geppetto.cli import main, watching
from geppetto.diagnostics import Diagnostic, ExitCode
from geppetto.model.book import Artifact, Outcome
from geppetto.pipeline.edition import Request
from geppetto.pipeline.placing import pdf_of
from geppetto.pipeline.watching import Turn
from geppetto.preview import Preview
from geppetto.progress import Step

PROBLEM = Diagnostic("chapter-none", "The book has no chapter.")


def refused(monkeypatch, capsys, *arguments):
    """Run the command; give what it says of its usage."""
    monkeypatch.setattr("sys.argv", ["geppetto", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == ExitCode.USAGE
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "8000"], "belong to --serve"),
        (["--open"], "belong to --serve"),
        (["epub", "--serve"], "watch pdf, or all"),
        (["--serve", "--port", "80"], "not in the range"),
    ],
)
def test_wrong_usage_is_said(monkeypatch, capsys, make_book, arguments, words):
    assert words in refused(monkeypatch, capsys, "-C", str(make_book()), "watch", *arguments)


def test_a_port_that_is_taken_is_said(monkeypatch, capsys, make_book):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        words = refused(
            monkeypatch, capsys, "-C", str(make_book()), "watch", "--serve", "--port", port
        )
    assert f"Port {port} cannot be used" in words


@pytest.fixture
def served(make_book, monkeypatch):
    """Serve a book whose watch tells of these builds; give what the preview was told, and browsers."""
    seen = SimpleNamespace(told=[], opened=[], states=[])

    class Watch:
        def __init__(self, request, on_step):
            self.request, self.on_step = request, on_step

        def run(self, on_turn):
            self.on_step(Step("reading"))
            for turn in seen.turns:
                on_turn(turn)

    class Spy(Preview):
        def built(self, *values):
            seen.told.append(values)
            super().built(*values)

        def begun(self, step):
            super().begun(step)
            seen.states.append(self.board.state)

    monkeypatch.setattr(watching, "Watch", Watch)
    monkeypatch.setattr("geppetto.preview.Preview", Spy)
    monkeypatch.setattr(watching.webbrowser, "open", seen.opened.append)

    def serve(*turns, opens=False):
        seen.turns = turns
        watching.serve(Request(make_book(), ("pdf", "epub")), 0, opens=opens)
        return seen

    return serve


def test_the_address_is_printed_and_each_build_is_told(served, tmp_path, capsys):
    """Of the editions it is the PDF that is shown; without one, the problems."""
    made = [Artifact(kind, tmp_path / kind, 1, "pages", 1, 0.1) for kind in ("epub", "pdf")]
    good = Turn(Outcome(tuple(made), ()), (), 1.5)
    bad = Turn(Outcome((), (PROBLEM,)), ("chapters/1.md",), 0.5)
    seen = served(good, bad)
    assert seen.told == [(tmp_path / "pdf", (), 1.5), (None, (PROBLEM,), 0.5)]
    assert seen.states[0].step == "reading"
    printed = capsys.readouterr().err
    assert printed.count("shown at http://127.0.0.1:") == 1
    assert "?token=" in printed.splitlines()[0]
    assert seen.opened == []


def test_on_a_terminal_the_address_stands_below_each_build(served, monkeypatch, capsys):
    """There each build clears what was printed before."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    served(Turn(Outcome((), ()), (), 1.0), Turn(Outcome((), (PROBLEM,)), (), 1.0))
    lines = capsys.readouterr().err.splitlines()
    assert "shown at http://127.0.0.1:" in lines[-1]
    assert sum("shown at" in line for line in lines) == 3


@pytest.mark.parametrize(
    ("machine", "opens", "times"),
    [
        (("linux", ":0"), True, 1),
        (("linux", ""), True, 0),
        (("darwin", ""), True, 1),
        (("linux", ":0"), False, 0),
    ],
)
def test_a_browser_opens_if_asked_for_and_seen(served, monkeypatch, machine, opens, times):
    monkeypatch.setattr(watching.sys, "platform", machine[0])
    monkeypatch.setenv("DISPLAY", machine[1])
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert len(served(opens=opens).opened) == times


def test_the_pdf_that_stands_is_found(make_book):
    root = make_book({"build/a-small-book.pdf": "%PDF"})
    assert pdf_of(root) == root / "build/a-small-book.pdf"
    (root / "build/a-small-book.pdf").unlink()
    assert pdf_of(root) is None
    (root / "book.yaml").write_text("titel: x\n")
    assert pdf_of(root) is None
