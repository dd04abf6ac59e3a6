"""The password: from the environment, else the keyring, else it is said where to put it."""

from __future__ import annotations

import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.review.mailing import password


class Drawer(KeyringBackend):
    """A keyring for one test; the system's is not touched."""

    priority = 1

    def __init__(self, kept=None, fault=None):
        super().__init__()
        self.kept, self.fault = kept or {}, fault

    def get_password(self, service, username):
        """Give what is kept."""
        if self.fault:
            raise self.fault
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        """Not asked for."""
        raise NotImplementedError


@pytest.fixture
def drawer():
    """Put another keyring in the system's place."""
    before = keyring.core._keyring_backend
    yield keyring.set_keyring
    keyring.core._keyring_backend = before


def _refused(environment=None):
    with pytest.raises(GeppettoError) as caught:
        password.find("ann", "mail.example.org", environment or {})
    [said] = caught.value.diagnostics
    assert (said.code, caught.value.exit_code) == ("mail-password", ExitCode.USAGE)
    return said.hint


def test_the_environment_comes_first(drawer):
    """The keyring is not asked."""
    drawer(Drawer(fault=KeyringLocked("locked")))
    assert password.find("ann", "mail.example.org", {"GEPPETTO_SMTP_PASSWORD": "x"}) == "x"


def test_the_keyring(drawer):
    """By the service's name and the user's."""
    drawer(Drawer({("geppetto:mail.example.org", "ann"): "kept"}))
    assert password.find("ann", "mail.example.org", {}) == "kept"


def test_a_password_is_for_one_server(drawer):
    """A book that names another server gets none."""
    drawer(Drawer({("geppetto:other.example.org", "ann"): "kept"}))
    assert "geppetto:mail.example.org" in _refused()


def test_there_is_none(drawer):
    """Both ways are named."""
    drawer(Drawer())
    hint = _refused({"GEPPETTO_SMTP_PASSWORD": ""})
    assert "GEPPETTO_SMTP_PASSWORD" in hint
    assert "keyring set geppetto:mail.example.org ann" in hint


def test_a_locked_keyring(drawer):
    """What it says is passed on."""
    drawer(Drawer(fault=KeyringLocked("the drawer is locked")))
    assert "the drawer is locked" in _refused()


def test_without_the_extra(monkeypatch):
    """The line that installs it is named."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "-m pip install keyring)" in _refused()
