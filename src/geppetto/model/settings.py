"""What book.yaml may say: every key, its type and its default.

Keys are spelled as Pandoc spells them, with hyphens. An unknown key is an error.
Lengths are TeX's own ("6in", "152.4mm", "11pt"). The descriptions and examples
are what an editor shows (docs/book.schema.json) and what a diagnostic says.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
)

from geppetto.model.mailboxes import mailbox
from geppetto.model.sizes import octets

TRIMS: dict[str, tuple[str, str]] = {
    "6x9in": ("6in", "9in"),
    "5.5x8.5in": ("5.5in", "8.5in"),
    "5x8in": ("5in", "8in"),
    "a5": ("148mm", "210mm"),
    "a4": ("210mm", "297mm"),
    "letter": ("8.5in", "11in"),
}
LENGTH = r"^\d+(\.\d+)?(mm|cm|in|pt|bp|pc)$"
LANGUAGE = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
POINTS = {"mm": 72.27 / 25.4, "cm": 72.27 / 2.54, "in": 72.27, "pt": 1.0, "bp": 1.00375, "pc": 12.0}
Length = Annotated[str, Field(pattern=LENGTH)]


def _hyphenated(name: str) -> str:
    return name.replace("_", "-")


class Section(BaseModel):
    """A mapping in book.yaml."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=_hyphenated,
        populate_by_name=True,
        str_strip_whitespace=True,
    )


