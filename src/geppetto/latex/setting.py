"""What the LaTeX templates are given: one frozen value, made from the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geppetto import hyphenation, terms
from geppetto.fonts import FontPlan
from geppetto.hyphenation import Patterns
from geppetto.latex.language import IDEOGRAPHIC, Language, language
from geppetto.latex.page import Page, lay_out
from geppetto.latex.traits import Book, book
from geppetto.model.book import Resolved
from geppetto.model.settings import Settings


@dataclass(frozen=True)
class Setting:
    """How the book is set.

    `images` maps each image target of the AST to the file LaTeX includes, its
    path relative to the folder LaTeX runs in (ASCII letters, digits and `-._/`
    alone), never an SVG. `pages` is the page count of the pass before, None on
    the first. `languages` are all of the book's but the main one; `patterns`
    say, by babel's name of a language, where its words break. `standard` is that
    of the tags (`tagging`), empty where there are none.
    """

    settings: Settings
    fonts: FontPlan
    page: Page
    language: Language
    words: terms.Terms
    languages: tuple[Language, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    pages: int | None = None
    has_math: bool = False
    ideographic: tuple[Language, ...] = ()
    patterns: Mapping[str, Patterns] = field(default_factory=dict)
    standard: str = ""

    @property
    def every_language(self) -> tuple[Language, ...]:
        """The main language, the others, and those whose line breaking ideographs follow."""
        every = (self.language, *self.languages, *self.ideographic)
        return tuple(dict.fromkeys(every))

    @property
    def right_to_left(self) -> bool:
        """Whether any of the book's text runs from right to left."""
        return self.fonts.rtl or any(one.right_to_left for one in self.every_language)


def make_setting(
    resolved: Resolved,
    fonts: FontPlan,
    images: Mapping[str, str] | None = None,
    pages: int | None = None,
    traits: Book | None = None,
) -> Setting:
    """Gather what the templates need to set a book; `traits` are its documents', if known."""
    settings = resolved.book.settings
    main = language(settings.lang)
    traits = traits or book(resolved)
    tags = traits.languages
    others = {language(tag) for tag in tags if language(tag).name != main.name}
    return Setting(
        settings=settings,
        fonts=fonts,
        page=lay_out(settings.pdf, pages),
        language=main,
        words=terms.terms(settings.lang),
        languages=tuple(sorted(others, key=lambda one: one.name)),
        images=dict(images or {}),
        pages=pages,
        has_math=traits.mathematics,
        ideographic=_ideographic(tags) if fonts.cjk else (),
        patterns=_patterns(tags),
    )


def _patterns(tags: Sequence[str]) -> dict[str, Patterns]:
    """Give the patterns by babel's names; of two tags that share a name the first decides."""
    found: dict[str, Patterns] = {}
    for tag in tags:
        if (patterns := hyphenation.patterns(tag)) is not None:
            found.setdefault(language(tag).name, patterns)
    return found


def _ideographic(tags: Sequence[str]) -> tuple[Language, ...]:
    """Give the languages whose line breaking ideographs follow: those named, else Chinese."""
    named = [tag for tag in tags if tag.split("-")[0].lower() in IDEOGRAPHIC]
    return tuple(dict.fromkeys(language(tag) for tag in named)) or (language("zh"),)
