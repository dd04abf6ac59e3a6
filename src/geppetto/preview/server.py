"""Serves the preview to this machine: HTTP on the loopback address, and no other."""

from __future__ import annotations

import socketserver
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from geppetto.preview.exchange import HEADERS, LARGEST, Request, Response, said

ADDRESS = "127.0.0.1"
IDLE = 30
"""Seconds after which a connection is closed on which nothing comes."""


class Server(ThreadingHTTPServer):
    """A server in threads of its own; `answer` is given each request and the port.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[Request, int], Response], port: int = 0) -> None:
        super().__init__((ADDRESS, port), _Handler)
        self.answer = answer
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True)

    def server_bind(self) -> None:
        """Bind without asking for the machine's name, which may take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Reads a request and writes its answer."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE

    def do_GET(self) -> None:
        """Show."""
        self._answer()

    def do_POST(self) -> None:
        """Act."""
        self._answer()

    def _answer(self) -> None:
        body = self._body()
        names = {name.lower() for name in self.headers}
        headers = {name: tuple(self.headers.get_all(name, ())) for name in names}
        request = Request(self.command, self.path, headers, body)
        self._write(self.server.answer(request, self.server.server_port))

    def _body(self) -> bytes | None:
        """Read the body; None if it is too large, or not said how large: then nothing more is read."""
        lengths = self.headers.get_all("content-length", ["0"])
        length = lengths[0] if len(lengths) == 1 and "transfer-encoding" not in self.headers else ""
        if length.isascii() and length.isdecimal() and int(length[:9]) <= LARGEST:
            return self.rfile.read(int(length[:9]))
        self.close_connection = True
        return None

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in {**HEADERS, **response.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.kind)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - the signature is the library's
        """Answer what is no request that is understood; an unknown method is one not allowed."""
        self.close_connection = True
        if code == HTTPStatus.NOT_IMPLEMENTED:
            words = "The preview knows GET, and POST to open a place."
            self._write(said(HTTPStatus.METHOD_NOT_ALLOWED, words, Allow="GET"))
        else:
            self._write(said(HTTPStatus(code), "That is no request."))

    def version_string(self) -> str:
        """Say no versions."""
        return "Geppetto"

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the terminal is the watch's."""
