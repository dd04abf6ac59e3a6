"""The book's ONIX 3.1 record, from which shops take what they say of it.

Reference names; codes of EDItEUR's lists (issue 74), the number of the list
beside each. What the e-book says of its accessibility is read from the EPUB.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from geppetto.diagnostics import Diagnostic
from geppetto.model.mailboxes import mailbox
from geppetto.model.settings import Contributor, Settings
from geppetto.publish.languages import three_letters
from geppetto.publish.opf import Package

NAMESPACE = "http://ns.editeur.org/onix/3.1/reference"
ROLES = {  # list 17
    "author": "A01",
    "editor": "B01",
    "translator": "B06",
    "illustrator": "A12",
    "contributor": "Z99",
}
EXEMPTIONS = {  # list 196
    "eaa-microenterprise": "75",
    "eaa-disproportionate-burden": "76",
    "eaa-fundamental-alteration": "77",
}
FEATURES = {  # list 196, by Schema.org's accessibilityFeature
    "tableOfContents": "11",
    "readingOrder": "13",
    "alternativeText": "14",
    "MathML": "17",
    "structuralNavigation": "29",
    "ARIA": "30",
    "displayTransformability": "36",
    "pageNavigation": "41",
    "pageBreakMarkers": "19",
    "describedMath": "53",
}
CONFORMS = re.compile(r"EPUB Accessibility 1\.1 - WCAG (2\.\d) Level (A{1,3})")
WCAG = {"2.0": "80", "2.1": "81", "2.2": "82"}  # list 196
LEVELS = {"A": "84", "AA": "85", "AAA": "86"}  # list 196
NOT_DIGITS = re.compile(r"[^0-9X]")


@dataclass(frozen=True)
class Told:
    """What a record tells beside the settings.

    `epoch` is the moment of the record; `identifier` the e-book's own, a URN;
    `size` of the EPUB in bytes; `pages` of the printed book, None where none is made.
    """

    epoch: int
    identifier: str
    package: Package
    size: int
    pages: int | None = None


def record(settings: Settings, told: Told) -> bytes:
    """Make the message: the e-book, and the printed book if it has an ISBN and pages."""
    names: Any = {
        None: NAMESPACE
    }  # the default namespace has no prefix, for which the stubs have no type
    root = etree.Element(f"{{{NAMESPACE}}}ONIXMessage", {"release": "3.1"}, nsmap=names)
    moment = datetime.datetime.fromtimestamp(told.epoch, datetime.UTC)
    header = _add(root, "Header")
    sender = _add(header, "Sender")
    _add(sender, "SenderName", sender_of(settings))
    if settings.publish.contact:
        _add(sender, "EmailAddress", mailbox(settings.publish.contact).address)
    _add(header, "SentDateTime", moment.strftime("%Y%m%dT%H%M%SZ"))
    printed = settings.identifier.isbn_13 if told.pages else None
    _ebook(root, settings, told, printed)
    if printed is not None and told.pages:
        _print(root, settings, told, _isbn(printed))
    etree.indent(root)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made + b"\n"


def checkable() -> bool:
    """Tell whether onixcheck is there, an extra of Geppetto's."""
    return importlib.util.find_spec("onixcheck") is not None


def checker() -> str:
    """Give onixcheck's version."""
    return importlib.metadata.version("onixcheck")


def check(file: Path) -> list[Diagnostic]:
    """Give what the schemas of ONIX, which onixcheck carries, say of a record."""
    import onixcheck  # noqa: PLC0415 - an extra

    found = onixcheck.validate(str(file), ("xsd",)) or onixcheck.validate(str(file), ("rng",))
    said = {one.message.strip() for one in found}
    hint = "Look at 'publish' and 'identifier' in book.yaml; if they are right, the fault is Geppetto's."
    return [
        Diagnostic("onix-invalid", f"The ONIX record is not valid: {words}", hint=hint)
        for words in sorted(said)
    ]


