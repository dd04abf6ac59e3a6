"""Prints what codes mean: one of them in full, or a line each."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from geppetto import explanations
from geppetto.cli.report import STYLES
from geppetto.diagnostics import CATALOGUE, Code
from geppetto.suggest import nearest


def print_explanation(code: str) -> None:
    """Print the catalogue's section of a code: set on a terminal, as Markdown elsewhere.

    Raises:
        click.BadParameter: no diagnostic has this code.
    """
    if code not in CATALOGUE:
        near = nearest(code, CATALOGUE)
        meant = f" Did you mean {near}?" if near else " `geppetto explain` lists them all."
        raise click.BadParameter(f"no problem has the code {code!r}.{meant}")
    console = Console(highlight=False)
    console.print(_heading(code, CATALOGUE[code]))
    console.print()
    section = explanations.sections()[code]
    if console.is_terminal:
        console.print(Markdown(section), width=min(console.width, 88))
    else:
        console.print(Text(section), soft_wrap=True)


def print_codes() -> None:
    """Print every code with its severity and its meaning, a line each."""
    console = Console(highlight=False, soft_wrap=True)
    widest = max(map(len, CATALOGUE))
    for code, known in CATALOGUE.items():
        line = Text(f"{code:<{widest}}  ")
        line.append(f"{known.severity.value:<7}", style=STYLES[known.severity])
        console.print(line.append(f"  {known.meaning}"))


def _heading(code: str, known: Code) -> Text:
    text = Text(code, style="bold")
    return text.append(f" ({known.severity.value})", style=STYLES[known.severity])
