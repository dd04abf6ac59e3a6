"""Starting programs: what confines them, what they see, how they end."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from geppetto import store, tools
from geppetto.tools import Access, Limits, jail

PATIENCE = Limits(seconds=30)
jailed = pytest.mark.skipif(tools.protection().jail is None, reason="no jail on this machine")


def shell(script, **options):
    return tools.run(["/bin/sh", "-c", script], **options)


@pytest.fixture
def no_jail(monkeypatch):
    monkeypatch.setattr(tools, "protection", lambda: tools.Protection(None, "not wanted"))


@jailed
def test_a_program_sees_what_it_is_given_and_no_more(tmp_path):
    for name in ("given", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    said = shell(
        f"cat {tmp_path}/given/file {tmp_path}/other/file", access=Access((tmp_path / "given",))
    )
    assert said.stdout == b"given"
    assert b"No such file" in said.stderr


@jailed
def test_a_program_writes_only_where_it_may(tmp_path):
    (tmp_path / "work").mkdir()
    access = Access(read=(tmp_path,), write=(tmp_path / "work",))
    said = shell(
        "echo x >work/new; echo x >new; echo x >/new; echo x >/usr/new", access=access, cwd=tmp_path
    )
    assert said.stderr.count(b"Read-only file system") + said.stderr.count(b"cannot create") >= 3
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == [
        "work",
        "work/new",
    ]


@jailed
@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/root/.bashrc", "/home", "/proc/1/root/etc/passwd"]
)
def test_the_machines_own_papers_are_not_there(path):
    assert shell(f"ls {path} && cat {path}").stdout == b""


@jailed
def test_a_link_in_a_folder_that_is_given_leads_nowhere_else(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "book").mkdir()
    (tmp_path / "book/link").symlink_to(tmp_path / "secret")
    assert (
        shell("cat link", access=Access((tmp_path / "book",)), cwd=tmp_path / "book").stdout == b""
    )


@jailed
def test_a_folder_that_is_named_through_a_link_is_there_by_both_names(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    access = Access((tmp_path / "link",))
    assert shell(f"cat {tmp_path}/link/file {tmp_path}/real/file", access=access).stdout == b"xx"


@jailed
def test_there_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        script = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        ended = tools.run(
            [sys.executable, "-S", "-c", script], access=Access((Path(sys.base_prefix),))
        )
        assert ended.returncode != 0
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_program_past_its_time_is_ended_with_its_children():
    ended = shell("sleep 60 & sleep 60", limits=Limits(seconds=0.3))
    assert ended.timed_out


def test_a_program_past_its_processor_time_is_ended():
    ended = shell("while :; do :; done", limits=Limits(seconds=30, cpu_seconds=1))
    assert ended.returncode in {-signal.SIGXCPU, -signal.SIGKILL}


def test_a_file_past_its_size_is_cut_off(tmp_path):
    limits = Limits(seconds=30, file_size=1024 * 1024)
    ended = shell(
        "head -c 3000000 /dev/zero >big",
        access=Access(write=(tmp_path,)),
        cwd=tmp_path,
        limits=limits,
    )
    assert ended.returncode != 0
    assert (tmp_path / "big").stat().st_size <= 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="macOS has no limit of address space")
def test_memory_has_a_bound():
    limits = Limits(seconds=30, memory=256 * tools.MIB)
    ended = shell("head -c 1000000000 /dev/zero | tail -c 1000000000 | wc -c", limits=limits)
    assert b"1000000000" not in ended.stdout


@pytest.mark.usefixtures("no_jail")
def test_without_a_jail_the_limits_remain(tmp_path):
    (tmp_path / "file").write_text("x")
    assert shell(f"cat {tmp_path}/file").stdout == b"x"
    assert shell("sleep 60", limits=Limits(seconds=0.3)).timed_out


def test_the_end_by_a_signal_shows_alike_with_and_without_a_jail():
    assert shell("kill -9 $$").returncode == -9
    assert shell("exit 3").returncode == 3


def test_a_machine_without_bubblewrap_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.protection()
    assert found.jail is None
    assert "not installed" in found.why


def test_a_machine_that_refuses_the_jail_says_so(monkeypatch, tmp_path):
    """As in a container without user namespaces."""
    refusing = tmp_path / "bwrap"
    refusing.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = tools.protection()
    assert found.jail is None
    assert "No permissions" in found.why
    assert found.remedy


def test_links_of_the_system_stay_links(tmp_path):
    (tmp_path / "usr").mkdir()
    (tmp_path / "bin").symlink_to("usr")
    (tmp_path / "usr/sh").write_text("")
    mounts = jail._mounts([tmp_path / "usr", tmp_path / "bin", tmp_path / "bin/sh"], [])
    assert mounts == [
        *("--symlink", "usr", f"{tmp_path}/bin"),
        *("--ro-bind", f"{tmp_path}/usr", f"{tmp_path}/usr"),
    ]


def test_a_program_that_waits_is_told_later():
    running = tools.start(["cat"], limits=PATIENCE)
    assert running.is_alive
    assert running.wait(b"words").stdout == b"words"
    assert not running.is_alive
    running.stop()


def test_a_program_that_is_not_wanted_any_more_is_stopped():
    running = tools.start(["/bin/sh", "-c", "sleep 60 & sleep 60"], limits=PATIENCE)
    running.stop()
    assert not running.is_alive
    assert running._process not in tools._RUNNING
    running.stop()


def test_what_is_left_to_the_author_is_the_authors_own(tmp_path, monkeypatch):
    """It sees the whole environment, keeps nobody waiting, holds no lock, and is not stopped."""
    monkeypatch.setenv("AUTHORS_OWN", "yes")
    said = tmp_path / "said"
    script = f'echo "$$ $AUTHORS_OWN" >{said}.new; mv {said}.new {said}; exec sleep 60'
    started = time.monotonic()
    with store.locked(tmp_path / "build"):
        tools.leave(["/bin/sh", "-c", script])
        while not said.exists():
            assert time.monotonic() - started < 30
            time.sleep(0.01)
    number, own = said.read_text().split()
    try:
        tools.stop()
        with store.locked(tmp_path / "build"):
            assert own == "yes"
        os.kill(int(number), 0)
    finally:
        os.kill(int(number), signal.SIGKILL)


def test_what_cannot_be_left_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        tools.leave([tmp_path / "nothing"])


@pytest.mark.parametrize("pause", [step / 1000 for step in range(0, 30, 2)])
def test_what_is_stopped_at_any_moment_does_not_go_on(pause, tmp_path):
    """Not even the child that the jail has only just begun, and that would outlive it."""
    program = ["sh", "-c", f"sleep 2; echo done > {tmp_path}/done"]
    running = tools.start(program, access=Access(write=(tmp_path,)))
    time.sleep(pause)
    running.stop()  # waits for whoever holds its pipes
    assert not (tmp_path / "done").exists()
