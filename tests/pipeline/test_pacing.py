"""What a build took is kept, and told to the next one of its kind."""

from __future__ import annotations

import json

import pytest

from geppetto.pipeline import pacing
from geppetto.pipeline.building import build
from geppetto.pipeline.cleaning import clean
from geppetto.pipeline.edition import Request
from geppetto.pipeline.pacing import Pace
from geppetto.progress import Step
from geppetto.progress.count import Count
from geppetto.progress.estimate import Past


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by what it is told."""
    now = [100.0]
    monkeypatch.setattr(pacing.time, "monotonic", lambda: now[0])

    def go_on(seconds):
        now[0] += seconds

    return go_on


def run(folder, kind, clock, steps):
    """Run through steps of so many seconds, and give what was told of the past of each."""
    told = []
    pace = Pace(folder, kind, told.append)
    for step, seconds in steps:
        pace(step)
        clock(seconds)
    pace.keep()
    return [one.past for one in told]


def pages(of, done=0, *, guessed=False):
    return Step("typesetting, pass 1", Count(of, "pages", lambda: done, guessed))


def test_the_next_build_is_told_what_the_steps_took(tmp_path, clock):
    steps = [(Step("reading"), 2), (pages(40, done=60, guessed=True), 8), (Step("placing"), 1)]
    assert run(tmp_path, "pdf whole", clock, steps) == [None, None, None]
    again = run(tmp_path, "pdf whole", clock, steps)
    assert again == [Past(2, 0, 9), Past(8, 60, 1), Past(1, 0, 0)]
    assert run(tmp_path, "pdf again", clock, steps) == [None, None, None]


def test_what_a_step_was_to_do_counts_unless_it_was_a_guess(tmp_path, clock):
    run(tmp_path, "pdf whole", clock, [(pages(40, done=39), 8)])
    assert run(tmp_path, "pdf whole", clock, [(pages(40), 8)]) == [Past(8, 40, 0)]


def test_parts_are_known_by_their_kind_not_by_their_names(tmp_path, clock):
    run(tmp_path, "pdf again", clock, [(Step("typesetting, ch2", kind="parts"), 2)])
    other = [(Step("typesetting, ch3", kind="parts"), 2)]
    assert run(tmp_path, "pdf again", clock, other) == [Past(2, 0, 0)]


def test_few_builds_are_kept_the_newest_of_each_way(tmp_path, clock):
    for number in range(30):
        run(tmp_path, "pdf whole", clock, [(Step(f"way {number}"), number)])
        run(tmp_path, f"kind {number}", clock, [(Step("reading"), number)])
    run(tmp_path, "pdf whole", clock, [(Step("way 29"), 7)])
    kept = json.loads((tmp_path / pacing.FILE).read_bytes())
    assert len(kept) == pacing.KINDS
    assert [way[0][0] for way in kept["pdf whole"]] == [f"way {n}" for n in range(29, 21, -1)]
    assert kept["pdf whole"][0] == [["way 29", 7.0, 0]]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"pdf whole": 1}', b'{"pdf whole": [[["a"]]]}', b'{"pdf whole": [["a"]]}',
     b'{"pdf whole": [[["reading", "x", 0]]]}', b'{"pdf whole": [[["reading", -1, -2]]]}',
     b'{"pdf whole": [[["reading", NaN, 0]]]}', b'{"pdf whole": [[["reading", 1e999, 0]]]}'],
)  # fmt: skip
def test_what_cannot_be_read_is_not_known(tmp_path, clock, content):
    (tmp_path / pacing.FILE).write_bytes(content)
    assert run(tmp_path, "pdf whole", clock, [(Step("reading"), 1)]) == [None]
    assert run(tmp_path, "pdf whole", clock, [(Step("reading"), 1)]) == [Past(1, 0, 0)]


def test_where_nothing_can_be_kept_the_build_goes_on(tmp_path, clock):
    (tmp_path / pacing.FILE).mkdir()
    assert run(tmp_path, "pdf whole", clock, [(Step("reading"), 1)]) == [None]


CHAPTERS = {"chapters/1.md": "# One\n\nWords.\n", "chapters/2.md": "# Two\n\nOther words.\n"}


def built(root):
    told = []
    outcome = build(Request(root, ("epub",)), told.append)
    return outcome, {step.name: step for step in told}


@pytest.mark.tools
def test_a_second_build_knows_how_long_the_first_took(make_book):
    root = make_book(CHAPTERS)
    _, first = built(root)
    assert {step.past for step in first.values()} == {None}
    assert first["reading chapters"].count.of == first["reading chapters"].count.done() == 2
    (root / "build/epub.json").unlink()
    outcome, second = built(root)
    assert first.keys() - second.keys() == {"setting citations"}  # these are on the shelf
    assert all(step.past is not None for step in second.values())
    assert second["making the EPUB"].past.seconds <= outcome.artifacts[0].seconds * 50
    assert second["reading the book"].past.after > second["making the EPUB"].past.after


@pytest.mark.tools
def test_a_build_that_fails_keeps_nothing_and_clean_removes_what_is_kept(make_book):
    root = make_book({**CHAPTERS, "chapters/1.md": "# One\n\nSee @fig:none.\n"})
    outcome, _ = built(root)
    assert not outcome.artifacts
    assert not (root / "build" / pacing.FILE).exists()
    (root / "chapters/1.md").write_text("# One\n")
    assert built(root)[0].artifacts
    assert (root / "build" / pacing.FILE).exists()
    clean(root)
    assert not (root / "build").exists()
