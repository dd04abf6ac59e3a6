"""The table of what a book needs beside Python's packages, and the line that installs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geppetto import packages, tools
from geppetto.packages import Need

KINDS = ("command:", "texlive:", "tex:", "font:", "java:")


def need(name="thing", probes=("command:thing",), **managers):
    every = {"apt": (), "dnf": (), "brew": (), "tlmgr": (), **managers}
    return Need(name, "build", probes, purpose="is needed.", **every)


STYLE = need(
    "style",
    ("tex:style.sty",),
    apt=("texlive-latex-extra",),
    dnf=("tex(style.sty)",),
    tlmgr=("style",),
)
PROGRAM = need("program", apt=("program-bin",), dnf=("program",), brew=("program",))
LUALATEX = need("LuaLaTeX", ("texlive:2022",), apt=("tl",), dnf=("tl",), brew=("basictex",))


@pytest.fixture
def system(monkeypatch):
    """Pretend that exactly these programs are installed, by name and path, and who runs."""

    def pretend(*names, uid=1000, **paths):
        found = {name: Path(f"/usr/bin/{name}") for name in names} | {
            name: Path(path) for name, path in paths.items()
        }
        monkeypatch.setattr(tools, "find", found.get)
        monkeypatch.setattr(packages.os, "geteuid", lambda: uid)

    return pretend


@pytest.fixture
def words(monkeypatch):
    """Pretend that programs print this."""

    def pretend(**said):
        for name in ("said", "banner"):
            monkeypatch.setattr(packages, name, lambda program, *_: said.get(program, ""))

    return pretend


@pytest.mark.parametrize("row", packages.needs(), ids=lambda row: row.name)
def test_each_row_is_whole(row):
    """A row has a scope, probes that are understood, a package on Debian, and a purpose."""
    assert row.scope in {"build", "test", "wanted", "offered"}
    assert row.probes
    assert all(probe.startswith(KINDS) for probe in row.probes)
    assert row.apt
    assert row.purpose.endswith(".")


def test_each_need_is_named_once():
    names = [row.name for row in packages.needs()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("programs", "line"),
    [
        (
            ["apt-get"],
            "sudo apt-get install --no-install-recommends texlive-latex-extra program-bin",
        ),
        (["dnf"], "sudo dnf install 'tex(style.sty)' program"),
        (["brew"], "brew install program && sudo tlmgr install style"),
        (["emerge"], None),
    ],
)
def test_the_line_is_the_systems_own(system, programs, line):
    system(*programs)
    assert packages.install_line([STYLE, PROGRAM]) == line


def test_root_needs_no_sudo(system):
    system("apt-get", uid=0)
    line = packages.install_line([PROGRAM])
    assert line == "apt-get install --no-install-recommends program-bin"


def test_a_texlive_of_its_own_is_extended_by_tlmgr(system):
    """A TeX Live beside the system's would not see the system's TeX packages."""
    system("apt-get", tlmgr="/opt/texlive/bin/tlmgr")
    line = packages.install_line([STYLE, PROGRAM])
    assert line == (
        "sudo apt-get install --no-install-recommends program-bin && sudo tlmgr install style"
    )


def test_debians_tlmgr_is_not_asked(system):
    system("apt-get", "tlmgr")
    assert "tlmgr" not in packages.install_line([STYLE])


def test_a_fresh_tex_is_put_on_the_path_before_tlmgr_is_asked(system):
    system("brew")
    assert packages.install_line([LUALATEX, STYLE]) == (
        'brew install basictex && eval "$(/usr/libexec/path_helper)" && sudo tlmgr install style'
    )


def test_a_package_is_listed_once(system):
    system("apt-get")
    assert packages.install_line([PROGRAM, PROGRAM]).count("program-bin") == 1


def test_any_probe_will_do(system, words):
    system("kpsewhich")
    words(kpsewhich="/texmf/there.otf\n")
    either = need("either", ("font:Not There", "tex:there.otf"))
    assert packages.missing([either]) == ()


def test_what_no_probe_finds_is_missing(system, words):
    system()
    words()
    assert packages.missing([STYLE, PROGRAM]) == (STYLE, PROGRAM)


@pytest.mark.parametrize(
    ("banner", "found"),
    [
        ("This is LuaHBTeX, Version 1.15.0 (TeX Live 2022/Debian)\n", ("1.15.0", 2022)),
        ("This is LuaHBTeX, Version 1.24.0 (TeX Live 2026)\n", ("1.24.0", 2026)),
        ("", (None, None)),
    ],
)
def test_lualatex_says_its_year(words, banner, found):
    words(lualatex=banner)
    assert packages.texlive() == found


def test_an_old_texlive_is_as_good_as_none(words):
    words(lualatex="This is LuaTeX, Version 1.10.0 (TeX Live 2019/Debian)")
    assert packages.missing([LUALATEX]) == (LUALATEX,)


@pytest.mark.parametrize(
    ("banner", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_412"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
    ],
)
def test_java_says_its_version(words, banner, version):
    words(java=banner)
    assert packages.java() == version


def test_a_probe_of_an_unknown_kind_is_a_fault_of_the_table():
    with pytest.raises(ValueError, match="unknown probe"):
        packages.missing([need("odd", ("guess:odd",))])


def test_a_complaint_of_fontconfig_is_no_font(system, monkeypatch):
    system("fc-list")
    complaint = tools.Result(0, b"", b"Fontconfig warning: no home directory\n")
    monkeypatch.setattr(tools, "ask", lambda *_, **__: complaint)
    assert not packages.has_font("Anything")
    assert "warning" in packages.banner("fc-list")


def test_the_table_holds_what_the_templates_load():
    """A LaTeX package that a template loads is one that the set-up installs."""
    templates = Path(__file__).parents[1] / "templates/latex"
    loads = re.compile(r"\\(?:usepackage|RequirePackage)\s*(?:\[.*?\])?\{([\w, -]+)\}", re.S)
    text = "".join(path.read_text("utf-8") for path in sorted(templates.glob("*.tex")))
    loaded = {name.strip() for names in loads.findall(text) for name in names.split(",")}
    listed = {probe for row in packages.needs() for probe in row.probes}
    part_of_latex = {"array", "calc", "graphicx", "longtable"}  # LaTeX has these by definition
    assert "microtype" in loaded
    assert {f"tex:{name}.sty" for name in loaded - part_of_latex} <= listed
