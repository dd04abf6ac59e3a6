"""How the author's editor is told to open a line of a file.

Which editor it is says the author's own environment, never the book's folder:
a manuscript is data, and names no program.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import tools

VARIABLE = "GEPPETTO_EDITOR"
_GOTO = ("--goto", "{file}:{line}")
_COLON = ("{file}:{line}",)
_PLUS = ("+{line}", "{file}")
_LINE = ("--line", "{line}", "{file}")
KNOWN: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("code", "codium", "vscodium", "cursor", "windsurf", "code-insiders"), _GOTO),
    **dict.fromkeys(("zed", "zeditor", "subl"), _COLON),
    **dict.fromkeys(("idea", "pycharm", "webstorm", "phpstorm", "clion", "rubymine"), _LINE),
    **dict.fromkeys(("kate", "mate", "geany"), _LINE),
    "emacsclient": ("--no-wait", *_PLUS),
    **dict.fromkeys(("gvim", "mvim", "emacs", "gedit", "xed", "pluma", "bbedit"), _PLUS),
}
"""Editors with a window of their own, and how each takes a line: the first that is found is used."""
TERMINAL = frozenset(
    {"vi", "vim", "nvim", "view", "nano", "pico", "micro", "hx", "helix", "kak", "joe", "mcedit"}
)
WAITING = frozenset({"-w", "--wait", "--block", "-b", "-f", "--nofork"})
"""Options by which a program waits until the author is done: nobody waits here."""


@dataclass(frozen=True)
class Choice:
    """The command that opens a line; without one, why there is none."""

    arguments: tuple[str, ...] = ()
    why: str = ""


def choose(file: Path, line: int, environment: Mapping[str, str], root: Path) -> Choice:
    """Choose how to open a line of a file: what the author's environment names, else what is found."""
    template = environment.get(VARIABLE, "").strip()
    if template:
        return _filled(_words(template), file, line, root, VARIABLE)
    named = [(name, _words(environment.get(name, ""))) for name in ("VISUAL", "EDITOR")]
    for variable, words in named:
        if words and Path(words[0]).name in KNOWN:
            return _filled(words, file, line, root, variable)
    for program in KNOWN:
        choice = _filled([program], file, line, root, "PATH")
        if choice.arguments:
            return choice
    in_terminal = [words[0] for _, words in named if words and Path(words[0]).name in TERMINAL]
    if in_terminal:
        return Choice(why=f"{Path(in_terminal[0]).name} runs in a terminal; open it there.")
    return Choice(why=f"No editor was found; {VARIABLE} can name one.")


def _words(command: str) -> list[str]:
    """Split a command as a shell would; nothing where a quotation mark is not closed."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _filled(words: Sequence[str], file: Path, line: int, root: Path, source: str) -> Choice:
    """Fill a command's template in; a known program without one has that of the table."""
    if not words:
        return Choice(why=f"{source} cannot be read: a quotation mark is not closed.")
    name = Path(words[0]).name
    if name in TERMINAL:
        return Choice(why=f"{name} runs in a terminal; open it there.")
    program = tools.find(words[0])
    if program is None:
        return Choice(why=f"{source} names {words[0]}, which is not installed.")
    if any(
        at.is_relative_to(root.resolve()) for at in (program.parent.resolve(), program.resolve())
    ):
        return Choice(why=f"{source} leads to a program in the book's folder, which is not run.")
    rest = list(words[1:])
    if not any("{file}" in word for word in rest):
        rest = [word for word in rest if word not in WAITING]
        rest += KNOWN.get(name, ("{file}",))
    numbered = [word.replace("{line}", str(line)) for word in rest]  # a file's name may have braces
    filled = [word.replace("{file}", str(file)) for word in numbered]
    return Choice((str(program.absolute()), *filled))
