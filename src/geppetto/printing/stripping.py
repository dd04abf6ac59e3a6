"""What a printed page has no use for, taken out: links, bookmarks, scripts, attachments, tags."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from geppetto.printing import transparent

PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources", "/Rotate", "/TrimBox", "/BleedBox"}
)
"""What of a page is kept."""
ROOT = frozenset({"/Type", "/Pages"})
"""What of the catalogue is kept."""
OBJECT = ("/OC", "/Metadata", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents", "/OPI",
          "/Alternates")  # fmt: skip
STATE = ("/TR", "/TR2", "/HT", "/HTP", "/BG", "/BG2", "/UCR", "/UCR2")
"""What of an ExtGState speaks of the press, and is the printer's to say."""


def strip(document: Pdf) -> None:
    """Leave of an open PDF what its pages draw.

    Layers that are not to be seen stay layers: without them they would be printed.
    """
    hidden = _hidden(document)
    for page in document.pages:
        _own(page.obj)
        _keep(page.obj, PAGE)
    _keep(document.Root, ROOT | ({"/OCProperties"} if hidden else set()))
    for made in document.objects:
        if isinstance(made, Dictionary | Stream):
            _clean(made, hidden=hidden)
    for state in transparent.states(document):
        for key in STATE:
            if key in state:
                del state[key]
    for key in ("/Info", "/Encrypt", "/ID"):
        if key in document.trailer:
            del document.trailer[key]


def _own(page: Any) -> None:
    """Give a page itself what it inherits (ISO 32000, 7.7.3.4)."""
    node = page.get("/Parent")
    while node is not None:
        for key in ("/Resources", "/MediaBox", "/Rotate"):
            if key in node and key not in page:
                page[key] = node[key]
        node = node.get("/Parent")
    if "/Resources" not in page:
        page.Resources = Dictionary()


def _hidden(document: Pdf) -> bool:
    properties = document.Root.get("/OCProperties", Dictionary())
    given = properties.get("/D", Dictionary())
    return bool(len(given.get("/OFF", Array()))) or given.get("/BaseState") == Name.OFF


def _keep(made: Any, wanted: frozenset[str]) -> None:
    for key in [str(key) for key in made.keys() if str(key) not in wanted]:  # noqa: SIM118
        del made[key]


def _clean(made: Any, *, hidden: bool) -> None:
    if isinstance(made, Stream) and made.get("/Type") in {Name.XObject, None}:
        for key in OBJECT:
            if key in made and not (hidden and key == "/OC"):
                del made[key]
    for key in [key for key in made.keys() if str(key).startswith("/PTEX.")]:  # noqa: SIM118
        del made[key]
