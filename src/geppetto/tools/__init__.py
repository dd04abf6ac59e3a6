"""Starts programs: finds them, runs them within limits and in a jail, and says what happened.

This is the only room that starts processes. It knows nothing of what the
programs do: their flags belong to the modules that use them. What is given to
a program may come from a manuscript, so it runs in a jail (`jail`) where the
system has one, and within limits everywhere. Only a question to the machine
itself (`ask`) sees the whole of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.tools import jail
from geppetto.tools.jail import Access

if TYPE_CHECKING:  # most builds start nothing
    from concurrent.futures import Executor, Future

__all__ = [
    "Access", "Limits", "Protection", "Result", "Running", "ask", "find", "leave", "protection",
    "require", "result", "run", "running_on", "runs_here", "start", "stop", "stop_until_ended",
    "submit",
]  # fmt: skip
P = ParamSpec("P")
MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """What a program may use: wall-clock seconds, CPU seconds, bytes of one file, of memory.

    Memory is address space, which is more than what is in use.
    """

    seconds: float = 600.0
    cpu_seconds: int = 1200
    file_size: int = 2 * GIB
    memory: int = 8 * GIB


@dataclass(frozen=True)
class Result:
    """How a program ended. `returncode` is negative when a signal ended it."""

    returncode: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False


FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "/System/Library/Fonts",
)
"""Where systems keep their fonts."""


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


@dataclass(frozen=True)
class Protection:
    """What confines the programs on this machine: a jail, or else limits only, and why."""

    jail: Path | None
    why: str = ""
    remedy: str | None = None


def protection() -> Protection:
    """Say what confines programs here, after trying it once."""
    bwrap = find("bwrap")
    if bwrap is not None:
        return _tried(bwrap)
    remedy = "sudo apt-get install bubblewrap" if sys.platform == "linux" else None
    return Protection(None, "bubblewrap is not installed", remedy)


@lru_cache(maxsize=4)
def _tried(bwrap: Path) -> Protection:
    """Start a program in the jail: a container or a kernel may not allow one."""
    shell = Path("/bin/sh")
    command = [*jail.arguments(bwrap, shell, Access(), {}), str(shell), "-c", ":"]
    result = _run(command, b"", None, _environment({}), Limits(seconds=30))
    if result.returncode == 0:
        return Protection(bwrap)
    said = result.stderr.decode("utf-8", "replace").strip().splitlines()
    remedy = "sudo sysctl kernel.unprivileged_userns_clone=1, or run outside the container"
    return Protection(None, f"the system refuses it ({said[-1] if said else 'no reason'})", remedy)


class Running:
    """A program that has been started; `wait` gives it its input and says how it ended."""

    def __init__(
        self, process: subprocess.Popen[bytes], stdin: bytes, seconds: float, *, jailed: bool
    ) -> None:
        self._process, self._stdin, self._seconds = process, stdin, seconds
        self._jailed = jailed
        _RUNNING.add(process)

    def wait(self, stdin: bytes | None = None) -> Result:
        """Wait for the end; past the wall-clock limit, kill the program with all its children.

        `stdin` takes the place of what it was started with, for a program that waits for it.
        """
        if stdin is not None:
            self._stdin = stdin
        result = self._ended()
        return _as_without_jail(result) if self._jailed else result

    @property
    def is_alive(self) -> bool:
        """Whether the program has not ended yet."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Kill the program with all its children, if nobody has waited for its end."""
        if self._process in _RUNNING:
            _kill(self._process)
            self._process.communicate()
            _RUNNING.discard(self._process)

    def _ended(self) -> Result:
        process = self._process
        try:
            stdout, stderr = process.communicate(self._stdin, timeout=self._seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            stdout, stderr = process.communicate()
            return Result(process.returncode, stdout, stderr, timed_out=True)
        except BaseException:
            _kill(process)
            process.wait()
            raise
        finally:
            _RUNNING.discard(process)
        return Result(process.returncode, stdout, stderr)


LOOK = 0.02
"""Seconds between two looks at whether tasks have ended."""
_RUNNING: set[subprocess.Popen[bytes]] = set()


def stop() -> None:
    """Kill every program that was started and has not ended, whoever waits for it."""
    for process in tuple(_RUNNING):
        _kill(process)


def stop_until_ended(tasks: Sequence[Future[Any]]) -> None:
    """Kill every program until these tasks have ended: those they wait for, and those they go on to start."""
    from concurrent.futures import wait  # noqa: PLC0415 - most builds start nothing

    while wait(tasks, timeout=LOOK).not_done:
        stop()


def start(  # noqa: PLR0913 - each is a choice of the caller's own
    arguments: Sequence[str | Path],
    *,
    access: Access | None = None,
    stdin: bytes = b"",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Running:
    """Start a program, in the jail where there is one, within limits everywhere.

    The program sees the system and what `access` names, nothing else.
    `environment` is added to a small, fixed environment (PATH, HOME, a UTF-8
    locale and UTC), so that the author's own settings do not reach the book.
    """
    every = _environment(environment or {})
    program, command = Path(find(str(arguments[0])) or arguments[0]), [str(a) for a in arguments]
    bwrap = protection().jail
    if bwrap is not None:
        command = [*jail.arguments(bwrap, program, access or Access(), every), *command]
        every["TMPDIR"] = jail.TEMPORARY
    limits = limits or Limits()
    process = _started(command, cwd, every, limits)
    return Running(process, stdin, limits.seconds, jailed=bwrap is not None)


def _to_its_end(begin: Callable[P, Running]) -> Callable[P, Result]:
    def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        return begin(*args, **kwargs).wait()

    return run


run = _to_its_end(start)
"""Run a program to its end; it takes what `start` takes."""


def _run_there(arguments: Sequence[str | Path], options: Mapping[str, Any]) -> Result:
    """Run a program; by this name another process, on another machine, knows what to do."""
    return start(arguments, **options).wait()


_ELSEWHERE: list[Executor] = []


@contextlib.contextmanager
def running_on(executor: Executor | None) -> Iterator[None]:
    """Have an executor run what is submitted meanwhile: a farm's. None is this process.

    It is given what can be pickled. Where its programs run, Geppetto has to be
    installed, and the book's folder, this machine's folder for temporary files
    and TeX have to be found under the same names.
    """
    if executor is None:
        yield
        return
    _ELSEWHERE.append(executor)
    try:
        yield
    finally:
        _ELSEWHERE.remove(executor)


def runs_here() -> bool:
    """Whether what is submitted is run by this process."""
    return not _ELSEWHERE


def submit(arguments: Sequence[str | Path], **options: Any) -> Future[Result]:
    """Have a program run to its end by the executor; it takes what `start` takes."""
    if _ELSEWHERE:
        return _ELSEWHERE[-1].submit(_run_there, arguments, options)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most builds start nothing

    here = ThreadPoolExecutor(1)  # one for each: threads that wait for work are lost in a fork
    try:
        return here.submit(_run_there, arguments, options)
    finally:
        here.shutdown(wait=False)


def result(submitted: Future[Result]) -> Result:
    """Wait for the end of what was submitted; whoever is interrupted ends all programs."""
    try:
        return submitted.result()
    except BaseException:
        submitted.cancel()
        stop()
        raise


def ask(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Result:
    """Ask a program about the machine: its version, fonts, folders. Nothing of a book is in it."""
    command = [str(a) for a in arguments]
    return _run(command, b"", None, _environment(environment or {}), limits or Limits())


def leave(arguments: Sequence[str | Path]) -> None:
    """Start a program of the author's own and leave it to the author: an editor.

    It has the author's whole environment, no limits and no jail, and outlives this
    process: it is given nothing that is not the author's own choice. It does not
    inherit the build folder's lock.

    Raises:
        OSError: it cannot be started.
    """
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()


def _run(
    command: Sequence[str],
    stdin: bytes,
    cwd: Path | None,
    environment: Mapping[str, str],
    limits: Limits,
) -> Result:
    """Run a command as it is."""
    process = _started(command, cwd, environment, limits)
    return Running(process, stdin, limits.seconds, jailed=False).wait()


def _started(
    command: Sequence[str], cwd: Path | None, environment: Mapping[str, str], limits: Limits
) -> subprocess.Popen[bytes]:
    """Start a command.

    It inherits the build folder's lock (`store.locked`), so that what outlives
    a killed build keeps the next one waiting.
    """
    return subprocess.Popen(
        _within(limits, command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=environment,
        start_new_session=True,
        close_fds=False,
    )


def _as_without_jail(result: Result) -> Result:
    """Bubblewrap ends with 128 and the signal's number where a signal ended the program."""
    signalled = 128 < result.returncode <= 128 + signal.SIGRTMAX
    return replace(result, returncode=128 - result.returncode) if signalled else result


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


def _within(limits: Limits, command: Sequence[str]) -> list[str]:
    """Put a shell's `ulimit` before the command: it works with threads.

    macOS has no limit of address space, and the system may have set lower ones, which stay. On Linux the
    program dies with this process, which util-linux's setpriv asks for.
    """
    bounds = (
        f"{{ ulimit -c 0; ulimit -St {limits.cpu_seconds}; ulimit -Ht {limits.cpu_seconds + 5}; "
        f"ulimit -f {limits.file_size // 512}; ulimit -v {limits.memory // 1024}; }} 2>/dev/null; "
        'exec "$@"'
    )
    setpriv = find("setpriv")
    dying = [str(setpriv), "--pdeathsig", "KILL"] if setpriv else []
    return ["/bin/sh", "-c", bounds, "sh", *dying, *command]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with all its children, those too that have a session of their own.

    Bubblewrap's child dies with it only once it has asked for that: killed before, its
    parent would leave it behind.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGSTOP)  # now it begins no other one
        for child in _descendants(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        os.killpg(process.pid, signal.SIGKILL)


def _descendants(number: int) -> list[int]:
    """Give the numbers of a process's children and theirs, as Linux lists them (proc(5))."""
    found: list[int] = []
    for listed in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, listed.read_text().split()):
                found += [child, *_descendants(child)]
    return found
