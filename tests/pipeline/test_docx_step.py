"""The step that makes the DOCX: published, standing, stopped by errors, cleaned away."""

from __future__ import annotations

import zipfile

import pytest

from geppetto.diagnostics import has_errors
from geppetto.pipeline.building import build
from geppetto.pipeline.cleaning import clean
from geppetto.pipeline.edition import Request

pytestmark = pytest.mark.tools
TEXT = {"chapters/1.md": "# One\n\nText of the book.\n"}


def _build(root, **options):
    steps = []
    outcome = build(Request(root, ("docx",), **options), lambda step: steps.append(step.name))
    return outcome, steps


def _names(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode()


def test_it_is_made_once_and_stands(make_book):
    """And is made again when the text changes, or marks of stops are asked for."""
    root = make_book(TEXT)
    [artifact] = _build(root)[0].artifacts
    assert artifact.path == root / "build" / "a-small-book.docx"
    assert (artifact.count, artifact.unit) == (1, "chapters")
    assert "src_1_1" not in _names(artifact.path)
    assert _build(root)[1] == ["nothing has changed"]
    marked, steps = _build(root, stops=True)
    assert "making the DOCX" in steps
    assert "src_1_2" in _names(marked.artifacts[0].path)
    (root / "chapters/1.md").write_text("# One\n\nOther text.\n")
    assert "making the DOCX" in _build(root, stops=True)[1]


def test_an_image_that_word_does_not_show_stops_it(make_book):
    """Nothing is published; a lenient build marks it in its place."""
    files = {"chapters/1.md": "# One\n\n![A drawing](a.pdf)\n", "chapters/a.pdf": b"%PDF-1.4\n"}
    root = make_book(files)
    outcome, _ = _build(root)
    assert {d.code for d in outcome.diagnostics if d.is_error} == {"image-format"}
    assert not outcome.artifacts
    assert not (root / "build" / "a-small-book.docx").exists()
    lenient, _ = _build(root, lenient=True)
    assert not has_errors(lenient.diagnostics)
    assert "[A drawing]" in _names(lenient.artifacts[0].path)


def test_it_is_cleaned_away(make_book):
    """With its work folder and what it was made from."""
    root = make_book(TEXT)
    _build(root)
    clean(root)
    assert not (root / "build").exists()
