"""What a book needs beside Python's packages: the table, what of it is missing, the line for it.

The table is `data/packages.txt`, which says what its columns mean; the set-up
(`setup/system.sh`) reads the same file, before there is a Python to read it.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from geppetto import tools

Manager = Literal["apt", "dnf", "brew"]
COMMANDS: dict[Manager, str] = {
    "apt": "sudo apt-get install --no-install-recommends",
    "dnf": "sudo dnf install",
    "brew": "brew install",
}
QUICK = tools.Limits(seconds=60)


@dataclass(frozen=True)
class Need:
    """One row of the table. `scope` is build, test, wanted or offered; any of `probes` may find it."""

    name: str
    scope: str
    probes: tuple[str, ...]
    apt: tuple[str, ...]
    dnf: tuple[str, ...]
    brew: tuple[str, ...]
    tlmgr: tuple[str, ...]
    purpose: str

    @property
    def is_latex_package(self) -> bool:
        """Whether this is a file of LaTeX's own, rather than a program or a font."""
        return all(probe.endswith((".sty", ".lua")) for probe in self.probes)


def needs() -> tuple[Need, ...]:
    """Read the table."""
    text = (files("geppetto") / "data/packages.txt").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(_need(line) for line in lines if line and not line.startswith("#"))


def _need(line: str) -> Need:
    name, scope, probes, apt, dnf, brew, tlmgr, purpose = (c.strip() for c in line.split("|"))
    found_by = tuple(probe.strip() for probe in probes.split(","))
    listed = [tuple(p for p in cell.split() if p != "-") for cell in (apt, dnf, brew, tlmgr)]
    return Need(name, scope, found_by, listed[0], listed[1], listed[2], listed[3], purpose)


def missing(wanted: Iterable[Need]) -> tuple[Need, ...]:
    """Give those of the needs that no probe finds on this system."""
    wanted = tuple(wanted)
    every = (probe for need in wanted for probe in need.probes)
    tex = tex_files(p.removeprefix("tex:") for p in every if p.startswith("tex:"))
    return tuple(n for n in wanted if not any(_present(probe, tex) for probe in n.probes))


def _present(probe: str, tex: frozenset[str]) -> bool:
    kind, _, value = probe.partition(":")
    match kind:
        case "command":
            return tools.find(value) is not None
        case "texlive":
            return (texlive()[1] or 0) >= int(value)
        case "tex":
            return value in tex
        case "font":
            return has_font(value)
        case "java":
            return (java() or 0) >= int(value)
        case _:
            raise ValueError(f"unknown probe {probe!r}")


def said(program: str, *arguments: str) -> str:
    """Give what a program prints; nothing where it is not installed."""
    return "".join(_streams(program, arguments)[:1])


def first_version(text: str) -> str | None:
    """Give the first version number of what a program says of itself."""
    found = re.search(r"\d+(?:[.]\d+)*", text)
    return found[0] if found else None


def banner(program: str, *arguments: str) -> str:
    """Give what a program prints on either stream: Java's version goes to standard error."""
    return "".join(_streams(program, arguments))


def _streams(program: str, arguments: Sequence[str]) -> tuple[str, ...]:
    if tools.find(program) is None:
        return ()
    result = tools.ask([program, *arguments], limits=QUICK)
    return tuple(stream.decode("utf-8", "replace") for stream in (result.stdout, result.stderr))


def texlive() -> tuple[str | None, int | None]:
    """Give LuaTeX's version and the year of its TeX Live."""
    text = banner("lualatex", "--version")
    found = re.search(r"Version (\S+) \(TeX Live (\d{4})", text)
    return (found[1], int(found[2])) if found else (None, None)


def java() -> int | None:
    """Give Java's version: 17, and 8 for what calls itself 1.8."""
    found = re.search(r' version "(?:1\.)?(\d+)', banner("java", "-version"))
    return int(found[1]) if found else None


def tex_files(names: Iterable[str]) -> frozenset[str]:
    """Give those of the files that TeX finds: one process for all."""
    names = tuple(names)
    lines = said("kpsewhich", *names).splitlines() if names else []
    return frozenset(line.rpartition("/")[2] for line in lines)


def has_font(pattern: str) -> bool:
    """Tell whether fontconfig lists a font for the pattern."""
    return bool(said("fc-list", pattern).strip())


def manager() -> Manager | None:
    """Give who installs packages on this system, if it is one of those that the table knows."""
    programs: dict[str, Manager] = {"apt-get": "apt", "dnf": "dnf", "brew": "brew"}
    return next((kind for program, kind in programs.items() if tools.find(program)), None)


def own_texlive() -> bool:
    """Tell whether TeX Live came from its own installer, and is tlmgr's to extend."""
    tlmgr = tools.find("tlmgr")
    return tlmgr is not None and str(tlmgr) != "/usr/bin/tlmgr"


def install_line(wanted: Iterable[Need]) -> str | None:
    """Give the one line that installs the needs on this system, if it is a system we know."""
    kind, own = manager(), own_texlive()
    system: list[str] = []
    tex: list[str] = []
    for need in wanted:
        from_tlmgr = need.tlmgr and (own or (kind == "brew" and not need.brew))
        (tex if from_tlmgr else system).extend(need.tlmgr if from_tlmgr else _packages(need, kind))
    parts = []
    if system and kind:
        parts.append(f"{COMMANDS[kind]} {_listed(system)}")
    if "basictex" in system:
        parts.append('eval "$(/usr/libexec/path_helper)"')
    if tex:
        parts.append(f"sudo tlmgr install {_listed(tex)}")
    line = " && ".join(parts)
    return (line.replace("sudo ", "") if os.geteuid() == 0 else line) or None


def _packages(need: Need, kind: Manager | None) -> tuple[str, ...]:
    return {"apt": need.apt, "dnf": need.dnf, "brew": need.brew, None: ()}[kind]


def _listed(packages: Iterable[str]) -> str:
    return shlex.join(dict.fromkeys(packages))
