"""Runs commands in turn and gives their wall and CPU seconds, and the ratios."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Spent:
    """What one run took: seconds, CPU of all its processes, and the most memory of all together in MB."""

    wall: float
    cpu: float
    peak: float = 0.0


def spent(run: Callable[[], object]) -> Spent:
    """Measure one call, with the processes that it starts."""
    before, start = _cpu(), time.perf_counter()
    run()
    return Spent(time.perf_counter() - start, _cpu() - before)


def _cpu() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


def command(arguments: Iterable[str | Path], cwd: Path | None = None) -> Callable[[], object]:
    """Make a call that runs a command and does not look at what it says."""
    words = [str(a) for a in arguments]
    return lambda: subprocess.run(words, cwd=cwd, capture_output=True, check=False)


def watched(commands: Sequence[Sequence[str]], cwd: Path) -> Spent:
    """Measure commands one after another by what /proc says of all their processes, every 20 ms.

    A jail does not hand on what its programs took, so it is looked up while
    they live; what a process takes after the last look at it is not counted.

    Raises:
        RuntimeError: one of them failed.
    """
    start = time.perf_counter()
    seen: dict[int, float] = {}
    peak = 0.0
    for words in commands:
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(words, cwd=cwd, stdout=said, stderr=said) as process,
        ):
            while process.poll() is None:
                memory = 0.0
                for pid, (cpu, resident) in _family(process.pid).items():
                    seen[pid] = cpu
                    memory += resident
                peak = max(peak, memory)
                time.sleep(0.02)
            if process.returncode:
                said.seek(0)
                last = said.read().decode("utf-8", "replace")[-2_000:]
                raise RuntimeError(f"{words[0]} ended with {process.returncode}: {last}")
    return Spent(time.perf_counter() - start, sum(seen.values()), peak)


def _family(root: int) -> dict[int, tuple[float, float]]:
    """Give the CPU seconds and resident MB of a process and all that descend from it (proc(5))."""
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE") / 1e6
    every: dict[int, tuple[float, float]] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used = (int(fields[11]) + int(fields[12])) / tick
        every[int(folder.name)] = (used, int(fields[21]) * page)
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    family = [root]
    for pid in family:  # grows meanwhile; numbers start again, so a child's may be the lower one
        family += children.get(pid, ())
    return {pid: every[pid] for pid in family if pid in every}


def in_turn(
    runs: Mapping[str, Callable[[], object]], times: int, before: Mapping[str, Callable[[], object]]
) -> dict[str, list[Spent]]:
    """Measure runs one after another, round by round; what is in `before` is not measured.

    Every other round goes backwards where the order is nothing to the runs.
    """
    found: dict[str, list[Spent]] = {name: [] for name in runs}
    for number in range(times):
        names = list(runs) if before or number % 2 == 0 else list(runs)[::-1]
        for name in names:
            prepare = before.get(name)
            if prepare is not None:
                prepare()
            found[name].append(spent(runs[name]))
    return found


def table(found: Mapping[str, list[Spent]], peer: str) -> str:
    """Give the medians, and the medians of the rounds' ratios to a peer, as a Markdown table."""
    lines = ["| | wall s | CPU s | wall ratio | CPU ratio |", "|---|---:|---:|---:|---:|"]
    for name, runs in found.items():
        ratios = [
            median(getattr(one, kind) / getattr(other, kind) for one, other in zip(runs, found[peer], strict=True))
            for kind in ("wall", "cpu")
        ]  # fmt: skip
        wall, cpu = median(r.wall for r in runs), median(r.cpu for r in runs)
        lines.append(f"| {name} | {wall:.2f} | {cpu:.2f} | {ratios[0]:.3f} | {ratios[1]:.3f} |")
    return "\n".join(lines)


def machine() -> str:
    """Say on what it was measured."""
    load = os.getloadavg()[0]
    return f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"