def sender_of(settings: Settings) -> str:
    """Give who sends the record: who is named, else the publisher, else the first author."""
    first = settings.author[0].name if settings.author else settings.title
    return settings.publish.sender or settings.publisher or first


def _ebook(root: etree._Element, settings: Settings, told: Told, printed: str | None) -> None:
    isbn = settings.identifier.isbn_epub
    product = _product(root, told.identifier, None if isbn is None else _isbn(isbn))
    detail = _add(product, "DescriptiveDetail")
    _add(detail, "ProductComposition", "00")
    _add(detail, "ProductForm", "EA")
    _add(detail, "ProductFormDetail", "E101")
    for value, words in _accessibility(settings, told.package):
        feature = _add(detail, "ProductFormFeature")
        _add(feature, "ProductFormFeatureType", "09")
        _add(feature, "ProductFormFeatureValue", value)
        if words:
            _add(feature, "ProductFormFeatureDescription", words)
    _add(detail, "EpubTechnicalProtection", "00")
    _described(detail, settings)
    if told.pages:
        _extent(detail, "08", told.pages, "03")
    _extent(detail, "22", told.size, "17")
    _subjects(detail, settings)
    _around(product, settings)
    if printed is not None:
        _related(product, "13", _isbn(printed))
    _supply(product, settings)


def _print(root: etree._Element, settings: Settings, told: Told, isbn: str) -> None:
    product = _product(root, f"urn:isbn:{isbn}", isbn)
    detail = _add(product, "DescriptiveDetail")
    _add(detail, "ProductComposition", "00")
    _add(detail, "ProductForm", "BC")
    _described(detail, settings)
    _extent(detail, "00", told.pages or 0, "03")
    _subjects(detail, settings)
    _around(product, settings)
    if settings.identifier.isbn_epub:
        _related(product, "27", _isbn(settings.identifier.isbn_epub))


def _product(root: etree._Element, reference: str, isbn: str | None) -> etree._Element:
    product = _add(root, "Product")
    _add(product, "RecordReference", reference)
    _add(product, "NotificationType", "03")
    identifier = _add(product, "ProductIdentifier")
    if isbn is not None:
        _add(identifier, "ProductIDType", "15")
        _add(identifier, "IDValue", isbn)
    else:
        _add(identifier, "ProductIDType", "22")
        _add(identifier, "IDValue", reference)
    return product


def _described(detail: etree._Element, settings: Settings) -> None:
    title = _add(detail, "TitleDetail")
    _add(title, "TitleType", "01")
    element = _add(title, "TitleElement")
    _add(element, "TitleElementLevel", "01")
    _add(element, "TitleText", settings.title)
    if settings.subtitle:
        _add(element, "Subtitle", settings.subtitle)
    for number, person in enumerate(settings.author, 1):
        _contributor(detail, person, number)
    if not settings.author:
        _add(detail, "NoContributor")
    language = _add(detail, "Language")
    _add(language, "LanguageRole", "01")
    _add(language, "LanguageCode", three_letters(settings.lang))


def _contributor(detail: etree._Element, person: Contributor, number: int) -> None:
    made = _add(detail, "Contributor")
    _add(made, "SequenceNumber", str(number))
    _add(made, "ContributorRole", ROLES[person.role])
    if person.orcid:
        identifier = _add(made, "NameIdentifier")
        _add(identifier, "NameIDType", "21")
        _add(identifier, "IDValue", person.orcid.replace("-", ""))
    _add(made, "PersonName", person.name)


