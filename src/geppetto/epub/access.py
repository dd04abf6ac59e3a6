"""What an EPUB says of its own accessibility: what it holds, and nothing more.

EPUB Accessibility 1.1, sections 2.2 (discovery) and 2.4 (reporting conformance);
Schema.org's accessibility properties; for the exemption the W3C's note "EPUB
Accessibility – EU Accessibility Act Mapping" and its property `a11y:exemption`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geppetto.diagnostics import Diagnostic, Location
from geppetto.epub.characters import line
from geppetto.epub.holdings import Holdings
from geppetto.epub.summaries import sentences
from geppetto.model.settings import Settings

CLAIM = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


@dataclass(frozen=True)
class Access:
    """The package's metadata of accessibility.

    `conforms` is the value of `dcterms:conformsTo`, absent where nothing is claimed;
    `certifier` says who vouches for it; `source` names the edition whose pages are marked.
    """

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    lang: str
    conforms: str | None = None
    certifier: str | None = None
    exemption: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Matter:
    """What is looked at: the pages' holdings by the files they come from, and what else there is.

    `moving` tells that an image is animated, `faint` the first rule of a stylesheet
    with too little contrast; `source` names the printed edition, if its pages are marked.
    """

    pages: Sequence[tuple[str, Holdings]]
    moving: bool = False
    faint: str | None = None
    source: str | None = None

    def any(self, of: Callable[[Holdings], int]) -> bool:
        """Tell whether any page holds what `of` counts."""
        return any(of(held) for _, held in self.pages)


# What a page must not hold for the claim to be made, with the words for it.
OBSTACLES: tuple[tuple[Callable[[Holdings], int], str, str], ...] = (
    (lambda held: held.undescribed, "an image has no alternative text", "Describe it."),
    (
        lambda held: held.jumps,
        "a heading leaves out a level",
        "Give headings their levels in order; 'geppetto check' names the line.",
    ),
    (lambda held: held.wordless, "a link has no words", "Write what the link leads to."),
    (lambda held: held.faint, "a text’s colour has too little contrast", "Take a darker one."),
)


def describe(settings: Settings, matter: Matter) -> Access:
    """Give what the package says of the book."""
    own = settings.accessibility
    pictures = matter.any(lambda held: held.images)
    described = not matter.any(lambda held: held.undescribed)
    lang, summary = _summary(settings.lang, matter, pictures=pictures, described=described)
    claimed = own.exemption is None and certifier(settings) and not obstacles(matter)
    return Access(
        modes=("textual", "visual") if pictures else ("textual",),
        sufficient=_sufficient(pictures=pictures, described=described),
        features=_features(matter, described=described),
        hazards=("unknown",) if matter.moving else ("none",),
        summary=own.summary or summary,
        lang=settings.lang if own.summary else lang,
        conforms="none" if own.exemption else CLAIM if claimed else None,
        certifier=certifier(settings) if claimed else None,
        exemption=own.exemption,
        source=matter.source,
    )


def certifier(settings: Settings) -> str | None:
    """Say who vouches for the book: whom book.yaml names, the publisher, or the first author."""
    authors = [person.name for person in settings.author]
    named = settings.accessibility.certified_by or settings.publisher or next(iter(authors), None)
    return line(named) if named else None


def obstacles(matter: Matter) -> list[Diagnostic]:
    """Say what keeps the book from conforming to WCAG 2.2 AA, as far as it can be computed."""
    found = [
        _obstacle(says, hint, Location(path))
        for of, says, hint in OBSTACLES
        for path, held in matter.pages
        if of(held)
    ]
    if matter.faint:
        says = f"a stylesheet’s rule {matter.faint} has a contrast of less than 4.5 to 1"
        found.append(_obstacle(says, "Take a darker or a lighter colour."))
    if matter.moving:
        found.append(
            _obstacle("a picture moves", "Take a still one: moving ones cannot be stopped.")
        )
    return found


def unclaimed(settings: Settings, matter: Matter) -> list[Diagnostic]:
    """Give what the author has to be told that no other step of a build says."""
    if settings.accessibility.exemption:
        return []
    return [d for d in obstacles(matter) if "alternative text" not in d.message]


def _obstacle(says: str, hint: str, place: Location | None = None) -> Diagnostic:
    message = f"The EPUB does not claim to conform to WCAG 2.2 AA: {says}."
    return Diagnostic("epub-unclaimed", message, place or Location("book.yaml"), hint)


def _features(matter: Matter, *, described: bool) -> tuple[str, ...]:
    features = [
        "tableOfContents",
        "readingOrder",
        "structuralNavigation",
        "displayTransformability",
    ]
    features += ["alternativeText"] if described else []
    features += ["MathML"] if matter.any(lambda held: held.formulas) else []
    features += ["describedMath"] if matter.any(lambda held: held.drawn) else []
    features += ["pageBreakMarkers", "pageNavigation"] if matter.source else []
    return tuple(features)


def _sufficient(*, pictures: bool, described: bool) -> tuple[str, ...]:
    alone = ("textual",) if described else ()
    return (*alone, "textual,visual") if pictures else alone


def _summary(lang: str, matter: Matter, *, pictures: bool, described: bool) -> tuple[str, str]:
    lang, words = sentences(lang)
    said = [words.flow]
    if pictures:
        said.append(words.described if described else words.undescribed)
    said += [words.formulas] if matter.any(lambda held: held.formulas) else []
    said += [words.drawn] if matter.any(lambda held: held.drawn) else []
    said += [words.pages] if matter.source else []
    return lang, ("" if lang.startswith(("zh", "ja")) else " ").join(said)
