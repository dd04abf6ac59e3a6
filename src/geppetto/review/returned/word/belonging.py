"""Which draft a returned DOCX is of: a property of its own, else what its footers say."""

from __future__ import annotations

from collections.abc import Iterator

from geppetto.review.drafts import INFO
from geppetto.review.returned.word.package import Package, local, value


def label(package: Package) -> str:
    """Give `<draft>/<copy>` as the custom properties say it; nothing where they do not."""
    properties = package.properties()
    for one in [] if properties is None else properties:
        if value(one, "name") == INFO:
            return "".join(one.itertext()).strip()
    return ""


def printed(package: Package) -> Iterator[str]:
    """Give the text of the footers and headers."""
    for kind in ("footer", "header"):
        for root in package.all_beside(kind):
            yield "".join(one.text or "" for one in root.iter() if local(one) == "t")