def as_list(value: object) -> object:
    """Take a lone value for a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def _as_contributor(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _as_date(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("must be a day, written year-month-day")
    return value


def _chapter_kind(value: object) -> str:
    return "<part>" if isinstance(value, (dict, PartList)) else "<file>"


class Contributor(Section):
    """A person or body named on the title page. A plain string is a name."""

    name: str = Field(
        min_length=1, description="The name as it is printed.", examples=["Mary Shelley"]
    )
    role: Literal["author", "editor", "translator", "illustrator", "contributor"] = Field(
        "author", description="What the person did for the book.", examples=["editor"]
    )
    orcid: str | None = Field(
        None,
        pattern=r"^(\d{4}-){3}\d{3}[\dX]$",
        description="The person's ORCID, without https://orcid.org/.",
        examples=["0000-0002-1825-0097"],
    )


class Identifier(Section):
    """The book's identifiers. A UUID is derived from title and author when absent."""

    isbn_13: str | None = Field(
        None,
        alias="isbn-13",
        description="The ISBN of the printed book.",
        examples=["978-3-16-148410-0"],
    )
    isbn_epub: str | None = Field(
        None,
        description="The ISBN of the EPUB, where it has its own.",
        examples=["978-3-16-148410-0"],
    )
    doi: str | None = Field(
        None,
        description="The book's DOI, without https://doi.org/.",
        examples=["10.1000/182"],
    )
    uuid: str | None = Field(
        None,
        description="A UUID of the book's own. Absent: derived from title and author.",
        examples=["123e4567-e89b-12d3-a456-426614174000"],
    )

    @field_validator("isbn_13", "isbn_epub")
    @classmethod
    def _isbn(cls, value: str | None) -> str | None:
        if value is None:
            return None
        digits = re.sub(r"[-\s]", "", value)
        if not re.fullmatch(r"97[89][0-9]{10}", digits):
            raise ValueError("must have 13 digits and begin with 978 or 979")
        if sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10:
            raise ValueError("has a wrong check digit (the last one)")
        return value

    @field_validator("uuid")
    @classmethod
    def _uuid(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(
            r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value
        ):
            raise ValueError("is not a UUID")
        return value


Text = Annotated[str, Field(min_length=1)]
Strings = Annotated[list[Text], BeforeValidator(as_list, json_schema_input_type=str | list[Text])]
Authors = Annotated[
    list[
        Annotated[
            Contributor,
            BeforeValidator(_as_contributor, json_schema_input_type=str | Contributor),
        ]
    ],
    BeforeValidator(as_list, json_schema_input_type=str | Contributor | list[str | Contributor]),
]


class PartList(Section):
    """A part of the book, with its chapters."""

    part: str = Field(min_length=1, description="The part's title.", examples=["Part One"])
    chapters: Annotated[Strings, Field(min_length=1)] = Field(
        description="The part's chapters: paths from book.yaml.",
        examples=[["chapters/01-the-dream.md"]],
    )


class PdfSettings(Section):
    """How the printed page looks."""

    trim: str = Field(
        "6x9in",
        description="The page: a name (6x9in, 5.5x8.5in, 5x8in, a5, a4, letter) or WIDTHxHEIGHT.",
        examples=["170x240mm"],
    )
    font: str = Field(
        "TeX Gyre Pagella",
        min_length=1,
        description="The text face, by its family name.",
        examples=["EB Garamond"],
    )
    mono_font: str = Field(
        "DejaVu Sans Mono",
        min_length=1,
        description="The face of code, by its family name.",
        examples=["DejaVu Sans Mono"],
    )
    math_font: str = Field(
        "TeX Gyre Pagella Math",
        min_length=1,
        description="The OpenType face of mathematics, by its family name.",
        examples=["TeX Gyre Pagella Math"],
    )
    fontsize: str = Field(
        "10.5pt",
        pattern=r"^\d+(\.\d+)?pt$",
        description="The size of the text in points, 6pt to 24pt.",
        examples=["11pt"],
    )
    line_stretch: float = Field(
        1.08,
        gt=0.8,
        lt=3,
        description="The distance of the lines, as a factor of the face's own.",
        examples=[1.1],
    )
    opening: Literal["recto", "any"] = Field(
        "recto",
        description="Where a chapter begins: on a right-hand page, or on any.",
        examples=["any"],
    )
    standard: Literal["ua-2", "ua-1", "none"] = Field(
        "ua-2",
        description="The standard of the published PDF's tags: PDF/UA-2 with PDF/A-4f, or PDF/UA-1; none: no tags. TeX Live 2025 or newer can.",
        examples=["ua-1"],
    )
    links: Literal["print", "screen"] = Field(
        "screen",
        description="Links are coloured for the screen, black for print.",
        examples=["print"],
    )
    inner_margin: Length | None = Field(
        None,
        description="The margin at the spine. Absent: it grows with the page count.",
        examples=["0.75in"],
    )
    outer_margin: Length | None = Field(
        None,
        description="The margin at the outer edge. Absent: it follows from the trim.",
        examples=["18mm"],
    )
    top_margin: Length | None = Field(
        None,
        description="The margin above the text. Absent: it follows from the trim.",
        examples=["18mm"],
    )
    bottom_margin: Length | None = Field(
        None,
        description="The margin below the text. Absent: it follows from the trim.",
        examples=["22mm"],
    )

    @field_validator("trim")
    @classmethod
    def _trim(cls, value: str) -> str:
        trim_size(value)
        return value

    @field_validator("fontsize")
    @classmethod
    def _fontsize(cls, value: str) -> str:
        if not 6 <= float(value.removesuffix("pt")) <= 24:
            raise ValueError("must lie between 6pt and 24pt")
        return value


def inches(length: str) -> float:
    """Give one of book.yaml's lengths ("6in", "148mm") in inches."""
    unit = length.lstrip("0123456789.")
    return float(length.removesuffix(unit)) * POINTS[unit] / POINTS["in"]


def trim_size(trim: str) -> tuple[str, str]:
    """Give a trim's width and height as TeX lengths.

    Raises:
        ValueError: the trim is neither a known name nor WIDTHxHEIGHT, or no
            page that can be held (2 to 30 inches a side).
    """
    if trim.lower() in TRIMS:
        return TRIMS[trim.lower()]
    match = re.fullmatch(
        r"([0-9]+(?:\.[0-9]+)?)\s*(mm|cm|in|pt)?\s*[x×]\s*([0-9]+(?:\.[0-9]+)?)\s*(mm|cm|in|pt)",
        trim,
    )
    if match is None:
        raise ValueError(f"must be one of {', '.join(TRIMS)}, or WIDTHxHEIGHT")
    width, unit, height, last = match.groups()
    sides = (float(width) * POINTS[unit or last], float(height) * POINTS[last])
    if not all(2 * POINTS["in"] <= side <= 30 * POINTS["in"] for side in sides):
        raise ValueError("must be a page of 2 to 30 inches (50 to 762 mm) a side")
    return f"{width}{unit or last}", f"{height}{last}"


class EpubSettings(Section):
    """How the EPUB looks."""

    cover: str | None = Field(
        None,
        min_length=1,
        description="A cover image. Absent: one is made from book.yaml.",
        examples=["cover.jpg"],
    )
    css: str | None = Field(
        None,
        min_length=1,
        description="A stylesheet added after Geppetto's own.",
        examples=["epub.css"],
    )


class CoverSettings(Section):
    """What stands on the cover."""

    design: Literal["strings", "field", "plate"] = Field(
        "strings",
        description="The drawing of the front: strings that hang, a field of colour, a plate for the title.",
        examples=["plate"],
    )
    image: str | None = Field(
        None,
        min_length=1,
        description="The author's own picture for the front of the printed cover, bleed included. Absent: that of epub: cover, else the design.",
        examples=["cover-front.jpg"],
    )
    blurb: str | None = Field(
        None,
        min_length=1,
        description="The words on the back. Absent: the book's description.",
        examples=["How puppets came to life."],
    )


class PrintSettings(Section):
    """How the book is printed: what the print files and the cover's spine follow from."""

    paper: Literal["white", "cream"] = Field(
        "cream", description="The colour of the paper.", examples=["white"]
    )
    ink: Literal["black", "standard-color", "premium-color"] = Field(
        "black", description="What the pages are printed with.", examples=["premium-color"]
    )
    caliper: Length | None = Field(
        None,
        description="How thick a page is (half a leaf), where the printer gives no number: by it the spine is as wide as its template says.",
        examples=["0.0025in"],
    )
    pdfx: Literal["x-1a", "x-4"] = Field(
        "x-1a",
        description="The standard of IngramSpark's files: PDF/X-1a:2001, or PDF/X-4.",
        examples=["x-4"],
    )

    @property
    def stock(self) -> str:
        """By which printers tell how thick a page is: the paper, or for colour the ink."""
        return self.paper if self.ink == "black" else self.ink

    @property
    def thickness(self) -> float | None:
        """The author's own number for that, in inches."""
        return None if self.caliper is None else inches(self.caliper)


class PublishSettings(Section):
    """To whom the book is published."""

    stores: Annotated[
        list[Literal["kdp", "apple", "kobo", "google", "ingram"]],
        BeforeValidator(as_list),
    ] = Field(
        [],
        description="The stores that the book is made ready for. Absent: what every store takes.",
        examples=[["kdp", "kobo"]],
    )
    sender: Text | None = Field(
        None,
        description="Who sends the ONIX record. Absent: the publisher, else the first author.",
        examples=["The Little Press"],
    )
    contact: str | None = Field(
        None, description="The sender's address for questions.", examples=["ann@example.org"]
    )
    thema: Strings = Field(
        [], description="What the book is about: codes of Thema.", examples=[["QDTM", "UYQ"]]
    )
    bisac: Strings = Field(
        [], description="What the book is about: codes of BISAC.", examples=[["COM004000"]]
    )
    territories: Strings = Field(
        [],
        description="Where the book may be sold: WORLD, or countries by ISO 3166.",
        examples=[["WORLD"]],
    )
    prices: dict[
        Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[float, Field(gt=0, lt=100_000)]
    ] = Field(
        {},
        description="What the e-book costs, taxes included, by currency (ISO 4217).",
        examples=[{"EUR": 9.99}],
    )

    @field_validator("contact")
    @classmethod
    def _contact(cls, value: str | None) -> str | None:
        if value is not None:
            mailbox(value)
        return value


class AccessibilitySettings(Section):
    """What the book says of its own accessibility, beside what is computed."""

    certified_by: Text | None = Field(
        None,
        description="Who vouches that the EPUB conforms to EPUB Accessibility 1.1, WCAG 2.2 AA. Absent: the publisher, else the first author.",
        examples=["The Little Press"],
    )
    exemption: (
        Literal["eaa-microenterprise", "eaa-disproportionate-burden", "eaa-fundamental-alteration"]
        | None
    ) = Field(
        None,
        description="By which exemption of the European Accessibility Act the book need not conform.",
        examples=["eaa-microenterprise"],
    )
    summary: Text | None = Field(
        None,
        description="What readers should know of the book's accessibility. Absent: what is computed.",
        examples=["All images are described."],
    )


class SmtpSettings(Section):
    """The server that mails drafts. The password is never written here."""

    host: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$",
        description="The name of the server that takes mail from you.",
        examples=["smtp.example.org"],
    )
    port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="The server's port. Absent: 465 for tls, 587 for starttls, 25 for none.",
        examples=[465],
    )
    security: Literal["tls", "starttls", "none"] = Field(
        "tls",
        description="How the connection is kept secret: from its beginning, after a greeting, or not at all.",
        examples=["starttls"],
    )
    user: Text | None = Field(
        None,
        description="The name to log in with. Absent: nobody logs in. The password comes from GEPPETTO_SMTP_PASSWORD or the system's keyring.",
        examples=["ann@example.org"],
    )


