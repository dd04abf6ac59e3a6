"""Who may ask: its own page, under its own name, with the token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.preview.exchange import Request, refusal

TOKEN, PORT = "s3cret-token", 8123
HOST = {"host": (f"127.0.0.1:{PORT}",)}


def asked(target=f"/?token={TOKEN}", method="GET", **headers):
    named = {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return Request(method, target, {**HOST, **named})


def is_refused(request):
    found = refusal(request, TOKEN, PORT)
    assert found is None or (found.status == 403 and found.body.endswith(b".\n"))
    return found is not None


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}"])
def test_the_token_lets_in(host):
    assert not is_refused(asked(host=host))
    assert not is_refused(asked(host=host, origin=f"http://{host}"))
    assert not is_refused(asked("/open", "POST", host=host, x_geppetto_token=TOKEN))


@pytest.mark.parametrize(
    "target",
    ["/", "/?token=", f"/?token={TOKEN}x", f"/?token={TOKEN[:-1]}", f"/?Token={TOKEN}",
     f"/?token={TOKEN}&token={TOKEN}", f"/?token={TOKEN}&a=1&a=2", f"/#token={TOKEN}",
     "/?token=%ff", "/?token=é", "/?" + "&".join(f"a{n}=1" for n in range(9)), "http://["],
)  # fmt: skip
def test_no_other_token_does(target):
    assert is_refused(asked(target))


@pytest.mark.parametrize(
    "host",
    [f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", f"127.0.0.2:{PORT}", "",
     f"localhost.evil.example:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}", f"localhost:{PORT} "],
)  # fmt: skip
def test_no_other_name_is_answered(host):
    """A name that leads here by DNS rebinding is not ours, with the token or without."""
    assert is_refused(asked(host=host))


def test_one_name_is_needed():
    assert is_refused(Request("GET", f"/?token={TOKEN}"))
    assert is_refused(Request("GET", f"/?token={TOKEN}", {"host": HOST["host"] * 2}))


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", f"https://127.0.0.1:{PORT}", "http://127.0.0.1",
     f"http://localhost:{PORT}"],
)  # fmt: skip
def test_no_other_origin_is_answered(origin):
    assert is_refused(asked(origin=origin))


def test_what_acts_needs_the_token_in_its_header():
    """Other sites' pages can send an address with anything in it, and no such header."""
    assert is_refused(asked(f"/open?token={TOKEN}", "POST"))
    assert is_refused(asked(f"/open?token={TOKEN}", "POST", cookie=f"token={TOKEN}"))


@given(st.text(), st.text(), st.sampled_from(["GET", "POST", "PUT"]))
def test_no_guess_lets_in(target, header, method):
    request = asked(target, method, x_geppetto_token=header)
    assert is_refused(request) or TOKEN in target + header
