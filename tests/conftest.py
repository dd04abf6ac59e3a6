"""What every test may use: golden files, and small books made on the spot."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as below a shell's `&`: programs inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)
# No test measures time. The examples are the same in each run, so that what passed here passes
# elsewhere; `make fuzz` draws others, and more of them.
settings.register_profile("same", deadline=None, max_examples=40, derandomize=True)
settings.register_profile("other", deadline=None, max_examples=400, print_blob=True)
settings.load_profile("same")


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite the golden files")


@pytest.fixture
def golden(request) -> Callable[[Path, str], None]:
    """Compare a text with a golden file; with `--accept`, write the file."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        assert path.is_file(), f"{path} is missing: look at the output, then run pytest --accept"
        assert path.read_text(encoding="utf-8") == text

    return compare


@pytest.fixture
def make_book(tmp_path) -> Callable[..., Path]:
    """Make a book's folder of the files given, by their path, beside a minimal book.yaml."""

    def make(files: dict[str, str | bytes] | None = None, **named: str) -> Path:
        root = tmp_path / "book"
        every: dict[str, str | bytes] = {"book.yaml": "title: A Small Book\n", **(files or {})}
        for name, content in {**every, **named}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8")
        return root

    return make
