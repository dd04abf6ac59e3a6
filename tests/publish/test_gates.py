"""How gates end, and what that means for what is published."""

from __future__ import annotations

import pytest

from geppetto.cli.publishing import NAMES
from geppetto.diagnostics import Diagnostic
from geppetto.pipeline.gating import EVERY
from geppetto.publish.gates import State, judged, missing, needless, passes

ERROR, WARNING = Diagnostic("onix-invalid", "x"), Diagnostic("chapter-empty", "x")


@pytest.mark.parametrize(
    ("found", "strict", "state", "evidence"),
    [
        ([], False, State.PASSED, "ten pages"),
        ([WARNING], False, State.PASSED, "ten pages; 1 warning"),
        ([WARNING], True, State.FAILED, "ten pages; 1 warning"),
        ([ERROR, ERROR, WARNING], False, State.FAILED, "ten pages; 2 errors, 1 warning"),
    ],
)
def test_a_gate_fails_by_what_it_finds(found, strict, state, evidence):
    gate = judged("x", "ten pages", found, strict=strict)
    assert (gate.state, gate.evidence) == (state, evidence)


def test_a_missing_program_lets_nothing_through_unless_that_is_allowed():
    gates = [judged("a", "", []), needless("b", "no formula"), missing("c", "Ace", "install it")]
    assert gates[2].diagnostics[0].code == "gate-not-run"
    assert not passes(gates)
    assert passes(gates, allow_missing=True)
    assert not passes([*gates, judged("d", "", [ERROR])], allow_missing=True)


def test_the_command_line_knows_every_gate():
    assert tuple(EVERY) == NAMES
