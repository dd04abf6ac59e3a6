"""Gives messages to a mail server (RFC 5321), and knows of each whether it was taken.

A connection is secret from its beginning or made so after the greeting, with a
certificate that is verified; where book.yaml asks for either, there is no falling
back. A password is never sent in the clear to another machine.
"""

from __future__ import annotations

import base64
import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.model.settings import SmtpSettings
from geppetto.review.mailing.mail import Message

PORTS = {"tls": 465, "starttls": 587, "none": 25}
HELLO = "[127.0.0.1]"  # who has no name says an address (RFC 5321, 4.1.4); ours is nobody's concern
BREAKS = (smtplib.SMTPServerDisconnected, OSError)
_SPLIT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Patience:
    """How many seconds are waited: for most answers, and for that to a whole message.

    The latter may take ten minutes (RFC 5321, 4.5.3.2.6): who gives up earlier
    does not know whether the message was taken.
    """

    usual: float = 60
    message: float = 600


class End(StrEnum):
    """How a delivery ended."""

    TAKEN = "taken"
    REFUSED = "refused"
    LARGE = "large"
    LEFT = "left"
    """It was not begun: whoever was asked said no."""
    LOST = "lost"
    """The connection broke before the server had the whole message: it has not taken it."""
    UNKNOWN = "unknown"
    """The connection broke after that and before the answer."""


@dataclass(frozen=True)
class Delivery:
    """How a delivery ended, and in what words: the server's, or a size in octets if too large."""

    end: End
    words: str = ""


