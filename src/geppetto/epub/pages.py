"""The pages that no chapter holds: cover, title page, imprint, contents, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from geppetto import templates, titlepage
from geppetto.epub import metadata
from geppetto.epub.characters import line
from geppetto.epub.holdings import Holdings
from geppetto.epub.navigation import Entry
from geppetto.model.book import Document, Resolved
from geppetto.model.settings import Settings
from geppetto.terms import direction, terms

NOTHING = Holdings()


@dataclass(frozen=True)
class Page:
    """One file of the book: `name` counts from the package."""

    name: str
    title: str
    markup: str
    holdings: Holdings = NOTHING

    @property
    def properties(self) -> tuple[str, ...]:
        """The manifest's properties of the page (EPUB 3.3, appendix D.3.5)."""
        pairs = (("mathml", self.holdings.formulas), ("svg", self.holdings.drawings))
        return tuple(name for name, count in pairs if count)


@dataclass(frozen=True)
class Frame:
    """What the generated pages share."""

    environment: Environment
    settings: Settings
    styles: tuple[str, ...]
    version: str

    def page(self, template: str, name: str, title: str, **values: object) -> Page:
        """Render one page."""
        words = terms(self.settings.lang)
        markup = templates.render(
            self.environment,
            f"epub/{template}",
            title=line(title),
            book=self.settings,
            words=words,
            people=metadata.people(self.settings),
            authors=line(titlepage.authors(self.settings)),
            contributors=[line(one) for one in titlepage.contributors(self.settings)],
            styles=self.styles,
            version=self.version,
            **language_values(self.settings.lang),
            **values,
        )
        return Page(name, line(title), markup)


def language_values(lang: str) -> dict[str, str]:
    """Give what the templates' root element needs of a language."""
    return {"lang": lang, "direction": direction(lang)}


def opening(frame: Frame, cover: str) -> list[Page]:
    """Make the cover's page, the title page and the imprint."""
    words = terms(frame.settings.lang)
    return [
        frame.page("cover.xhtml", "cover.xhtml", words.cover, image=cover),
        frame.page("titlepage.xhtml", "titlepage.xhtml", frame.settings.title),
        frame.page("imprint.xhtml", "imprint.xhtml", words.imprint),
    ]


def parts(frame: Frame, documents: Sequence[Document]) -> dict[str, Page]:
    """Make a page for each part, by the slug of the document that it opens before."""
    opened = [(d.slug, d.part) for d in documents if d.part is not None]
    return {
        slug: frame.page("part.xhtml", f"part-{number}.xhtml", title)
        for number, (slug, title) in enumerate(opened, 1)
    }


def navigation(
    frame: Frame,
    entries: Sequence[Entry],
    landmarks: Sequence[Entry],
    printed: Sequence[Entry] = (),
) -> Page:
    """Make the contents, which reading systems and readers share; `printed` are pages of print."""
    words = terms(frame.settings.lang)
    return frame.page(
        "nav.xhtml",
        "nav.xhtml",
        words.contents,
        entries=entries,
        landmarks=landmarks,
        printed=printed,
    )


def landmarks(
    resolved: Resolved, files: Mapping[str, str], first: Mapping[str, str]
) -> tuple[Entry, ...]:
    """Give the places that reading systems offer by name.

    `files` maps kinds ("cover", "titlepage", "toc") to pages; `first` gives the
    page of the first document of each role.
    """
    words = terms(resolved.book.settings.lang)
    entries = [
        Entry(words.cover, files["cover"], "cover"),
        Entry(words.title_page, files["titlepage"], "titlepage"),
        Entry(words.contents, files["toc"], "toc"),
    ]
    for role, kind in (("main", "bodymatter"), ("back", "bibliography")):
        if role in first:
            name = resolved.book.settings.title if kind == "bodymatter" else words.bibliography
            entries.append(Entry(line(name), first[role], kind))
    return tuple(entries)
