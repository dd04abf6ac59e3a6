"""DOIs, ISBNs, ISSNs, arXiv's identifiers, addresses and dates of the bibliography."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from geppetto.checks.manuscript import Manuscript, field_place
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Reference

_ESCAPED = re.compile(r"\\([_%&#$~{}^-])|\\url\b|[{}]")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# DOI Handbook, section 2.2: a directory code 10, a registrant code, any printable suffix.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S*[^\s.,;]")
# arXiv, "Understanding the arXiv identifier": YYMM.number since 2007-04, of five figures since
# 2015-01, archive/YYMMNNN before.
_ARXIV_NEW = re.compile(
    r"(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4])(?:0[1-9]|1[0-2]))\.\d{4}(?:v\d+)?"
    r"|(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.\d{5}(?:v\d+)?"
)
_ARXIV_OLD = re.compile(r"[a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}(?:v\d+)?")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}|localhost|\d+(?:\.\d+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+")
SCHEMES = frozenset({"http", "https", "ftp"})
DATES = ("date", "origdate", "eventdate", "urldate")
# EDTF (ISO 8601-2, level 1), as BibLaTeX reads it: seasons are months 21 to 24, X a figure unknown.
_DATE = re.compile(
    r"(?P<year>-?\d{4}|\d{3}X|\d{2}XX|Y-?\d{5,})"
    r"(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX)(?:T[\d:]+(?:Z|[+-][\d:]+)?)?)?)?[?~%]?"
)
_YEAR = re.compile(r"(?<!\d)-?\d{3,4}(?!\d)")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
SEASONS = range(21, 25)
NAMED_SEASONS = frozenset({"spring", "summer", "autumn", "fall", "winter"})


def numbers(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find DOIs, ISBNs, ISSNs and arXiv's identifiers that cannot be right."""
    for reference in manuscript.references:
        for name, value in reference.fields.items():
            fault = _FAULTS.get(name.lower(), _no_fault)(plain(value), reference)
            if fault:
                yield _found("bib-identifier", reference, name, fault)


def _found(code: str, reference: Reference, name: str, fault: tuple[str, str]) -> Diagnostic:
    says, hint = fault
    return Diagnostic(code, f"@{reference.key}: {says}", field_place(reference, name), hint)


def plain(value: str) -> str:
    """Give a field's value without braces and escapes."""
    return _ESCAPED.sub(lambda m: m[1] or "", value).strip()


Fault = tuple[str, str] | None


def _no_fault(_: str, __: Reference) -> Fault:
    return None


def _doi(value: str, _: Reference) -> Fault:
    bare = _DOI_PREFIX.sub("", value)
    if _DOI.fullmatch(bare):
        return None
    return f"{value} is no DOI.", "A DOI begins with 10., a number and a slash: 10.1038/35057062."


def _isbn(value: str, _: Reference) -> Fault:
    numbers = [one for one in re.split(r"[,;\s]+", value) if re.search(r"\d", one)]
    wrong = [one for one in numbers if not is_isbn(one)] or ([] if numbers else [value])
    if not wrong or _spaced_isbn(value):
        return None
    return (
        f"{wrong[0]} is no ISBN: its check digit or its length is wrong.",
        "Compare it with the book.",
    )


def _spaced_isbn(value: str) -> bool:
    return is_isbn(re.sub(r"\s", "", value))


def is_isbn(value: str) -> bool:
    """Tell whether a text is an ISBN of 10 or 13 figures with the right check digit (ISO 2108)."""
    figures = re.sub(r"[-\u2010-\u2015]|^ISBN(?:-1[03])?:?", "", value, flags=re.IGNORECASE)
    if re.fullmatch(r"\d{9}[\dXx]", figures):
        return (
            sum((10 - i) * (10 if c in "Xx" else int(c)) for i, c in enumerate(figures)) % 11 == 0
        )
    if re.fullmatch(r"97[89]\d{10}", figures):
        return sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(figures)) % 10 == 0
    return False


