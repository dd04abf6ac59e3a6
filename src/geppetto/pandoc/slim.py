"""Documents as citeproc needs them: citations and what stands near, marks in place of the rest.

Reading a book's tree and writing it again takes Pandoc longer than to set its
citations. What citeproc changes are the citations, notes, and the blanks and
punctuation beside them; what it counts are notes. The rest need not go there.
"""

from __future__ import annotations

from geppetto.cutting import Cutter

NEAR = 4
"""So many words and blanks beside citations, notes and divisions are left where they are."""
CUTTER = Cutter(
    mark="geppetto-cut",
    needed=frozenset({"Cite", "Note", "Div"}),
    whole=frozenset({"Cite", "Note"}),  # a note counts as text for what follows it
    near=NEAR,
    splits=False,
)
