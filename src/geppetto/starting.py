"""A new book: its files, out of `templates/new/`, and what its author is asked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from geppetto import config, fonts, hyphenation, installed, markedyaml, packages, templates, terms
from geppetto.config.faults import explained
from geppetto.diagnostics import Diagnostic
from geppetto.markedyaml import Marks
from geppetto.model.settings import Settings
from geppetto.review import reviewers
from geppetto.store import newfolder

DOT = "dot-"
"""What stands in `templates/new/` for the dot of a name: such files would have effect there."""
LAST = "book.yaml"
"""Written last: a folder without it is no book."""
LONGEST_LANGUAGE = 3
"""The letters of a language in a BCP 47 tag; none of more is registered (RFC 5646, 2.2.1)."""


@dataclass(frozen=True)
class Answers:
    """What an author says of a new book; no author is allowed, no title is not."""

    title: str
    authors: tuple[str, ...]
    lang: str


def faults(title: str = "Untitled", author: str = "Nobody", lang: str = "en") -> list[Diagnostic]:
    """Say what is wrong with an answer, as book.yaml would; the others need not be given."""
    said = {"title": _line(title), "author": [_line(author)], "lang": lang}
    found = list(_unprintable(title, author))
    try:
        Settings.model_validate(said, by_alias=True, by_name=False)
    except ValidationError as error:
        found += explained(error, Marks(), config.BOOK)
    else:
        found += _no_code(lang)
    return found


def start(folder: Path, answers: Answers) -> tuple[str, ...]:
    """Write a new book; give the names of its files.

    Raises:
        GeppettoError: the folder is not new, or cannot be written; nothing is there then.
    """
    made = files(answers)
    newfolder.place(folder, made)
    return tuple(made)


def files(answers: Answers) -> dict[str, bytes]:
    """Give every file of a new book by its path, book.yaml last."""
    listed = templates.starting_environment().list_templates()
    made = {_name(template): text(template, answers) for template in listed}
    made[".vscode/book.schema.json"] = config.json_schema()
    made[".vscode/reviewers.schema.json"] = reviewers.json_schema()
    names = sorted(made, key=lambda name: (name == LAST, name))
    return {name: made[name].encode("utf-8") for name in names}


def text(template: str, answers: Answers) -> str:
    """Give one of the files that come out of a template."""
    return templates.render(templates.starting_environment(), template, **_values(answers))


def _name(template: str) -> str:
    return "/".join(
        f".{part.removeprefix(DOT)}" if part.startswith(DOT) else part
        for part in template.split("/")
    )


def _values(answers: Answers) -> dict[str, object]:
    authors = [_line(author) for author in answers.authors]
    return {
        "title": markedyaml.flow(_line(answers.title)),
        "author": markedyaml.flow(authors[0] if len(authors) == 1 else authors),
        "lang": answers.lang,
        "is_english": _is_english(answers.lang),
        "apt": _rows(_apt(answers)),
        "installer": installed.NAME,
        "requirement": installed.requirement(),
    }


def _line(text: str) -> str:
    """Give text on one line, without blanks about it: as YAML and a title page have it."""
    return " ".join(text.split())


def _unprintable(*texts: str) -> Iterator[Diagnostic]:
    for text in texts:
        line = _line(text)
        if odd := next((c for c in line if templates.xml(c) != c), None):
            says = f"'{templates.xml(line)}' has a character that prints nothing: U+{ord(odd):04X}."
            yield Diagnostic("config-value", says, hint="Write it without.")


def _no_code(lang: str) -> Iterator[Diagnostic]:
    if len(lang.split("-", maxsplit=1)[0]) > LONGEST_LANGUAGE:
        says = f"'{lang}' is no language's code."
        hint = "Give the code: en for English, en-GB for British English, de for German, ja for Japanese."
        yield Diagnostic("config-value", says, hint=hint)


def _apt(answers: Answers) -> Iterable[str]:
    """Give Debian's packages that the book needs where it is built by a machine."""
    wanted = [need for need in packages.needs() if need.scope in {"build", "wanted"}]
    found = [package for need in wanted for package in need.apt]
    words = terms.terms(answers.lang)
    shown = [answers.title, *answers.authors, words.contents, *terms.quotes(answers.lang)]
    found += fonts.packages("".join(shown))
    if _lacks_patterns(answers.lang):
        found.append(hyphenation.package(answers.lang))
    return sorted(dict.fromkeys(found))


def _lacks_patterns(lang: str) -> bool:
    """Tell whether TeX Live's own patterns are better than ours, or all there are."""
    ours = hyphenation.patterns(lang)
    wanting = ours is None or ours.rather_tex
    return wanting and hyphenation.breaks_words(lang) and not _is_english(lang)


def _is_english(lang: str) -> bool:
    return lang.split("-", maxsplit=1)[0].lower() == "en"


def _rows(words: Iterable[str]) -> list[str]:
    """Break words into rows of a fair length."""
    return textwrap.wrap(" ".join(words), 76, break_long_words=False, break_on_hyphens=False)
