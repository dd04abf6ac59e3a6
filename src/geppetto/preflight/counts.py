"""How many pages a print file has, whether it ends with a blank one, how large it is."""

from __future__ import annotations

from collections.abc import Iterator

from geppetto.diagnostics import Diagnostic
from geppetto.preflight.asked import Asked
from geppetto.preflight.opened import Opened


def pages(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Fewer or more pages than the printer binds, an odd number, too few for the ink."""
    demands, count = asked.demands, len(opened.pages)
    least = max(demands.pages_min, demands.ink_pages_min.get(asked.ink, 0))
    name = asked.store.name
    if count < least:
        inked = f" with {asked.ink} ink" if least > demands.pages_min else ""
        says = f"The file has {count} pages; {name} binds {least} or more{inked}."
        yield Diagnostic("print-pages", says, hint="Make the book longer, or its type larger.")
    if count > demands.pages_max:
        says = f"The file has {count} pages; {name} binds {demands.pages_max} at most."
        hint = "Take a larger trim or a smaller fontsize (pdf: in book.yaml), or make two volumes."
        yield Diagnostic("print-pages", says, hint=hint)
    if demands.pages_even and count % 2:
        says = f"The file has {count} pages; {name} asks for an even number."
        yield Diagnostic("print-pages", says, hint="Add a blank page at its end.")


def last(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """Something on the last page, which the printer keeps for its own mark."""
    if asked.demands.last_page_blank and any(one.kind == "mark" for one in opened.drawn[-1]):
        says = (
            f"Page {len(opened.pages)}, the last, is not blank; {asked.store.name} prints "
            "its own mark there."
        )
        yield Diagnostic("print-last-page", says, hint="Add blank pages, to an even number.")


def large(opened: Opened, asked: Asked) -> Iterator[Diagnostic]:
    """More bytes than the printer takes."""
    size, most = opened.file.stat().st_size, asked.demands.bytes
    if most is not None and size > most:
        says = (
            f"The file has {size / 1e6:.3g} MB; {asked.store.name} takes {most / 1e6:.3g} MB "
            "at most."
        )
        yield Diagnostic("print-large", says, hint="Make the pictures in it smaller.")
