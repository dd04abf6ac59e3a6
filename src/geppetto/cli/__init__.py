"""The command line: arguments, progress, printing, the exit code."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

from geppetto import __version__
from geppetto.cli.changing import changes
from geppetto.cli.commenting import comments
from geppetto.cli.drafting import draft
from geppetto.cli.options import Point, Printing, reporting
from geppetto.cli.report import Report
from geppetto.cli.sending import send
from geppetto.cli.starting import new, schema
from geppetto.diagnostics import ExitCode, GeppettoError, has_errors

COLLECTING = (1_000_000, 50, 100)
"""How seldom Python looks for cycles: a book's trees are large, and live to the end."""
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.option("-C", "book", type=FOLDER, default=".", help="The book's folder; this one if absent.")
@click.version_option(__version__, prog_name="geppetto")
@click.pass_context
def cli(context: click.Context, book: Path) -> None:
    """Turn Markdown chapters with citations into a typeset PDF, an EPUB and a DOCX; review them."""
    context.obj = book.resolve()


CHAPTER = click.option(
    "--chapter", help="Take this chapter's pages out, too: its number as printed, or its file."
)


ANSWER = click.option(
    "--answer", metavar="NAME", help="Answer this reviewer: changes tracked, their remarks in it."
)
ALL_REMARKS = click.option(
    "--all-remarks", is_flag=True, help="With --answer: the open remarks of every reviewer."
)


def _edition(name: str, editions: tuple[str, ...], words: str) -> None:
    @click.option("--output", type=FILE, help="Where to put it, instead of build/.")
    @click.option("--lenient", is_flag=True, help="Mark faults on the page; build all the same.")
    @click.option("--strict", is_flag=True, help="Take warnings for errors.")
    @click.option("--whole", is_flag=True, help="Make all of it anew: the same bytes anywhere.")
    @click.option("--explain", is_flag=True, help="Say what is made again, and why.")
    @reporting
    @click.pass_obj
    def command(  # noqa: PLR0913 - a parameter for each option
        book: Path,
        *,
        output: Path | None,
        lenient: bool,
        strict: bool,
        whole: bool,
        explain: bool,
        printing: Printing,
        chapter: str | None = None,
        answer: str | None = None,
        all_remarks: bool = False,
    ) -> None:
        target = output and output.resolve()
        if answer is not None:
            if lenient or strict or whole or explain:
                raise click.UsageError("--answer goes with --output and --all-remarks only.")
            from geppetto.cli import answering  # noqa: PLC0415 - a quick --help

            answering.answer(book, answer, target, printing, every=all_remarks)
            return
        if all_remarks:
            raise click.UsageError("--all-remarks belongs to --answer.")
        from geppetto.pipeline.building import build  # noqa: PLC0415 - a quick --help
        from geppetto.pipeline.edition import Request  # noqa: PLC0415

        request = Request(book, editions, target, lenient, strict, whole)
        with Report(book, printing) as report:
            outcome = build(request, report.step)
            artifacts = list(outcome.artifacts)
            if chapter is not None and artifacts:
                from geppetto.pipeline.excerpting import take  # noqa: PLC0415 - if asked for

                artifacts.append(take(book, chapter, artifacts[0]))
        if explain:
            report.reasons(outcome.reasons)
        report.ended(artifacts, outcome.diagnostics)

    command.__doc__ = words
    own = {"pdf": (CHAPTER,), "docx": (ALL_REMARKS, ANSWER)}.get(name, ())
    for option in own:
        command = option(command)
    cli.command(name)(command)


_edition("pdf", ("pdf",), "Build the typeset PDF: build/<slug>.pdf.")
_edition("epub", ("epub",), "Build the EPUB: build/<slug>.epub.")
_edition("docx", ("docx",), "Build the DOCX, for reviewers with Word: build/<slug>.docx.")
_edition("all", ("pdf", "epub", "docx"), "Build every edition.")


