"""Runs commands in turn and gives their wall and CPU seconds, and the ratios."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Spent:
    """What one run took, in seconds; CPU is that of all its processes."""

    wall: float
    cpu: float


def spent(run: Callable[[], object]) -> Spent:
    """Measure one call, with the processes that it starts."""
    before, start = _cpu(), time.perf_counter()
    run()
    return Spent(time.perf_counter() - start, _cpu() - before)


def _cpu() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


def command(arguments: Sequence[str | Path], cwd: Path | None = None) -> Callable[[], object]:
    """Make a call that runs a command and does not look at what it says."""
    words = [str(a) for a in arguments]
    return lambda: subprocess.run(words, cwd=cwd, capture_output=True, check=False)


def in_turn(
    runs: Mapping[str, Callable[[], object]], times: int, before: Mapping[str, Callable[[], object]]
) -> dict[str, list[Spent]]:
    """Measure runs one after another, round by round; what is in `before` is not measured.

    Every other round goes backwards where the order is nothing to the runs.
    """
    found: dict[str, list[Spent]] = {name: [] for name in runs}
    for number in range(times):
        names = list(runs) if before or number % 2 == 0 else list(reversed(runs))
        for name in names:
            before.get(name, lambda: None)()
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
