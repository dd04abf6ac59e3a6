"""Tasks side by side: their results in order, and no program left where one fails."""

from __future__ import annotations

import threading

import pytest

from geppetto import tools
from geppetto.pipeline.beside import Beside

WAIT = 60


def test_results_come_in_order_whichever_task_is_first():
    second = threading.Event()
    with Beside() as beside:
        tasks = [lambda: second.wait(WAIT) and "one", lambda: second.set() or "two"]
        assert beside.every(tasks) == ["one", "two"]


def test_a_task_for_later_is_begun_once_and_at_the_latest_when_it_is_asked_for():
    begun = []
    with Beside() as beside:
        never = beside.later(lambda: begun.append("never"))
        task = beside.later(lambda: begun.append("task") or 7)
        assert begun == []
        assert task.result() == 7
        assert task.begin() is task.begin()
    assert begun == ["task"]
    assert never is not task


@pytest.mark.tools
def test_the_first_fault_ends_the_programs_of_the_others():
    started = threading.Event()

    def lasting():
        running = tools.start(["sleep", "600"])
        started.set()
        return running.wait()

    def failing():
        started.wait(WAIT)
        raise ValueError("no")

    def both():
        with Beside() as beside:
            beside.every([lasting, failing])

    with pytest.raises(ValueError, match="no"):
        both()
    assert not tools._RUNNING


@pytest.mark.tools
def test_who_is_interrupted_leaves_no_program():
    def interrupted():
        with Beside() as beside:
            beside.begin(lambda: tools.run(["sleep", "600"]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not tools._RUNNING
