"""The moving line: what it says where there is room for how much, and how it looks on a terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from terminal import PROGRAM, Terminal, environment

from geppetto.cli.line import FINE, PLAIN, drawn, look
from geppetto.progress import Step
from geppetto.progress.count import Count


def counted(of, *, unit="pages", name="typesetting, pass 1", guessed=False):
    return Step(name, Count(of, unit, lambda: 0, guessed))


def shown(step, done=0, rest="", width=77):
    return drawn(look(step, done, rest, width), "*", PLAIN).plain


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (80, "* typesetting, pass 1  ########------------  231 of 599 pages, about 6 s left"),
        (72, "* typesetting  #######-----------  231 of 599 pages, about 6 s left"),
        (55, "* typesetting, pass 1  231 of 599 pages, about 6 s left"),
        (46, "* typesetting  231 of 599 pages, about 6 s left"),
        (45, "* typesetting, pass 1  231/599, about 6 s left"),
        (38, "* typesetting  231/599, about 6 s left"),
        (35, "* typesetting  231 of 599 pages"),
        (25, "* typesetting  231/599"),
        (5, "* typesetting, pass 1"),
    ],
)
def test_what_is_least_needed_goes_first(width, said):
    step = counted(599)
    assert shown(step, 231, "about 6 s left", width) == said


def test_several_parts_are_not_counted_twice():
    step = counted(27, unit="parts", name="typesetting, 27 parts")
    assert shown(step, 3, width=50) == "* typesetting  #-----------  3 of 27 parts"


def test_a_guess_is_said_to_be_one_and_given_up_once_it_is_passed():
    step = counted(50, guessed=True)
    assert shown(step, 20, width=60).endswith("  20 of about 50 pages")
    assert shown(step, 51, width=60) == "* typesetting, pass 1  51 pages"


@pytest.mark.parametrize(
    "step", [Step("setting citations"), counted(1, name="x"), counted(0, name="x")]
)
def test_one_thing_is_not_counted(step):
    assert shown(step) == f"* {step.name}"


@given(
    st.text("aé, ", min_size=1, max_size=60),
    st.builds(Count, st.integers(0, 10**6), st.just("pages"), st.none(), st.booleans()),
    st.integers(0, 10**6),
    st.sampled_from(["", "about 6 s left", "about 12 min left"]),
    st.integers(1, 200),
)
def test_the_line_is_never_wider_than_the_terminal_but_for_the_name(name, count, done, rest, width):
    step = Step(name, count)
    found = look(step, done, rest, width)
    text = drawn(found, "⠋", FINE)
    assert cell_len(text.plain) == found.width + 2
    assert found.width <= max(width, len(name))
    assert text.plain.startswith(f"⠋ {found.name}")
    assert (text.no_wrap, text.overflow) == (True, "ellipsis")


CHAPTERS = {
    f"chapters/{n}.md": f"# Chapter {n}\n\n" + "Many words of some chapter. " * 900
    for n in (1, 2, 3)
}
ARTIFACT = r"build/a-small-book\.pdf  \d+ pages  .* s"


@pytest.fixture
def book(make_book, monkeypatch):
    root = make_book(CHAPTERS)
    monkeypatch.chdir(root)
    return root


@pytest.mark.tools
@pytest.mark.parametrize("columns", [80, 40])
def test_a_build_shows_its_steps_and_pages_and_leaves_its_result(book, columns):
    """Then a second one says, too, how long the rest takes, by what the first took."""
    terminal = Terminal(columns, "pdf")
    assert terminal.end() == 0
    _check(terminal, columns, r"typesetting.* \d+ of about \d\d pages")
    assert any("3 chapters" in screen for screen in terminal.screens)
    _pretend_to_be_slow(book)
    terminal = Terminal(columns, "pdf", "--whole")
    assert terminal.end() == 0
    _check(terminal, columns, r"typesetting.* \d+(/| of )\d\d.* about \d+ min left")


def _check(terminal, columns, sought):
    """One line moves, in which something is found; at the end the artifact's line alone stands."""
    assert any(re.search(sought, screen) for screen in terminal.screens), terminal.screens
    moving = [screen for screen in terminal.screens if screen and "build/" not in screen]
    assert all("\n" not in screen for screen in moving)
    assert max(map(len, moving)) <= columns
    assert re.fullmatch(ARTIFACT, terminal.screen.text.replace("\n", "")), terminal.screen.text
    assert terminal.screen.cursor


def _pretend_to_be_slow(book):
    kept = book / "build" / "times.json"
    times = json.loads(kept.read_bytes())
    slow = {
        kind: [[[n, s + 200, u] for n, s, u in way] for way in ways] for kind, ways in times.items()
    }
    kept.write_text(json.dumps(slow))


STEPS = [
    "· reading the book",
    "· reading chapters",
    "· resolving references",
    "· setting citations",
    "· making the EPUB",
    "· putting the outputs in place",
]


@pytest.mark.usefixtures("book")
@pytest.mark.tools
@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_who_wants_plain_words_gets_a_line_for_each_step(variables):
    terminal = Terminal(80, "epub", **variables)
    assert terminal.end() == 0
    assert terminal.screen.text.splitlines()[:-1] == STEPS
    assert "\x1b" not in terminal.written


@pytest.mark.usefixtures("book")
@pytest.mark.tools
@pytest.mark.parametrize("variables", [{}, {"FORCE_COLOR": "1"}, {"TERM": "xterm"}])
def test_off_a_terminal_nothing_moves(variables):
    command = [sys.executable, "-c", PROGRAM, "epub"]
    done = subprocess.run(
        command, env=environment(**variables), capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines() == STEPS


@pytest.mark.usefixtures("book")
@pytest.mark.tools
def test_who_wants_no_words_gets_none():
    for option in ("--quiet", "--json"):
        terminal = Terminal(80, "epub", "--whole", option)
        assert terminal.end() == 0
        assert terminal.written == ""


@pytest.mark.usefixtures("book")
@pytest.mark.tools
def test_what_is_interrupted_leaves_nothing_of_its_line():
    terminal = Terminal(80, "pdf")
    assert terminal.shows("typesetting, pass 1")
    terminal.interrupt()
    assert terminal.end() == 130
    assert terminal.screen.text == "interrupted; the last good outputs still stand"
    assert terminal.screen.cursor


@pytest.mark.tools
def test_a_watch_shows_the_line_while_it_builds(book):
    terminal = Terminal(80, "watch", "epub")
    assert terminal.shows(r"epub  3 chapters.*\n· .* s; watching\Z")
    assert any(re.search(r"\S (reading|making) \w", screen) for screen in terminal.screens)
    (book / "chapters/2.md").write_text("# Two\n\nOther words.\n")
    assert terminal.shows(
        r"\A\S*build/a-small-book\.epub .*\n· .* s after chapters/2\.md; watching\Z"
    )
    assert terminal.screen.cursor
    terminal.interrupt()
    assert terminal.end() == 0
