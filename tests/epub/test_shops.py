"""Each limit of each store, as the table has them: broken, and found."""

from __future__ import annotations

import zipfile
from dataclasses import fields

import pytest

import shopped
from geppetto import stores
from geppetto.diagnostics import Location
from geppetto.epub import finished, shops
from geppetto.stores import Ebook

LIMITS = [(key, name) for key, one in stores.every().items() for name in shopped.asked(one.ebook)]


def test_every_demand_of_the_table_is_looked_for_and_broken():
    """A new column of the table fails here until it is looked for, and broken below."""
    known = {one.name for one in fields(Ebook)}
    assert known == set(shops.DEMANDS) == set(shopped.BREAKS)


def test_what_every_store_takes_is_found_good(tmp_path):
    path = shopped.write(shopped.good(), tmp_path / "good.epub")
    assert shops.examine(path, list(stores.every().values())) == []


@pytest.mark.parametrize(("store", "demand"), LIMITS)
def test_a_broken_limit_is_found_and_nothing_else(store, demand, tmp_path):
    """The finding has the demand's own code, and names the store."""
    [found] = shopped.broken(store, demand, tmp_path)
    wanted = {d: code for code, (_, d) in shopped.FIRST.items()}
    wanted |= {"cover_long_min": "shop-cover-small"}
    assert found.code == wanted[demand]
    assert found.message.startswith(f"{stores.every()[store].name} ")


EXACT = {"cover_short_min", "cover_long_max", "alternative_max"}
"""What can be met exactly: of sizes of files the archive's own bytes are a part."""


@pytest.mark.parametrize(("store", "demand"), [one for one in LIMITS if one[1] in EXACT])
def test_the_limit_itself_is_kept(store, demand, tmp_path):
    """Exactly as much as a store takes is no fault."""
    wanted = getattr(stores.every()[store].ebook, demand)
    made = shopped.BREAKS[demand](shopped.good(), stores.every()[store].ebook)
    if demand == "alternative_max":
        kept = shopped.replace(made, alternative=shopped.words(wanted))
    else:
        size = (wanted, 2560) if demand == "cover_short_min" else (1600, wanted)
        kept = shopped.replace(made, cover=shopped.picture("JPEG", size=size))
    assert shops.examine(shopped.write(kept, tmp_path / "x.epub"), [stores.every()[store]]) == []


def test_an_alternative_text_is_found_in_its_line(tmp_path):
    """The place is that of the tag, as EPUBCheck counts, so that it leads to the chapter."""
    made = shopped.BREAKS["alternative_max"](shopped.good(), stores.every()["kdp"].ebook)
    path = shopped.write(made, tmp_path / "x.epub")
    asked = []

    def find(*place):
        asked.append(place)
        return Location("chapters/1.md", 3)

    [found] = shops.examine(path, [stores.every()["kdp"]], find)
    assert found.location == Location("chapters/1.md", 3)
    line = zipfile.ZipFile(path).read("EPUB/text/0.xhtml").decode().split("\n")[1]
    assert asked == [("EPUB/text/0.xhtml", 2, line.index("/>") + 3)]


def test_no_package_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(ValueError, match=r"x\.epub has no package"):
        finished.read(tmp_path / "x.epub")