class Session:
    """A connection to a mail server, logged in; a context."""

    def __init__(
        self, server: SmtpSettings, password: str | None, patience: Patience | None = None
    ) -> None:
        self.server, self._password = server, password
        self.patience = patience or Patience()
        self.host = server.host or ""
        self.port = server.port or PORTS[server.security]
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Session:
        """Connect and log in.

        Raises:
            GeppettoError: the server is not there, not safe, or takes no login (exit code 4).
        """
        if self.server.user and not self._is_secret():
            raise self._clear()
        try:
            self._smtp = self._connected()
            self._log_in(self._smtp)
        except BaseException as fault:
            self._close()
            if isinstance(fault, (OSError, UnicodeError)):
                raise self._unreachable(fault) from fault
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take leave."""
        if self._smtp is not None and kind is None:
            try:
                self._smtp.quit()
            except OSError:
                self._close()
        self._close()

    @property
    def is_open(self) -> bool:
        """Whether another message can be given."""
        return self._smtp is not None and self._smtp.sock is not None

    def deliver(self, message: Message, begin: Callable[[], bool]) -> Delivery:
        """Give the server a message; `begin` is asked just before, and may say no."""
        smtp = self._smtp
        if smtp is None:
            return Delivery(End.LOST, "not connected")
        try:
            refused = self._envelope(smtp, message)
        except BREAKS as fault:
            return self._broken(End.LOST, fault)
        if refused is not None or not begin():
            self._reset()
            return refused or Delivery(End.LEFT)
        try:
            code, words = smtp.docmd("DATA")
            if code != 354:
                return self._refused(code, words)
            smtp.send(_stuffed(message.content))
        except BREAKS as fault:
            return self._broken(End.LOST, fault)
        return self._answer(smtp)

    def _answer(self, smtp: smtplib.SMTP) -> Delivery:
        """Wait for what the server says of the whole message."""
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.patience.message)
            code, words = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.patience.usual)
        except BREAKS as fault:
            return self._broken(End.UNKNOWN, fault)
        if code == 250:
            return Delivery(End.TAKEN, self._shown(words))
        return self._refused(code, words)

    def _envelope(self, smtp: smtplib.SMTP, message: Message) -> Delivery | None:
        """Say who sends and who gets the message; give the refusal, if there is one."""
        size = len(message.content)
        limit = smtp.esmtp_features.get("size", "").split(" ")[0]
        if limit.isdecimal() and 0 < int(limit) < size:
            return Delivery(End.LARGE, limit)
        if message.needs_utf8 and not smtp.has_extn("smtputf8"):
            return Delivery(End.REFUSED, "it takes no addresses with letters beyond ASCII")
        options = [f"SIZE={size}"] if limit else []
        if message.needs_utf8:
            options += ["SMTPUTF8", "BODY=8BITMIME"]
            smtp.command_encoding = "utf-8"
        sender = message.sender.address if message.sender else ""
        for code, words in (smtp.mail(sender, options), smtp.rcpt(message.to.address)):
            if code not in {250, 251}:
                return self._refused(code, words)
        return None

    def _broken(self, end: End, fault: Exception) -> Delivery:
        self._close()
        return Delivery(end, self._shown(str(fault)))

    def _reset(self) -> None:
        """Take back what was begun, so that another message can be."""
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except BREAKS:
            self._close()

    def _refused(self, code: int, words: bytes) -> Delivery:
        said = Delivery(End.REFUSED, f"{code} {self._shown(words)}".strip())
        if code == 421:  # it closes the connection (RFC 5321, 4.2.2)
            self._close()
        return said

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        seconds = self.patience.usual
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, HELLO, timeout=seconds, context=context)
        smtp = smtplib.SMTP(self.host, self.port, HELLO, timeout=seconds)
        if self.server.security == "starttls":
            self._smtp = smtp  # closed if the handshake fails
            smtp.starttls(context=context)
        return smtp

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        user, password = self.server.user, self._password
        if not user or password is None:
            return
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" not in offered:
            smtp.login(user, password)
            return
        # smtplib's own PLAIN is of ASCII alone; the mechanism is of UTF-8 (RFC 4616).
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
        code, words = smtp.docmd("AUTH", f"PLAIN {secret}")
        if code not in {235, 503}:
            raise smtplib.SMTPAuthenticationError(code, words)

    def _is_secret(self) -> bool:
        """Whether nobody on the way can read: TLS, or no way at all."""
        if self.server.security != "none" or self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def _shown(self, words: bytes | str) -> str:
        """Give a server's words on one line, without what it must not have said."""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        if self._password:
            text = text.replace(self._password, "…")
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]

    def _close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _clear(self) -> GeppettoError:
        message = f"The password would go to {self.host} in the clear."
        hint = "Write `security: tls` or `security: starttls` under `review: smtp:` in book.yaml."
        return GeppettoError(Diagnostic("mail-settings", message, hint=hint), ExitCode.USAGE)

    def _unreachable(self, fault: Exception) -> GeppettoError:
        code, message, hint = self._said(fault)
        detail = self._shown(str(fault))
        return GeppettoError(
            Diagnostic(code, message, hint=hint, detail=detail), ExitCode.MACHINERY
        )

    def _said(self, fault: Exception) -> tuple[str, str, str]:
        """Give code, message and hint for why there is no session."""
        where = f"{self.host}, port {self.port}"
        if isinstance(fault, (smtplib.SMTPAuthenticationError, UnicodeError)):
            words = f"{where} does not take the password of {self.server.user}."
            return "mail-password", words, "Many servers want a password made for one program."
        if isinstance(fault, ssl.SSLCertVerificationError):
            words = f"The certificate of {where} is not valid: {fault.verify_message}."
            return "mail-server", words, "Nothing was sent. See to the host's name in book.yaml."
        if isinstance(fault, smtplib.SMTPNotSupportedError):
            asked = "no login" if "AUTH" in str(fault) else "no STARTTLS"
            words = f"{where} offers {asked}; nothing was sent."
            return "mail-server", words, "Try `security: tls`, which is port 465."
        if isinstance(fault, ssl.SSLError):
            words = f"{where} does not speak TLS as it should; nothing was sent."
            return "mail-server", words, "Try the other of `security: tls` and `starttls`."
        if isinstance(fault, smtplib.SMTPResponseException):
            said = self._shown(fault.smtp_error)
            words = f"{where} does not want to talk: {fault.smtp_code} {said}".rstrip(". ") + "."
            return "mail-server", words, "Try again later, or ask whoever runs the server."
        return "mail-server", f"{where} cannot be reached: {_reason(fault)}.", (
            "See to the network, and to host and port under `review: smtp:` in book.yaml."
        )  # fmt: skip


def _reason(fault: Exception) -> str:
    if isinstance(fault, socket.gaierror):
        return "no machine has this name"
    if isinstance(fault, TimeoutError) or str(fault).endswith("timed out"):
        return "it does not answer"
    if isinstance(fault, smtplib.SMTPServerDisconnected):
        return "it broke off the connection"
    return (getattr(fault, "strerror", None) or str(fault)).rstrip(".")


def _stuffed(content: bytes) -> bytes:
    """Give a message as it follows DATA, with its end (RFC 5321, 4.5.2)."""
    whole = content if content.endswith(b"\r\n") else content + b"\r\n"
    return _SPLIT.sub(b"..", whole) + b".\r\n"
