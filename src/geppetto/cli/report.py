"""Prints: steps as they begin, diagnostics, one line an output."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from geppetto.cli.formats import as_github, as_json, as_sarif
from geppetto.cli.options import Form, Printing
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Severity, has_errors

if TYPE_CHECKING:  # a quick --help, and a quick check that has nothing to say
    from rich.console import Console
    from rich.text import Text

    from geppetto.cli.line import Line
    from geppetto.model.book import Artifact
    from geppetto.progress import Step

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold blue"}


class Report:
    """What a command prints. Diagnostics and steps go to stderr, results to stdout.

    As a context it shows the steps, and what stops a command is printed as its
    other problems are; the command then ends with that exit code.
    """

    def __init__(self, book: Path, printing: Printing | None = None) -> None:
        self.book = book
        self.printing = printing or Printing()
        self.line: Line | None = None

    @cached_property
    def out(self) -> Console:
        """Standard output."""
        from rich.console import Console  # noqa: PLC0415 - only for who prints

        return Console(soft_wrap=True, highlight=False)

    @cached_property
    def err(self) -> Console:
        """Standard error."""
        from rich.console import Console  # noqa: PLC0415 - only for who prints

        return Console(stderr=True, soft_wrap=True, highlight=False)

    @property
    def _says_steps(self) -> bool:
        return not (self.printing.quiet or self.printing.for_machines)

    @property
    def moves(self) -> bool:
        """Whether there is a terminal that a line can move on, and nobody asked for plain words."""
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in {"dumb", "unknown"}
        return sys.stderr.isatty() and not plain

    def __enter__(self) -> Report:
        """Show steps from now on."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the moving line away; print what stopped the command."""
        self.still()
        if isinstance(fault, GeppettoError):
            self.diagnostics(fault.diagnostics)
            sys.exit(fault.exit_code)

    def step(self, step: Step) -> None:
        """Show which step begins: in one moving line on a terminal, else in a line of its own."""
        if not self._says_steps:
            return
        if not self.moves:
            self.say(step.name)
            return
        if self.line is None:
            from geppetto.cli.line import Line  # noqa: PLC0415 - only on a terminal

            self.line = Line(step)
        else:
            self.line.step(step)

    def still(self) -> None:
        """Take the moving line away."""
        if self.line is not None:
            self.line.stop()
            self.line = None

    def say(self, words: str) -> None:
        """Say what the command is at, in a line that stays."""
        if self._says_steps:
            self.err.print(_text(f"· {words}"))

    def diagnostics(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Print a command's problems: as text on stderr, for other programs on stdout."""
        listed = list(diagnostics)
        if self.printing.form is Form.SARIF:
            from geppetto import explanations  # noqa: PLC0415 - only for SARIF

            said = explanations.sections() if listed else {}
            self.out.print(_text(as_sarif(listed, self._folder(), said)))
        elif self.printing.form is Form.JSON:
            self._lines([as_json(d) for d in listed])
        elif self.printing.form is Form.GITHUB:
            self._lines([as_github(d, self._folder()) for d in listed])
        else:
            for diagnostic in listed:
                if not (self.printing.quiet and diagnostic.severity is Severity.NOTE):
                    self.err.print(self._shown(diagnostic))

    def _lines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.out.print(_text(line))

    def _folder(self) -> str:
        """Give the book's folder from the root of the repository, as GitHub knows it."""
        root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
        book = self.book.resolve()
        return book.relative_to(root).as_posix() if book.is_relative_to(root) else ""

    def reasons(self, reasons: Iterable[str]) -> None:
        """Say why editions were made again."""
        for reason in reasons:
            self.err.print(_text(f"made again: {reason}"))

    def artifact(self, artifact: Artifact) -> None:
        """Print one output's line: path, pages or chapters, size, seconds."""
        if not self._says_steps:
            return
        path = shown(artifact.path)
        self.out.print(
            _text(
                f"{path}  {artifact.count} {artifact.unit}  {sized(artifact.size)}  "
                f"{artifact.seconds:.1f} s"
            )
        )

    def result(self, words: str) -> None:
        """Print what a command came to, in a line."""
        if self._says_steps:
            self.out.print(_text(words))

    def summed(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Say how many errors, warnings and notes there are."""
        if not self._says_steps:
            return
        found = Counter(d.severity for d in diagnostics)
        counts = [f"{n} {s.value}{'' if n == 1 else 's'}" for s in Severity if (n := found[s])]
        self.err.print(_text(", ".join(counts) or "nothing found"))

    def ended(self, artifacts: Iterable[Artifact], diagnostics: Sequence[Diagnostic]) -> None:
        """Print what a command found and made; errors of the manuscript end it here."""
        self.diagnostics(diagnostics)
        for artifact in artifacts:
            self.artifact(artifact)
        if has_errors(diagnostics):
            self.stopped(diagnostics)
            sys.exit(ExitCode.MANUSCRIPT)

    def stopped(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Say that nothing was published, and how to see pages all the same."""
        if not self._says_steps:
            return
        errors = [d for d in diagnostics if d.is_error]
        plural = "error" if len(errors) == 1 else "errors"
        words = f"{len(errors)} {plural}; nothing was published, the last good output stands."
        if all(d.markable for d in errors):
            words += " With --lenient the faults are marked on the page instead."
        self.err.print(_text(words))

    def _shown(self, diagnostic: Diagnostic) -> Text:
        place = f"{diagnostic.location}: " if diagnostic.location else ""
        severity = diagnostic.severity or Severity.ERROR
        text = _text(place)
        text.append(f"{severity.value}[{diagnostic.code}]", style=STYLES[severity])
        text.append(f": {diagnostic.message}")
        for line in self._excerpt(diagnostic):
            text.append("\n    " + line)
        if diagnostic.hint:
            text.append("\n    " + diagnostic.hint.replace("\n", "\n    "), style="dim")
        if self.printing.verbose and diagnostic.detail:
            text.append("\n    | " + diagnostic.detail.strip().replace("\n", "\n    | "))
        return text

    def _excerpt(self, diagnostic: Diagnostic) -> list[str]:
        """Give the line at fault where a person reads: on a terminal."""
        if diagnostic.location is None or not self.err.is_terminal:
            return []
        from geppetto.cli.excerpt import excerpt  # noqa: PLC0415 - only for who prints

        return excerpt(self.book, diagnostic.location, self.err.width - 4)


def _text(words: str) -> Text:
    """Give words as text, in which nothing is markup."""
    from rich.text import Text  # noqa: PLC0415 - only for who prints

    return Text(words)


def shown(path: Path) -> str:
    """Give a path as the current folder sees it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def sized(size: int) -> str:
    """Give a number of octets as people say it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size // 1000, 1)} kB"