class ReviewSettings(Section):
    """How drafts go out to reviewers."""

    reviewers: Text = Field(
        "reviewers.yaml",
        description="The list of reviewers: a path from book.yaml.",
        examples=["reviewers.yaml"],
    )
    sender: str | None = Field(
        None,
        alias="from",
        description="Who sends the drafts: a name with an address, or an address.",
        examples=["Ann Author <ann@example.org>"],
    )
    limit: str = Field(
        "20MB",
        description="How large a message may be, as it is sent: in kB or MB.",
        examples=["10MB"],
    )
    smtp: SmtpSettings = Field(
        default_factory=SmtpSettings,
        description="The server that mails drafts with geppetto send --smtp.",
        examples=[{"host": "smtp.example.org"}],
    )

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is not None:
            mailbox(value)
        return value

    @field_validator("limit")
    @classmethod
    def _limit(cls, value: str) -> str:
        octets(value)
        return value


Chapters = Annotated[
    list[
        Annotated[
            Annotated[Text, Tag("<file>")] | Annotated[PartList, Tag("<part>")],
            Discriminator(_chapter_kind),
        ]
    ],
    BeforeValidator(as_list, json_schema_input_type=str | list[str | PartList]),
]


class Settings(Section):
    """The whole of book.yaml. Only the title is required."""

    title: str = Field(min_length=1, description="The book's title.", examples=["A Real Boy"])
    subtitle: str | None = Field(
        None, description="The subtitle, without a colon before it.", examples=["A History"]
    )
    author: Authors = Field(
        [],
        description="A name, or a list of names and of mappings with name, role and orcid.",
        examples=[["Mary Shelley"]],
    )
    lang: str = Field(
        "en",
        pattern=LANGUAGE,
        description="The book's language: a BCP 47 tag.",
        examples=["en-GB"],
    )
    date: Annotated[
        datetime.date | None,
        BeforeValidator(_as_date, json_schema_input_type=datetime.date | None),
    ] = Field(
        None,
        description="The day of publication. Absent: the day of the newest commit, else none.",
        examples=["2026-11-23"],
    )
    identifier: Identifier = Field(
        default_factory=Identifier,
        description="The book's identifiers: isbn-13, isbn-epub, doi, uuid.",
        examples=[{"isbn-13": "978-3-16-148410-0"}],
    )
    publisher: str | None = Field(
        None, description="The publisher's name.", examples=["The Little Press"]
    )
    rights: str | None = Field(
        None, description="The copyright line.", examples=["© 2026 Mary Shelley"]
    )
    description: str | None = Field(
        None,
        description="What the book is about, in a paragraph: for metadata and shops.",
        examples=["How puppets came to life."],
    )
    subject: Strings = Field(
        [], description="What the book is about: subject headings.", examples=[["Philosophy"]]
    )
    keywords: Strings = Field(
        [], description="Words by which a reader may search.", examples=[["puppets"]]
    )

    bibliography: Strings | None = Field(
        None,
        description="The .bib file, or a list of them. Absent: every .bib file beside book.yaml.",
        examples=["references.bib"],
    )
    csl: str | None = Field(
        None,
        min_length=1,
        description="The citation style: the path of a .csl file, or a style's name with the extra 'styles'. Absent: Pandoc's own, Chicago author-date.",
        examples=["chicago-author-date"],
    )
    link_citations: bool = Field(
        True, description="Whether citations link to the bibliography.", examples=[False]
    )
    nocite: Strings = Field(
        [],
        description="Keys that stand in the bibliography without being cited. '@*' is all of them.",
        examples=[["@shelley1818"]],
    )
    bibliography_per: Literal["book", "chapter"] = Field(
        "book",
        description="One bibliography for the book, or one at the end of each chapter.",
        examples=["chapter"],
    )
    bibliography_title: str | None = Field(
        None,
        min_length=1,
        description="The bibliography's heading. Absent: 'Bibliography' in the book's language.",
        examples=["Works Cited"],
    )

    chapters: Chapters | None = Field(
        None,
        description="The chapters in order: paths from book.yaml, and parts with their own chapters. Absent: chapters/*.md in natural order.",
        examples=[["chapters/01-the-dream.md"]],
    )
    frontmatter: Strings = Field(
        [],
        description="Unnumbered chapters before the first: paths from book.yaml.",
        examples=[["chapters/preface.md"]],
    )
    appendices: Strings = Field(
        [],
        description="Chapters lettered A, B … after the last: paths from book.yaml.",
        examples=[["chapters/a-method.md"]],
    )
    number_chapters: bool = Field(
        True, description="Whether chapters carry numbers.", examples=[False]
    )
    number_sections: bool = Field(
        False, description="Whether sections carry numbers.", examples=[True]
    )
    toc_depth: int = Field(
        2,
        ge=1,
        le=6,
        description="How deep the contents go. 1: chapters; 2: sections too.",
        examples=[1],
    )

    trust: Literal["author", "none"] = Field(
        "author",
        description="Whose text it is. none: a stranger's; raw LaTeX and HTML are refused.",
        examples=["none"],
    )
    errors: Literal["stop", "mark"] = Field(
        "stop",
        description="What a fault in the text does: stop the build, or be marked in its place.",
        examples=["mark"],
    )
    checks: dict[str, Literal["off", "note", "warning", "error"]] = Field(
        {},
        description="How grave a finding of geppetto check is, by its code; off: not looked for.",
        examples=[{"bib-unused": "off"}],
    )
    pdf: PdfSettings = Field(
        default_factory=PdfSettings,
        description="How the printed page looks: its size, faces and margins.",
        examples=[{"trim": "6x9in"}],
    )
    epub: EpubSettings = Field(
        default_factory=EpubSettings,
        description="How the EPUB looks: its cover and stylesheet.",
        examples=[{"cover": "cover.jpg"}],
    )
    accessibility: AccessibilitySettings = Field(
        default_factory=AccessibilitySettings,
        description="What the book says of its own accessibility.",
        examples=[{"certified-by": "The Little Press"}],
    )
    cover: CoverSettings = Field(
        default_factory=CoverSettings,
        description="How the cover looks, of the EPUB and of the printed book.",
        examples=[{"design": "plate"}],
    )
    print: PrintSettings = Field(
        default_factory=PrintSettings,
        description="How the book is printed: its paper, its ink, the printer's standard.",
        examples=[{"paper": "white"}],
    )
    publish: PublishSettings = Field(
        default_factory=PublishSettings,
        description="Where the book goes, and what shops are told of it.",
        examples=[{"stores": ["kdp", "kobo"]}],
    )
    review: ReviewSettings = Field(
        default_factory=ReviewSettings,
        description="How drafts go out to reviewers: who they are, who sends, by which server.",
        examples=[{"from": "Ann Author <ann@example.org>"}],
    )
