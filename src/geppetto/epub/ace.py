"""Runs DAISY Ace (https://daisy.github.io/ace/), which looks at an EPUB as its readers' aids do.

It renders each page in Chromium and has axe-core look at it. The program is that of
the PATH, or what `setup/ace.sh` installs; Chromium is the system's.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geppetto import installed, tools
from geppetto.diagnostics import Diagnostic, Location, Severity
from geppetto.epub.check import Find
from geppetto.epub.package import ROOT

NAMES = ("ace-cli", "ace")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SETTINGS = (Path("/etc/chromium.d"), Path("/etc/chromium"))
"""What Debian's script that starts Chromium reads."""
GRAVE = frozenset({"critical", "serious"})
LIMITS = tools.Limits(seconds=600, cpu_seconds=1200, memory=1 << 46)
"""Chromium and Node reserve terabytes of addresses and use few of them."""
HINT = "Mend what stands there; if it is plain Markdown, the fault is Geppetto's."
_XMLNS = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


@dataclass(frozen=True)
class Found:
    """What Ace found once: its rule, how grave it is, in which page and on which element."""

    rule: str
    impact: str
    says: str
    page: str
    html: str


def program() -> Path | None:
    """Give Ace: on the PATH, or where `setup/ace.sh` installs it in a checkout."""
    on_path = next((found for name in NAMES if (found := tools.find(name))), None)
    own = installed.template_root().parent / ".setup" / "ace" / "node_modules" / ".bin" / "ace-cli"
    return on_path or (own if own.is_file() else None)


def browser() -> Path | None:
    """Give the browser that Ace renders pages in."""
    return next((found for name in BROWSERS if (found := tools.find(name))), None)


def available() -> bool:
    """Tell whether Ace, Node and a browser are there."""
    return program() is not None and tools.find("node") is not None and browser() is not None


def remedy() -> str:
    """Give the line that installs it; Chromium and Node are the system's."""
    if installed.in_checkout():
        return "sh setup/ace.sh"
    return "npm install --global --ignore-scripts @daisy/ace-cli"


def version() -> str | None:
    """Give the version of Ace that `check` would run."""
    found = program()
    if found is None:
        return None
    for folder in found.resolve().parents:
        manifest = folder / "package.json"
        if manifest.is_file():
            return str(json.loads(manifest.read_text("utf-8"))["version"])
    return None


def check(path: Path, find: Find = Location) -> list[Diagnostic]:
    """Give all that Ace finds in an EPUB; nothing is said where `available` is false.

    `find` leads a file of the package, a line and a column to the author's place.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = _run(path, Path(folder))
    if isinstance(report, str):
        return [Diagnostic("tool-failed", "DAISY Ace did not finish.", detail=report)]
    with zipfile.ZipFile(path) as archive:
        held = set(archive.namelist())
        named = {found.page for found in read(report)} & held
        pages = {name: archive.read(name).decode("utf-8", "replace") for name in named}
    return diagnostics(report, pages, find)


def diagnostics(
    report: Mapping[str, Any], pages: Mapping[str, str], find: Find = Location
) -> list[Diagnostic]:
    """Give what a report says; `pages` are the texts of the package's pages, by their paths in it."""
    return [_diagnostic(found, pages, find) for found in read(report)]


def _run(path: Path, folder: Path) -> dict[str, Any] | str:
    """Run Ace; give its report, or what it said instead."""
    ace, chromium = program(), browser()
    if ace is None or chromium is None:
        return {"assertions": []}
    home = folder / "home"
    home.mkdir()
    result = tools.run(
        [ace, "--silent", "--force", "--outdir", folder / "out", path.resolve()],
        access=tools.Access(read=(_room(ace), path.resolve(), *SETTINGS), write=(folder,)),
        environment={
            "PUPPETEER_EXECUTABLE_PATH": str(chromium),
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home),
        },
        limits=LIMITS,
    )
    try:
        report: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text("utf-8"))
        return report
    except (OSError, ValueError):
        return (result.stdout + result.stderr).decode("utf-8", "replace")[-2000:]


def _room(ace: Path) -> Path:
    """Give the folder in which Ace's packages stand."""
    real = ace.resolve()
    return next((one for one in real.parents if one.name == "node_modules"), real.parent)


def read(report: Mapping[str, Any]) -> Iterator[Found]:
    """Read a report (ace-report-1.0): what failed, page by page."""
    for page in report["assertions"]:
        url = str(page["earl:testSubject"]["url"]).lstrip("/")
        name = url if url.startswith(f"{ROOT}/") else f"{ROOT}/{url}"
        for one in page["assertions"]:
            result, test = one["earl:result"], one["earl:test"]
            if result["earl:outcome"] == "fail":
                says = str(result["dct:description"]).strip().partition("\n")[0]
                impact = str(test["earl:impact"])
                yield Found(str(test["dct:title"]), impact, says, name, str(result.get("html", "")))


def _diagnostic(found: Found, pages: Mapping[str, str], find: Find) -> Diagnostic:
    place = _place(pages.get(found.page, ""), found.html)
    severity = Severity.ERROR if found.impact in GRAVE else Severity.WARNING
    says = f"A reader may be kept out ({found.rule}): {found.says.rstrip('.')}."
    detail = f"{found.page}: {found.html}"
    location = find(found.page, *place)
    return Diagnostic("epub-inaccessible", says, location, HINT, detail, severity)


def _place(page: str, html: str) -> tuple[int, int] | tuple[()]:
    """Give line and column, from 1, of where an element's tag ends in a page, if it is found."""
    tag = _XMLNS.sub("", html.partition(">")[0])
    at = page.find(tag) if tag else -1
    if at < 0:
        return ()
    end = page.find(">", at) + 1
    return page.count("\n", 0, end) + 1, end - page.rfind("\n", 0, end)
