"""veraPDF: what its report means, where it is found, and what it says of a real file."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from geppetto import tools, verapdf
from geppetto.diagnostics import Severity

REPORTS = Path(__file__).parent / "verapdf"


def report(name):
    return (REPORTS / f"{name}.json").read_bytes()


def test_a_broken_rule_says_what_where_and_how_often():
    checked = verapdf.read(report("untagged"), "book.pdf", "ua2")
    assert checked is not None
    assert (checked.passed, checked.failed) == (6359, 3315)
    assert not checked.conforms
    assert [d.code for d in checked.diagnostics] == ["pdf-invalid"] * 7
    first = checked.diagnostics[0]
    assert first.message == (
        "book.pdf is no PDF/UA-2 + Tagged PDF (ISO 14289-2:2024, 8.8): All destinations whose"
        " target lies within the current document shall be structure destinations."
        " Broken 300 times, first on page 5."
    )
    assert first.severity is Severity.ERROR
    assert first.detail is not None
    assert first.detail.startswith("Destination in GoTo action is not a structure destination: ")
    assert "Broken once." in checked.diagnostics[1].message


def test_a_file_that_conforms_is_blamed_for_nothing():
    checked = verapdf.read(report("conforming"), "book.pdf", "4f")
    assert checked is not None
    assert checked.conforms
    assert checked.passed > 1000
    assert checked.failed == 0


def test_a_file_that_verapdf_cannot_read_is_a_fault():
    checked = verapdf.read(report("unreadable"), "bad.pdf", "ua2")
    assert checked is not None
    (fault,) = checked.diagnostics
    assert fault.message == "veraPDF cannot read bad.pdf."
    assert "End of file" in str(fault.detail)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"Exception in thread main",
        b"{",
        b"{}",
        b'{"report": {"jobs": []}}',
        b'{"report": {"jobs": [{"validationResult": [{"details": '
        b'{"passedChecks": 1, "failedChecks": 2, "ruleSummaries": []}, "profileName": "x"}]}]}}',
    ],
)
def test_what_is_no_report_passes_nothing(said):
    """Failed checks without a rule among them."""
    assert verapdf.read(said, "book.pdf", "ua2") is None


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    monkeypatch.delenv(verapdf.VARIABLE, raising=False)
    monkeypatch.setattr(verapdf, "FOLDER", tmp_path / "none")
    monkeypatch.setattr(
        tools, "find", lambda name: Path("/usr/bin/java") if name == "java" else None
    )
    return tmp_path


def test_without_verapdf_nothing_is_said(nowhere):
    assert not verapdf.available()
    assert verapdf.version() is None
    assert verapdf.check(nowhere / "book.pdf", "ua2") == []


def test_jars_are_found_where_the_environment_says(nowhere, monkeypatch):
    jars = nowhere / "jars"
    jars.mkdir()
    monkeypatch.setenv(verapdf.VARIABLE, str(jars))
    assert not verapdf.available()
    (jars / "greenfield-apps-1.28.2.jar").touch()
    assert verapdf.available()
    assert verapdf.version() == "1.28.2"
    monkeypatch.setenv(verapdf.VARIABLE, str(jars / "greenfield-apps-1.28.2.jar"))
    assert verapdf.available()


@pytest.mark.usefixtures("nowhere")
def test_a_program_that_gives_no_report_has_not_finished(monkeypatch, tmp_path):
    """Its words are in the details."""
    program = tmp_path / "verapdf"
    program.write_text("#!/bin/sh\necho 'no memory' >&2\n")
    program.chmod(0o755)
    monkeypatch.setattr(tools, "find", lambda name: program if name == "verapdf" else None)
    (fault,) = verapdf.check(tmp_path / "book.pdf", "ua2")
    assert fault.code == "tool-failed"
    assert fault.message == "veraPDF did not finish with book.pdf."


@pytest.mark.tools
@pytest.mark.skipif(not verapdf.available(), reason="no veraPDF here: sh setup/verapdf.sh")
def test_the_real_one_finds_that_a_pdf_has_no_tags(tmp_path):
    with pikepdf.Pdf.new() as document:
        document.add_blank_page()
        document.save(tmp_path / "plain.pdf")
    found = verapdf.check(tmp_path / "plain.pdf", "ua2")
    assert any("StructTreeRoot" in d.message for d in found)
