"""What stores want to know of a book, and book.yaml does not say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.settings import Settings
from geppetto.stores import Store


def lacking(settings: Settings, stores: Iterable[Store]) -> list[Diagnostic]:
    """Say what is missing, each key once, with the stores that want it."""
    wanted: dict[str, list[str]] = {}
    for store in stores:
        for key in store.needs:
            if not any(_value(settings, one) for one in key.split("|")):
                wanted.setdefault(key, []).append(store.name)
    return [_fault(key, names) for key, names in wanted.items()]


def _value(settings: Settings, key: str) -> Any:
    """Give the value of a key as book.yaml spells it, `publish.thema`."""
    value: Any = settings.model_dump(by_alias=True)
    for name in key.split("."):
        value = (value or {}).get(name)
    return value


def _fault(key: str, stores: list[str]) -> Diagnostic:
    either = " or ".join(f"'{one.replace('.', ': ')}'" for one in key.split("|"))
    says = f"book.yaml does not say {either}, which {_listed(stores)} must be told."
    hint = "'geppetto publish' makes the record of it for the shops. The guide says what each key is for."
    return Diagnostic("metadata-missing", says, Location("book.yaml"), hint)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
