"""Which draft and which copy a returned file is of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.review import drafts
from geppetto.review.drafts import Copy, Kept

_PRINTED = re.compile(r"\bDraft\s+([\w-]{4,64})")


@dataclass(frozen=True)
class Belonging:
    """A kept draft, and the copy of it; `is_named` tells whether the file still says whose."""

    kept: Kept
    copy: Copy
    is_named: bool


def of(label: str, printed: Iterable[str], kind: str, root: Path, shown: str) -> Belonging:
    """Find the draft that a file names, in its label `<draft>/<copy>` or on its pages.

    `printed` are texts of its pages, read only without a label; `shown` is how
    messages name the file.

    Raises:
        GeppettoError: it names none, or one that is not kept here.
    """
    name, _, copy = label.partition("/")
    if name:
        return _copy(drafts.find(root, name), copy, kind, [])
    texts = list(printed)
    known = drafts.listed(root)
    found = Counter(name for text in texts for name in known if _names(text, name))
    if found:
        name = max(known, key=lambda one: found[one])
        return _copy(drafts.find(root, name), "", kind, texts)
    elsewhere = Counter(name for text in texts for name in _PRINTED.findall(text) if _is_id(name))
    if elsewhere:
        drafts.find(root, elsewhere.most_common(1)[0][0])
    raise GeppettoError(_nameless(shown), ExitCode.USAGE)


def _is_id(name: str) -> bool:
    return any(c.isdigit() for c in name)


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _copy(kept: Kept, name: str, kind: str, texts: Sequence[str]) -> Belonging:
    """Give the copy of this name, else that whose reviewer the pages name, else any."""
    exact = kept.copy(name, kind)
    if exact is not None:
        return Belonging(kept, exact, is_named=True)
    listed = [copy for copy in kept.draft.copies if copy.kind == kind]
    if not name:
        named = [one for one in listed if any(one.reviewer in text for text in texts)]
        if len(listed) == 1 or len(named) == 1:
            return Belonging(kept, (named or listed)[0], is_named=True)
    whole = next((one for one in listed if not one.pages), None)
    spacing = whole.spacing if whole else "single"
    unknown = Copy(name, "", kind, whole.file if whole and kind == "pdf" else "", "", spacing)
    return Belonging(kept, unknown, is_named=False)


def unknown(belonging: Belonging, shown: str) -> Diagnostic:
    """Say that it is not known whose copy a file is."""
    known = ", ".join(sorted({copy.name for copy in belonging.kept.draft.copies}))
    says = f"{shown} does not say whose copy of draft {belonging.kept.draft.id} it is."
    hint = f"Its remarks have their authors' names. The draft went to {known}." if known else None
    return Diagnostic("returned-copy-unknown", says, hint=hint)


def _nameless(shown: str) -> Diagnostic:
    says = f"{shown} names no draft, neither in its properties nor on its pages."
    hint = "Ask for the file with the remarks in the copy that was sent, not a print or scan of it."
    return Diagnostic("returned-nameless", says, hint=hint)
