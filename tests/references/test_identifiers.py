"""Identifiers, unique in the whole book."""

from __future__ import annotations

import pytest

from geppetto.references import identifiers

pytestmark = pytest.mark.tools


def ids(trial, index=0):
    return identifiers.every(trial.resolved.documents[index].blocks)


def test_pandocs_own_stay_where_they_are_unique(solve):
    trial = solve("# One\n\n## A b\n\n## A b\n", "# Two\n\n## A b\n\n## C\n")
    assert ids(trial) == ["one", "a-b", "a-b-1"]
    assert ids(trial, 1) == ["two", "ch02-a-b", "c"]


def test_what_an_author_wrote_is_kept(solve):
    """A heading that bears the name by chance gives way, before and after, near and far."""
    trial = solve(
        "# One\n\n## Intro\n\n::: {#intro}\nx\n:::\n\n## Far\n", "# Two\n\n[x]{#far} [y](#intro)\n"
    )
    assert trial.diagnostics == ()
    assert ids(trial) == ["one", "ch01-intro", "intro", "ch01-far"]
    assert ids(trial, 1) == ["two", "far"]


def test_a_title_from_yaml_does_not_clash(solve):
    """The heading made of the YAML title is named by the file; so may a section be."""
    files = {"chapters/02-intro.md": "---\ntitle: T\n---\n\nx\n\n## Ch02 intro\n"}
    trial = solve("# One\n\nx\n", files=files)
    assert ids(trial, 1) == ["ch02-intro", "ch02-intro-ch02-intro"]


def test_doubled_identifiers(solve):
    """Two of one name, in a chapter or in two, are an error at the second, with a mark there."""
    trial = solve(
        "# One\n\n## A {#x}\n\n::: {#x}\ny\n:::\n", "# Two\n\n[z]{#x} and ![A](a.png){#x}\n"
    )
    assert trial.codes() == [
        ("chapters/01.md:5:6", "id-duplicate"),
        ("chapters/02.md:3:5", "id-duplicate"),
        ("chapters/02.md:3:25", "id-duplicate"),
    ]
    assert "the first is in chapters/01.md" in trial.diagnostics[1].message
    assert trial.faults() == ["[#x stands twice]"] * 3
    assert ids(trial) + ids(trial, 1) == ["one", "x", "two"]


def test_entries_of_the_bibliography_do_not_clash(solve):
    trial = solve("# Bibliography\n\n## Refs\n\n## Ref smith2000\n\n@smith2000\n")
    every = [name for i in range(2) for name in ids(trial, i)]
    assert len(every) == len(set(every))
    assert trial.resolved.homes["ref-smith2000"] == trial.resolved.documents[1].slug
