from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from geppetto.docx import names
from geppetto.review import drafts


@given(st.lists(st.text(max_size=80)))
def test_every_identifier_has_a_name_of_its_own_that_word_takes(identifiers):
    """Letters, digits and underscores, 40 at most; two names differ in more than their case."""
    made = names.bookmarks(identifiers)
    assert set(made) == set(identifiers)
    assert len({name.lower() for name in made.values()}) == len(made)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in made.values())


@given(st.lists(st.text(max_size=30)))
def test_no_identifier_is_named_as_a_stop_is(identifiers):
    """A bookmark src_1_2 is that of a stop."""
    assert not any(n.lower().startswith("src_") for n in names.bookmarks(identifiers).values())


def test_names_say_what_they_are_of():
    """Identifiers stay legible; those that would be one name to Word are told apart."""
    made = names.bookmarks(["sec:one", "Sec-One", "1900", "", "src_1_2"])
    assert list(made.values()) == ["sec_one", "Sec_One_2", "x_1900", "x", "x_src_1_2"]


def test_the_name_of_a_stop():
    """As who reads a returned file looks for it."""
    assert names.stop(3, 14) == f"{drafts.BOOKMARK}_3_14"
