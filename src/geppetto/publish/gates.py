"""A gate: one thing that must hold of what is published, and what showed that it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geppetto.diagnostics import Diagnostic, Severity


class State(StrEnum):
    """How a gate ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True)
class Gate:
    """A gate's name, how it ended, the evidence in a few words, and what it found."""

    name: str
    state: State
    evidence: str
    diagnostics: tuple[Diagnostic, ...] = ()


def judged(name: str, evidence: str, found: Iterable[Diagnostic], *, strict: bool = False) -> Gate:
    """Give a gate that holds if nothing found is an error; `strict`: nor a warning."""
    listed = tuple(found)
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    state = State.FAILED if any(d.severity in grave for d in listed) else State.PASSED
    return Gate(name, state, f"{evidence}; {counted(listed)}" if listed else evidence, listed)


def missing(name: str, tool: str, remedy: str) -> Gate:
    """Give a gate that could not be run, because a program is not there."""
    says = f"'{name}' was not run: {tool} is not installed."
    said = Diagnostic("gate-not-run", says, hint=remedy)
    return Gate(name, State.NOT_RUN, f"{tool} is not installed", (said,))


def needless(name: str, why: str) -> Gate:
    """Give a gate that this book does not need."""
    return Gate(name, State.NOT_NEEDED, why)


def passes(gates: Sequence[Gate], *, allow_missing: bool = False) -> bool:
    """Tell whether what the gates are for may be published."""
    stops = {State.FAILED} if allow_missing else {State.FAILED, State.NOT_RUN}
    return not any(gate.state in stops for gate in gates)


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """Say how many errors, warnings and notes there are."""
    found = Counter(d.severity for d in diagnostics)
    words = [f"{n} {s.value}{'' if n == 1 else 's'}" for s in Severity if (n := found[s])]
    return ", ".join(words) or "nothing found"
