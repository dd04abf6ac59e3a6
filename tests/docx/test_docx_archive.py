from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto.docx import archive

NAMES = st.text("abcdefgh/", min_size=1, max_size=12).map(lambda s: s.strip("/") + ".xml")
PARTS = st.dictionaries(NAMES, st.binary(max_size=300), max_size=8)


@given(PARTS, st.binary(max_size=300), st.integers(0, 2**31))
def test_changing_a_part_gives_what_packing_anew_would(parts, content, epoch):
    """Byte for byte: the parts that stay are taken as they are packed."""
    parts = {archive.TYPES: b"types", "word/a.png": b"\x89PNG", **parts}
    data = archive.pack(parts, epoch)
    assert archive.unpack(data) == parts
    for name in parts:
        assert archive.changed(data, {name: content}) == archive.pack(
            {**parts, name: content}, epoch
        )


def test_the_types_come_first():
    """Word looks for them there."""
    data = archive.pack({"a.xml": b"a", archive.TYPES: b"t"}, 0)
    assert data.index(archive.TYPES.encode()) < data.index(b"a.xml")


def test_a_part_that_is_not_there_cannot_be_changed():
    with pytest.raises(KeyError):
        archive.changed(archive.pack({"a": b""}, 0), {"b": b""})
