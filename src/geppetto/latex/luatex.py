"""Runs LuaLaTeX once: its command, its environment, and what keeps it from its end.

Knows LuaLaTeX's flags, not what stands in the book.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from geppetto import installed, store, tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.latex.auxiliary import SUFFIXES

LIMITS = tools.Limits(memory=6 * tools.GIB)
OLDEST_LUATEX = (1, 15)  # of TeX Live 2022
PLACES = ".places"
REMEDY = (
    "Run 'make setup', or 'geppetto doctor' for the line that installs it."
    if installed.in_checkout()
    else "Run 'geppetto doctor' for the line that installs it."
)
# LuaTeX's own last lines, `ensure_output_file_open` and `finish_pdf_file`.
_FILE_OPENED = re.compile(r"\(\./([^\s()]+\.tex)")


@dataclass(frozen=True)
class Job:
    """A master file `<name>.tex` in the folder `work`; `parts` are all files written there."""

    work: Path
    name: str
    parts: tuple[str, ...]
    environment: Mapping[str, str]
    access: tools.Access
    limits: tools.Limits

    def path(self, suffix: str) -> Path:
        """Give the job's file of a suffix."""
        return self.work / f"{self.name}{suffix}"

    @property
    def included(self) -> tuple[str, ...]:
        """The names of the parts in LaTeX, without a suffix."""
        tex = (part.removesuffix(".tex") for part in self.parts if part.endswith(".tex"))
        return tuple(part for part in tex if part != self.name)


def check_version() -> str:
    """Give LuaLaTeX's version line.

    Raises:
        GeppettoError: LuaLaTeX is not installed, or older than TeX Live 2022's.
    """
    program = tools.require("lualatex", "typesets the PDF", REMEDY)
    return _version(program)


@lru_cache(maxsize=4)
def _version(program: Path) -> str:
    result = tools.ask([program, "--version"])
    line = result.stdout.decode("utf-8", "replace").partition("\n")[0]
    match = re.search(r"Version (\d+)\.(\d+)", line)
    if match is None or result.returncode:
        raise GeppettoError(
            Diagnostic(
                "tool-failed",
                f"{program} does not say which version it is.",
                hint=REMEDY,
                detail=line + result.stderr.decode("utf-8", "replace"),
            ),
            ExitCode.TOOL,
        )
    if (int(match[1]), int(match[2])) < OLDEST_LUATEX:
        raise GeppettoError(
            Diagnostic(
                "tool-old",
                "LuaLaTeX is too old; Geppetto needs that of TeX Live 2022 or newer.",
                hint=REMEDY,
                detail=line,
            ),
            ExitCode.TOOL,
        )
    return line


def run(job: Job) -> bool:
    """Run LuaLaTeX once, after `clear`; say whether it found no error.

    Raises:
        GeppettoError: it was killed, or came to a limit; the auxiliary files are gone then.
    """
    return finish(job, told(job))


def clear(job: Job) -> None:
    """Remove what a pass writes anew, so that nothing of an earlier one is taken for it."""
    for suffix in (".pdf", PLACES):
        job.path(suffix).unlink(missing_ok=True)


def told(job: Job, words: bytes = b"") -> tools.Result:
    """Have the executor run LuaLaTeX to its end, after `clear`; `words` are what it reads from its input."""
    return tools.result(tools.submit(_command(job), stdin=words, **_within(job)))


def start_beside(job: Job) -> tools.Running:
    """Start LuaLaTeX here, beside another that may be at work in the folder.

    Its recorder first writes to a file that is named by the process's number, which
    is the same in every jail: a shell before it makes it another.
    """
    clear(job)
    shell = ("sh", "-c", '"$@"; exit $?', "sh") if tools.protection().jail is not None else ()
    return tools.start([*shell, *_command(job)], **_within(job))


def _command(job: Job) -> list[str]:
    return [
        "lualatex",
        "-interaction=nonstopmode",
        "-file-line-error",
        "-no-shell-escape",
        "-recorder",
        f"-jobname={job.name}",
        f"{job.name}.tex",
    ]


def _within(job: Job) -> dict[str, Any]:
    """Give what confines it."""
    return {
        "access": job.access,
        "cwd": job.work,
        "environment": job.environment,
        "limits": job.limits,
    }


