r"""Runs LuaLaTeX on the files of a book until its page numbers have settled.

Knows LuaLaTeX's flags and its auxiliary files, not what stands in the book.

A pass reads the auxiliary files (`.aux`, `.toc`, ...) that the pass before it
wrote. A pass that leaves them as it found them, but for what no pass reads, is the
last: another would give the same pages. The auxiliary files of the last good
build are kept, so that a build after an edit begins near its end, and a build
after no change runs nothing at all.

Is a warm start's result that of a clean one? What Geppetto writes sets its
lines without reading the auxiliary files: only the numbers in the table of
contents come from them, and neither its length nor any page break depends on
those. Such a book has one fixed point, whatever the passes began with. A
manuscript's own LaTeX can print page numbers in the text (`\pageref`), which
may move lines, which may move pages: then there can be two fixed points. Such
a book always begins clean.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from geppetto import store, tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.latex import fontcache

MAX_PASSES = 6
LIMITS = tools.Limits(memory=6 * tools.GIB)
OLDEST_LUATEX = (1, 15)  # of TeX Live 2022
PLACES = ".places"
AUXILIARY = frozenset({".aux", ".toc", ".out", ".lof", ".lot", ".lol"})
REMEDY = "Run 'make setup', or 'geppetto doctor' for the line that installs it."
# Commands whose text is a page number: the pages may then depend on the pages.
_PAGE_IN_TEXT = re.compile(
    rb"\\(?:[vV]?pageref|[vV]refpagenum|[vV]ref|[vV]refrange|getpagerefnumber|"
    rb"ifoddpage|checkoddpage|ifthispageodd|cpageref|Cpageref)\b"
)
# What a pass writes into an auxiliary file and the next does not read: the counters after each
# part, for passes that leave parts out; in which line of a file a bookmark was made; how many
# pages there are in all.
_UNREAD = re.compile(
    rb"^\\@setckpt\{[^}\n]*\}\{\n(?:\\setcounter\{.*\n)*\}$"
    rb"|(?<=,)srcline=\{\d*\}|^\\gdef ?\\@abspage@last\{\d+\}$",
    re.MULTILINE,
)
# What may read that all the same.
_READS_ALL = re.compile(rb"\\(?:PreviousTotalPages|@abspage@last|includeonly|input)\b")
# LuaTeX's own last lines, `ensure_output_file_open` and `finish_pdf_file`.
_FILE_OPENED = re.compile(r"\(\./([^\s()]+\.tex)")
_PAGES = re.compile(r"^Output written on .* \((\d+) pages?", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What came of typesetting.

    `pdf` is LuaLaTeX's own, in the work folder, absent where none was written.
    `places` is what `places.lua` noted of the pages, `read` what TeX read outside
    the work folder. `passes` is 0 when nothing had changed since the last good
    build. `ok` says that LuaLaTeX found no error; `settled` that the last pass
    changed nothing.
    """

    pdf: Path | None
    log: str
    passes: int
    settled: bool
    ok: bool
    pages: int = 0
    places: str = ""
    read: tuple[Path, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class _State:
    """What the last build in this folder left, as `<jobname>.state.json` has it."""

    files: tuple[str, ...] = ()
    digest: str = ""
    pdf: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Job:
    work: Path
    name: str
    parts: tuple[str, ...]
    reads_all: bool
    environment: Mapping[str, str]
    access: tools.Access
    limits: tools.Limits
    despite_errors: bool

    def path(self, suffix: str) -> Path:
        return self.work / f"{self.name}{suffix}"


def typeset(  # noqa: PLR0913 - each is a choice of the caller's own
    files: Mapping[str, str | bytes],
    work: Path,
    *,
    jobname: str,
    epoch: int,
    limits: tools.Limits | None = None,
    on_pass: Callable[[int], None] | None = None,
    fresh: bool = False,
    despite_errors: bool = False,
    fonts: Sequence[str] = (),
    read: Sequence[Path] = (),
) -> Run:
    """Typeset `files`, paths in the work folder to their content, to a fixed point.

    `<jobname>.tex` is the master file. `on_pass` is told each pass's number
    before it runs. `fresh` begins without anything of an earlier build. A pass
    with errors is the last, unless `despite_errors` asks for pages all the same.
    `fonts` are luaotfload's names of what the files are set in; `read` is what
    LuaLaTeX may read beside its work folder and what belongs to TeX.

    Raises:
        GeppettoError: LuaLaTeX is missing, too old, past its limits or was killed.
    """
    version = check_version()
    cache, access = fontcache.prepare(work, version, fonts)
    job = _Job(
        work,
        jobname,
        tuple(sorted(files)),
        any(_READS_ALL.search(_bytes(content)) for content in files.values()),
        {**_environment(epoch), **cache},
        access | tools.Access(read=tuple(read), write=(work,)),
        limits or LIMITS,
        despite_errors,
    )
    _remove_links(work)
    state = _read_state(job)
    digest = _digest(files, version, epoch)
    if not fresh and state.digest == digest and _stands(job, state):
        return _finished(job, 0, settled=True, ok=True)
    _remove_stale(job, state)
    if fresh or not state.digest or _depends_on_pages(files):
        _remove_auxiliary(job)
    for name, content in files.items():
        store.write_bytes(work / name, _bytes(content))
    _write_state(job, _State(job.parts))
    run = _passes(job, on_pass)
    if run.ok and run.settled and run.pdf is not None:
        _write_state(job, _State(job.parts, digest, _hash_outputs(job), _inputs(job)))
    return run


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


def _passes(job: _Job, on_pass: Callable[[int], None] | None) -> Run:
    """Run passes until one changes no auxiliary file, an error stands, or the cap is reached.

    A first pass with errors that began with an earlier build's auxiliary files
    is run again without them: they, not the manuscript, may be at fault.
    """
    warm = bool(before := _auxiliary(job))
    for number in range(1, MAX_PASSES + 1):
        if on_pass is not None:
            on_pass(number)
        ok = _one_pass(job)
        if not ok and warm:
            _remove_auxiliary(job)
            warm, before = False, {}
            continue
        after = _auxiliary(job)
        if after == before or not (ok or job.despite_errors):
            return _finished(job, number, settled=after == before, ok=ok)
        warm, before = False, after
    return _finished(job, MAX_PASSES, settled=False, ok=ok)


def _one_pass(job: _Job) -> bool:
    """Run LuaLaTeX once; say whether it found no error."""
    for suffix in (".pdf", PLACES):
        job.path(suffix).unlink(missing_ok=True)
    result = tools.run(
        [
            "lualatex",
            "-interaction=nonstopmode",
            "-file-line-error",
            "-no-shell-escape",
            "-recorder",
            f"-jobname={job.name}",
            f"{job.name}.tex",
        ],
        access=job.access,
        cwd=job.work,
        environment=job.environment,
        limits=job.limits,
    )
    if _no_room(job, result):
        _remove_auxiliary(job)
        raise store.failed(job.work, OSError(errno.ENOSPC, "no space is left on the disk"))
    links = _remove_links(job.work)
    if links:
        _remove_auxiliary(job)
        raise _leading_out(links)
    if result.timed_out or result.returncode < 0 or result.returncode > 1:
        opened = _opened_last(job, result.stdout)
        _remove_auxiliary(job)
        raise _stopped(job, result, opened)
    return result.returncode == 0


def _no_room(job: _Job, result: tools.Result) -> bool:
    """Tell whether the disk was full: LuaTeX's fatal errors say so, or a file that it cannot open."""
    said = result.stdout[-4000:] + result.stderr[-4000:]
    if result.returncode == 0 or not re.search(
        rb"No space left|fwrite\(\) failed|can't write", said
    ):
        return False
    return b"No space left" in said or shutil.disk_usage(job.work).free < 1 << 20


def _remove_links(work: Path) -> list[str]:
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


def _stopped(job: _Job, result: tools.Result, opened: str | None) -> GeppettoError:
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


def _opened_last(job: _Job, said: bytes) -> str | None:
    r"""Give the part that TeX was setting: its auxiliary file lacks what `\include` writes last."""
    parts = (part for part in job.parts if part.endswith(".tex") and part != f"{job.name}.tex")
    begun = ((part, (job.work / part).with_suffix(".aux")) for part in parts)
    unfinished = (
        p for p, file in begun if file.is_file() and b"\\@setckpt" not in file.read_bytes()
    )
    named = _FILE_OPENED.findall(said.decode("utf-8", "replace"))
    return next(unfinished, named[-1] if named else None)


def _finished(job: _Job, passes: int, *, settled: bool, ok: bool) -> Run:
    log = _read(job.path(".log"))
    pages = _PAGES.findall(log)
    pdf = job.path(".pdf")
    unsettled = Diagnostic(
        "latex-unsettled",
        f"The page numbers still change after {MAX_PASSES} passes; some may be wrong.",
        hint="A page number printed in the text may move the very page it names: reword that line.",
    )
    return Run(
        pdf=pdf if pdf.is_file() else None,
        log=log,
        passes=passes,
        settled=settled,
        ok=ok,
        pages=int(pages[-1]) if pages else 0,
        places=_read(job.path(PLACES)),
        read=tuple(_elsewhere(job)),
        diagnostics=(unsettled,) if ok and not settled else (),
    )


def _environment(epoch: int) -> dict[str, str]:
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


def _depends_on_pages(files: Mapping[str, str | bytes]) -> bool:
    return any(_PAGE_IN_TEXT.search(_bytes(content)) for content in files.values())


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _digest(files: Mapping[str, str | bytes], version: str, epoch: int) -> str:
    digest = hashlib.sha256(f"{version}\n{epoch}\n".encode())
    for name, content in sorted(files.items()):
        data = _bytes(content)
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _hash_outputs(job: _Job) -> str:
    """Give the digests of what a pass gives: the PDF, and what was noted of its pages."""
    paths = (job.path(".pdf"), job.path(PLACES))
    return " ".join(store.digest(path) for path in paths if path.is_file())


def _stands(job: _Job, state: _State) -> bool:
    """Whether the last good PDF is still there and all that TeX read for it is unchanged."""
    there = all(job.path(suffix).is_file() for suffix in (".pdf", ".log"))
    if not there or _hash_outputs(job) != state.pdf:
        return False
    return all(store.stamp(job.work / name) == stamp for name, stamp in state.inputs.items())


def _inputs(job: _Job) -> dict[str, str]:
    """Stamp the files that TeX read: fonts, packages, images."""
    return {name: store.stamp(job.work / name) for name in _recorded(job)}


def _recorded(job: _Job) -> list[str]:
    """Give the files that TeX read and did not write, as its recorder names them."""
    recorded = _read(job.path(".fls")).splitlines()
    names = {line.removeprefix("INPUT ") for line in recorded if line.startswith("INPUT ")}
    written = {line.removeprefix("OUTPUT ") for line in recorded if line.startswith("OUTPUT ")}
    return sorted(names - written)


def _elsewhere(job: _Job) -> list[Path]:
    """Give what TeX read that stands outside its work folder."""
    paths = (Path(os.path.normpath(job.work / name)) for name in _recorded(job))
    return [path for path in paths if not path.is_relative_to(job.work)]


def _auxiliary(job: _Job) -> dict[Path, str]:
    """Give the digest of what the next pass reads of each auxiliary file of the job and its parts."""
    paths = [job.path(suffix) for suffix in AUXILIARY]
    paths += [(job.work / part).with_suffix(".aux") for part in job.parts if part.endswith(".tex")]
    return {path: _hash_read(job, path) for path in paths if path.is_file()}


def _hash_read(job: _Job, path: Path) -> str:
    if job.reads_all or path.suffix != ".aux":
        return store.digest(path)
    return hashlib.sha256(_UNREAD.sub(b"", path.read_bytes())).hexdigest()


def _remove_auxiliary(job: _Job) -> None:
    for path in _auxiliary(job):
        path.unlink(missing_ok=True)


def _remove_stale(job: _Job, state: _State) -> None:
    """Remove what an earlier build wrote and this one does not, with its auxiliary file."""
    for name in set(state.files) - set(job.parts):
        (job.work / name).unlink(missing_ok=True)
        (job.work / name).with_suffix(".aux").unlink(missing_ok=True)


def _read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""


def _read_state(job: _Job) -> _State:
    try:
        raw = json.loads(job.path(".state.json").read_text("utf-8"))
        return _State(tuple(raw["files"]), raw["digest"], raw["pdf"], dict(raw["inputs"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _State()


def _write_state(job: _Job, state: _State) -> None:
    store.write_text(job.path(".state.json"), json.dumps(vars(state), indent=1) + "\n")
