"""Mail servers for tests: real ones, by aiosmtpd, and one that breaks off where it is told to."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Box:
    """Keeps what a server takes, and who logged in; refuses what it is told to."""

    def __init__(self, refused=(), answer="250 taken", refusal=""):
        self.taken, self.users = [], []
        self.refused, self.answer, self.refusal = refused, answer, refusal

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: ARG002, N802
        """Take a recipient, or not."""
        if address in self.refused or self.refusal:
            return self.refusal or "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802
        """Take a message, or not."""
        if self.answer.startswith("250"):
            self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return self.answer

    @property
    def recipients(self):
        """To whom messages were taken."""
        return [one for _, to, _ in self.taken for one in to]


def free_port():
    """Give a port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def serving(box, **options):
    """Run a server; give its port."""
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=30, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def login(user, password):
    """Give what lets one user in, and notes who tries."""

    def authenticate(server, session, envelope, mechanism, data):  # noqa: ARG001
        well = (data.login, data.password) == (user.encode(), password.encode())
        server.event_handler.users.append((data.login.decode(), well))
        return AuthResult(success=well, handled=False, auth_data=data)

    return authenticate


def certificate(folder, name="localhost"):
    """Make a certificate that vouches for itself; give a server's context, and its file."""
    key, file = folder / f"{name}.key", folder / f"{name}.pem"
    names = (
        f"subjectAltName=DNS:{name},IP:127.0.0.1"
        if name == "localhost"
        else f"subjectAltName=DNS:{name}"
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-keyout", str(key), "-out", str(file), "-subj", f"/CN={name}", "-addext", names],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context, file


class Scripted:
    """A server of one thread that does what it is told at one point of each connection.

    `at` is "greeting", "rcpt" (after it refused a recipient), "data" (in the middle of a message) or "end" (after it, before
    the answer); `does` is "close" or "sleep" (until the client gives up). The first
    `well` messages are taken. `reached` is set once that point is.
    """

    def __init__(self, at, does="close", well=0):
        self.at, self.does, self.well = at, does, well
        self.connections, self.messages = 0, []
        self.reached, self._ended = threading.Event(), threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def _run(self):
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._socket.accept()
                self.connections += 1
                with client, contextlib.suppress(OSError):
                    client.settimeout(20)
                    self._talk(client)

    def _stops(self, at):
        if at != self.at or len(self.messages) < self.well:
            return False
        self.reached.set()
        if self.does == "sleep":
            self._ended.wait(20)
        return True

    def _talk(self, client):
        if self._stops("greeting"):
            return
        client.sendall(b"220 scripted\r\n")
        lines = client.makefile("rb")
        for line in lines:
            word = line[:4].upper()
            if word == b"QUIT":
                client.sendall(b"221 bye\r\n")
                return
            if word == b"RCPT" and self._stops("rcpt"):
                client.sendall(b"550 no\r\n")
                return
            client.sendall(b"354 go on\r\n" if word == b"DATA" else b"250 well\r\n")
            if word == b"DATA" and not self._take(client, lines):
                return

    def _take(self, client, lines):
        """Read a message to its end; answer, or break off."""
        if self._stops("data"):
            lines.readline()
            return False
        content = b""
        for line in lines:
            if line == b".\r\n":
                break
            content += line
        if self._stops("end"):
            return False
        self.messages.append(content)
        client.sendall(b"250 taken\r\n")
        return True
