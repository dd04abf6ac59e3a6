"""Who waits for the next state gets it as soon as it is there."""

from __future__ import annotations

import threading
import time

from geppetto.preview.state import Board

LONG = 60


def waiting(board, version):
    found = []
    thread = threading.Thread(target=lambda: found.append(board.other_than(version, LONG)))
    thread.start()
    return thread, found


def test_each_change_has_a_version_of_its_own():
    board = Board()
    board.change(step="reading")
    board.change(step=None, seconds=1.0)
    assert (board.state.version, board.state.step, board.state.seconds) == (2, None, 1.0)


def test_all_who_wait_are_woken_by_a_change():
    board = Board()
    threads = [waiting(board, 0) for _ in range(5)]
    board.change(step="reading")
    for thread, found in threads:
        thread.join(LONG)
        assert found[0].step == "reading"


def test_another_version_is_no_reason_to_wait():
    """A version from before a restart may be a larger one."""
    started = time.monotonic()
    assert Board().other_than(7, LONG).version == 0
    assert time.monotonic() - started < LONG / 2


def test_patience_ends():
    assert Board().other_than(0, 0.01).version == 0


def test_nobody_waits_for_a_closed_board():
    board = Board()
    thread, found = waiting(board, 0)
    board.close()
    thread.join(LONG)
    assert found[0].version == 0
