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

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pikepdf

from geppetto import store, tools
from geppetto.diagnostics import Diagnostic
from geppetto.latex import again, auxiliary, finish, fontcache, luatex, shipped
from geppetto.latex.again import WholeError
from geppetto.latex.luatex import LIMITS, PLACES, Job, check_version, read_text
from geppetto.progress import OnStep, Step
from geppetto.progress.count import Count

__all__ = [
    "LIMITS", "MAX_PASSES", "Run", "Waiting", "check_version", "last_pages", "start", "typeset",
]  # fmt: skip
MAX_PASSES = 6
STATE = ".state.json"
LARGE = 3_000_000
"""Bytes of LaTeX from which the memory of a second LuaLaTeX is worth more than two seconds."""
# Commands whose text is a page number: the pages may then depend on the pages.
_PAGE_IN_TEXT = re.compile(
    rb"\\(?:[vV]?pageref|[vV]refpagenum|[vV]ref|[vV]refrange|getpagerefnumber|"
    rb"ifoddpage|checkoddpage|ifthispageodd|cpageref|Cpageref)\b"
)
# What may read that all the same.
_READS_ALL = re.compile(rb"\\(?:PreviousTotalPages|@abspage@last|includeonly|input)\b")
# LuaTeX's own last line, `finish_pdf_file`.
_PAGES = re.compile(r"^Output written on .* \((\d+) pages?", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What came of typesetting.

    `pdf` is LuaLaTeX's own, in the work folder, absent where none was written.
    `places` is what `places.lua` noted of the pages, `inputs` the names of the
    files that TeX read, from the folder `work`. `passes` is 0 when nothing had
    changed since the last good build. `ok` says that LuaLaTeX found no error;
    `settled` that the last pass changed nothing; `finished` that `last` has been
    done to `pdf`. `reasons` says of each part that was set why, nothing where it
    has changed itself; of "" why all were set.
    """

    pdf: Path | None
    log: str
    passes: int
    settled: bool
    ok: bool
    pages: int = 0
    places: str = ""
    inputs: tuple[str, ...] = ()
    work: Path = Path()
    finished: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def read(self) -> tuple[Path, ...]:
        """What TeX read that stands outside its work folder."""
        paths = (Path(os.path.normpath(self.work / name)) for name in self.inputs)
        return tuple(path for path in paths if not path.is_relative_to(self.work))


@dataclass(frozen=True)
class _State:
    """What the last build in this folder left, as `<jobname>.state.json` has it.

    `files` are the digests of what was written there, empty where that is not
    known; `maker` is LuaLaTeX's version and the date; `pages` is how many pages
    the PDF has, also where it does not stand any more; `fonts` are luaotfload's
    names of what it is set in; `last` says what has been done to it.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    maker: str = ""
    outputs: str = ""
    pages: int = 0
    inputs: Mapping[str, str] = field(default_factory=dict)
    fonts: Sequence[str] = ()
    last: str = ""


def typeset(  # noqa: PLR0913 - each is a choice of the caller's own
    files: Mapping[str, str | bytes],
    work: Path,
    *,
    jobname: str,
    epoch: int,
    limits: tools.Limits | None = None,
    on_pass: OnStep | None = None,
    pages: int = 0,
    fresh: bool = False,
    apart: bool = False,
    despite_errors: bool = False,
    fonts: Sequence[str] = (),
    read: Sequence[Path] = (),
    waiting: Waiting | None = None,
    last: Callable[[pikepdf.Pdf], None] | None = None,
) -> Run:
    """Typeset `files`, paths in the work folder to their content, to a fixed point.

    `<jobname>.tex` is the master file. `on_pass` is told before each pass which
    it is; `pages` is a guess of how many there will be, for a book that is new here.
    `fresh` begins without anything of an earlier build. `apart` says that an
    included file says nothing to another, so that those alone need to be set that
    have changed. A pass with errors is the last, unless `despite_errors` asks for
    pages all the same. `fonts` are luaotfload's names of what the files
    are set in; `read` is what LuaLaTeX may read beside its work folder and what
    belongs to TeX; `waiting` what `start` gave for the same folder. `last` is
    done to the PDF before it is written for good, unless the PDF stands and what
    was done to it prints alike.

    Raises:
        GeppettoError: LuaLaTeX is missing, too old, past its limits or was killed.
    """
    on_pass = on_pass or _ignore
    version = check_version()
    job = _job(work, jobname, sorted(files), (version, epoch), (fonts, read, limits))
    luatex.remove_links(work)
    contents = {name: _bytes(content) for name, content in files.items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    state, maker = _read_state(job.path(STATE)), f"{version} {epoch}"
    stands = not fresh and state.maker == maker and _stands(job, state)
    changed = [name for name, digest in digests.items() if state.files.get(name) != digest]
    gone = set(state.files) - set(digests)
    if stands and not changed and not gone:
        done = bool(state.last) and state.last == repr(last)
        return replace(_finished(job, 0, settled=True, ok=True, known=state), finished=done)
    _remove_stale(job, gone)
    reads_all = any(map(_READS_ALL.search, contents.values()))
    moves = _depends_on_pages(contents)
    if fresh or not state.outputs or moves:
        luatex.remove_auxiliary(job)
    for name, content in contents.items():
        store.write_bytes(work / name, content)
    _write_state(job, _State(digests, pages=state.pages))
    whole = _why_whole(changed, job, stands=stands and not gone, moves=moves or reads_all)
    run = None
    if not whole and not apart:
        whole = "the LaTeX of one chapter may say something to another's"
    if not whole:
        try:
            how = partial(again.set_again, last=last or _ignore, on_pass=on_pass)
            run = _set_again(job, changed, state, waiting, how)
        except WholeError as fault:
            whole = str(fault)
    elif waiting is not None:
        waiting.stop()
    if run is None:
        settle: partial[again.Again] | None = None
        if apart and not (moves or reads_all or despite_errors):
            settle = partial(again.settle, job, last=last or _ignore, on_pass=on_pass)
        telling = _Telling(job, on_pass, state.pages or pages, guessed=not state.pages)
        run = _passes(job, telling, settle, reads_all=reads_all, despite_errors=despite_errors)
        if run.ok and run.pdf is not None and last is not None and not run.finished:
            finish.apply(run.pdf, run.pdf, last)
            run = replace(run, finished=True)
        run = replace(run, reasons={"": whole})
    if run.ok and run.settled and run.pdf is not None:
        stamps = _stamps(job, run.inputs)
        said = repr(last) if run.finished else ""
        made = _State(digests, maker, _hash_outputs(job), run.pages, stamps, list(fonts), said)
        _write_state(job, made)
    return run


@dataclass(frozen=True)
class Waiting:
    """A LuaLaTeX that has read the preamble and waits for the parts that have changed."""

    job: Job
    running: tools.Running

    def stop(self) -> None:
        """End it, if it has not been told anything."""
        self.running.stop()


def start(work: Path, jobname: str, read: Sequence[Path] = ()) -> Waiting | None:
    """Start LuaLaTeX for a book of which only parts will have changed; None without a last build.

    Raises:
        GeppettoError: LuaLaTeX is missing, or too old.
    """
    state = _read_state(work / f"{jobname}{STATE}")
    version = check_version()
    maker, _, epoch = state.maker.rpartition(" ")
    if not state.outputs or maker != version or not (work / f"{jobname}.pdf").is_file():
        return None
    names = sorted(state.files)
    job = _job(work, jobname, names, (version, int(epoch)), (state.fonts, read, None))
    return Waiting(job, again.start(job))


def _job(
    work: Path,
    jobname: str,
    names: Sequence[str],
    maker: tuple[str, int],
    given: tuple[Sequence[str], Sequence[Path], tools.Limits | None],
) -> Job:
    """Make a job of the files `names`, with LuaLaTeX's version and the date; see `typeset`."""
    fonts, read, limits = given
    cache, access = fontcache.prepare(work, maker[0], fonts)
    environment = {**luatex.environment(maker[1]), **cache}
    access |= tools.Access(read=tuple(read), write=(work,))
    return Job(work, jobname, tuple(names), environment, access, limits or LIMITS)


def last_pages(work: Path, jobname: str) -> int:
    """Give the number of pages of the last build in a folder, 0 where there is none."""
    return _read_state(work / f"{jobname}{STATE}").pages


def _why_whole(changed: Sequence[str], job: Job, *, stands: bool, moves: bool) -> str:
    """Say why the whole book is to be set; nothing where its parts may be set by themselves."""
    if not stands:
        return "no last build stands that parts could be joined to"
    if moves:
        return "its LaTeX reads page numbers, or other files"
    included = {f"{part}.tex" for part in job.included}
    others = [name for name in changed if name not in included]
    return f"{others[0]} has changed" if others else ""


def _set_again(
    job: Job,
    changed: Sequence[str],
    state: _State,
    waiting: Waiting | None,
    set_again: Callable[..., again.Again],
) -> Run:
    """Set only the parts that have changed, with the LuaLaTeX that waits for them, if it fits."""
    fits = waiting is not None and waiting.job == job and waiting.running.is_alive
    if waiting is not None and not fits:
        waiting.stop()
    parts = [name.removesuffix(".tex") for name in changed]
    done = set_again(job, parts, waiting=waiting.running if waiting and fits else None)
    return _joined(job, done, state.inputs)


def _joined(job: Job, done: again.Again, inputs: Iterable[str]) -> Run:
    """Give the book that parts were put into; `inputs` are the files it was set from before."""
    known = _State(pages=done.pages, inputs=dict.fromkeys([*inputs, *done.read], ""))
    run = _finished(job, done.passes, settled=True, ok=True, known=known)
    return replace(run, finished=True, reasons=done.reasons)


def _passes(
    job: Job,
    telling: _Telling,
    settle: Callable[..., again.Again] | None,
    *,
    reads_all: bool,
    despite_errors: bool,
) -> Run:
    """Run passes until one changes no auxiliary file, an error stands, or the cap is reached.

    A first pass with errors that began with an earlier build's auxiliary files
    is run again without them: they, not the manuscript, may be at fault. What a
    first pass over the whole leaves to be done, `settle` does where it can.
    """
    warm = bool(before := _auxiliary(job, reads_all=reads_all))
    waiting = again.start(job) if settle is not None and _has_room(job) else None
    try:
        for number in range(1, MAX_PASSES + 1):
            telling.begin(number)
            ok = luatex.run(job)
            if not ok and warm:
                luatex.remove_auxiliary(job)
                warm, before = False, {}
                continue
            after = _auxiliary(job, reads_all=reads_all)
            if after == before or not (ok or despite_errors):
                return _finished(job, number, settled=after == before, ok=ok)
            if ok and settle is not None:
                if (run := _settled(job, settle, waiting)) is not None:
                    return replace(run, passes=number + run.passes)
                settle = None
                after = _auxiliary(job, reads_all=reads_all)
            warm, before = False, after
    finally:
        if waiting is not None:
            waiting.stop()
    return _finished(job, MAX_PASSES, settled=False, ok=ok)


class _Telling:
    """Tells of each pass over the whole book which it is, and how many pages it will have."""

    def __init__(self, job: Job, on_pass: OnStep, pages: int, *, guessed: bool) -> None:
        self.job, self.on_pass = job, on_pass
        self.pages, self.guessed = pages, guessed
        self.notes: shipped.Notes | None = None

    def begin(self, number: int) -> None:
        """Tell of the pass of this number; it will have as many pages as the one before."""
        if self.notes is not None and (pages := self.notes.pages()):
            self.pages, self.guessed = pages, False
        luatex.clear(self.job)
        self.notes = shipped.Notes(self.job.path(PLACES))
        count = Count(self.pages, "pages", self.notes.pages, self.guessed)
        self.on_pass(Step(f"pass {number}", count))


def _has_room(job: Job) -> bool:
    """Whether a second LuaLaTeX may wait beside the first.

    Where no jail keeps its cache apart, both would write what they read of fonts to
    the same files.
    """
    size = sum((job.work / name).stat().st_size for name in job.parts)
    return size < LARGE and tools.protection().jail is not None and tools.runs_here()


def _settled(
    job: Job, settle: Callable[..., again.Again], waiting: tools.Running | None
) -> Run | None:
    """Set what the pass before left to be done; None where that is to be done by passes."""
    inputs = luatex.recorded(job)
    try:
        done = settle(waiting=waiting if waiting and waiting.is_alive else None)
    except WholeError:
        return None
    return _joined(job, done, inputs)


def _finished(
    job: Job, passes: int, *, settled: bool, ok: bool, known: _State | None = None
) -> Run:
    """Give what is in the work folder; `known` is what no last pass over the whole book tells."""
    log = read_text(job.path(".log"))
    counts = _PAGES.findall(log)
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
        pages=known.pages if known else int(counts[-1]) if counts else 0,
        places=read_text(job.path(PLACES)),
        inputs=tuple(sorted(known.inputs) if known else luatex.recorded(job)),
        work=job.work,
        diagnostics=(unsettled,) if ok and not settled else (),
    )


def _ignore(_: object) -> None:
    """Do nothing, where nothing was asked for."""


def _depends_on_pages(contents: Mapping[str, bytes]) -> bool:
    return any(map(_PAGE_IN_TEXT.search, contents.values()))


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _hash_outputs(job: Job) -> str:
    """Give the digests of what a pass gives: the PDF, and what was noted of its pages."""
    paths = (job.path(".pdf"), job.path(PLACES))
    return " ".join(store.digest(path) for path in paths if path.is_file())


def _stands(job: Job, state: _State) -> bool:
    """Whether the last good PDF is still there and all that TeX read for it is unchanged."""
    there = all(job.path(suffix).is_file() for suffix in (".pdf", ".log"))
    if not there or _hash_outputs(job) != state.outputs:
        return False
    return all(store.stamp(job.work / name) == stamp for name, stamp in state.inputs.items())


def _stamps(job: Job, names: Iterable[str]) -> dict[str, str]:
    """Stamp the files that TeX read: fonts, packages, images."""
    return {name: store.stamp(job.work / name) for name in names}


def _auxiliary(job: Job, *, reads_all: bool) -> dict[Path, str]:
    """Give the digest of what the next pass reads of each auxiliary file of the job and its parts."""
    return {path: _hash_read(path, reads_all=reads_all) for path in luatex.auxiliary_files(job)}


def _hash_read(path: Path, *, reads_all: bool) -> str:
    if reads_all or path.suffix != ".aux":
        return store.digest(path)
    return hashlib.sha256(auxiliary.read_by_next(path.read_bytes())).hexdigest()


def _remove_stale(job: Job, names: Iterable[str]) -> None:
    """Remove what an earlier build wrote and this one does not, with its auxiliary file."""
    for name in names:
        (job.work / name).unlink(missing_ok=True)
        (job.work / name).with_suffix(".aux").unlink(missing_ok=True)


def _read_state(path: Path) -> _State:
    try:
        return _State(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return _State()


def _write_state(job: Job, state: _State) -> None:
    store.write_text(job.path(STATE), json.dumps(vars(state), indent=1) + "\n")
