"""A terminal for tests: a program runs in it, and what stood on its screen is given."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from dataclasses import dataclass, field
from pathlib import Path

import geppetto

PROGRAM = "import sys; from geppetto.cli import main; sys.exit(main())"
PIECE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]")

BEGUN = re.compile(r"\x1b(?:\[[?\d;]*)?$")


@dataclass
class Screen:
    """The screen as characters, of so many columns; what an ordinary terminal does, no more."""

    columns: int
    rows: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    column: int = 0
    cursor: bool = True
    rest: str = ""

    def write(self, text: str) -> None:
        """Write characters, and do what the signs between them ask for."""
        text = self.rest + text
        whole = BEGUN.sub("", text)
        self.rest = text[len(whole) :]
        for found in PIECE.finditer(whole):
            if found[2]:
                self._control(found[1], found[2])
            elif found[0] == "\r":
                self.column = 0
            elif found[0] == "\n":
                self._down()
            else:
                self._put(found[0])

    def _put(self, character: str) -> None:
        if self.column == self.columns:
            self._down()
            self.column = 0
        line = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = line[: self.column] + character + line[self.column + 1 :]
        self.column += 1

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")

    def _control(self, given: str, letter: str) -> None:
        if letter == "A":
            self.row = max(0, self.row - int(given or 1))
        elif letter == "K":
            line = self.rows[self.row]
            self.rows[self.row] = "" if given == "2" else line[: self.column]
        elif letter == "J":
            self.rows, self.row = [""], 0
        elif letter == "H":
            self.row = self.column = 0
        elif letter in "lh" and given == "?25":
            self.cursor = letter == "h"

    @property
    def text(self) -> str:
        """All that stands there."""
        return "\n".join(line.rstrip() for line in self.rows).strip("\n")


class Terminal:
    """A command of Geppetto in a terminal; `screens` are all that it has shown, one after another."""

    def __init__(self, columns: int, *arguments: str, **variables: str) -> None:
        self.screen, self.screens, self.written = Screen(columns), [""], ""
        self.handle, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=environment(**{"TERM": "xterm-256color", **variables}),
            start_new_session=True,
        )
        os.close(inner)
        self._changed = threading.Condition()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        while piece := self._piece():
            with self._changed:
                text = decoder.decode(piece)
                self.written += text
                self.screen.write(text)
                if self.screen.text != self.screens[-1]:
                    self.screens.append(self.screen.text)
                self._changed.notify_all()

    def _piece(self) -> bytes:
        try:
            return os.read(self.handle, 65536)
        except OSError:  # Linux says so that nobody writes any more
            return b""

    def shows(self, sought: str, seconds: float = 120) -> bool:
        """Wait until something stands on the screen, a regular expression."""
        with self._changed:
            return bool(
                self._changed.wait_for(lambda: re.search(sought, self.screen.text), seconds)
            )

    def interrupt(self) -> None:
        """Send what Ctrl-C sends; again where it came just before a question began to wait."""
        for _ in range(20):
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(9)
                return

    def end(self) -> int:
        """Wait for the end; give the exit code."""
        code = self.process.wait(180)
        self._reading.join(180)
        os.close(self.handle)
        return code


def environment(**variables: str) -> dict[str, str]:
    """Give the variables of a person who asked for nothing, and those given; this Geppetto runs."""
    unset = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM")
    own = {"PYTHONPATH": str(Path(geppetto.__file__).parents[1])}
    return {n: v for n, v in os.environ.items() if n not in unset} | own | variables
