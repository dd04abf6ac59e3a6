"""Pieces of earlier builds: found by what they were made from, never wrong, never too many."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from geppetto.store import shelf
from geppetto.store.shelf import Shelf, key


@dataclass(frozen=True)
class Sample:
    """Some values."""

    words: tuple[str, ...]
    signs: frozenset[str]


def test_a_piece_is_given_back_as_it_was(tmp_path):
    kept = Shelf(tmp_path / "store")
    piece = {"t": ["a", 1, None, {"ö": "\u2028"}]}
    assert kept.get("core", "k") is None
    kept.put("core", "k", piece)
    assert Shelf(tmp_path / "store").get("core", "k") == piece
    assert kept.has("core", "k")
    assert not kept.has("rest", "k")


@pytest.mark.parametrize("content", [b"", b"0" * 64 + b"1", b"\xff", b"[]"])
def test_a_piece_that_is_not_what_was_written_is_not_there(tmp_path, content):
    kept = Shelf(tmp_path)
    kept.put("core", "k", ["words"])
    (tmp_path / "core-k").write_bytes(content)
    assert kept.get("core", "k") is None
    kept.put("core", "k", ["words"])
    (tmp_path / "core-k").write_bytes((tmp_path / "core-k").read_bytes()[:-3])
    assert kept.get("core", "k") is None


def test_a_piece_that_is_not_there_is_made_and_kept_by_its_name(tmp_path):
    kept = Shelf(tmp_path)
    assert kept.made("core", "k", lambda: ["made"]) == ["made"]
    assert kept.made("core", "k", lambda: pytest.fail("it is there")) == ["made"]
    assert kept.made("core", "", lambda: ["without a name"]) == ["without a name"]
    assert [path.name for path in tmp_path.iterdir()] == ["core-k"]


def test_without_a_folder_nothing_is_kept():
    kept = Shelf(None)
    kept.put("core", "k", 1)
    kept.tidy()
    assert kept.get("core", "k") is None
    assert not kept.has("core", "k")


def test_where_nothing_can_be_written_the_build_goes_on(tmp_path):
    (tmp_path / "store").write_text("a file")
    kept = Shelf(tmp_path / "store")
    kept.put("core", "k", 1)
    kept.tidy()
    assert kept.get("core", "k") is None


def test_what_was_used_least_lately_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 400)
    monkeypatch.setattr(shelf, "SURPLUS", 1)
    for number in range(8):
        Shelf(tmp_path).put("core", str(number), "x" * 40)
        os.utime(tmp_path / f"core-{number}", (number, number))
    kept = Shelf(tmp_path)
    assert kept.get("core", "0") == "x" * 40
    kept.tidy()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["core-0", "core-6", "core-7"]
    kept = Shelf(tmp_path)
    assert kept.has("core", "6")
    monkeypatch.setattr(shelf, "MOST", 0)
    kept.tidy()
    assert [path.name for path in tmp_path.iterdir()] == ["core-6"]


def test_the_same_values_have_the_same_key_and_others_another():
    one = Sample(("a", "b"), frozenset({"x", "y", "z"}))
    same = Sample(("a", "b"), frozenset({"z", "y", "x"}))
    assert key("k", one, {"a": [1]}) == key("k", same, {"a": [1]})
    values = [one, Sample(("ab",), one.signs), Sample(("a", "b"), frozenset()), "a", ["a"], None]
    assert len({key(value) for value in values}) == len(values)
