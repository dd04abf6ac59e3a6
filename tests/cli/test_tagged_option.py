"""`geppetto pdf --tagged`: what is asked for, and what does not go with it."""

from __future__ import annotations

from click.testing import CliRunner

from geppetto.cli import cli
from geppetto.model.book import Outcome
from geppetto.pipeline import building


def asked(root, monkeypatch, *options):
    """Give the requests that the command makes, and how it ends."""
    requests = []
    monkeypatch.setattr(building, "build", lambda one, _: requests.append(one) or Outcome((), ()))
    ended = CliRunner().invoke(cli, ["-C", str(root), "pdf", *options])
    return requests, ended


def test_tags_are_asked_for_by_the_option_alone(make_book, monkeypatch):
    root = make_book({"chapters/1.md": "# One\n"})
    for options in ((), ("--tagged",)):
        (request,), _ = asked(root, monkeypatch, *options)
        assert request.tagged == bool(options)
        assert request.tagged in request.options


def test_no_chapter_is_taken_out_of_a_tagged_pdf(make_book, monkeypatch):
    root = make_book({"chapters/1.md": "# One\n"})
    requests, ended = asked(root, monkeypatch, "--tagged", "--chapter", "1")
    assert requests == []
    assert ended.exit_code == 2
    assert "without tags" in ended.output
