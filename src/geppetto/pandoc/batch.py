"""Many documents through Pandoc at a time (`filters/batch.lua`), on several cores where that pays.

The program is large: starting it once for each chapter would cost more than
the work. Results can be had as they come, while Pandoc goes on with the rest.
"""

from __future__ import annotations

import functools
import json
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pypandoc

from geppetto import installed, store, tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.model.places import file_of

OLDEST = (3, 2)
LIMITS = tools.Limits()
WORTH = 150_000
"""Bytes for which another process is worth its start."""
MOST = 4
LOOK = 0.005  # seconds between two looks at what is finished
_OUT_OF_MEMORY = frozenset({251, 254})  # GHC's runtime: EXIT_HEAPOVERFLOW, EXIT_INTERNAL_ERROR


@functools.cache
def program() -> Path:
    """Give the path of Pandoc.

    Raises:
        GeppettoError: Pandoc is missing, or older than 3.2, which has no log for Lua.
    """
    try:
        path = Path(pypandoc.get_pandoc_path())
        version = pypandoc.get_pandoc_version()
    except OSError as fault:
        raise GeppettoError(
            Diagnostic("tool-missing", "Pandoc is not installed.", hint=f"Run `{_remedy()}`."),
            ExitCode.TOOL,
        ) from fault
    if tuple(int(n) for n in version.split(".")[:2]) < OLDEST:
        raise GeppettoError(
            Diagnostic(
                "tool-old",
                f"Pandoc {version} is too old; 3.2 or newer is needed.",
                hint=f"Run `{_remedy()}`, which installs the right one.",
            ),
            ExitCode.TOOL,
        )
    return path


def _remedy() -> str:
    return installed.setting_up(installed.adding("pypandoc_binary"))


@dataclass(frozen=True)
class Job:
    """What Pandoc is to do with each document; it may read the files `read`.

    `media` are the images that documents name, each with its media type and its
    file. `alone`: all go through one process, whatever their size.
    """

    action: str
    source: str = "json"
    target: str = "json"
    options: Mapping[str, Any] = field(default_factory=dict)
    read: Sequence[Path] = ()
    media: Mapping[str, tuple[str, Path]] = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True)
class Report:
    """What Pandoc said of one document: its log, and why it failed, if it did."""

    messages: tuple[dict[str, Any], ...]
    failure: str | None