def finish(job: Job, result: tools.Result) -> bool:
    """Say whether LuaLaTeX found no error, as `run`."""
    if _no_room(job, result):
        remove_auxiliary(job)
        raise store.failed(job.work, OSError(errno.ENOSPC, "no space is left on the disk"))
    links = remove_links(job.work)
    if links:
        remove_auxiliary(job)
        raise _leading_out(links)
    if result.timed_out or result.returncode < 0 or result.returncode > 1:
        opened = _opened_last(job, result.stdout)
        remove_auxiliary(job)
        raise _stopped(job, result, opened)
    return result.returncode == 0


def _no_room(job: Job, result: tools.Result) -> bool:
    """Tell whether the disk was full: LuaTeX's fatal errors say so, or a file that it cannot open."""
    said = result.stdout[-4000:] + result.stderr[-4000:]
    if result.returncode == 0 or not re.search(
        rb"No space left|fwrite\(\) failed|can't write", said
    ):
        return False
    return b"No space left" in said or shutil.disk_usage(job.work).free < 1 << 20


def remove_links(work: Path) -> list[str]:
    """Remove links and other things that are no plain files from the work folder; name them.

    TeX makes none, but a manuscript's Lua can (`lfs.link`), and through a link
    what is written into the folder next would land elsewhere.
    """
    found = [
        Path(folder, entry.name)
        for folder, _, _ in os.walk(work)
        for entry in os.scandir(folder)
        if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False))
    ]
    for path in found:
        path.unlink()
    return sorted(path.relative_to(work).as_posix() for path in found)


def _leading_out(links: list[str]) -> GeppettoError:
    return GeppettoError(
        Diagnostic(
            "latex-link",
            f"The book's LaTeX made a link in its work folder ({links[0]}); it was removed.",
            hint="Take away the Lua that makes it: a manuscript is data.",
        )
    )


def _stopped(job: Job, result: tools.Result, opened: str | None) -> GeppettoError:
    """Say that LuaLaTeX did not come to its own end, and what it was reading then."""
    hint = "Look for a LaTeX command of your own that never ends."
    code = "tool-failed"
    if result.timed_out:
        code = "tool-timeout"
        message = f"LuaLaTeX was stopped after {job.limits.seconds:g} seconds."
    elif result.returncode == -signal.SIGXCPU:
        code = "tool-timeout"
        message = f"LuaLaTeX was stopped after {job.limits.cpu_seconds} seconds of processor time."
    elif result.returncode == -signal.SIGXFSZ:
        message = f"LuaLaTeX was stopped: it wrote a file of {job.limits.file_size:,} bytes."
    else:
        message = f"LuaLaTeX was killed (status {result.returncode})."
        hint = "Memory may have run out, or somebody ended it; build again."
    tail = (result.stdout[-1000:] + result.stderr[-1000:]).decode("utf-8", "replace")
    place = None if opened is None else Location(opened)
    return GeppettoError(Diagnostic(code, message, place, hint, detail=tail), ExitCode.MACHINERY)


def _opened_last(job: Job, said: bytes) -> str | None:
    r"""Give the part that TeX was setting: its auxiliary file lacks what `\include` writes last."""
    begun = ((f"{part}.tex", job.work / f"{part}.aux") for part in job.included)
    unfinished = (
        p for p, file in begun if file.is_file() and b"\\@setckpt" not in file.read_bytes()
    )
    named = _FILE_OPENED.findall(said.decode("utf-8", "replace"))
    return next(unfinished, named[-1] if named else None)


def environment(epoch: int) -> dict[str, str]:
    """The variables that make a pass the same anywhere, and its log's lines whole."""
    return {
        "SOURCE_DATE_EPOCH": str(epoch),
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        "max_print_line": "1000",
        "error_line": "254",
        "half_error_line": "238",
        "openout_any": "p",
    }


def recorded(job: Job) -> list[str]:
    """Give the files that TeX read and did not write, as its recorder names them."""
    recorded = read_text(job.path(".fls")).splitlines()
    names = {line.removeprefix("INPUT ") for line in recorded if line.startswith("INPUT ")}
    written = {line.removeprefix("OUTPUT ") for line in recorded if line.startswith("OUTPUT ")}
    return sorted(names - written)


def read_text(path: Path) -> str:
    """Read what LuaLaTeX wrote, nothing where there is nothing."""
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""


def auxiliary_files(job: Job) -> list[Path]:
    """Give the auxiliary files of the job and its parts that are there."""
    paths = [job.path(suffix) for suffix in SUFFIXES]
    paths += [job.work / f"{part}.aux" for part in job.included]
    return [path for path in paths if path.is_file()]


def remove_auxiliary(job: Job) -> None:
    """Remove the auxiliary files, so that the next pass is the first."""
    for path in auxiliary_files(job):
        path.unlink()
