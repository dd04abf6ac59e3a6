"""`geppetto new`, what it asks and what it says of the book written; `geppetto schema`."""

from __future__ import annotations

import locale
import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import click

from geppetto.cli.options import Printing, reporting
from geppetto.cli.report import Report, shown


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="The book's title.")
@click.option("--author", "authors", multiple=True, help="Who writes it; may be said again.")
@click.option("--lang", help="The language it is in: en, en-GB, de, ja …")
@reporting
def new(
    folder: Path,
    *,
    title: str | None,
    authors: tuple[str, ...],
    lang: str | None,
    printing: Printing,
) -> None:
    """Start a book in DIR, a folder that is not there yet, or empty.

    Asks for title, author and language where they are not given.
    """
    from geppetto import starting  # noqa: PLC0415 - a quick --help

    target = Path(os.path.abspath(folder))  # noqa: PTH100 - a link at its end is somebody's
    with Report(target, printing):
        _said(title, authors, lang)
        answers = starting.Answers(
            title if title is not None else _asked("Title", "title"),
            authors or (_asked("Author", "author"),),
            lang if lang is not None else _asked("Language", "lang", _own_language()),
        )
        names = starting.start(target, answers)
    if not (printing.quiet or printing.for_machines):
        _told(target, names)


@click.command()
@click.argument("file", type=click.Choice(["book", "reviewers"]), default="book")
def schema(file: str) -> None:
    """Print the JSON Schema of book.yaml, or of reviewers.yaml, by which editors check it."""
    from geppetto import config  # noqa: PLC0415 - a quick --help
    from geppetto.review import reviewers  # noqa: PLC0415

    said = config.json_schema() if file == "book" else reviewers.json_schema()
    click.echo(said, nl=False)


def _said(title: str | None, authors: tuple[str, ...], lang: str | None) -> None:
    """Refuse what is given and wrong, or not given where nobody can be asked."""
    given: dict[str, list[str | None]] = {"title": [title], "author": [*authors], "lang": [lang]}
    for name, values in given.items():
        for value in values:
            if value is not None and (wrong := _wrong(name, value)):
                raise click.BadParameter(wrong, param_hint=f"--{name}")
    missing = [f"--{name}" for name, values in given.items() if values in ([], [None])]
    if missing and not sys.stdin.isatty():
        listed = ", ".join(missing)
        raise click.UsageError(f"Nobody can be asked here: say {listed} on the command line.")


def _asked(words: str, name: str, default: str | None = None) -> str:
    """Ask until the answer is one that book.yaml could hold."""

    def right(answer: str) -> str:
        if wrong := _wrong(name, answer):
            raise click.BadParameter(wrong)
        return answer

    checked: Callable[[str], str] = right
    return str(click.prompt(words, default=default, value_proc=checked, err=True))


def _wrong(name: str, answer: str) -> str | None:
    from geppetto import starting  # noqa: PLC0415 - a quick --help

    found = starting.faults(**{name: answer})
    return " ".join(filter(None, [found[0].message, found[0].hint])) if found else None


def _own_language() -> str:
    """Give the language that the author's system speaks, as a BCP 47 tag: `en` where it has none."""
    spoken = locale.getlocale(locale.LC_MESSAGES)[0] or os.environ.get("LANG", "")
    found = re.match(r"([a-z]{2,3})(?:_([A-Z]{2}))?\b", spoken)
    return "-".join(part for part in found.groups() if part) if found else "en"


def _told(folder: Path, names: tuple[str, ...]) -> None:
    """Say what is there, and what to do next."""
    path = shown(folder)
    click.echo(f"{path}  {len(names)} files")
    click.echo("Write in chapters/, say more of the book in book.yaml, and build it:", err=True)
    if folder != Path.cwd():
        click.echo(f"    cd {shlex.quote(path)}", err=True)
    click.echo("    geppetto pdf", err=True)