def _issn(value: str, _: Reference) -> Fault:
    wrong = [one for one in re.split(r"[,;\s]+", value) if one and not is_issn(one)]
    if not wrong:
        return None
    return (
        f"{wrong[0]} is no ISSN: its check digit or its length is wrong.",
        "Compare it with the source.",
    )


def is_issn(value: str) -> bool:
    """Tell whether a text is an ISSN with the right check digit (ISO 3297)."""
    figures = re.sub(r"[-\u2010-\u2015]", "", value)
    if not re.fullmatch(r"\d{7}[\dXx]", figures):
        return False
    return sum((8 - i) * (10 if c in "Xx" else int(c)) for i, c in enumerate(figures)) % 11 == 0


def _eprint(value: str, reference: Reference) -> Fault:
    kinds = ("archiveprefix", "eprinttype")
    named = [v for n, v in reference.fields.items() if n.lower() in kinds]
    if not any(plain(one).lower() == "arxiv" for one in named):
        return None
    return _arxiv(value, reference)


def _arxiv(value: str, _: Reference) -> Fault:
    bare = re.sub(r"^(?:https?://arxiv\.org/abs/|arxiv:)", "", value, flags=re.IGNORECASE)
    if _ARXIV_NEW.fullmatch(bare) or _ARXIV_OLD.fullmatch(bare):
        return None
    return (
        f"{value} is no identifier of arXiv's.",
        "It reads 2412.14093, or hep-th/9901001 before 2007.",
    )


_FAULTS: dict[str, Callable[[str, Reference], Fault]] = {
    "doi": _doi,
    "isbn": _isbn,
    "issn": _issn,
    "eprint": _eprint,
    "arxivid": _arxiv,
}


def addresses(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find addresses that lead nowhere as they are written."""
    for reference in manuscript.references:
        for name, value in reference.fields.items():
            if name.lower() == "url" and not is_address(plain(value)):
                fault = f"{plain(value)} is no address.", "It reads https://example.org/page."
                yield _found("bib-url", reference, name, fault)


def is_address(value: str) -> bool:
    """Tell whether a text is the whole address of something on the web (RFC 3986)."""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        return (
            parts.scheme in SCHEMES and not re.search(r"\s", value) and bool(_HOST.fullmatch(host))
        )
    except ValueError:
        return False


def dates(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find dates that are none, years without a figure in its place, months that do not exist."""
    for reference in manuscript.references:
        for name, value in reference.fields.items():
            written = plain(value)
            if name.lower() in DATES and not is_date(written):
                fault = f"{written} is no date.", "It reads 1818, 1818-01, 1818-01-11 or 1818/1831."
                yield _found("bib-date", reference, name, fault)
            elif name.lower() == "year" and re.search(r"\d", written) and not _is_year(written):
                fault = f"{written} is no year.", "It reads 1818."
                yield _found("bib-date", reference, name, fault)
            elif name.lower() == "month" and not _is_month(written):
                yield _found(
                    "bib-date", reference, name, (f"{written} is no month.", "It reads jan or 1.")
                )


def is_date(value: str) -> bool:
    """Tell whether a text is a date or a range of two, either of them open."""
    ends = value.split("/")
    if len(ends) > 2 or not any(end not in {"", ".."} for end in ends):
        return False
    return all(end in {"", ".."} or _is_day(end) for end in ends)


def _is_day(value: str) -> bool:
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    year, month, day = match["year"], match["month"], match["day"]
    if month in {None, "XX"}:
        return True
    number = int(month)
    if day in {None, "XX"}:
        return 1 <= number <= 12 or number in SEASONS
    if not 1 <= number <= 12:
        return False
    whole = abs(int(year)) if re.fullmatch(r"-?\d{4}", year) else 2000
    longest = calendar.monthrange(whole if 1 <= whole <= 9999 else 2000, number)[1]
    return 1 <= int(day) <= longest


def _is_year(value: str) -> bool:
    return bool(_YEAR.search(value)) or is_date(value)


def _is_month(value: str) -> bool:
    if value.isdecimal():
        return 1 <= int(value) <= 12
    name = value.lower()
    return name[:3] in MONTHS or name in NAMED_SEASONS or not re.fullmatch(r"[a-zA-Z]+", value)
