"""The live preview: the newest PDF of a watched book in the browser, with the problems of its build.

It is told of each build, and makes of it what the page in the browser shows. It
neither converts nor typesets; a page is rendered when a browser asks for it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path

from geppetto.diagnostics import Diagnostic
from geppetto.pagemap import PageMap, stored
from geppetto.preview.answers import Answers
from geppetto.preview.pages import Pages
from geppetto.preview.places import edited
from geppetto.preview.server import ADDRESS, Server
from geppetto.preview.state import Board, Proof


class Preview:
    """The preview of the book in a folder, on a port of this machine: any if it is 0.

    As a context it is served.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, root: Path, port: int = 0) -> None:
        self.root, self.board, self.pages = root, Board(), Pages()
        self._token = secrets.token_urlsafe(24)
        answers = Answers(root, self.board, self.pages, self._token)
        self._server = Server(answers.answer, port)

    @property
    def address(self) -> str:
        """What is opened in the browser: whoever knows it sees the book."""
        return f"http://{ADDRESS}:{self._server.server_port}/?token={self._token}"

    def __enter__(self) -> Preview:
        """Serve."""
        self._server.start()
        return self

    def __exit__(self, *fault: object) -> None:
        """End what is served."""
        self.board.close()
        self._server.stop()
        self.pages.close()

    def begun(self, step: str) -> None:
        """Say which step of a build begins."""
        self.board.change(step=step)

    def stands(self, pdf: Path) -> None:
        """Show a PDF of an earlier build while the first one is at work, if it can be shown."""
        proof = self._proof(pdf)
        if proof is not None:
            self.board.change(proof=proof)

    def built(self, pdf: Path | None, problems: Sequence[Diagnostic], seconds: float) -> None:
        """Show what came of a build; without a PDF the one before stays."""
        old = self.board.state.proof
        new = None if pdf is None else self._proof(pdf)
        spot = self.board.state.edited
        if new is not None and old is not None and new.name != old.name:
            spot = edited(old, new)
        self.board.change(
            proof=new or old, edited=spot, problems=tuple(problems), seconds=seconds, step=None
        )

    def _proof(self, pdf: Path) -> Proof | None:
        """Open a PDF; what belongs to it is left out where it was made of another."""
        try:
            data = pdf.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            contents = self.pages.open(digest[:16], data)
        except (OSError, ValueError):
            return None
        places = _places(pdf, digest)
        texts = self._texts(places) if places else {}
        return Proof(digest[:16], contents.title, contents.sizes, contents.labels, places, texts)

    def _texts(self, places: PageMap) -> dict[str, str]:
        """Read the files of a page map as they were: those saved since stay what they were before."""
        old = self.board.state.proof
        texts = dict(old.texts) if old else {}
        for path, digest in places.sources.items():
            data = _read(self.root, path)
            if hashlib.sha256(data).hexdigest() == digest:
                texts[path] = data.decode("utf-8", "replace")
        return {path: texts[path] for path in places.sources if path in texts}


def _places(pdf: Path, digest: str) -> PageMap | None:
    try:
        made = stored.unpacked(stored.beside(pdf).read_bytes())
    except (OSError, ValueError):
        return None
    return made if made.pdf == digest else None


def _read(root: Path, path: str) -> bytes:
    """Read a file in the book's folder; nothing of any other."""
    try:
        real = (root / path).resolve()
        return real.read_bytes() if real.is_relative_to(root.resolve()) else b""
    except (OSError, ValueError, RuntimeError):
        return b""
