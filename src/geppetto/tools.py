"""Starts programs: finds them, runs them within limits, and says what happened.

This is the only module that starts processes. It knows nothing of what the
programs do: their flags belong to the modules that use them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """What a program may use: wall-clock seconds, CPU seconds, bytes of one file."""

    seconds: float = 600.0
    cpu_seconds: int = 1200
    file_size: int = 2 * GIB


@dataclass(frozen=True)
class Result:
    """How a program ended. `returncode` is negative when a signal ended it."""

    returncode: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False


def find(name: str) -> Path | None:
    """Give the path of a program, or None where it is not installed."""
    found = shutil.which(name)
    return Path(found) if found else None


def require(name: str, purpose: str, hint: str) -> Path:
    """Give the path of a program, or stop with exit code 3 and the line that installs it.

    Raises:
        GeppettoError: the program is not installed.
    """
    found = find(name)
    if found is None:
        raise GeppettoError(
            Diagnostic("tool-missing", f"{name} is not installed; it {purpose}.", hint=hint),
            ExitCode.TOOL,
        )
    return found


def run(
    arguments: Sequence[str | Path],
    *,
    stdin: bytes = b"",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Result:
    """Run a program to its end within limits.

    `environment` is added to a small, fixed environment (PATH, HOME, a UTF-8
    locale and UTC), so that the author's own settings do not reach the book.
    A program past its wall-clock limit is killed with all its children.
    """
    limits = limits or Limits()
    process = subprocess.Popen(
        _confined(arguments, limits),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=_environment(environment or {}),
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(stdin, timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        _kill(process)
        stdout, stderr = process.communicate()
        return Result(process.returncode, stdout, stderr, timed_out=True)
    except BaseException:
        _kill(process)
        process.wait()
        raise
    return Result(process.returncode, stdout, stderr)


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = (
        "PATH",
        "HOME",
        "TMPDIR",
        "LD_LIBRARY_PATH",
        "JAVA_HOME",
        "XDG_CACHE_HOME",
        "TEXMFHOME",
        "TEXMFVAR",
        "TEXMFCACHE",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
    )
    base = {name: os.environ[name] for name in kept if name in os.environ}
    return {**base, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC", **extra}


def _confined(arguments: Sequence[str | Path], limits: Limits) -> list[str]:
    """Put a shell's `ulimit` before the command: it works on Linux and macOS, and with threads."""
    blocks = limits.file_size // 512
    bounds = f'ulimit -c 0; ulimit -t {limits.cpu_seconds}; ulimit -f {blocks}; exec "$@"'
    return ["/bin/sh", "-c", bounds, "sh", *(str(a) for a in arguments)]


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
