"""A request and its answer, without the socket; who may ask; what every answer says of itself.

Any page that the author has open can send requests to this machine. It cannot
know the token, which stands in the address that the terminal prints. It is in
no cookie, for browsers send cookies to every port of a machine.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

HEADER = "x-geppetto-token"
"""A header that other sites' pages cannot send: browsers would ask this server first."""
LARGEST = 4096
"""The bytes of a request's body, at most."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("img", "script", "style", "connect")),
        *(f"{what} 'none'" for what in ("frame-ancestors", "base-uri", "form-action")),
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Request:
    """What is asked: `headers` by their names in small letters; `body` is None if it is too large."""

    method: str
    target: str
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: bytes | None = b""

    @property
    def path(self) -> str:
        """The path alone, nothing of it decoded; empty if the target is none."""
        try:
            return urlsplit(self.target).path if self.target.startswith("/") else ""
        except ValueError:
            return ""

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark; nothing of it if a name stands there twice."""
        try:
            found = parse_qs(urlsplit(self.target).query, max_num_fields=8)
        except ValueError:
            return {}
        once = {name: values[0] for name, values in found.items() if len(values) == 1}
        return once if len(once) == len(found) else {}


@dataclass(frozen=True)
class Response:
    """An answer; `headers` are added to those that every answer has, or take their place."""

    status: HTTPStatus
    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def said(status: HTTPStatus, words: str, **headers: str) -> Response:
    """Answer with a plain sentence."""
    return Response(status, "text/plain; charset=utf-8", f"{words}\n".encode(), headers)


def told(value: Any) -> Response:
    """Answer with JSON."""
    return Response(HTTPStatus.OK, "application/json", json.dumps(value).encode())


def refusal(request: Request, token: str, port: int) -> Response | None:
    """Say why a request is not answered, if it is not: by whom it was sent, and whether it knows the token.

    The Host tells this machine's own pages from those of a name that has been
    made to lead here (DNS rebinding).
    """
    hosts = [*request.headers.get("host", ())]
    if len(hosts) != 1 or hosts[0] not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
        return said(HTTPStatus.FORBIDDEN, "The preview has no such name.")
    if any(origin != f"http://{hosts[0]}" for origin in request.headers.get("origin", ())):
        return said(HTTPStatus.FORBIDDEN, "The preview answers its own page alone.")
    if not secrets.compare_digest(_token(request).encode("utf-8", "replace"), token.encode()):
        words = "The address lacks the token of this watch; the terminal shows the whole of it."
        return said(HTTPStatus.FORBIDDEN, words)
    return None


def _token(request: Request) -> str:
    """Give the token that came: what acts takes it from the header alone."""
    if request.method == "POST":
        return "".join(request.headers.get(HEADER, ()))
    return request.query.get("token", "")
