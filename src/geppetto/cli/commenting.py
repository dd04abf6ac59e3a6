"""`geppetto comments`, and how remarks are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geppetto.cli.options import Form, Printing, reporting
from geppetto.cli.remarks import as_line, as_record, clean, print_table
from geppetto.cli.report import Report, shown
from geppetto.diagnostics import Diagnostic, ExitCode, has_errors
from geppetto.suggest import nearest

if TYPE_CHECKING:
    from geppetto.pipeline.commenting import Marked

NAMES = click.argument("names", nargs=-1, required=True, metavar="ID...")
PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


class Comments(click.Group):
    """A group that takes what is no command's name for a returned file."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Put the command `import` before files."""
        first = arguments[0] if arguments else "--help"
        if first not in {*self.commands, *context.help_option_names}:
            near = nearest(first, self.commands)
            if near and not Path(first).exists():
                raise click.UsageError(f"No such command or file '{first}'. Did you mean '{near}'?")
            arguments = ["import", *arguments]
        return super().parse_args(context, arguments)


@click.group(cls=Comments, subcommand_metavar="FILE... | COMMAND [ARGS]...")
def comments() -> None:
    """Take the remarks out of returned FILEs, PDF or DOCX; show, settle, insert, apply them.

    They are kept in reviews/, which belongs into git, and stay there with what you
    write below them.
    """


@comments.command("import")
@click.argument("files", nargs=-1, required=True, type=PATH)
@reporting
@click.pass_obj
def take(book: Path, files: tuple[Path, ...], printing: Printing) -> None:
    """Keep the remarks of returned FILES: what `geppetto comments FILE...` does."""
    import datetime  # noqa: PLC0415 - a quick --help

    from geppetto.pipeline import taking  # noqa: PLC0415

    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    resolved = [file.resolve() for file in files]
    with Report(book, printing) as report:
        taken, said, code = taking.take(book, resolved, report.step, when)
    report.diagnostics(said)
    for one in taken:
        whose = f"remarks of {one.reviewer or 'somebody'} on {one.draft}"
        words = f"{shown(one.file)}: {one.remarks} {whose}, {one.new} new, {one.updated} changed"
        _tell(report, words, {**asdict(one), "file": shown(one.file)})
    if code is ExitCode.BUILT and has_errors(said):
        code = ExitCode.MANUSCRIPT
    sys.exit(code)


@comments.command("list")
@click.option("--reviewer", default="", metavar="NAME", help="Of this reviewer alone.")
@click.option("--draft", default="", metavar="ID", help="On this draft alone.")
@click.option("--chapter", default="", metavar="FILE", help="In this chapter alone.")
@click.option("--all/--open", "settled", default=False, help="Those that are settled, too.")
@click.option("--lines", is_flag=True, help="A line each, for an editor to step through.")
@reporting
@click.pass_obj
def show(  # noqa: PLR0913 - a parameter for each option
    book: Path,
    *,
    reviewer: str,
    draft: str,
    chapter: str,
    settled: bool,
    lines: bool,
    printing: Printing,
) -> None:
    """Show the remarks that are open, in the book's order, where their words stand today."""
    from geppetto.pipeline import commenting  # noqa: PLC0415 - a quick --help

    with Report(book, printing) as report:
        choice = commenting.Choice(reviewer, draft, chapter, settled)
        listed = commenting.listed(book, choice)
    report.diagnostics(listed.diagnostics)
    if printing.form is Form.JSON:
        _print(report, (json.dumps(as_record(one), ensure_ascii=False) for one in listed.remarks))
    elif lines:
        _print(report, map(as_line, listed.remarks))
    elif not printing.for_machines:
        print_table(listed)
    _end(listed.diagnostics)


@comments.command()
@NAMES
@click.option("--message", default="", help="What you have to say to it; kept below the remark.")
@click.option("--rejected", is_flag=True, help="The text stays as it is.")
@reporting
@click.pass_obj
def resolve(
    book: Path, names: tuple[str, ...], message: str, rejected: bool, printing: Printing
) -> None:
    """Settle remarks, by their ids or the beginnings of these."""
    _settle(book, names, printing, state="rejected" if rejected else "resolved", note=message)


@comments.command()
@NAMES
@reporting
@click.pass_obj
def reopen(book: Path, names: tuple[str, ...], printing: Printing) -> None:
    """Open remarks again."""
    _settle(book, names, printing, state="open")


@comments.command()
@click.argument("name", metavar="ID")
@click.argument("person", metavar="NAME")
@reporting
@click.pass_obj
def assign(book: Path, name: str, person: str, printing: Printing) -> None:
    """Say who sees to a remark; nobody, with an empty name."""
    _settle(book, (name,), printing, assigned=person)


def _settle(book: Path, names: tuple[str, ...], printing: Printing, **change: str) -> None:
    from geppetto.pipeline import commenting  # noqa: PLC0415 - a quick --help
    from geppetto.review.kept.keeping import Change  # noqa: PLC0415

    with Report(book, printing) as report:
        count = commenting.settle(book, names, Change(**change))
    _tell(report, f"{_counted(count)} changed", {"changed": count})


@comments.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--remove", is_flag=True, help="Take them out of the chapters again.")
@reporting
@click.pass_obj
def insert(book: Path, names: tuple[str, ...], remove: bool, printing: Printing) -> None:
    """Put remarks into the chapters as CriticMarkup: those named, else all that are open.

    The book is built as if they were not there.
    """
    from geppetto.pipeline import commenting  # noqa: PLC0415 - a quick --help

    with Report(book, printing) as report:
        marked: list[Marked]
        said: list[Diagnostic] = []
        if remove:
            marked = commenting.remove(book, names)
        else:
            marked, said = commenting.insert(book, names)
    report.diagnostics(said)
    done = "taken out" if remove else "put in"
    for one in marked:
        _tell(report, f"{one.path}: {_counted(one.count)} {done}", asdict(one))
    _end(said)


@comments.command()
@NAMES
@click.option("--ambiguous", is_flag=True, help="Also where the words stood more than once.")
@reporting
@click.pass_obj
def apply(book: Path, names: tuple[str, ...], ambiguous: bool, printing: Printing) -> None:
    """Make the changes that remarks propose, where the text reads as it did in the draft."""
    from geppetto.pipeline import amending  # noqa: PLC0415 - a quick --help

    with Report(book, printing) as report:
        applied, said = amending.apply(book, names, report.step, ambiguous=ambiguous)
    report.diagnostics(said)
    for one in applied:
        _tell(report, f"{one.location}: {one.id} applied", asdict(one))
    _end(said)


def _end(said: Iterable[Diagnostic]) -> None:
    if has_errors(said):
        sys.exit(ExitCode.MANUSCRIPT)


def _counted(count: int) -> str:
    return f"{count} remark{'' if count == 1 else 's'}"


def _tell(report: Report, words: str, record: dict[str, Any]) -> None:
    """Print one result: for people unless they want quiet, for machines as JSON."""
    if report.printing.form is Form.JSON:
        _print(report, [json.dumps(record, ensure_ascii=False)])
    elif not (report.printing.quiet or report.printing.for_machines):
        _print(report, [words])


def _print(report: Report, lines: Iterable[str]) -> None:
    from rich.text import Text  # noqa: PLC0415 - only for who prints

    for line in lines:
        report.out.print(Text(clean(line)))
