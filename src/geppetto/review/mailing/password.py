"""The password of the mail server: from the environment or the system's keyring, never a file."""

from __future__ import annotations

from collections.abc import Mapping

from geppetto import installed
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

VARIABLE = "GEPPETTO_SMTP_PASSWORD"
SERVICE = "geppetto:{host}"
"""What the keyring knows it by: a password is for one server, and for no other that a book names."""


def find(user: str, host: str, environment: Mapping[str, str]) -> str:
    """Give a user's password on a server.

    Raises:
        GeppettoError: there is none (exit code 2).
    """
    given = environment.get(VARIABLE)
    if given:
        return given
    found, instead = _in_keyring(user, SERVICE.format(host=host))
    if found:
        return found
    raise GeppettoError(
        Diagnostic(
            "mail-password",
            f"There is no password for {user} on {host}.",
            hint=f"Set {VARIABLE} for this one command, or {instead}.",
        ),
        ExitCode.USAGE,
    )


def _in_keyring(user: str, service: str) -> tuple[str | None, str]:
    """Ask the keyring; give what it has, and what to do where it has nothing."""
    keep = f"keep it in the keyring: keyring set {service} {user}"
    try:
        import keyring  # noqa: PLC0415 - an extra
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None, f"{keep} (after {installed.adding('keyring')})"
    try:
        return keyring.get_password(service, user), keep
    except (KeyringError, OSError, RuntimeError) as fault:
        return None, f"unlock the keyring, which says: {fault}"
