"""The doctor's table: what is found, what is missing, what mends it, the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from geppetto import doctor, packages, pandoc
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.tools import Protection

TABLE = packages.needs()


@pytest.fixture
def system(monkeypatch):
    """Pretend a Debian where all is installed but what is named."""

    def pretend(*absent):
        lacking = tuple(need for need in TABLE if need.name in absent)
        monkeypatch.setattr(packages, "missing", lambda _: lacking)
        monkeypatch.setattr(packages, "manager", lambda: "apt")
        monkeypatch.setattr(packages, "own_texlive", lambda: False)
        for name in ("said", "banner"):
            monkeypatch.setattr(packages, name, lambda program, *_: f"{program} version 4.5.6 (7)")
        monkeypatch.setattr(packages, "texlive", lambda: ("1.15.0", 2022))
        monkeypatch.setattr(packages, "has_font", lambda face: "Nowhere" not in face)
        monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(pandoc, "program", lambda: "pandoc")

    return pretend


def row(name, root=None):
    return next(f for f in doctor.examine(root) if f.name == name)


def test_a_whole_system_lacks_nothing(system):
    system()
    findings = doctor.examine()
    assert all(finding.found for finding in findings if finding.required)
    assert doctor.exit_code(findings) is ExitCode.BUILT
    assert doctor.mending_line(findings) is None


def test_the_table_names_what_the_author_may_miss(system):
    system()
    names = [finding.name for finding in doctor.examine()]
    for name in ("Python", "Pandoc", "LuaLaTeX", "TeX Gyre Pagella", "Java", "EPUBCheck"):
        assert name in names
    assert len(names) == len(set(names))


def test_lualatex_shows_its_texlive(system):
    system()
    assert row("LuaLaTeX").version == "1.15.0 (TeX Live 2022)"


def test_a_program_shows_its_version(system):
    system()
    assert row("rsvg-convert").version == "4.5.6"


def test_a_missing_program_is_mended_by_one_line(system):
    system("rsvg-convert")
    found = row("rsvg-convert")
    assert not found.found
    assert found.remedy == "sudo apt-get install --no-install-recommends librsvg2-bin"


def test_latex_packages_share_a_row_that_names_the_missing(system):
    system("fvextra", "emptypage")
    found = row("LaTeX packages")
    assert not found.found
    assert found.purpose == "lays out the page; missing: fvextra, emptypage."
    assert found.remedy == "sudo apt-get install --no-install-recommends texlive-latex-extra"
    total = sum(need.is_latex_package for need in TABLE)
    assert found.version == f"{total - 2} of {total}"


def test_one_line_mends_all_that_is_required(system):
    system("LuaLaTeX", "rsvg-convert", "fvextra", "qpdf")
    findings = doctor.examine()
    assert doctor.exit_code(findings) is ExitCode.TOOL
    line = doctor.mending_line(findings)
    for package in ("texlive-luatex", "librsvg2-bin", "texlive-latex-extra"):
        assert package in line.split()
    assert "qpdf" not in line


def test_what_only_tests_or_caution_ask_for_stops_no_build(system):
    system("qpdf", "Java", "bubblewrap")
    assert doctor.exit_code(doctor.examine()) is ExitCode.BUILT


def test_the_protection_in_force_is_said(system, monkeypatch):
    system()
    monkeypatch.setattr(doctor.tools, "protection", lambda: Protection(Path("/usr/bin/bwrap")))
    found = row("Jail")
    assert (found.found, found.remedy) == (True, None)
    assert "without network" in found.purpose
    lacking = Protection(None, "bubblewrap is not installed", "sudo apt-get install bubblewrap")
    monkeypatch.setattr(doctor.tools, "protection", lambda: lacking)
    found = row("Jail")
    assert (found.found, found.remedy) == (False, "sudo apt-get install bubblewrap")
    assert "bubblewrap is not installed: there are only limits" in found.purpose
    assert doctor.exit_code(doctor.examine()) is ExitCode.BUILT


def test_an_old_pandoc_is_shown_with_its_remedy(system, monkeypatch):
    system()

    def too_old():
        raise GeppettoError(Diagnostic("tool-old", "Pandoc is too old.", hint="Run this."))

    monkeypatch.setattr(pandoc, "program", too_old)
    found = row("Pandoc")
    assert (found.found, found.remedy) == (False, "Run this.")
    assert doctor.exit_code(doctor.examine()) is ExitCode.TOOL


def test_the_books_own_faces_are_looked_for(system, tmp_path):
    system()
    (tmp_path / "book.yaml").write_text("title: T\npdf: {font: Nowhere Old Style}\n")
    found = row("Nowhere Old Style", tmp_path)
    assert not found.found
    assert "book.yaml" in found.remedy
    assert found.required


def test_a_faulty_book_yaml_does_not_stop_the_doctor(system, tmp_path):
    system()
    (tmp_path / "book.yaml").write_text("titel: [\n")
    assert doctor.examine(tmp_path) == doctor.examine()


@pytest.mark.tools
def test_the_doctor_finds_this_machine_well():
    """Where the tools' tests run, the set-up has run, and nothing required is missing."""
    findings = doctor.examine()
    assert [f.name for f in findings if f.required and not f.found] == []
    assert "TeX Live 20" in next(f.version for f in findings if f.name == "LuaLaTeX")
