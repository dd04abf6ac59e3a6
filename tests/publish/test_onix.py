"""The record for shops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto.model.settings import Settings
from geppetto.publish import onix
from geppetto.publish.languages import THREE, three_letters
from geppetto.publish.opf import Package

EPUB = Package(
    (),
    {
        "schema:accessibilityFeature": ("tableOfContents", "MathML", "ofNoList"),
        "schema:accessibilitySummary": ("All images are described.",),
        "schema:accessModeSufficient": ("textual", "textual,visual"),
        "dcterms:conformsTo": ("EPUB Accessibility 1.1 - WCAG 2.2 Level AA",),
    },
)
WHOLE = {
    "title": "Pinocchio & Co. <1>",
    "subtitle": "A history",
    "author": ["Ann", {"name": "Bo", "role": "translator", "orcid": "0000-0002-1825-0097"}],
    "lang": "en-GB",
    "date": "2026-11-23",
    "publisher": "The Little Press",
    "description": "What it is about.",
    "keywords": ["puppets"],
    "identifier": {"isbn-13": "978-3-16-148410-0", "isbn-epub": "978-0-306-40615-7"},
    "publish": {
        "thema": ["QDTM"],
        "bisac": ["COM004000"],
        "territories": ["WORLD"],
        "prices": {"GBP": 8, "EUR": 9.99},
        "contact": "Ann <ann@example.org>",
    },
    "accessibility": {"exemption": "eaa-microenterprise"},
}


def made(settings, pages=222):
    told = onix.Told(1_700_000_000, "urn:isbn:9780306406157", EPUB, 12345, pages)
    return onix.record(Settings.model_validate(settings), told)


def valid(data, tmp_path):
    file = tmp_path / "record.xml"
    file.write_bytes(data)
    return onix.check(file)


def texts(data, name):
    return [e.text for e in etree.fromstring(data).iter(f"{{{onix.NAMESPACE}}}{name}")]


def test_the_record_says_what_book_yaml_says(tmp_path):
    """Two products, the e-book and the printed book, each with what is its own."""
    data = made(WHOLE)
    assert valid(data, tmp_path) == []
    assert texts(data, "ProductForm") == ["EA", "BC"]
    assert texts(data, "RecordReference") == ["urn:isbn:9780306406157", "urn:isbn:9783161484100"]
    assert texts(data, "TitleText") == ["Pinocchio & Co. <1>"] * 2
    assert texts(data, "ContributorRole") == ["A01", "B06"] * 2
    assert texts(data, "LanguageCode") == ["eng", "eng"]
    assert texts(data, "EmailAddress") == ["ann@example.org"]
    assert texts(data, "SentDateTime") == ["20231114T221320Z"]
    assert texts(data, "ProductRelationCode") == ["13", "27"]
    assert list(zip(texts(data, "PriceAmount"), texts(data, "CurrencyCode"), strict=True)) == [
        ("9.99", "EUR"), ("8.00", "GBP"),
    ]  # fmt: skip


def test_what_it_says_of_accessibility_is_what_the_epub_says():
    """Codes of list 196; what the list does not know is left out."""
    codes = texts(made(WHOLE), "ProductFormFeatureValue")
    assert codes == ["00", "75", "04", "82", "85", "10", "11", "17", "52"]
    assert texts(made({"title": "T"}), "ProductFormFeatureDescription") == [
        "All images are described."
    ]


def test_a_book_of_which_little_is_known_has_a_record_too(tmp_path):
    data = made({"title": "T", "lang": "xx"}, pages=None)
    assert valid(data, tmp_path) == []
    assert texts(data, "ProductForm") == ["EA"]
    assert texts(data, "LanguageCode") == ["und"]
    assert texts(data, "PublisherName") == ["T"]


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ({"prices": {"XYZ": 1}}, "CurrencyCode"),
        ({"territories": ["Atlantis"]}, "CountriesIncluded"),
    ],
)
def test_what_no_shop_would_take_is_said(own, word, tmp_path):
    found = valid(
        made({"title": "T", "publish": {**own, "prices": own.get("prices", {})}}), tmp_path
    )
    assert {d.code for d in found} == {"onix-invalid"}
    assert any(word in d.message for d in found)


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_any_words_make_well_formed_xml(title, words):
    settings = Settings.model_construct(
        **{**Settings(title="T").__dict__, "title": title, "description": words}
    )
    told = onix.Told(0, "urn:uuid:1", EPUB, 1)
    root = etree.fromstring(onix.record(settings, told))
    assert root.tag.endswith("ONIXMessage")


def test_languages_are_those_of_onix(tmp_path):
    """Each code is one of the schema's own list."""
    assert len(set(THREE.values())) == len(THREE)
    assert three_letters("pt-BR") == "por"
    assert three_letters("grc") == "grc"
    root = etree.fromstring(made({"title": "T"}))
    language = root.find(f".//{{{onix.NAMESPACE}}}Language")
    detail = language.getparent()
    for code in sorted(THREE.values()):
        more = etree.SubElement(detail, language.tag)
        detail.insert(detail.index(language) + 1, more)
        for child, text in (("LanguageRole", "02"), ("LanguageCode", code)):
            etree.SubElement(more, f"{{{onix.NAMESPACE}}}{child}").text = text
    assert valid(etree.tostring(root), tmp_path) == []
