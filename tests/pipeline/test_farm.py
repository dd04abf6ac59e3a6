"""A farm's executor runs the programs, in other processes, and the book is the same."""

from __future__ import annotations

import os
import re
import textwrap
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from geppetto import tools
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request

pytestmark = pytest.mark.tools
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"
FILES = {
    "book.yaml": "title: A Small Book\ndate: 2026-01-02\n",
    "references.bib": "@book{a, title = {A Book}, author = {One, A.}, year = 2001}\n",
    **{
        f"chapters/{n}.md": f"# Chapter {n}\n\nWords, and a claim [@a].\n\n$x_{n}$\n"
        for n in range(1, 5)
    },
}
EDITIONS = ("pdf", "epub")


def outputs(root):
    return [(root / f"build/a-small-book.{kind}").read_bytes() for kind in EDITIONS]


class Recording(Executor):
    """Hands everything on to another executor, and notes in which process it was run."""

    def __init__(self, other):
        self.other, self.asked, self.pids = other, [], set()

    def submit(self, function, /, *args, **kwargs):
        """Note what is asked for, and hand it on."""
        self.asked.append(Path(args[0][0]).name)
        self.pids.add(self.other.submit(os.getpid).result())
        return self.other.submit(function, *args, **kwargs)


@pytest.fixture
def alone(make_book):
    """The book as this process alone builds it."""
    root = make_book(FILES)
    assert build(Request(root, EDITIONS), lambda _: None).artifacts
    made = outputs(root)
    for path in root.joinpath("build").glob("a-small-book.*"):
        path.unlink()
    return root, made


def edited(root):
    path = root / "chapters/2.md"
    path.write_text(path.read_text().replace("Words", "Other words"))


def test_programs_run_in_other_processes_and_give_the_same_bytes(alone):
    root, made = alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        farm = Recording(pool)
        assert build(Request(root, EDITIONS, whole=True), lambda _: None, farm).artifacts
        assert outputs(root) == made
        assert {"pandoc", "lualatex"} == set(farm.asked)
        assert os.getpid() not in farm.pids
        edited(root)
        again = Recording(pool)
        assert build(Request(root, EDITIONS), lambda _: None, again).artifacts
    assert again.asked.count("lualatex") == 1
    assert len(again.asked) < len(farm.asked)
    assert outputs(root)[0] != made[0]


def test_an_error_of_latex_comes_home_from_a_farm(make_book):
    root = make_book({"chapters/1.md": "# One\n\n```{=latex}\n\\undefinedcommand\n```\n"})
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        outcome = build(Request(root, ("pdf",)), lambda _: None, pool)
    [error] = [d for d in outcome.diagnostics if d.is_error]
    assert (error.location.path, error.location.line) == ("chapters/1.md", 4)
    assert tools.runs_here()


def test_dask_builds_the_book_as_the_guide_says(alone, monkeypatch):
    """The guide's own lines, with a local cluster in the place of the publisher's."""
    distributed = pytest.importorskip("distributed")
    root, made = alone
    text = GUIDE.read_text("utf-8")
    [code] = re.findall(r"```python\n(from distributed import .*?)```", text, re.DOTALL)
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    )
    with cluster, distributed.Client(cluster) as client:
        started, begin = [], tools._started
        monkeypatch.setattr(
            tools,
            "_started",
            lambda command, *rest: started.append(command) or begin(command, *rest),
        )
        monkeypatch.setattr(distributed, "Client", lambda *_: client)
        monkeypatch.chdir(root)
        code = code.replace('("pdf", "epub")', '("pdf", "epub"), whole=True')
        exec(compile(textwrap.dedent(code), str(GUIDE), "exec"), {})  # noqa: S102 - our own guide
    here = {Path(word).name for command in started for word in command}
    assert not {"pandoc", "lualatex"} & here
    assert outputs(root) == made
