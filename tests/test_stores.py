"""The table of what stores and printers demand."""

from __future__ import annotations

from typing import get_args

from geppetto import stores
from geppetto.model.settings import PublishSettings


def test_the_table_has_every_store_that_a_book_may_name():
    listed = PublishSettings.model_fields["stores"].annotation
    assert set(get_args(get_args(listed)[0])) == set(stores.every())
    assert stores.named(["kobo", "kdp"]) == [stores.every()["kdp"], stores.every()["kobo"]]
    assert stores.named([]) == list(stores.every().values())


def test_every_store_has_sources_and_the_table_a_day():
    assert stores.checked().year >= 2026
    assert all(store.name and store.sources for store in stores.every().values())


def test_a_page_is_as_thick_as_its_printer_says_else_as_the_author():
    kdp, ingram = stores.every()["kdp"].cover, stores.every()["ingram"].cover
    assert kdp is not None
    assert ingram is not None
    assert kdp.thickness("cream", 0.01) == kdp.thickness("cream", None) == 0.0025
    assert ingram.thickness("cream", 0.01) == 0.01
    assert ingram.thickness("cream", None) is None


def test_the_inner_margin_grows_with_the_pages():
    kdp = stores.every()["kdp"].print
    assert kdp is not None
    assert [kdp.inner(pages) for pages in (24, 150, 151, 500, 828, 900)] == [
        0.375, 0.375, 0.5, 0.625, 0.875, 0.875,
    ]  # fmt: skip
    widths = [inches for _, inches in kdp.inside]
    assert widths == sorted(widths)


def test_a_printer_says_how_thick_its_pages_are_or_what_is_assumed():
    """For every paper and ink that a book may name."""
    wanted = {"white", "cream", "standard-color", "premium-color"}
    covers = [store.cover for store in stores.every().values() if store.cover]
    assert len(covers) == 2
    for cover in covers:
        assert set(cover.caliper or cover.caliper_assumed) == wanted
        assert not (cover.caliper and cover.caliper_assumed)