class Batch:
    """Documents on their way through Pandoc; a context, which starts and ends the programs.

    Iterating gives each document's name and output as it is finished, an empty
    output where it failed; then `reports` has what was said of each.

    Raises:
        GeppettoError: Pandoc is missing, or did not come to its end.
    """

    def __init__(self, job: Job, sources: Mapping[str, bytes]) -> None:
        self.job, self.sources = job, sources
        self.reports: dict[str, Report] = {}
        self._stack = ExitStack()
        self._groups: list[tuple[Path, list[str]]] = []
        self._runs: list[Future[tools.Result]] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            groups = _groups({n: len(s) for n, s in self.sources.items()}, alone=self.job.alone)
            for names in groups:
                folder = stack.enter_context(store.workspace())
                self._write(folder, names)
                self._groups.append((folder, names))
            stack.push(self._end)
            readable = [*self.job.read, *(path for _, path in self.job.media.values())]
            self._runs += [_submitted(folder, readable) for folder, _ in self._groups]
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, fault, at)

    def _end(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for the programs; at a fault, end them. Those of a farm end by their limits."""
        if kind is None:
            wait(self._runs)
        elif tools.runs_here():
            tools.stop_until_ended(self._runs)

    def _write(self, folder: Path, names: Sequence[str]) -> None:
        items = []
        for number, name in enumerate(names):
            (folder / f"{number}.in").write_bytes(self.sources[name])
            items.append(
                {"source": str(folder / f"{number}.in"), "target": str(folder / f"{number}.out")}
            )
        job = {
            "action": self.job.action,
            "from": self.job.source,
            "to": self.job.target,
            "options": dict(self.job.options),
            "media": [[name, kind, str(path)] for name, (kind, path) in self.job.media.items()],
            "items": items,
            "log": str(folder / "log.json"),
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name, output in self.finished():
            yield name, output.decode()

    def finished(self) -> Iterator[tuple[str, bytes]]:
        """Give what iterating gives, as bytes: an output may be a package."""
        left = [iter(enumerate(names)) for _, names in self._groups]
        following = [next(names, None) for names in left]
        while any(following):
            ended = all(run.done() for run in self._runs)
            found = False
            for group, (folder, _) in enumerate(self._groups):
                while (one := following[group]) and (folder / f"{one[0]}.out").exists():
                    found = True
                    following[group] = next(left[group], None)
                    yield one[1], (folder / f"{one[0]}.out").read_bytes()
            if ended and not found:
                break
            if not found:
                wait(self._runs, timeout=LOOK)
        self._hear()

    def _hear(self) -> None:
        for run, (folder, names) in zip(self._runs, self._groups, strict=True):
            _check(run.result(), folder, names)
            said = json.loads((folder / "log.json").read_text(encoding="utf-8"))
            for name, report in zip(names, said, strict=True):
                self.reports[name] = Report(tuple(report["messages"]), report["failure"] or None)


def run(job: Job, sources: Mapping[str, bytes]) -> dict[str, tuple[str, Report]]:
    """Put every source through Pandoc, and give the outputs and reports by name, in their order."""
    with Batch(job, sources) as batch:
        outputs = dict(batch)
        return {name: (outputs[name], batch.reports[name]) for name in sources}


def _groups(sizes: Mapping[str, int], *, alone: bool) -> list[list[str]]:
    """Share documents out among processes, the large ones first, each group in its old order."""
    if not sizes:
        return []
    most = 1 if alone else min(MOST, os.cpu_count() or 1, 1 + sum(sizes.values()) // WORTH)
    loads = [0] * most
    groups: list[list[str]] = [[] for _ in loads]
    for name in sorted(sizes, key=lambda n: -sizes[n]):
        least = loads.index(min(loads))
        loads[least] += sizes[name] + 1
        groups[least].append(name)
    order = {name: number for number, name in enumerate(sizes)}
    return [sorted(group, key=order.__getitem__) for group in groups if group]


def _submitted(folder: Path, read: Sequence[Path]) -> Future[tools.Result]:
    script = Path(str(files("geppetto") / "filters" / "batch.lua"))
    return tools.submit(
        [program(), "lua", script, folder / "job.json"],
        access=tools.Access(read=(script, *read), write=(folder,)),
        cwd=folder,
        limits=LIMITS,
    )


def _check(result: tools.Result, folder: Path, names: Sequence[str]) -> None:
    """Raise what kept Pandoc from its end."""
    if result.timed_out or result.returncode < 0 or result.returncode in _OUT_OF_MEMORY:
        raise GeppettoError(_stopped(result, _unfinished(folder, names)), ExitCode.MACHINERY)
    if result.returncode != 0 or not (folder / "log.json").exists():
        raise GeppettoError(
            Diagnostic(
                "pandoc-failed",
                "Pandoc failed.",
                hint="Run `geppetto doctor`.",
                detail=result.stderr.decode(errors="replace"),
            ),
            ExitCode.MACHINERY,
        )


def _unfinished(folder: Path, names: Sequence[str]) -> Location | None:
    """Give the chapter that Pandoc was at: the first without a result."""
    left = (name for n, name in enumerate(names) if not (folder / f"{n}.out").exists())
    name = file_of(next(left, ""))
    return Location(name) if name.endswith((".md", ".markdown")) else None


def _stopped(result: tools.Result, place: Location | None) -> Diagnostic:
    hint = (
        "Look there for an extreme construct: brackets in brackets, a table of thousands of rows."
    )
    detail = result.stderr.decode(errors="replace")
    if result.timed_out or result.returncode == -signal.SIGXCPU:
        says = f"Pandoc did not come to an end within {LIMITS.seconds:g} seconds."
        return Diagnostic("tool-timeout", says, place, hint, detail)
    says = "Pandoc was stopped: it wanted more memory than it may have."
    return Diagnostic("tool-failed", says, place, hint, detail)
