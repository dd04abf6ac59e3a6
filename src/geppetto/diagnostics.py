"""What a build has to say: diagnostics, their places, their codes, the exit codes.

Steps return diagnostics with their value; only the command line prints them.
The catalogue below is the one list of codes: a diagnostic with a code that is
not in it cannot be made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """How grave a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ExitCode(IntEnum):
    """What the process ends with."""

    BUILT = 0
    MANUSCRIPT = 1
    USAGE = 2
    TOOL = 3
    MACHINERY = 4
    INTERRUPTED = 130


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file of the book.

    `path` is relative to the book's folder, with forward slashes; `line` and
    `column` count from 1, and are absent where only the file is known.
    """

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.path]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True)
class Code:
    """One kind of diagnostic.

    `markable` faults can be set visibly in their place and passed over when
    the author asks for pages all the same (`--lenient`, `errors: mark`).
    `checked` are what `geppetto check` alone looks for; book.yaml can turn it
    off or give it another severity.
    """

    severity: Severity
    meaning: str
    markable: bool = False
    checked: bool = False


def _checked(severity: Severity, meaning: str) -> Code:
    return Code(severity, meaning, checked=True)


def _error(meaning: str, *, markable: bool = False) -> Code:
    return Code(Severity.ERROR, meaning, markable)


def _warning(meaning: str) -> Code:
    return Code(Severity.WARNING, meaning)


def _note(meaning: str) -> Code:
    return Code(Severity.NOTE, meaning)


CATALOGUE: dict[str, Code] = {
    # configuration
    "config-missing": _error("The folder has no book.yaml."),
    "config-yaml": _error("book.yaml is not valid YAML."),
    "config-duplicate-key": _error("A key stands twice in book.yaml or a chapter's YAML block."),
    "config-alias": _error("The YAML uses aliases in a way that could expand without end."),
    "config-unknown-key": _error("book.yaml has a key that Geppetto does not know."),
    "config-value": _error("A value in book.yaml has the wrong type or form."),
    "new-occupied": _error("The folder for a new book holds something already."),
    # manuscript
    "chapter-missing": _error("A chapter that book.yaml lists is not there."),
    "chapter-none": _error("The book has no chapter."),
    "chapter-encoding": _error("A chapter is not UTF-8."),
    "chapter-outside": _error("A file lies outside the book's folder."),
    "chapter-twice": _error("A chapter is listed twice."),
    "chapter-yaml": _error("A chapter's YAML block is not valid YAML."),
    "chapter-value": _error("A value in a chapter's YAML block has the wrong form."),
    "chapter-control": _warning("A chapter has a control character, which no edition can show."),
    "chapter-key-ignored": _warning("A chapter's YAML block has a key that belongs to the book."),
    "chapter-untitled": _warning("A chapter has no heading and no title."),
    "chapter-unlisted": _warning("A file in chapters/ is not in book.yaml's list."),
    "chapter-empty": _warning("A chapter has no text."),
    # bibliography
    "bib-missing": _error("A bibliography file is not there."),
    "bib-encoding": _error("A bibliography file is not UTF-8."),
    "bib-broken-entry": _error("An entry of the bibliography cannot be read.", markable=True),
    "bib-duplicate-key": _error("Two entries have one key.", markable=True),
    "bib-duplicate-field": _error("A field stands twice in one entry.", markable=True),
    "bib-command": _error("An entry has a LaTeX command that would be lost.", markable=True),
    "csl-missing": _error("The citation style is not there."),
    "csl-broken": _error("The citation style cannot be read."),
    # references
    "citation-unknown": _error("A citation key is in no bibliography.", markable=True),
    "crossref-unknown": _error("A cross-reference leads nowhere.", markable=True),
    "link-unknown": _error("A link inside the book leads nowhere.", markable=True),
    "id-duplicate": _error("Two elements have one identifier.", markable=True),
    "note-undefined": _error("A footnote is referred to and defined nowhere.", markable=True),
    "note-duplicate": _error("A footnote is defined twice.", markable=True),
    "note-unused": _warning("A footnote is defined and referred to nowhere."),
    "image-missing": _error("An image is not there.", markable=True),
    "image-remote": _error("An image is on another machine.", markable=True),
    "image-outside": _error("An image lies outside the book's folder.", markable=True),
    "image-format": _error("An image is of a kind that cannot be set.", markable=True),
    "image-broken": _error("An image cannot be read.", markable=True),
    "image-alt-missing": _warning("An image has no alternative text."),
    "raw-ignored": _warning("A raw block is for a format that no edition uses."),
    "author-notes-left-out": _note("Author's notes are left out of this edition."),
    "nesting-deep": _error("Things stand in each other too deeply."),
    "trust-refused": _error("A stranger's text holds what could do something.", markable=True),
    "jail-absent": _note("Programs run without a jail on a stranger's text."),
    # Pandoc
    "pandoc-failed": _error("Pandoc could not read or write a chapter."),
    "pandoc-warning": _warning("Pandoc found something odd."),
    # typesetting
    "template-missing": _error("A template is not there."),
    "template-error": _error("A template has a fault."),
    "latex-error": _error("LaTeX stopped at a fault in the text.", markable=True),
    "latex-link": _error("LaTeX made a link that may lead out of the book's folder."),
    "latex-warning": _warning("LaTeX found something odd."),
    "latex-overfull": _warning("A line or box is wider than the measure."),
    "latex-underfull": _note("The words of a line stand far apart."),
    "latex-unsettled": _warning("The page numbers did not settle."),
    "glyph-missing": _error("No font has a glyph for a character.", markable=True),
    "font-missing": _error("A font that the book asks for is not installed."),
    "hyphenation-missing": _warning("No hyphenation patterns are installed for a language."),
    "hyphenation-plain": _note("A language has better hyphenation patterns than are installed."),
    # tags
    "pdf-untagged": _note("A tagged PDF was asked for, and TeX here can make none."),
    "pdf-invalid": _error("veraPDF found a fault."),
    "pdf-unchecked": _note("veraPDF did not look at the PDF."),
    # EPUB
    "html-removed": _warning("A raw HTML element cannot stand in an EPUB and was left out."),
    "epub-invalid": _error("EPUBCheck found a fault."),
    "epub-unchecked": _note("EPUBCheck did not look at the EPUB."),
    "pages-unknown": _error("The pages of the print edition cannot be read."),
    "page-unplaced": _warning("A page of the print edition has no place in the EPUB."),
    "epub-inaccessible": _error("DAISY Ace found what keeps readers out of the EPUB."),
    "epub-unclaimed": _note("The EPUB does not claim to conform to WCAG 2.2 AA."),
    # covers
    "cover-spine-assumed": _warning("How broad the spine is was assumed, not known."),
    "cover-spine-bare": _note("The spine is too narrow for text."),
    "cover-isbn-missing": _warning("A printed book has no ISBN for the barcode on its back."),
    "cover-image-coarse": _warning("The cover's picture has too few pixels for print."),
    "cover-text-cut": _warning("A text on the cover is too long for its place and was cut."),
    # what stores would refuse
    "shop-invalid": _error("A store takes only what EPUBCheck finds no fault in."),
    "shop-file-size": _error("The EPUB is larger than a store takes."),
    "shop-page-size": _warning("A chapter is larger than a store takes."),
    "shop-pages": _error("The EPUB has fewer pages than a store takes."),
    "shop-image-pixels": _error("A picture has more pixels than a store takes."),
    "shop-image-size": _warning("The file of a picture is larger than a store takes."),
    "shop-image-alpha": _warning("A picture is see-through, which a store does not show."),
    "shop-image-mode": _error("A picture’s colours are of a kind that a store does not take."),
    "shop-image-format": _error("A picture is of a format that a store does not take."),
    "shop-alternative": _warning("An alternative text is longer than a store reads out."),
    "shop-kindle": _error("The EPUB holds MathML or SVG, which Kindle does not show."),
    "shop-cover-size": _error("The cover’s file is larger than a store takes."),
    "shop-cover-small": _error("The cover has fewer pixels than a store takes."),
    "shop-cover-large": _error("The cover has more pixels than a store takes."),
    "shop-cover-format": _error("The cover is of a format that a store does not take."),
    # DOCX
    "docx-link": _warning("A link cannot stand in a DOCX; its text stays."),
    # what an edition lacks
    "edition-missing": _error("There is no finished edition to verify."),
    "edition-broken": _error("A finished edition cannot be read."),
    "lost-words": _error("Words of a chapter are missing from a finished edition."),
    "lost-note": _error("A footnote is missing from a finished edition."),
    "lost-citation": _error("A citation is missing from a finished edition."),
    "lost-figure": _error("A figure is missing from a finished edition."),
    "lost-table": _error("A table is missing from a finished edition."),
    "lost-equation": _error("A formula is missing from a finished edition."),
    "doubled-words": _error("A passage stands in a finished edition more often than written."),
    # what an editor would query
    "bib-unused": _checked(Severity.NOTE, "An entry of the bibliography is cited nowhere."),
    "bib-twin": _checked(Severity.WARNING, "One work stands in the bibliography under two keys."),
    "bib-field-missing": _checked(
        Severity.WARNING, "An entry lacks a field that its type requires."
    ),
    "bib-file-path": _checked(Severity.NOTE, "An entry holds a path of the author's own machine."),
    "bib-identifier": _checked(Severity.WARNING, "A DOI, ISBN, ISSN or arXiv identifier is wrong."),
    "bib-url": _checked(Severity.WARNING, "An address in the bibliography is none."),
    "bib-date": _checked(Severity.WARNING, "A date in the bibliography is none."),
    "bib-capitals": _checked(Severity.NOTE, "Capitals of an English title are not protected."),
    "heading-jump": _checked(Severity.WARNING, "A heading leaves out a level."),
    "link-empty": _checked(Severity.WARNING, "A link has no words."),
    "image-coarse": _checked(Severity.WARNING, "An image has too few pixels for its printed size."),
    "word-doubled": _checked(Severity.WARNING, "A word stands twice in a row."),
    "quotes-mixed": _checked(Severity.NOTE, "A chapter has straight and curly quotation marks."),
    "mark-unfinished": _checked(Severity.WARNING, "The author has left something to do."),
    "author-note": _checked(Severity.NOTE, "An author's note waits in a chapter."),
    "control-bidi": _checked(Severity.WARNING, "An unseen character changes the text's direction."),
    "control-invisible": _checked(Severity.WARNING, "A character cannot be seen."),
    "file-bom": _checked(Severity.NOTE, "A chapter begins with a byte-order mark."),
    "file-crlf": _checked(Severity.NOTE, "A chapter's lines do not end with LF."),
    "file-tab": _checked(Severity.NOTE, "Tabs stand in a chapter's text."),
    # where things stand
    "place-unknown": _error("There is no such place in the book or its PDF."),
    "place-nearest": _note("Nothing stands at a place; the nearest is given."),
    "map-missing": _error("A PDF has no page map beside it."),
    "map-stale": _warning("A page map was made of another PDF, or of an earlier text."),
    "map-damaged": _error("A page map cannot be read."),
    # drafts and reviews
    "draft-unknown": _error("There is no such draft."),
    "draft-damaged": _error("A kept draft cannot be read."),
    "draft-glyph": _warning("No font has a character of a draft's margins or sheets."),
    "reviewers-missing": _error("The list of reviewers is not there."),
    "reviewers-yaml": _error("The list of reviewers is not valid YAML."),
    "reviewers-value": _error("The list of reviewers has a key or a value that is wrong."),
    "reviewer-unknown": _error("No reviewer has this name."),
    "ledger-damaged": _error("A line of the ledger of reviews cannot be read."),
    "letter-language": _note("The letter to a reviewer is in English, not in their language."),
    "mail-settings": _error("book.yaml lacks what is needed to send mail."),
    "mail-password": _error("The mail server was not given a password that it takes."),
    "mail-server": _error("The mail server could not be reached, or is not safe to talk to."),
    "mail-refused": _error("The mail server refused a message."),
    "mail-large": _error("A message is larger than mail can carry."),
    "mail-doubtful": _error("Whether a message was sent is not known."),
    "mail-sent": _note("A draft was sent to a reviewer before, and is not sent again."),
    "returned-unreadable": _error("A file that came back from a reviewer cannot be read."),
    "returned-locked": _error("A file that came back from a reviewer has a password."),
    "returned-nameless": _error("A file that came back names no draft."),
    "returned-copy-unknown": _warning("A file that came back does not say whose copy it is."),
    "remark-lost": _warning("A remark has no place in the book."),
    "review-fault": _error("Part of a file of remarks cannot be read."),
    "remark-unknown": _error("There is no such remark."),
    "remark-unplaced": _warning("A remark has no place in today's text."),
    "remark-unapplied": _error("A proposed change cannot be made in the text."),
    "revision-unknown": _error("There is no such revision of the book."),
    "revision-unread": _error("A revision of the book cannot be read."),
    # publishing
    "gate-not-run": _error("A gate of publishing could not be asked: its program is missing."),
    "metadata-missing": _error("book.yaml does not say what a store must be told."),
    "notes-left": _error("An author's note stands in what would be published."),
    "font-absent": _error("A font is not embedded in a finished file."),
    "font-forbidden": _error("The maker of a font does not allow that it is embedded."),
    "onix-invalid": _error("The record for shops is not valid."),
    "release-differs": _error("A second build gave other bytes."),
    "release-damaged": _error("A release folder is not what was published."),
    "release-sources": _note("A release was not made again: the sources are others."),
    # print files
    "print-unread": _error("A print file cannot be read."),
    "print-encrypted": _error("A print file is encrypted."),
    "print-large": _error("A print file is larger than the printer takes."),
    "print-pages": _error("A print file has a number of pages that the printer does not take."),
    "print-last-page": _error("The last page of a print file is not blank."),
    "print-trim": _error("The pages of a print file have a size that the printer does not take."),
    "print-sizes": _error("The pages of a print file are not all of one size."),
    "print-bleed": _error("What bleeds off a page does not reach far enough, or where it may not."),
    "print-marks": _error("A print file has marks for cutting, or room for them."),
    "print-margin": _error("Something stands in the margin that a printer keeps free."),
    "print-font": _error("A font is not in the print file."),
    "print-font-drawn": _error("A font of a print file is drawn in a way that printers refuse."),
    "print-annotation": _error("A page of a print file has links, remarks or fields."),
    "print-bookmarks": _error("A print file has bookmarks."),
    "print-script": _error("A print file does something when it is opened."),
    "print-attached": _error("Other files are within a print file."),
    "print-layers": _error("A print file has layers that can be hidden."),
    "print-metadata": _warning("A print file says of itself more than the printer wants."),
    "print-transparency": _error("Things show through each other on a page of a print file."),
    "print-colour": _error("A page of a print file has colours that the printer does not take."),
    "print-ink": _error("More ink lies on a place than the paper can hold."),
    "print-standard": _error("A print file is not the PDF/X that it must be."),
    "print-resolution": _warning("A picture has too few dots for print."),
    "print-cover-size": _error("A cover has not the size of the book that it is for."),
    # machinery
    "tool-missing": _error("A program that the build needs is not installed."),
    "tool-old": _error("A program that the build needs is too old."),
    "tool-failed": _error("A program failed."),
    "tool-timeout": _error("A program ran longer than its limit."),
    "output-failed": _error("An output could not be written."),
    "input-changed": _warning("A file of the book was changed while the book was built."),
    "build-locked": _error("Another build works in this folder."),
}


CHECKED = frozenset(code for code, known in CATALOGUE.items() if known.checked)
"""What `geppetto check` alone looks for."""

CONSEQUENCES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("bib-missing", "bib-encoding"), frozenset({"citation-unknown"})),
    **dict.fromkeys(
        ("chapter-missing", "chapter-twice", "chapter-encoding", "chapter-yaml", "nesting-deep"),
        frozenset({"crossref-unknown", "link-unknown"}),
    ),
}
"""What may follow from an error: keys are unknown while their file cannot be read."""


@dataclass(frozen=True)
class Diagnostic:
    """One thing to say about the book.

    `message` says what is wrong in the author's words; `hint` how to mend it;
    `detail` holds a tool's own words, shown only when asked for.
    """

    code: str
    message: str
    location: Location | None = None
    hint: str | None = None
    detail: str | None = None
    severity: Severity | None = None

    def __post_init__(self) -> None:
        """Take the severity of the code where none is given."""
        if self.severity is None:
            object.__setattr__(self, "severity", CATALOGUE[self.code].severity)
        elif self.code not in CATALOGUE:
            raise KeyError(self.code)

    @property
    def is_error(self) -> bool:
        """Whether this stops the book from being published."""
        return self.severity is Severity.ERROR

    @property
    def markable(self) -> bool:
        """Whether the fault can be set visibly in its place instead."""
        return CATALOGUE[self.code].markable


class GeppettoError(Exception):
    """A step could not go on; carries what there is to say and the exit code."""

    def __init__(
        self,
        diagnostics: Diagnostic | Iterable[Diagnostic],
        exit_code: ExitCode = ExitCode.MANUSCRIPT,
    ) -> None:
        if isinstance(diagnostics, Diagnostic):
            diagnostics = (diagnostics,)
        self.diagnostics = tuple(diagnostics)
        self.exit_code = exit_code
        super().__init__("; ".join(d.message for d in self.diagnostics))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any of the diagnostics is an error."""
    return any(d.is_error for d in diagnostics)


def without_consequences(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Leave out what may follow from an error that is reported: it shows when that is mended."""
    listed = list(diagnostics)
    following = frozenset[str]().union(
        *(CONSEQUENCES.get(d.code, frozenset()) for d in listed if d.is_error)
    )
    return [d for d in listed if d.code not in following]


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Give each diagnostic once, errors and warnings mixed, by place."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=_place))


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    location = diagnostic.location
    if location is None:
        return ("\U0010ffff", 0, 0)
    return (location.path, location.line or 0, location.column or 0)
