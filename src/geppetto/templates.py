"""The Jinja environments of the templates that a designer edits, and their escapes.

A book's own `templates/` comes before Geppetto's: a file of the same name there
replaces that one partial. Undefined names are errors; templates run in Jinja's
sandbox. In a LaTeX template every value is escaped unless it is `Tex` already.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import SandboxedEnvironment

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.emoji import SEQUENCE
from geppetto.installed import template_root

# XML 1.0, production 2 (Char), less the C1 controls, which print nothing.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
BLANKS = re.compile("[\t\n\r\x85\u2028\u2029]+")
NONCHARACTERS = re.compile(
    f"[{''.join(chr(p * 0x10000 + n) for p in range(1, 17) for n in (0xFFFE, 0xFFFF))}]"
)

# `\/` parts two characters that the font's TeX ligatures would join (as Pandoc does).
TEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    '"': r"\textquotedbl{}",
    "-": r"-\/",
    "–": r"–\/",
    ",": r",\/",
    "<": r"<\/",
    ">": r">\/",
    "\u00a0": "~",
    "\u00ad": r"\-",
    "\u200b": r"\hspace{0pt}",
    "\ufeff": "",
}
LONE = re.compile(r"-\\/(?!-)|–\\/(?!-)|(?<!,),\\/(?!,)|(?<!<)<\\/(?!<)|(?<!>)>\\/(?!>)")


class Tex(str):
    """Text that is LaTeX already and goes into a template as it stands."""

    __slots__ = ()


def tex(value: object) -> Tex:
    """Escape text for LuaLaTeX, so that every character is set as itself.

    Newlines become blanks; characters that print nothing are dropped.
    """
    if isinstance(value, Tex):
        return value
    plain = BLANKS.sub(" ", xml(str(value)))
    return Tex("".join(made for piece in _pieces(plain) for made in piece))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Give what stands before each emoji, escaped, and the emoji; at last what stands behind."""
    end = 0
    for match in SEQUENCE.finditer(text):
        yield _escaped_text(text[end : match.start()]), emoji(match[0])
        end = match.end()
    yield _escaped_text(text[end:]), ""


def _escaped_text(text: str) -> str:
    return LONE.sub(lambda m: m[0][0], "".join(TEX_ESCAPES.get(c, c) for c in text))


def emoji(sequence: str) -> str:
    r"""Give `\emoji{…}{…}` of one emoji: itself, and its UTF-16 in hexadecimal, to be copied as."""
    shown = sequence.replace("#", r"\#")
    return f"\\emoji{{{shown}}}{{{sequence.encode('utf-16-be').hex().upper()}}}"


def xml(value: str) -> str:
    """Drop the characters that XML (and print) cannot hold."""
    return NONCHARACTERS.sub("", UNPRINTABLE.sub("", value))


def latex_environment(book_root: Path) -> Environment:
    r"""Make the environment of `templates/latex/`.

    `\VAR{…}` prints a value, `\BLOCK{…}` holds a statement, `\#{…}` a comment;
    a line that begins with `%%` is a statement, one with `%#` a comment.
    """
    environment = SandboxedEnvironment(
        block_start_string=r"\BLOCK{",
        block_end_string="}",
        variable_start_string=r"\VAR{",
        variable_end_string="}",
        comment_start_string=r"\#{",
        comment_end_string="}",
        line_statement_prefix="%%",
        line_comment_prefix="%#",
        trim_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_escaped,
        loader=_loader(book_root, "latex"),
    )
    environment.filters["tex"] = tex
    return environment


def xml_environment(book_root: Path) -> Environment:
    """Make the environment of the XML templates, named from `templates/` ("epub/nav.xhtml")."""
    return SandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=True,
        finalize=_printable,
        loader=_loader(book_root, ""),
    )


def text_environment(book_root: Path, folder: str) -> Environment:
    """Make the environment of a folder's plain texts: nothing is escaped, Jinja's own delimiters."""
    return SandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_printable,
        loader=_loader(book_root, folder),
    )


