"""The server over a real socket: what it answers, and to whom."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proofs import CHAPTER, THIRD, pdf

from geppetto import tools
from geppetto.diagnostics import Diagnostic, Location
from geppetto.preview import Preview, answers, exchange
from geppetto.preview.pages import NARROWEST, WIDEST

WAIT = 60


class Client:
    """Asks a preview over connections of its own."""

    def __init__(self, preview):
        address, self.token = preview.address.split("/?token=")
        self.host, self.port = address.removeprefix("http://"), int(address.rpartition(":")[2])

    def ask(self, method, target, body=None, **headers):
        """Send a request; give the answer with its body read."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request(method, target, body, named)
            answer = connection.getresponse()
            answer.data = answer.read()
            return answer
        finally:
            connection.close()

    def get(self, target):
        """Ask with the token."""
        between = "&" if "?" in target else "?"
        return self.ask("GET", f"{target}{between}token={self.token}")

    def state(self, after=-1, revision=""):
        """Give the state."""
        return json.loads(self.get(f"/state?after={after}&revision={revision}").data)

    def open(self, place, **headers):
        """Ask for a place to be opened."""
        body = place if isinstance(place, (str, bytes)) else json.dumps(place)
        return self.ask("POST", "/open", body, **{"X_Geppetto_Token": self.token, **headers})

    def raw(self, data):
        """Send bytes; give all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def preview(build):
    made = build(pdf())
    with Preview(made.parents[1]) as serving:
        serving.built(made, (), 1.25)
        yield serving


@pytest.fixture
def client(preview):
    return Client(preview)


@pytest.fixture
def opened(monkeypatch):
    """Collect what editors would be started with."""
    commands = []
    monkeypatch.setattr(tools, "leave", commands.append)
    monkeypatch.setenv("GEPPETTO_EDITOR", f"{sys.executable} {{file}} {{line}}")
    return commands


# What is shown


@pytest.mark.parametrize(
    ("target", "kind", "words"),
    [
        ("/", "text/html; charset=utf-8", "<main"),
        ("/style.css", "text/css; charset=utf-8", "--desk"),
        ("/script.js", "text/javascript; charset=utf-8", "use strict"),
        ("/icon.svg", "image/svg+xml", "<svg"),
        ("/state", "application/json", "revision"),
    ],
)
def test_each_answer_says_what_it_is_and_what_it_may_do(client, target, kind, words):
    answer = client.get(target)
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert words in answer.data.decode()
    for name, value in exchange.HEADERS.items():
        assert answer.headers[name] == value
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Set-Cookie"] is None
    assert answer.headers["Server"] == "Geppetto"


def test_the_page_holds_the_token_and_nothing_in_it_runs_by_itself(client):
    text = client.get("/").data.decode()
    assert text.count(client.token) == 4
    assert "style=" not in text
    assert text.count("<script") == text.count("<script defer src=") == 1


def test_the_state_tells_of_pages_once(client):
    state = client.state()
    assert state["proof"]["title"] == "A Small Book"
    assert state["proof"]["labels"] == ["i", "ii", "1", "2"]
    assert state["seconds"] == 1.25
    assert client.state(revision=state["revision"])["proof"] is None


def test_a_question_for_the_next_state_waits_for_it(client, preview, monkeypatch):
    now = client.state()["version"]
    monkeypatch.setattr(answers, "PATIENCE", 0.2)
    started = time.monotonic()
    assert client.state(now)["version"] == now
    assert time.monotonic() - started >= 0.2
    preview.begun("reading")
    assert client.state(now)["step"] == "reading"


def test_a_page_is_a_picture_that_may_be_kept(client):
    revision = client.state()["revision"]
    answer = client.get(f"/page/{revision}/1.png?width=400")
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Content-Type"] == "image/png"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/page/{0}/5.png?width=400", 404),
        ("/page/{0}/0.png?width=400", 404),
        ("/page/{0}/-1.png?width=400", 404),
        ("/page/{0}/1.jpg?width=400", 404),
        ("/page/0123456789abcdef/1.png?width=400", 404),
        ("/page/{0}/1.png", 400),
        (f"/page/{{0}}/1.png?width={NARROWEST - 1}", 400),
        (f"/page/{{0}}/1.png?width={WIDEST + 1}", 400),
        ("/page/{0}/1.png?width=99999999999999", 400),
        ("/page/{0}/1.png?width=4e2", 400),
        ("/state?after=x", 400),
        ("/page.html", 404),
        ("/../book.yaml", 404),
        ("/%2e%2e/book.yaml", 404),
        ("/style.css/", 404),
        ("/book.yaml", 404),
        ("/open", 405),
    ],
)
def test_there_is_nothing_else(client, path, status):
    answer = client.get(path.format(client.state()["revision"]))
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_an_old_revision_is_gone(client, preview, build):
    old = client.state()["revision"]
    preview.built(build(pdf(colour="1 0 0")), (), 1.0)
    assert client.get(f"/page/{old}/1.png?width=400").status == 404
    assert client.state()["revision"] != old


# To whom


@pytest.mark.parametrize("target", ["/", "/state", "/style.css", "/page/0/1.png", "/nothing"])
def test_without_the_token_nothing_is_told(client, target):
    for token in ("", "?token=", "?token=x", f"?token={client.token}x"):
        answer = client.ask("GET", target + token)
        assert (answer.status, answer.data[:12]) == (403, b"The address ")
    foreign = client.ask(
        "GET", f"{target}?token={client.token}", Host=f"evil.example:{client.port}"
    )
    assert foreign.status == 403


@pytest.mark.parametrize(
    "method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "POST"]
)
def test_other_methods_are_not_allowed(client, method):
    answer = client.ask(method, f"/?token={client.token}", X_Geppetto_Token=client.token)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Access-Control-Allow-Origin"] is None


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
)
def test_no_path_and_no_token_but_the_right_ones_are_answered(client, path, token):
    target = f"/{path}{'&' if '?' in path else '?'}token={token}"
    assert client.ask("GET", target).status in {400, 403}


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_what_is_no_request_ends_its_connection_alone(client, data):
    said = client.raw(data + b"\r\n\r\n")
    assert b" 200 " not in said.split(b"\r\n")[0]
    assert client.get("/icon.svg").status == 200


def test_only_this_machine_is_answered(client):
    """127.0.0.2 is this machine, too, and so is the address by which others reach it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it asks which address would be used
            own = probe.getsockname()[0]
        except OSError:
            own = "127.0.0.2"
    for address in {own, "127.0.0.2"}:
        with pytest.raises(OSError, match=r"refused|timed out|assign"):
            socket.create_connection((address, client.port), timeout=2)


