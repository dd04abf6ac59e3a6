"""What the preview answers to each request that may be made."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from geppetto import templates, tools
from geppetto.diagnostics import Diagnostic, Severity
from geppetto.installed import template_root
from geppetto.preview import editing
from geppetto.preview.exchange import Request, Response, refusal, said, told
from geppetto.preview.pages import NARROWEST, WIDEST, Pages
from geppetto.preview.places import line_at, line_now
from geppetto.preview.state import Board, Proof, State

PATIENCE = 25.0
"""Seconds that a question for the next state waits."""
_PAGE = re.compile(r"/page/([0-9a-f]{16})/([1-9][0-9]{0,5})\.png")
_FILES = {
    "/style.css": "text/css; charset=utf-8",
    "/script.js": "text/javascript; charset=utf-8",
    "/icon.svg": "image/svg+xml",
}
_LAST_LINE = 10_000_000
NOT_FOUND = said(HTTPStatus.NOT_FOUND, "There is nothing here.")


class Answers:
    """Answers requests about a book; `token` is what they must know."""

    def __init__(self, root: Path, board: Board, pages: Pages, token: str) -> None:
        self.root, self.board, self.pages, self.token = root, board, pages, token

    def answer(self, request: Request, port: int) -> Response:
        """Answer a request that came to a port."""
        refused = refusal(request, self.token, port)
        if refused is not None:
            return refused
        acts = request.path == "/open"
        if request.method != ("POST" if acts else "GET"):
            allowed = {"Allow": "POST" if acts else "GET"}
            return said(HTTPStatus.METHOD_NOT_ALLOWED, "This cannot be done here.", **allowed)
        if request.body is None:
            return said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large.")
        if acts:
            return self._open(request.body)
        return self._shown(request)

    def _shown(self, request: Request) -> Response:
        routes: Mapping[str, Callable[[Request], Response]] = {
            "/": self._page,
            "/state": self._state,
            **dict.fromkeys(_FILES, _file),
        }
        return routes.get(request.path, self._picture)(request)

    def _page(self, _: Request) -> Response:
        environment = templates.own_environment()
        text = templates.render(environment, "preview/page.html", token=self.token)
        return Response(HTTPStatus.OK, "text/html; charset=utf-8", text.encode())

    def _state(self, request: Request) -> Response:
        after = _number(request.query.get("after", "-1"))
        if after is None:
            return said(HTTPStatus.BAD_REQUEST, "After which state?")
        state = self.board.other_than(after, PATIENCE)
        return told(as_json(state, request.query.get("revision", ""), self.root))

    def _picture(self, request: Request) -> Response:
        match = _PAGE.fullmatch(request.path)
        if match is None:
            return NOT_FOUND
        width = _number(request.query.get("width", ""))
        if width is None or not NARROWEST <= width <= WIDEST:
            words = f"A page is from {NARROWEST} to {WIDEST} pixels wide."
            return said(HTTPStatus.BAD_REQUEST, words)
        picture = self.pages.picture(match[1], int(match[2]), width)
        if picture is None:
            return NOT_FOUND
        kept = {"Cache-Control": "private, max-age=3600, immutable"}
        return Response(HTTPStatus.OK, "image/png", picture, kept)

    def _open(self, body: bytes) -> Response:
        try:
            asked = json.loads(body)
            place = self._place(asked) if isinstance(asked, dict) else None
        except (ValueError, RecursionError, OSError):
            place = None
        if place is None:
            return said(HTTPStatus.BAD_REQUEST, "That is no place in the book.")
        path, line = place
        choice = editing.choose(self.root / path, line, os.environ, self.root)
        return told(_opened(choice, f"{path}:{line}"))

    def _place(self, asked: Mapping[str, Any]) -> tuple[str, int] | None:
        """Give the file of the book and the line that are asked for, by a point of a page or by name."""
        proof = self.board.state.proof
        path, line = asked.get("path"), asked.get("line")
        if isinstance(path, str):
            is_line = type(line) is int and 1 <= line <= _LAST_LINE
            return (path, line) if is_line and line and self._is_own(path) else None
        page, x, y = asked.get("page"), _part(asked.get("x")), _part(asked.get("y"))
        if proof is None or type(page) is not int or x is None or y is None:
            return None
        found = line_at(proof, page, x, y)
        if found is None or not self._is_own(found[0]):
            return None
        text = (self.root / found[0]).read_text("utf-8", "replace")
        return found[0], line_now(proof, *found, text)

    def _is_own(self, path: str) -> bool:
        return path in own_files(self.board.state, self.root)


def own_files(state: State, root: Path) -> frozenset[str]:
    """Give the files that may be opened: those that the proof and the problems name, in the book's folder."""
    proof = state.proof
    known = {"book.yaml", *(proof.places.sources if proof and proof.places else ())}
    known |= {d.location.path for d in state.problems if d.location}
    return frozenset(path for path in known if _is_inside(root, path))


def _is_inside(root: Path, path: str) -> bool:
    try:
        real = (root / path).resolve()
        return real.is_relative_to(root.resolve()) and real.is_file()
    except (ValueError, OSError, RuntimeError):
        return False


def as_json(state: State, revision: str, root: Path) -> dict[str, Any]:
    """Give a state as the page's script reads it; the proof's pages where it has another revision."""
    proof = state.proof
    own = own_files(state, root)
    return {
        "version": state.version,
        "revision": proof.name if proof else "",
        "proof": _proof(proof, root) if proof and proof.name != revision else None,
        "edited": asdict(state.edited) if state.edited else None,
        "problems": [_problem(one, own) for one in state.problems],
        "seconds": state.seconds,
        "step": state.step,
    }


def _proof(proof: Proof, root: Path) -> dict[str, Any]:
    return {"title": proof.title or root.name, "sizes": proof.sizes, "labels": proof.labels}


def _problem(one: Diagnostic, own: frozenset[str]) -> dict[str, Any]:
    place = one.location
    return {
        "severity": (one.severity or Severity.ERROR).value,
        "code": one.code,
        "place": str(place) if place else None,
        "path": place.path if place and place.path in own else None,
        "line": (place.line or 1) if place else None,
        "message": one.message,
        "hint": one.hint,
    }


def _opened(choice: editing.Choice, place: str) -> dict[str, Any]:
    why = choice.why
    if choice.arguments:
        try:
            tools.leave(choice.arguments)
        except OSError as fault:
            why = f"{Path(choice.arguments[0]).name} did not start: {fault.strerror}."
    return {"place": place, "opened": not why, "says": why}


def _file(request: Request) -> Response:
    data = (template_root() / "preview" / request.path[1:]).read_bytes()
    return Response(HTTPStatus.OK, _FILES[request.path], data)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None


def _part(value: object) -> float | None:
    """Give a part of a length, from 0 to 1, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None
