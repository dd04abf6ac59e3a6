"""Mail servers, real ones: what is taken, what is refused, and what nobody knows."""

from __future__ import annotations

import email
from email import policy

import pytest

from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.model.mailboxes import addressed, mailbox
from geppetto.model.settings import SmtpSettings
from geppetto.review.mailing.mail import Message
from geppetto.review.mailing.smtp import Delivery, End, Patience, Session
from mailservers import Box, Scripted, certificate, free_port, login, serving

ANN = addressed("Ann", "ann@example.org")
TEXT = b"Subject: A draft\r\nX: y\r\n\r\nDear Mary,\r\n.\r\n..\r\n.a\r\nEnd\r\n"
QUICK = Patience(usual=5, message=5)


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    """A certificate for localhost."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(secret, monkeypatch):
    """Let this machine trust it, by the variable that OpenSSL reads."""
    monkeypatch.setenv("SSL_CERT_FILE", str(secret[1]))
    return secret[0]


def _message(to="mary@example.com", content=TEXT):
    return Message("<1@example.org>", ANN, mailbox(to), content)


def _server(port, security="none", user=None, host="127.0.0.1"):
    return SmtpSettings(host=host, port=port, security=security, user=user)


def _deliver(server, message=None, password=None, begin=lambda: True, patience=QUICK):
    with Session(server, password, patience) as session:
        return session.deliver(message or _message(), begin)


def _fault(server, password=None, patience=QUICK):
    """Give what is said where there is no session."""
    with pytest.raises(GeppettoError) as caught, Session(server, password, patience):
        pass
    [said] = caught.value.diagnostics
    return said, caught.value.exit_code


def test_a_message_arrives_as_it_is():
    """Lines that begin with a dot, too."""
    box = Box()
    with serving(box) as port:
        assert _deliver(_server(port)) == Delivery(End.TAKEN, "taken")
    assert box.taken == [("ann@example.org", ("mary@example.com",), TEXT)]


def test_many_messages_over_one_connection():
    """One refusal does not stop the others."""
    box = Box(refused={"bo@example.com"})
    with serving(box) as port, Session(_server(port), None, QUICK) as session:
        people = ("mary@example.com", "bo@example.com", "cy@example.com")
        ends = [session.deliver(_message(to), lambda: True) for to in people]
        assert session.is_open
    assert [one.end for one in ends] == [End.TAKEN, End.REFUSED, End.TAKEN]
    assert ends[1].words == "550 5.1.1 no such mailbox"
    assert box.recipients == ["mary@example.com", "cy@example.com"]


def test_what_is_not_begun_is_not_sent():
    """The connection goes on."""
    box = Box()
    with serving(box) as port, Session(_server(port), None, QUICK) as session:
        assert session.deliver(_message(), lambda: False) == Delivery(End.LEFT)
        assert session.deliver(_message(), lambda: True).end is End.TAKEN
    assert len(box.taken) == 1


def test_a_recipient_is_refused_before_anything_is_begun():
    """So nothing needs to be noted."""
    asked = []
    with serving(Box(refused={"mary@example.com"})) as port:
        assert _deliver(_server(port), begin=lambda: asked.append(1)).end is End.REFUSED
    assert asked == []


def test_a_server_says_how_much_it_takes():
    """What is larger is not even offered (RFC 1870)."""
    box = Box()
    with serving(box, data_size_limit=1000) as port, Session(_server(port), None, QUICK) as session:
        large = _message(content=TEXT + b"a" * 1000)
        assert session.deliver(large, lambda: True) == Delivery(End.LARGE, "1000")
        assert session.deliver(_message(), lambda: True).end is End.TAKEN
    assert len(box.taken) == 1


def test_a_server_refuses_the_whole_message():
    """After it has all of it."""
    with serving(Box(answer="552 5.3.4 too much")) as port:
        assert _deliver(_server(port)) == Delivery(End.REFUSED, "552 5.3.4 too much")


def test_a_server_says_goodbye_with_its_refusal():
    """421 closes the connection (RFC 5321, 4.2.2)."""
    box = Box(answer="421 4.3.0 going home")
    with serving(box) as port, Session(_server(port), None, QUICK) as session:
        assert session.deliver(_message(), lambda: True).end is End.REFUSED
        assert not session.is_open


def test_a_refusal_is_known_even_if_the_server_leaves_with_it():
    """What it said stays said."""
    with Scripted("rcpt") as server, Session(_server(server.port), None, QUICK) as session:
        assert session.deliver(_message(), lambda: True) == Delivery(End.REFUSED, "550 no")
        assert not session.is_open
        assert session.deliver(_message(), lambda: True) == Delivery(End.LOST, "not connected")


@pytest.mark.parametrize("does", ["close", "sleep"])
def test_a_server_dies_after_the_message(does):
    """Nobody knows whether it was taken."""
    with Scripted("end", does) as server:
        patience = Patience(usual=5, message=0.3)
        assert _deliver(_server(server.port), patience=patience).end is End.UNKNOWN


def test_a_server_dies_within_the_message():
    """Of a large one the rest is known not to have arrived; of a small one nothing is known."""
    with Scripted("data") as server:
        large = _message(content=b"a" * 76 + b"\r\n" + b"b" * 50_000_000 + b"\r\n")
        assert _deliver(_server(server.port), large).end is End.LOST
        assert _deliver(_server(server.port)).end in {End.LOST, End.UNKNOWN}


def test_the_time_for_the_whole_message_is_its_own():
    """A slow answer to a message is awaited, longer than others."""
    with Scripted("end", "sleep", well=1) as server:
        patience = Patience(usual=0.3, message=20)
        assert _deliver(_server(server.port), patience=patience).end is End.TAKEN


@pytest.mark.tools
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_secret_connection_with_a_login(trusted, security):
    """A password of any letters; the certificate is looked at."""
    box = Box()
    how = {"ssl_context": trusted} if security == "tls" else {"tls_context": trusted}
    options = {
        "authenticator": login("ann", "Pässwort →"), "auth_require_tls": security == "starttls",
        **how,
    }  # fmt: skip
    with serving(box, **options) as port:
        server = _server(port, security, "ann", "localhost")
        assert _deliver(server, password="Pässwort →").end is End.TAKEN  # noqa: S106 - a test's own
        said, code = _fault(server, "wrong-secret")
    assert (said.code, code) == ("mail-password", ExitCode.MACHINERY)
    assert "does not take the password of ann" in said.message
    assert "wrong-secret" not in repr(said)
    assert len(box.taken) == 1
    assert box.users == [("ann", True), ("ann", False)]


@pytest.mark.tools
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for(secret, security):
    """Nothing is sent, no password said."""
    box = Box()
    how = {"ssl_context": secret[0]} if security == "tls" else {"tls_context": secret[0]}
    with serving(box, **how) as port:
        said, _ = _fault(_server(port, security, "ann", "localhost"), "x")
    assert said.code == "mail-server"
    assert "certificate" in said.message
    assert box.taken == box.users == []


@pytest.mark.tools
def test_a_certificate_for_another_name(tmp_path, monkeypatch):
    """Trusted, but not for this host."""
    context, file = certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving(Box(), ssl_context=context) as port:
        said, _ = _fault(_server(port, "tls", host="localhost"))
    assert "Hostname mismatch" in said.message


def test_no_falling_back_to_the_clear():
    """Where STARTTLS is asked for and not offered, there is no session."""
    with serving(Box()) as port:
        said, _ = _fault(_server(port, "starttls", "ann", "localhost"), "x")
    assert said.code == "mail-server"
    assert "offers no STARTTLS; nothing was sent" in said.message


def test_tls_where_there_is_none():
    """The hint names the other way."""
    with serving(Box()) as port:
        said, _ = _fault(_server(port, "tls"))
    assert "does not speak TLS" in said.message


@pytest.mark.parametrize("host", ["smtp.example.org", "10.0.0.1", "localhost.example.org"])
def test_no_password_in_the_clear(host):
    """To another machine: refused before anything is said."""
    said, code = _fault(_server(25, "none", "ann", host), "x")
    assert (said.code, code) == ("mail-settings", ExitCode.USAGE)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_password_on_this_machine(host):
    """It does not leave it."""
    box = Box()
    with serving(box, authenticator=login("ann", "x"), auth_require_tls=False) as port:
        assert _deliver(_server(port, "none", "ann", host), password="x").end is End.TAKEN  # noqa: S106
    assert box.users == [("ann", True)]


def test_a_server_without_a_login():
    """That is said."""
    with serving(Box()) as port:
        said, _ = _fault(_server(port, "none", "ann"), "x")
    assert "offers no login" in said.message


def test_what_the_server_says_of_a_password_is_not_repeated():
    """Should it say the password itself, no message does."""
    session = Session(_server(25, user="ann"), "hunter2")
    assert session._shown(b"535 hunter2\r\n\x1b[31m is wrong") == "535 … [31m is wrong"


def test_addresses_beyond_ascii():
    """By servers that know SMTPUTF8; refused by others."""
    box = Box()
    content = "To: jörg@example.com\r\n\r\nHi\r\n".encode()
    with serving(box, enable_SMTPUTF8=True) as port:
        assert _deliver(_server(port), _message("jörg@example.com", content)).end is End.TAKEN
    assert box.recipients == ["jörg@example.com"]
    with serving(Box(), enable_SMTPUTF8=False) as port:
        refused = _deliver(_server(port), _message("jörg@example.com", content))
    assert refused == Delivery(End.REFUSED, "it takes no addresses with letters beyond ASCII")


@pytest.mark.parametrize(
    ("at", "does", "says"),
    [("greeting", "close", "broke off the connection"), ("greeting", "sleep", "does not answer")],
)
def test_a_server_that_does_not_greet(at, does, says):
    """After a while it is given up."""
    with Scripted(at, does) as server:
        said, code = _fault(_server(server.port), patience=Patience(usual=0.3))
    assert (said.code, code) == ("mail-server", ExitCode.MACHINERY)
    assert says in said.message


def test_nobody_is_there():
    """Host and port are named."""
    port = free_port()
    said, _ = _fault(_server(port))
    assert said.message == f"127.0.0.1, port {port} cannot be reached: Connection refused."


def test_what_arrives_can_be_read():
    """Nothing was added, nothing lost on the way."""
    box = Box()
    with serving(box) as port:
        _deliver(_server(port))
    read = email.message_from_bytes(box.taken[0][2], policy=policy.default)
    assert read["Subject"] == "A draft"
    assert read.get_content().split("\r\n") == ["Dear Mary,", ".", "..", ".a", "End", ""]