def test_a_port_that_is_taken_is_no_port(client, preview):
    with pytest.raises(OSError, match="in use"):
        Preview(preview.root, client.port)


def test_one_connection_serves_many_requests(client):
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=WAIT)
    for _ in range(3):
        connection.request("GET", f"/icon.svg?token={client.token}")
        assert connection.getresponse().read().startswith(b"<svg")
    connection.close()


# The editor


def test_a_point_is_opened_at_its_line(client, preview, opened):
    answer = client.open({"page": 2, "x": 0.5, "y": 90 / 400})
    assert json.loads(answer.data) == {
        "place": f"chapters/1.md:{THIRD}", "opened": True, "says": "",
    }  # fmt: skip
    file = str(preview.root / "chapters/1.md")
    assert opened == [(sys.executable, file, str(THIRD))]


def test_a_point_is_opened_at_the_line_as_it_is_now(client, preview, opened):
    (preview.root / "chapters/1.md").write_text("\n\n" + CHAPTER)
    client.open({"page": 2, "x": 0.5, "y": 0.2})
    assert opened[0][-1] == str(THIRD + 2)


@pytest.mark.parametrize("path", ["chapters/1.md", "references.bib", "book.yaml", "chapters/9.md"])
def test_files_of_the_book_are_opened(client, preview, opened, path):
    """What a problem names is the book's, too."""
    (preview.root / "chapters/9.md").write_text("")
    place = Location("chapters/9.md", 3)
    preview.built(None, [Diagnostic("link-unknown", "Nowhere.", place)], 1.0)
    assert client.state()["problems"][0]["path"] == "chapters/9.md"
    assert client.open({"path": path, "line": 3}).status == 200
    assert opened == [(sys.executable, str(preview.root / path), "3")]


