"""What is said of an EPUB's accessibility where no command says it: for the cases."""

from __future__ import annotations

import json
from pathlib import Path

from geppetto.diagnostics import Diagnostic, GeppettoError, Location
from geppetto.epub import ace, pagelist
from geppetto.epub.pages import Page
from geppetto.pagemap.printed import Printed
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request

REPORT = Path(__file__).parent / "epub" / "fixtures" / "ace-report.json"
"""What Ace 1.4.6 reported of a book with four faults."""


def inaccessible(_: Path) -> list[Diagnostic]:
    """Read a recorded report; the pages lead to the chapter of their name."""
    pages = {"EPUB/text/ch1.xhtml": '<p>\n<p style="color: #ccc">\nFaint</p></p>'}

    def find(page: str, *place: int) -> Location:
        return Location(page.replace("EPUB/text/ch", "chapters/").replace("xhtml", "md"), *place)

    return ace.diagnostics(json.loads(REPORT.read_text("utf-8")), pages, find)


def unknown(root: Path) -> list[Diagnostic]:
    """Ask for the pages of a print edition that is not there."""
    try:
        build(Request(root, ("epub",), pages=root / "print.pagemap"), lambda _: None)
    except GeppettoError as stopped:
        return list(stopped.diagnostics)
    return []


def unplaced(_: Path) -> list[Diagnostic]:
    """Look for a page no word of which stands in the EPUB."""
    page = Page("text/1.xhtml", "One", "<html><body><p>Quite other words.</p></body></html>")
    printed = (Printed("1", "quite other words", True), Printed("2", "nothing alike", True))
    return pagelist.mark([page], printed)[2]
