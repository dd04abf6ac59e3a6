"""Runs veraPDF (https://verapdf.org) and reads what it says of a PDF's tags and its archiving."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geppetto import tools
from geppetto.diagnostics import Diagnostic
from geppetto.installed import PACKAGE, in_checkout

VARIABLE = "GEPPETTO_VERAPDF"
"""The variable of the environment that names a folder of veraPDF's jars, or one jar."""
FOLDER = PACKAGE.parents[1] / ".setup" / "verapdf"
"""Where `setup/verapdf.sh` puts it."""
FLAVOURS = {"ua-2": ("ua2", "4f"), "ua-1": ("ua1",), "none": ()}
"""veraPDF's names of what a book's PDF is to conform to, by `pdf: standard`."""
JAVA = ("-Xss4m", "-Xmx4g", "-XX:-UsePerfData")
"""A stack for deep trees, a bound for the heap; no file about itself in the temporary folder."""
MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
LIMITS = tools.Limits(seconds=1800, cpu_seconds=3600, memory=16 * tools.GIB)
SHOWN = 5  # places of a fault, in its details
HINT = (
    "Look at the LaTeX of your own, if the book has any; without it, the fault is Geppetto's:"
    " please report it."
)
_PAGE = re.compile(r"pages\[(\d+)\]")
_VERSION = re.compile(r"-(\d[\d.]*)\.jar$")


@dataclass(frozen=True)
class _Program:
    """How veraPDF is started, and what it must be able to read; its version, if that is known."""

    command: tuple[str | Path, ...]
    read: tuple[Path, ...]
    version: str | None = None


@dataclass(frozen=True)
class Checked:
    """What veraPDF found against one flavour: checks passed and failed, each fault."""

    flavour: str
    passed: int = 0
    failed: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether the file is what the flavour asks for."""
        return not self.diagnostics


def available() -> bool:
    """Tell whether veraPDF can be run."""
    return _program() is not None


def remedy() -> str:
    """Give the line that installs it, or say where it comes from."""
    if in_checkout():
        return "sh setup/verapdf.sh"
    return f"Get veraPDF from https://verapdf.org, and put it on the PATH, or its jars' folder into {VARIABLE}."


def version() -> str | None:
    """Give veraPDF's version, or None where it cannot be run."""
    found = _program()
    if found is None or found.version:
        return found.version if found else None
    said = tools.ask([*found.command, "--version"]).stdout.decode("utf-8", "replace")
    match = re.search(r"veraPDF (\S+)", said)
    return match[1] if match else None


def check(path: Path, flavour: str) -> list[Diagnostic]:
    """Give each rule of a flavour (veraPDF's name: `ua2`, `4f`, `ua1`) that a PDF breaks.

    Nothing is said where `available` is false.
    """
    return list(examine(path, flavour).diagnostics)


def examine(path: Path, flavour: str) -> Checked:
    """Give what `check` gives, and how many checks there were."""
    found = _program()
    if found is None:
        return Checked(flavour)
    result = tools.run(
        [*found.command, "--flavour", flavour, "--format", "json", "--loglevel", "0", path],
        access=tools.Access(read=(*found.read, path)),
        limits=LIMITS,
    )
    return read(result.stdout, path.name, flavour) or _stopped(path, flavour, result.stderr)


def read(said: bytes, name: str, flavour: str) -> Checked | None:
    """Read veraPDF's report (its `--format json`) on the file `name`; None where there is none."""
    try:
        job = json.loads(said[said.index(b"{") :])["report"]["jobs"][0]
        if "validationResult" not in job:
            return _unread(name, flavour, job.get("taskException", {}))
        results = job["validationResult"]
        details = [one["details"] for one in results]
        passed, failed = (
            sum(int(one[key]) for one in details) for key in ("passedChecks", "failedChecks")
        )
        faults = tuple(d for one in results for d in _faults(one, name))
        if failed and not faults:
            return None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None
    return Checked(flavour, passed, failed, faults)


def _faults(result: dict[str, Any], name: str) -> Iterator[Diagnostic]:
    """Give one diagnostic for each rule that is broken."""
    profile = str(result["profileName"]).removesuffix(" validation profile")
    for rule in result["details"]["ruleSummaries"]:
        if rule["ruleStatus"] != "FAILED":
            continue
        places = [str(one["context"]) for one in rule["checks"]]
        clause = f"{rule['specification']}, {rule['clause']}"
        says = f"{name} is no {profile} ({clause}): {_sentence(rule['description'])}"
        says += _where(int(rule["failedChecks"]), places)
        said = [f"{one['errorMessage']}: {one['context']}" for one in rule["checks"][:SHOWN]]
        yield Diagnostic("pdf-invalid", says, hint=HINT, detail="\n".join(said))


def _sentence(words: str) -> str:
    return " ".join(words.split()).rstrip(".") + "."


def _where(count: int, places: Sequence[str]) -> str:
    """Say how often a rule is broken, and on which page first, if that is known."""
    pages = [int(match[1]) + 1 for place in places if (match := _PAGE.search(place))]
    times = "once" if count == 1 else f"{count} times"
    return f" Broken {times}, first on page {min(pages)}." if pages else f" Broken {times}."


def _unread(name: str, flavour: str, fault: dict[str, Any]) -> Checked:
    words = str(fault.get("exceptionMessage", ""))
    says = f"veraPDF cannot read {name}."
    return Checked(flavour, 0, 0, (Diagnostic("pdf-invalid", says, hint=HINT, detail=words),))


def _stopped(path: Path, flavour: str, said: bytes) -> Checked:
    words = said.decode("utf-8", "replace")[-2000:]
    says = f"veraPDF did not finish with {path.name}."
    return Checked(flavour, 0, 0, (Diagnostic("tool-failed", says, detail=words),))


def _program() -> _Program | None:
    """Find veraPDF: the jars that the environment names, a program, or what was set up here."""
    named = os.environ.get(VARIABLE)
    if named:
        return _by_jars(Path(named))
    if (program := tools.find("verapdf")) is not None:
        return _Program((program,), (program.resolve().parent,))
    return _by_jars(FOLDER)


def _by_jars(place: Path) -> _Program | None:
    java = tools.find("java")
    jars = [place] if place.suffix == ".jar" else sorted(place.glob("*.jar"))
    if java is None or not jars or not all(jar.is_file() for jar in jars):
        return None
    listed = ":".join(str(jar.absolute()) for jar in jars)
    named = _VERSION.search(jars[0].name) if len(jars) == 1 else None
    command = (java, *JAVA, "-cp", listed, MAIN)
    return _Program(command, tuple(jars), named[1] if named else None)
