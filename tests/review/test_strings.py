"""What the strings of annotations say: dates and rich texts."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.review.returned.pdf import strings


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("D:20261201103059+01'30'", "2026-12-01T10:30:59+01:30"),
        ("D:20261201103059+01'30", "2026-12-01T10:30:59+01:30"),
        ("D:20261201103059-08", "2026-12-01T10:30:59-08:00"),
        ("D:20261201103059Z", "2026-12-01T10:30:59Z"),
        ("D:20261201103059Z00'00'", "2026-12-01T10:30:59Z"),
        ("20261201103059", "2026-12-01T10:30:59"),
        ("D:202612011030", "2026-12-01T10:30:00"),
        ("D:20261201", "2026-12-01"),
        ("D:2026", "2026"),
        ("2026-12-01T10:30:59Z", "2026-12-01T10:30:59Z"),
        ("yesterday", ""),
        ("D:2026120110305", ""),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(written, date):
    assert strings.date(pikepdf.String(written)) == date


@given(st.text(max_size=80))
def test_any_text_is_read(written):
    """Whatever it is, without zeros, carriage returns and blanks around it."""
    if any(0xD800 <= ord(c) < 0xE000 for c in written) or "\x1b" in written:
        return
    found = strings.text(pikepdf.String(written))
    plain = written.removeprefix("\ufeff").replace("\0", "")
    assert found == plain.replace("\r\n", "\n").replace("\r", "\n").strip()


@given(st.binary(max_size=200))
def test_any_bytes_do_no_harm(data):
    value = pikepdf.String(data)
    assert isinstance(strings.text(value), str)
    assert isinstance(strings.rich(value), str)
    assert isinstance(strings.date(value), str)


def test_a_language_within_a_text_is_left_out():
    value = pikepdf.String("\x1ben\x1bHello")
    assert strings.text(value) == "Hello"


def test_a_packed_text_is_unpacked_so_far_only():
    """A few bytes could stand for more than there is memory."""
    pdf = pikepdf.new()
    small = pikepdf.Stream(pdf, b"<p>words</p>")
    huge = pdf.make_stream(b"")
    huge.write(b"a" * 20_000_000, filter=None)
    assert strings.rich(small) == "words"
    assert len(strings.content(huge)) <= strings.LARGEST