@pytest.mark.parametrize(
    "place",
    [
        {"path": "/etc/passwd", "line": 1}, {"path": "../secret", "line": 1},
        {"path": "chapters/../book.yaml", "line": 1}, {"path": "build/a-small-book.pdf", "line": 1},
        {"path": "link.md", "line": 1}, {"path": "named.md", "line": 1}, {"path": "", "line": 1},
        {"path": "outside.md", "line": 1}, {"path": "chapters", "line": 1},
        {"path": "book.yaml", "line": 0}, {"path": "book.yaml", "line": "1"},
        {"path": "book.yaml", "line": 1.5}, {"path": "book.yaml", "line": True},
        {"path": "book.yaml", "line": 10**8}, {"path": "book.yaml"}, {"path": ["book.yaml"], "line": 1},
        {"page": 3, "x": 0.5, "y": 0.5}, {"page": 9, "x": 0.5, "y": 0.5},
        {"page": 1.0, "x": 0.5, "y": 0.5}, {"page": 1, "x": -0.1, "y": 0.5},
        {"page": 1, "x": float("nan"), "y": 0.5}, {"page": 1, "x": True, "y": 0.5},
        {"page": 1, "x": "0.5", "y": 0.5}, {"page": 1}, {}, [], None, 1, "", "{", "[" * 4000, b"\xff",
    ],
    ids=str,
)  # fmt: skip
def test_nothing_else_is_opened(client, preview, opened, place, tmp_path):
    """Neither what lies outside, nor what a link leads to there, nor what is not the book's."""
    (tmp_path / "secret").write_text("")
    (preview.root / "link.md").symlink_to(tmp_path / "secret")
    (preview.root / "outside.md").symlink_to("/etc/passwd")
    (preview.root / "named.md").write_text("")
    problems = [
        Diagnostic("link-unknown", "Nowhere.", Location(p)) for p in ("link.md", "../secret")
    ]
    preview.built(None, problems, 1.0)
    assert client.open(place).status == 400
    assert opened == []


@pytest.mark.parametrize(
    "headers",
    [{"X_Geppetto_Token": ""}, {"X_Geppetto_Token": "x"}, {"Origin": "http://evil.example"},
     {"Origin": "null"}, {"Host": "evil.example"}, {"Cookie": "token", "X_Geppetto_Token": ""}],
)  # fmt: skip
def test_other_sites_open_nothing(client, opened, headers):
    assert client.open({"path": "book.yaml", "line": 1}, **headers).status == 403
    assert client.ask("POST", f"/open?token={client.token}", "{}").status == 403
    assert opened == []


def test_our_own_page_may(client, opened):
    origin = {"Origin": f"http://{client.host}"}
    assert client.open({"path": "book.yaml", "line": 1}, **origin).status == 200
    assert len(opened) == 1


@pytest.mark.parametrize(
    "length", ["4097", "99999999999999999999", "-1", "x", "", "٣", "1\r\nContent-Length: 2"]
)
def test_a_body_that_is_too_large_is_not_read(client, opened, length):
    head = f"POST /open HTTP/1.1\r\nHost: {client.host}\r\nX-Geppetto-Token: {client.token}\r\n"
    said = client.raw(f"{head}Content-Length: {length}\r\n\r\n".encode())
    assert b" 413 " in said.split(b"\r\n")[0]
    said = client.raw(f"{head}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n".encode())
    assert b" 413 " in said.split(b"\r\n")[0]
    assert opened == []


def test_a_terminal_s_editor_is_said_with_the_place(client, monkeypatch):
    monkeypatch.setenv("GEPPETTO_EDITOR", "vim")
    said = json.loads(client.open({"path": "book.yaml", "line": 2}).data)
    assert (said["place"], said["opened"]) == ("book.yaml:2", False)
    assert "vim runs in a terminal" in said["says"]


def test_an_editor_that_does_not_start_is_said(client, monkeypatch, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("no program")
    broken.chmod(0o755)
    monkeypatch.setenv("GEPPETTO_EDITOR", str(broken))
    said = json.loads(client.open({"path": "book.yaml", "line": 2}).data)
    assert said["says"].startswith("broken did not start: ")
