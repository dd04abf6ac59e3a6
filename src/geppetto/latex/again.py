r"""Sets again the parts of a book that have changed, and leaves the others as they were set.

A pass by `\includeonly` sets the parts that are to be set; the counters at
the end of the part before come from that one's auxiliary file. The pages, the
notes of places and the log of each part take the place of the old ones.

A part depends on its text and on the counters with which it begins, the page's
among them. If it ends with others than before, the part after it is set
again, and so on until nothing moves. The contents are set again if a part's
lines of them have changed. Whatever else changes asks for the whole book to be
set, such as a new heading, or what can be read from anywhere (a `\label`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import pikepdf

from geppetto import store, tools
from geppetto.latex import auxiliary, joining, luatex, shipped
from geppetto.latex.auxiliary import Left
from geppetto.latex.luatex import PLACES, Job
from geppetto.progress import OnStep, Step
from geppetto.progress.count import Count

NAME = "again"
# The preamble is read, then the names of the parts are, which somebody must say.
_MASTER = r"""\AddToHook{begindocument/before}{\directlua{
  tex.print("\noexpand\\includeonly{" .. (io.read("*l") or "") .. "}")}}
\input{%s.tex}
"""
ROUNDS = 4
CONTENTS = "contents"
SETTLING = "the columns of its tables have settled"
_LOG_MARK = "@"
_PAGES = re.compile(r"^page ", re.MULTILINE)
_FOLLOWED = re.compile(r"\\include\{([^{}]*)\}(?=\s*\\include\{)")
_OPENED = re.compile(r"opens \d+ (\d+)")
Contents = Mapping[str, bytes]
_FOLIO = re.compile(rb"\\setcounter\{page\}\{(\d+)\}")


class WholeError(Exception):
    """The whole book is to be set; the message says why."""


@dataclass(frozen=True)
class Again:
    """What was set again: in how many passes, how many pages the book has now.

    `reasons` says of each part why it was set again, nothing where it has
    changed itself; `read` are the files that TeX read for it.
    """

    reasons: Mapping[str, str]
    passes: int
    pages: int
    read: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """A text cut where files were included.

    `parts` are what each made, nothing where it was left out; `between` is
    what stands before the first and after each.
    """

    between: tuple[str, ...]
    parts: tuple[str, ...]

    def joined(self) -> str:
        """Give the text whole again."""
        rest = zip(self.parts, self.between[1:], strict=True)
        return self.between[0] + "".join(part + gap for part, gap in rest)

    @cached_property
    def _ends(self) -> list[int]:
        """How many pages there are up to the end of what is first, and of each part."""
        rest = zip(self.parts, self.between[1:], strict=True)
        counts = (_pages(part) + _pages(gap) for part, gap in rest)
        return list(accumulate(counts, initial=_pages(self.between[0])))

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self._ends[-1]

    def span(self, number: int) -> range:
        """Give the pages of a part and of what follows it, as indices; of what is first, for -1."""
        return range(self._ends[number] if number >= 0 else 0, self._ends[number + 1])

    def with_part(self, number: int, other: Cut) -> Cut:
        """Take a part, by its number from 0, and what follows it, from another."""
        between, parts = list(self.between), list(self.parts)
        parts[number], between[number + 1] = other.parts[number], other.between[number + 1]
        return Cut(tuple(between), tuple(parts))

    def with_beginning(self, other: Cut) -> Cut:
        """Take what stands before the first part from another."""
        return Cut((other.between[0], *self.between[1:]), self.parts)


@dataclass(frozen=True)
class _Pass:
    """A pass that left parts out: its PDF, what it noted of its pages, its log, its bookmarks."""

    pdf: Path
    places: Cut
    log: Cut
    bookmarks: bytes


def cut(text: str, mark: str = "") -> Cut:
    """Cut what `places.lua` noted, or a log, in which `mark` stands before each cut.

    Raises:
        WholeError: files are included in each other, or one did not come to its end.
    """
    between: list[str] = []
    parts: list[str] = []
    begun = 0
    is_open = False
    for found in re.finditer(rf"^{mark}(opens|closes|passes) (\d+).*\n", text, re.MULTILINE):
        how, number = found[1], int(found[2])
        if is_open != (how == "closes") or number != len(between) + (not is_open):
            raise WholeError("its files do not stand one after another")
        if how == "closes":
            parts.append(text[begun : found.end()])
        else:
            between.append(text[begun : found.start()])
        if how == "passes":
            parts.append("")
        is_open = how == "opens"
        begun = found.start() if is_open else found.end()
    if is_open:
        raise WholeError("a file does not come to its end")
    return Cut((*between, text[begun:]), tuple(parts))


def _again(job: Job) -> Job:
    parts = tuple(part for part in job.parts if part != f"{job.name}.tex")
    return replace(job, name=NAME, parts=parts)


def start(job: Job) -> tools.Running:
    """Start LuaLaTeX on the preamble as it was; then it waits to be told what to set."""
    return luatex.start_beside(_begun(job))


def _begun(job: Job) -> Job:
    """Write the master file of the job that sets parts again; give that job."""
    again = _again(job)
    store.write_text(again.path(".tex"), _MASTER % job.name)
    return again


def set_again(
    job: Job,
    changed: Sequence[str],
    *,
    last: Callable[[pikepdf.Pdf], None],
    on_pass: OnStep,
    waiting: tools.Running | None = None,
) -> Again:
    """Set the parts that have changed again, and what depends on them; put all in place.

    `changed` are names without a suffix. The work folder holds the whole book
    as it was set before, but for the files of these parts. `last` is done to
    the PDF before it is written; `waiting` is a LuaLaTeX that has been started
    for this.

    Raises:
        WholeError: the whole book is to be set.
        GeppettoError: LuaLaTeX was killed, or came to a limit.
    """
    with _joining(job):
        setting = _Setting(job, on_pass, waiting)
        numbers = [number for number, part in enumerate(setting.order) if part in changed]
        setting.reasons |= dict.fromkeys((setting.order[number] for number in numbers), "")
        return setting.run(numbers, last)


def settle(
    job: Job,
    *,
    last: Callable[[pikepdf.Pdf], None],
    on_pass: OnStep,
    waiting: tools.Running | None = None,
) -> Again:
    """Set what a first pass over the whole book could not know: the contents, and little else.

    The arguments are those of `set_again`. What one part says of another by way
    of the auxiliary files is known to no first pass.

    Raises:
        WholeError: the whole book is to be set once more.
        GeppettoError: LuaLaTeX was killed, or came to a limit.
    """
    with _joining(job):
        setting = _Setting(job, on_pass, waiting)
        setting.used = None
        return setting.run(setting.unsettled(), last)


@contextmanager
def _joining(job: Job) -> Iterator[None]:
    try:
        yield
    except (pikepdf.PdfError, OSError, ValueError, AttributeError, KeyError) as fault:
        raise WholeError(f"the pages could not be joined ({fault})") from fault
    finally:
        for path in job.work.glob(f"{NAME}*"):
            path.unlink()


class _Setting:
    """The setting of some parts: what the book was, and what has been set in its place."""

    def __init__(self, job: Job, on_pass: OnStep, waiting: tools.Running | None) -> None:
        self.job, self.on_pass, self.waiting = job, on_pass, waiting
        self.again = _again(job)
        self.master = job.path(".aux").read_bytes()
        self.order = auxiliary.included(self.master)
        if set(self.order) != set(job.included):
            raise WholeError("not every file is included by itself")
        self.left = {part: self._left(part) for part in self.order}
        self.followed = frozenset(_FOLLOWED.findall(luatex.read_text(job.path(".tex"))))
        self.contents = {part: one.contents for part, one in self.left.items()}
        self.places = cut(luatex.read_text(job.path(PLACES)))
        self.log = cut(luatex.read_text(job.path(".log")), _LOG_MARK)
        if not len(self.order) == len(self.places.parts) == len(self.log.parts):
            raise WholeError("the last build did not set every part")
        self.passes: list[_Pass] = []
        self.taken: dict[int, _Pass] = {}
        self.beginning: _Pass | None = None
        self.used: Contents | None = _contents(job)
        self.read: set[str] = set()
        self.reasons: dict[str, str] = {}
        opened = _OPENED.match(self.places.parts[0]) if self.places.parts else None
        first = _pages(self.places.between[0]) + 1
        self.continues = opened is None or int(opened[1]) == first

    def unsettled(self) -> list[int]:
        """Give the numbers of the parts that a first pass could not set for good."""
        if any(one.others for one in self.left.values()):
            raise WholeError("its parts say something that other parts may read")
        wide = [number for number, part in enumerate(self.order) if self.left[part].widths]
        self.reasons |= dict.fromkeys((self.order[number] for number in wide), SETTLING)
        return sorted({*wide, *([0] if self.continues and self.order else ())})

    def run(self, following: list[int], last: Callable[[pikepdf.Pdf], None]) -> Again:
        """Set parts until nothing moves, then the contents, and put all together."""
        with ThreadPoolExecutor(1) as beside, ExitStack() as stack:
            opened = beside.submit(joining.Whole, self.job.path(".pdf"))
            stack.callback(_close, opened)
            while following:
                if len(self.passes) == ROUNDS:
                    raise WholeError("page numbers go on moving")
                following = self._take(following)
            if self._contents_changed():
                self._begin_again()
            pages = self._join(opened.result(), last)
        return Again(self.reasons, len(self.passes), pages, tuple(sorted(self.read)))

    def _left(self, part: str) -> Left:
        found = auxiliary.left((self.job.work / f"{part}.aux").read_bytes())
        if found is None:
            raise WholeError(f"{part}.aux is not whole")
        return found

    def _pass(self, numbers: Sequence[int], *, beginning: bool) -> _Pass:
        r"""Set some parts; before them the contents, if they are wanted."""
        names = [self.order[number] for number in numbers]
        again = self.again
        again.path(".aux").write_bytes(auxiliary.begun_with(self.master, self._heard(numbers)))
        for suffix in auxiliary.CONTENTS:
            if not beginning:
                again.path(suffix).unlink(missing_ok=True)
            elif not self.passes and self.job.path(suffix).is_file():
                again.path(suffix).write_bytes(self.job.path(suffix).read_bytes())
        if beginning:
            self.used = _contents(again)
        if self.waiting is None:
            luatex.clear(again)
        self._tell(names)
        words = f"{','.join(names)}\n".encode()
        waiting, self.waiting = self.waiting, None
        result = waiting.wait(words) if waiting else luatex.told(_begun(self.job), words)
        if not luatex.finish(again, result):
            raise WholeError("LaTeX stopped at an error")
        pdf = again.path(f"-{len(self.passes)}.pdf")
        again.path(".pdf").rename(pdf)
        places = cut(luatex.read_text(again.path(PLACES)))
        log = cut(luatex.read_text(again.path(".log")), _LOG_MARK)
        made = _Pass(pdf, places, log, again.path(".aux").read_bytes())
        if not len(self.order) == len(places.parts) == len(log.parts):
            raise WholeError("the files are not those of the last build")
        for number in set(range(len(self.order))) - set(numbers):
            if _pages(places.between[number + 1]) != _pages(self.places.between[number + 1]):
                raise WholeError("pages stand between the parts")
        self.passes.append(made)
        if beginning:
            self.beginning = made
        self.read.update(n for n in luatex.recorded(again) if not Path(n).name.startswith(NAME))
        return made

    def _heard(self, numbers: Sequence[int]) -> set[str]:
        """Give the parts whose auxiliary files a pass over some must read.

        A part reads what it wrote itself; the one before says with which counters it
        begins, or what the master has between them; some say what any may read.
        """
        read = {*numbers, *(number - 1 for number in numbers)}
        read |= {n for n, part in enumerate(self.order) if part not in self.followed}
        order = enumerate(self.order)
        return {part for n, part in order if n in read or self.left[part].others}

    def _take(self, numbers: Sequence[int]) -> list[int]:
        """Set parts, take them, and give the numbers of those that are to be set now."""
        made = self._pass(numbers, beginning=numbers[0] == 0)
        moved: set[int] = set()
        following: set[int] = set()
        for number in numbers:
            part = self.order[number]
            if not made.places.parts[number]:
                raise WholeError(f"{part} was not set")
            old, new = self.left[part], self._left(part)
            if new.others != old.others:
                raise WholeError(f"{part} says something else that other parts may read")
            if auxiliary.kinds(new.contents) != auxiliary.kinds(old.contents):
                raise WholeError(f"the headings of {part} are others")
            if new.widths != old.widths:
                following.add(number)
            if new.counters != old.counters and number + 1 < len(self.order):
                if number + 1 not in numbers:
                    following.add(number + 1)
                if _recto(new) != _recto(old) or len(self.passes) > 1:
                    moved.add(number + 1)
            self.left[part] = new
            self.taken[number] = made
        if moved & following:
            following |= set(range(min(moved & following), len(self.order)))
        for number in sorted(following):
            before = self.order[number - 1] if number not in numbers else ""
            why = f"page numbers have moved after {Path(before).name}" if before else SETTLING
            self.reasons.setdefault(self.order[number], why)
        return sorted(following)

    def _tell(self, names: Sequence[str]) -> None:
        """Tell which parts are set now: of several how many are done, of one its pages."""
        notes = shipped.Notes(self.again.path(PLACES))
        if not names:
            self.on_pass(Step(CONTENTS))
        elif len(names) == 1:
            pages = _pages(self.places.parts[self.order.index(names[0])])
            self.on_pass(Step(Path(names[0]).name, Count(pages, "pages", notes.inside), "part"))
        else:
            count = Count(len(names), "parts", notes.closed)
            self.on_pass(Step(f"{count.of} {count.unit}", count, "parts"))

    def _contents_changed(self) -> bool:
        """Tell whether the contents are others now; TeX has just written their lines, in order."""
        before, now = _contents(self.job), _contents(self.again if self.passes else self.job)
        changed = any(one.contents != self.contents[part] for part, one in self.left.items())
        for suffix, content in before.items():
            new = now.get(suffix, b"")
            if len(new.splitlines()) != len(content.splitlines()) or not (
                changed or new == content
            ):
                raise WholeError("the contents say something that no part says")
        return now != self.used

    def _begin_again(self) -> None:
        """Set what stands before the first part with the new contents."""
        self.reasons[CONTENTS] = "headings or page numbers in them have changed"
        before = self.beginning.places if self.beginning else self.places
        made = self._pass((), beginning=True)
        if self.continues and _pages(made.places.between[0]) != _pages(before.between[0]):
            raise WholeError("the contents have more or fewer pages")

    def _join(self, whole: joining.Whole, last: Callable[[pikepdf.Pdf], None]) -> int:
        """Put everything in its place in the work folder; give the number of pages.

        The auxiliary files of parts are there already.
        """
        master = self.master
        for number, made in self.taken.items():
            file = f"./{self.order[number]}.tex"
            master = auxiliary.with_bookmarks(master, made.bookmarks, file)
        old, new = auxiliary.bookmarks(self.master), auxiliary.bookmarks(master)
        if [one.destination for one in old] != [one.destination for one in new]:
            raise WholeError("the outline leads to other places")
        titles = [one.title for one in new] if old != new else None
        changes = [self._change(number, made) for number, made in self.taken.items()]
        if self.beginning is not None:
            changes.append(self._change(-1, self.beginning))
        out = self.again.path("-joined.pdf")
        whole.join(changes, titles, out, last)
        places, log = self.places, self.log
        for number, made in self.taken.items():
            places, log = places.with_part(number, made.places), log.with_part(number, made.log)
        if self.beginning is not None:
            places = places.with_beginning(self.beginning.places)
            log = log.with_beginning(self.beginning.log)
            for suffix in auxiliary.CONTENTS:
                if self.again.path(suffix).is_file():
                    self.again.path(suffix).replace(self.job.path(suffix))
        out.replace(self.job.path(".pdf"))
        self.job.path(".aux").write_bytes(master)
        store.write_text(self.job.path(PLACES), places.joined())
        store.write_text(self.job.path(".log"), log.joined())
        return places.pages

    def _change(self, number: int, made: _Pass) -> joining.Change:
        old, new = self.places.span(number), made.places.span(number)
        return joining.Change(old.start, len(old), made.pdf, new.start, len(new))


def _close(opened: Future[joining.Whole]) -> None:
    if opened.exception() is None:
        opened.result().close()


def _contents(job: Job) -> Contents:
    """Give the contents and its like as a pass reads them."""
    paths = {suffix: job.path(suffix) for suffix in auxiliary.CONTENTS}
    return {suffix: path.read_bytes() for suffix, path in paths.items() if path.is_file()}


def _pages(places: str) -> int:
    return len(_PAGES.findall(places))


def _recto(left: Left) -> int:
    """Give the folio of the next right page after a part."""
    found = _FOLIO.search(left.counters)
    return int(found[1]) // 2 if found else 0
