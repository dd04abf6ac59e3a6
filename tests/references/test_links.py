"""Links within the book."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.tools


def links(trial, index=0):
    return [node["c"][2][0] for node in trial.all("Link", index)]


def test_links_lead_across_chapters(solve):
    """By file, by identifier, percent-encoded, to headings whose identifier Pandoc made."""
    trial = solve(
        "# One\n\n## Intro\n\n[a](#intro) [b](02.md) [c](chapters/02.md#intro) [d](./02.md#x)"
        " [e](#x) [f](%30%32.md#caf%C3%A9) [g](#only-there) [h](https://x.org) [i](mailto:a@b.c)",
        "# Two\n\n## Intro\n\n[a](#intro)\n\n## X {#x}\n\n## Café\n\n## Only there\n",
    )
    assert trial.diagnostics == ()
    second = "ch02-intro"
    assert links(trial) == [
        "#intro", "#two", f"#{second}", "#x", "#x", "#café", "#only-there",
        "https://x.org", "mailto:a@b.c",
    ]  # fmt: skip
    assert links(trial, 1) == [f"#{second}"]
    assert trial.resolved.homes[second] == "ch02"


def test_a_link_without_words_gets_those_of_its_target(solve):
    trial = solve("# One\n\n[](02.md) and [](#fig:a)\n\n![A](a.png){#fig:a}", "# Two\n\nx\n")
    assert trial.text().startswith("Chapter 2 and Figure 1.1")


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("#introo", "Did you mean #intro?"),
        ("02.mdd", "It is no chapter of the book."),
        ("22.md", "Did you mean 02.md?"),
        ("02.md#zzzzzz", "Write {#zzzzzz} after the heading"),
        ("www.x.com", "Write https://www.x.com"),
        ("x.pdf", "It is no chapter of the book."),
        ("", "Write where it should lead"),
    ],
)
def test_a_link_that_leads_nowhere(solve, url, hint):
    """Is an error with its place and a remedy; its words stand, with a mark after them."""
    trial = solve(f"# One\n\nHere [words]({url})\n\n## Intro\n", "# Two\n\nx\n")
    (diagnostic,) = trial.diagnostics
    assert (str(diagnostic.location), diagnostic.code) == ("chapters/01.md:3:6", "link-unknown")
    assert diagnostic.hint.startswith(hint)
    assert trial.text().startswith("Here words")
    assert len(trial.faults()) == 1
