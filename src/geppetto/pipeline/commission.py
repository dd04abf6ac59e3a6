"""What a draft's copies are made from: what is asked for, and what all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import installed, store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.latex.margins import AuthorNote
from geppetto.model.book import Resolved
from geppetto.model.settings import Settings
from geppetto.review import drafts
from geppetto.review.drafts import Copy, Document, Draft
from geppetto.review.reviewers import Reviewer
from geppetto.sheet import Given, Sheet, sheet
from geppetto.store.shelf import key
from geppetto.suggest import nearest


@dataclass(frozen=True)
class Order:
    """What is asked for.

    `called` are the reviewers who get a copy each, by their names, or "all"; without
    any there is one for nobody in particular.
    `chapters` (their numbers as printed, or their files), `formats` and `spacing`
    take the place of each reviewer's own. `date` is the day (ISO 8601).
    """

    root: Path
    date: str
    called: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    spacing: str = ""
    lenient: bool = False


@dataclass(frozen=True)
class Shared:
    """What all copies of a draft share; `known` are copies that were made of it before."""

    order: Order
    resolved: Resolved
    documents: tuple[Document, ...]
    notes: Sequence[AuthorNote]
    epoch: int
    draft: Draft
    folder: Path
    known: tuple[Copy, ...] = ()

    @property
    def settings(self) -> Settings:
        """The book's settings."""
        return self.resolved.book.settings

    def chosen(self, chapters: Sequence[str]) -> tuple[str, ...]:
        """Give the slugs of chapters, in the book's order, and of the bibliography; none for all.

        Raises:
            GeppettoError: there is no such chapter.
        """
        wanted = {self._slug(one) for one in chapters}
        there = [d.slug for d in self.documents if d.slug in wanted or d.path is None]
        return tuple(there) if chapters else ()

    def _slug(self, chapter: str) -> str:
        known: dict[str, str] = {}
        for one in self.documents:
            path = Path(one.path or one.slug)
            names = (one.number, one.slug, path.as_posix(), path.name, path.stem)
            known |= {name: one.slug for name in names if name}
        if chapter in known:
            return known[chapter]
        near = nearest(chapter, known)
        hint = (
            f"Did you mean {near}?" if near else "Name it by its number as printed, or by its file."
        )
        says = f"The book has no chapter {chapter}."
        raise GeppettoError(Diagnostic("place-unknown", says, hint=hint), ExitCode.USAGE)

    def basis(self, sheet: Sheet, reviewer: Reviewer) -> str:
        """Give a digest of what a copy is made from beside the draft's texts and pages."""
        own = sorted((self.order.root / "templates").rglob("*"))
        looks = [store.digest(path) for path in own if path.is_file()]
        chosen = self.chosen(reviewer.chapters)
        return key(installed.digest(), looks, sheet, chosen, reviewer.spacing)

    def standing(self, reviewer: Reviewer, kind: str, basis: str) -> Copy | None:
        """Give a copy that is there as it was made, and would be made from the same again.

        What may have been sent is not written again: a PDF's bytes depend on whether
        the book was set whole.
        """
        file = self.file(reviewer, kind)
        same = (reviewer.slug, kind, basis)
        found = next((c for c in self.known if (c.name, c.kind, c.basis) == same), None)
        return found if found is not None and store.digest(file) == found.sha256 else None

    def name(self, reviewer: Reviewer) -> str:
        """Give what a copy is known by, when it comes back."""
        return f"{self.draft.id}/{reviewer.slug}"

    def file(self, reviewer: Reviewer, kind: str) -> Path:
        """Give where a copy is put."""
        slug = self.resolved.book.slug
        return self.folder / f"{slug}-{self.draft.id}-{reviewer.slug}.{kind}"


def sheet_for(shared: Shared, reviewer: Reviewer) -> Sheet:
    """Give the words of a reviewer's copy."""
    lang = reviewer.lang if shared.order.called else shared.settings.lang
    first = next(one for one in shared.documents if one.path is not None)
    lines = [s.line for s in first.stops if s is not None and s.begins]
    return sheet(
        Given(
            title=shared.settings.title,
            id=shared.draft.id,
            date=shared.draft.date,
            revision=shared.draft.revision,
            example=(drafts.label(first), lines[min(len(lines) - 1, 5)] if lines else 1),
            name=reviewer.name,
            note=reviewer.note,
            chapters=reviewer.chapters,
        ),
        lang,
    )
