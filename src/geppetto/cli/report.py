"""Prints: steps as they begin, diagnostics, one line an output."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.status import Status
from rich.text import Text

from geppetto.diagnostics import Diagnostic, Severity
from geppetto.model.book import Artifact

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold blue"}


class Report:
    """What a command prints. Diagnostics and steps go to stderr, results to stdout."""

    def __init__(
        self, book: Path, *, as_json: bool = False, quiet: bool = False, verbose: bool = False
    ) -> None:
        self.book = book
        self.as_json = as_json
        self.quiet = quiet
        self.verbose = verbose
        self.out = Console(soft_wrap=True, highlight=False)
        self.err = Console(stderr=True, soft_wrap=True, highlight=False)
        self.status: Status | None = None

    def __enter__(self) -> Report:
        """Show steps in one moving line on a terminal."""
        if not (self.quiet or self.as_json) and self.err.is_terminal:
            self.status = self.err.status("starting")
            self.status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the moving line away."""
        if self.status is not None:
            self.status.stop()
            self.status = None

    def step(self, name: str) -> None:
        """Say which step begins."""
        if self.status is not None:
            self.status.update(name)
        elif not (self.quiet or self.as_json):
            self.err.print(Text(f"· {name}"))

    def diagnostics(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Print diagnostics, as text on stderr or as JSON lines on stdout."""
        for diagnostic in diagnostics:
            if self.as_json:
                self.out.print(Text(_json(diagnostic)))
            elif not (self.quiet and diagnostic.severity is Severity.NOTE):
                self.err.print(self._text(diagnostic))

    def artifact(self, artifact: Artifact) -> None:
        """Print one output's line: path, pages or chapters, size, seconds."""
        if self.quiet or self.as_json:
            return
        path = _shown(artifact.path)
        self.out.print(
            Text(
                f"{path}  {artifact.count} {artifact.unit}  {_size(artifact.size)}  "
                f"{artifact.seconds:.1f} s"
            )
        )

    def stopped(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Say that nothing was published, and how to see pages all the same."""
        if self.quiet or self.as_json:
            return
        errors = [d for d in diagnostics if d.is_error]
        plural = "error" if len(errors) == 1 else "errors"
        words = f"{len(errors)} {plural}; nothing was published, the last good output stands."
        if all(d.markable for d in errors):
            words += " With --lenient the faults are marked on the page instead."
        self.err.print(Text(words))

    def _text(self, diagnostic: Diagnostic) -> Text:
        place = f"{diagnostic.location}: " if diagnostic.location else ""
        severity = diagnostic.severity or Severity.ERROR
        text = Text(place)
        text.append(f"{severity.value}[{diagnostic.code}]", style=STYLES[severity])
        text.append(f": {diagnostic.message}")
        if diagnostic.hint:
            text.append("\n    " + diagnostic.hint.replace("\n", "\n    "), style="dim")
        if self.verbose and diagnostic.detail:
            text.append("\n    | " + diagnostic.detail.strip().replace("\n", "\n    | "))
        return text


def _json(diagnostic: Diagnostic) -> str:
    location = diagnostic.location
    record = {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "path": location.path if location else None,
        "line": location.line if location else None,
        "column": location.column if location else None,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "detail": diagnostic.detail,
    }
    return json.dumps(record, ensure_ascii=False)


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size // 1000, 1)} kB"