def first_there(environment: Environment, names: Iterable[str]) -> str | None:
    """Give the first of the names that a template has; None where none has."""
    for name in names:
        try:
            environment.get_template(name)
        except TemplateNotFound as fault:
            if fault.name != name:
                raise _missing(fault) from fault
        except TemplateSyntaxError:
            return name  # it is there; `render` says what is wrong with it
        else:
            return name
    return None


def own_environment() -> Environment:
    """Make the environment of what is Geppetto's alone, named from `templates/`, escaped as HTML.

    The book's own templates have no part in it: in the preview's page stands what
    may open the author's editor.
    """
    return SandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=True,
        loader=_Confined(str(template_root())),
    )


def starting_environment() -> Environment:
    """Make the environment of a new book's files, Geppetto's own: nothing is escaped.

    Its delimiters are none that Markdown, YAML, Make or a workflow's `${{ }}` know.
    """
    return SandboxedEnvironment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
        loader=_Confined(str(template_root() / "new")),
    )


def render(environment: Environment, name: str, **values: object) -> str:
    """Render a template.

    Raises:
        GeppettoError: the template is missing, or has a fault; with its place.
    """
    try:
        return environment.get_template(name).render(**values)
    except TemplateNotFound as fault:
        raise _missing(fault) from fault
    except TemplateSyntaxError as fault:
        raise _faulty(_place(fault.filename or fault.name or name, fault.lineno), fault) from fault
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as fault:
        raise _faulty(_runtime_place(fault, name), fault) from fault


def _escaped(value: object) -> object:
    return tex(value) if isinstance(value, str) else value


def _printable(value: object) -> object:
    return type(value)(xml(value)) if isinstance(value, str) else value


class _Confined(FileSystemLoader):
    """Loads from one folder, and nothing that a link in it points to outside."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source = super().get_source(environment, template)
        root = Path(self.searchpath[0]).resolve()
        if not Path(source[1]).resolve().is_relative_to(root):
            raise TemplateNotFound(template)
        return source


def _loader(book_root: Path, folder: str) -> BaseLoader:
    own = book_root / "templates" / folder
    roots = [own, template_root() / folder]
    return _Chain([_Confined(str(root)) for root in roots])


class _Chain(BaseLoader):
    """Asks one loader after the other, the book's own first."""

    def __init__(self, loaders: list[_Confined]) -> None:
        self.loaders = loaders

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        for loader in self.loaders:
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound:
                continue
        raise TemplateNotFound(template)


def _missing(fault: TemplateNotFound) -> GeppettoError:
    return GeppettoError(
        Diagnostic(
            "template-missing",
            f"The template {fault.name} is not there.",
            hint="Put it into the book's templates/ folder, or mend the name that includes it.",
        ),
        ExitCode.USAGE,
    )


def _faulty(place: Location, fault: Exception) -> GeppettoError:
    words = fault.message if isinstance(fault, TemplateError) else str(fault)
    return GeppettoError(
        Diagnostic(
            "template-error",
            f"The template has a fault: {words or type(fault).__name__}.",
            place,
            hint="Mend it, or take the book's own copy away to use Geppetto's.",
        ),
        ExitCode.USAGE,
    )


def _runtime_place(fault: Exception, name: str) -> Location:
    """Find the template's line: Jinja writes templates' own lines into the traceback."""
    for frame in reversed(traceback.extract_tb(fault.__traceback__)):
        if "templates" in Path(frame.filename).parts and not frame.filename.endswith(".py"):
            return _place(frame.filename, frame.lineno)
    return _place(name, None)


def _place(filename: str, line: int | None) -> Location:
    path = Path(filename)
    for root in ("templates", "_templates"):
        if root in path.parts:
            at = len(path.parts) - 1 - path.parts[::-1].index(root)
            return Location(Path("templates", *path.parts[at + 1 :]).as_posix(), line)
    return Location(path.as_posix(), line)