def _accessibility(settings: Settings, package: Package) -> Iterator[tuple[str, str]]:
    """Give the codes of list 196 that hold, with words where one has them."""
    for summary in package.values("schema:accessibilitySummary")[:1]:
        yield "00", summary
    exemption = settings.accessibility.exemption
    if exemption is not None:
        yield EXEMPTIONS[exemption], ""
    for match in filter(None, map(CONFORMS.search, package.values("dcterms:conformsTo"))):
        yield from (("04", ""), (WCAG[match[1]], ""), (LEVELS[match[2]], ""))
    yield "10", ""
    features = package.values("schema:accessibilityFeature")
    yield from sorted((FEATURES[name], "") for name in features if name in FEATURES)
    if "textual" in package.values("schema:accessModeSufficient"):
        yield "52", ""


def _extent(detail: etree._Element, kind: str, value: int, unit: str) -> None:
    extent = _add(detail, "Extent")
    _add(extent, "ExtentType", kind)
    _add(extent, "ExtentValue", str(value))
    _add(extent, "ExtentUnit", unit)


def _subjects(detail: etree._Element, settings: Settings) -> None:
    own = settings.publish
    for number, (scheme, code) in enumerate(
        [*(("93", code) for code in own.thema), *(("10", code) for code in own.bisac)]
    ):
        subject = _add(detail, "Subject")
        if number == 0:
            _add(subject, "MainSubject")
        _add(subject, "SubjectSchemeIdentifier", scheme)
        _add(subject, "SubjectCode", code)
    words = list(dict.fromkeys([*settings.keywords, *settings.subject]))
    if words:
        subject = _add(detail, "Subject")
        _add(subject, "SubjectSchemeIdentifier", "20")
        _add(subject, "SubjectHeadingText", "; ".join(words))


def _around(product: etree._Element, settings: Settings) -> None:
    """Add the description, the publisher and the day."""
    if settings.description:
        content = _add(_add(product, "CollateralDetail"), "TextContent")
        _add(content, "TextType", "03")
        _add(content, "ContentAudience", "00")
        _add(content, "Text", settings.description)
    detail = _add(product, "PublishingDetail")
    publisher = _add(detail, "Publisher")
    _add(publisher, "PublishingRole", "01")
    _add(publisher, "PublisherName", settings.publisher or sender_of(settings))
    _add(detail, "PublishingStatus", "04")
    if settings.date:
        date = _add(detail, "PublishingDate")
        _add(date, "PublishingDateRole", "01")
        _add(date, "Date", settings.date.strftime("%Y%m%d"))
    territories = settings.publish.territories
    if territories:
        rights = _add(detail, "SalesRights")
        _add(rights, "SalesRightsType", "01")
        territory = _add(rights, "Territory")
        kind = "RegionsIncluded" if "WORLD" in territories else "CountriesIncluded"
        _add(territory, kind, "WORLD" if "WORLD" in territories else " ".join(territories))


def _related(product: etree._Element, relation: str, isbn: str) -> None:
    related = _add(_add(product, "RelatedMaterial"), "RelatedProduct")
    _add(related, "ProductRelationCode", relation)
    identifier = _add(related, "ProductIdentifier")
    _add(identifier, "ProductIDType", "15")
    _add(identifier, "IDValue", isbn)


def _supply(product: etree._Element, settings: Settings) -> None:
    if not settings.publish.prices:
        return
    detail = _add(_add(product, "ProductSupply"), "SupplyDetail")
    supplier = _add(detail, "Supplier")
    _add(supplier, "SupplierRole", "09")
    _add(supplier, "SupplierName", settings.publisher or sender_of(settings))
    _add(detail, "ProductAvailability", "20")
    for currency, amount in sorted(settings.publish.prices.items()):
        price = _add(detail, "Price")
        _add(price, "PriceType", "02")
        _add(price, "PriceAmount", f"{amount:.2f}")
        _add(price, "CurrencyCode", currency)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = None if text is None else _plain(text)
    return child


def _plain(text: str) -> str:
    """Give text without what XML 1.0 cannot hold, in one line."""
    kept: Sequence[str] = [c for c in text if c.isprintable() or c.isspace()]
    return " ".join("".join(kept).split())


def _isbn(value: str) -> str:
    return NOT_DIGITS.sub("", value)
