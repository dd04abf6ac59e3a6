"""What stores must be told of a book."""

from __future__ import annotations

import pytest

from geppetto import stores
from geppetto.model.settings import Settings
from geppetto.publish import demands

TOLD = {
    "author": "Ann",
    "description": "d",
    "subject": ["s"],
    "publisher": "P",
    "date": "2026-01-01",
    "identifier": {"isbn-13": "978-3-16-148410-0"},
    "publish": {"bisac": ["COM004000"]},
}
NEEDS = [(key, need) for key, store in stores.every().items() for need in store.needs]


def settings(lacking=()):
    return Settings.model_validate(
        {"title": "T", **{key: value for key, value in TOLD.items() if key not in lacking}}
    )


def test_a_book_that_says_all_lacks_nothing():
    assert demands.lacking(settings(), stores.named([])) == []


@pytest.mark.parametrize(("key", "need"), NEEDS)
def test_each_demand_of_each_store_is_missed(key, need):
    """Without the key, that store is named; the others' demands are not."""
    roots = {one.split(".")[0] for one in need.split("|")}
    found = demands.lacking(settings(roots), stores.named([key]))
    assert [d.code for d in found] == ["metadata-missing"]
    assert stores.every()[key].name in found[0].message
    assert need.split("|")[0].replace(".", ": ") in found[0].message


def test_a_demand_of_several_stores_is_said_once():
    found = demands.lacking(settings({"description"}), stores.named(["kdp", "apple", "kobo"]))
    assert [d.message for d in found] == [
        "book.yaml does not say 'description', which Amazon KDP, Apple Books and Kobo must be told."
    ]


def test_of_either_one_suffices():
    only = Settings.model_validate({"title": "T", "author": "A", "description": "d",
                                    "publish": {"thema": ["QD"]}})  # fmt: skip
    assert demands.lacking(only, stores.named(["kobo"])) == []