@cli.command()
@click.argument("edition", type=click.Choice(["pdf", "epub", "all"]), default="pdf")
@click.option("--lenient", is_flag=True, help="Mark faults on the page; build all the same.")
@click.option("--serve", is_flag=True, help="Show the PDF in the browser; not for epub alone.")
@click.option("--port", type=click.IntRange(1024, 65535), help="With --serve: any if absent.")
@click.option("--open/--no-open", "opens", default=False, help="With --serve: open the browser.")
@click.pass_obj
def watch(  # noqa: PLR0913 - a parameter for each option
    book: Path, edition: str, *, lenient: bool, serve: bool, port: int | None, opens: bool
) -> None:
    """Build again whenever a file of the book is saved, until Ctrl-C."""
    from geppetto.cli import watching  # noqa: PLC0415 - a quick --help
    from geppetto.pipeline.edition import Request  # noqa: PLC0415

    if not serve and (port or opens):
        raise click.UsageError("--port and --open belong to --serve.")
    if serve and edition == "epub":
        raise click.UsageError("--serve shows the PDF: watch pdf, or all.")
    editions = ("pdf", "epub") if edition == "all" else (edition,)
    request = Request(book, editions, lenient=lenient)
    if serve:
        watching.serve(request, port or 0, opens=opens)
    else:
        watching.show(request)


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@reporting
@click.pass_obj
def check(book: Path, files: tuple[Path, ...], strict: bool, printing: Printing) -> None:
    """Say what is wrong or doubtful in the book, or in FILES alone, without building it."""
    from geppetto.pipeline.checking import check as examine  # noqa: PLC0415 - a quick --help

    with Report(book, printing) as report:
        checked = examine(book, [file.resolve() for file in files], report.step, strict=strict)
    report.diagnostics(checked.diagnostics)
    report.summed(checked.diagnostics)
    if has_errors(checked.diagnostics):
        sys.exit(ExitCode.MANUSCRIPT)


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reporting
@click.pass_obj
def verify(book: Path, files: tuple[Path, ...], printing: Printing) -> None:
    """Compare finished editions, those in build/ if none is named, with the chapters."""
    from geppetto.pipeline.verifying import verify as compare  # noqa: PLC0415 - a quick --help

    with Report(book, printing) as report:
        verified = compare(book, [file.resolve() for file in files], report.step)
    report.diagnostics(verified.diagnostics)
    if has_errors(verified.diagnostics):
        sys.exit(ExitCode.MANUSCRIPT)


@cli.command()
@click.argument("place")
@click.option("--page", type=click.IntRange(min=1), help="A page of the PDF, counted from 1.")
@click.option("--at", type=Point(), help="A point of the page, in parts of its width and height.")
@reporting
@click.pass_obj
def where(
    book: Path, place: str, page: int | None, at: tuple[float, float] | None, printing: Printing
) -> None:
    """Say which lines stand on a page of a PDF, or on which page a line stands.

    PLACE is a PDF that Geppetto made, with --page, or a line of a chapter: chapters/01.md:118,
    or 1:118, as in a draft's margin.
    """
    from geppetto.cli.answers import print_answer  # noqa: PLC0415 - a quick --help
    from geppetto.pipeline import placing  # noqa: PLC0415

    of_pdf = place.lower().endswith(".pdf")
    if of_pdf and page is None:
        raise click.UsageError("Which page of the PDF? Say --page 12.")
    if not of_pdf and (page or at):
        raise click.UsageError("--page and --at belong to a PDF.")
    with Report(book, printing) as report:
        found = (
            placing.in_text(Path(place).resolve(), page or 1, at, book)
            if of_pdf
            else placing.in_pdf(place, book)
        )
        print_answer(report, found, of_pdf=of_pdf)


@cli.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a CODE of a problem means and how to mend it; without one, list all."""
    from geppetto.cli.explaining import print_codes, print_explanation  # noqa: PLC0415

    if code is None:
        print_codes()
    else:
        print_explanation(code)


@cli.command()
@click.pass_obj
def doctor(book: Path) -> None:
    """Say what is installed, what is missing, and the line that mends it."""
    from geppetto.cli.table import print_findings  # noqa: PLC0415 - a quick --help
    from geppetto.doctor import examine, exit_code  # noqa: PLC0415

    findings = examine(book)
    print_findings(findings)
    sys.exit(exit_code(findings))


@cli.command()
@click.pass_obj
def clean(book: Path) -> None:
    """Remove what Geppetto made in build/, and nothing else."""
    from geppetto.pipeline.cleaning import clean as remove  # noqa: PLC0415 - a quick --help

    for path in remove(book):
        click.echo(f"removed {path.relative_to(book)}")


cli.add_command(new)
cli.add_command(schema)
cli.add_command(changes)
cli.add_command(draft)
cli.add_command(send)
cli.add_command(comments)


def main() -> None:
    """Run the command line; turn what stops a build into its exit code."""
    gc.set_threshold(*COLLECTING)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # no search for what is not used
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as fault:
        fault.show()
        sys.exit(ExitCode.USAGE)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; the last good outputs still stand", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except GeppettoError as fault:
        Report(Path.cwd()).diagnostics(fault.diagnostics)
        sys.exit(fault.exit_code)
