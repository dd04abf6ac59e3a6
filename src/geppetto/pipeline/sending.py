"""Sends the copies of a kept draft to the reviewers they were made for: `geppetto send`.

By default each letter becomes a file that a mail program opens ready to be sent;
with a server in book.yaml it can be mailed at once. What went out stands in the
ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geppetto import config
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, has_errors, ordered
from geppetto.pipeline.parcels import Clock, Desk, made_up
from geppetto.pipeline.posting import Files, Mail, Post, Posted
from geppetto.progress import OnStep
from geppetto.review import answers, drafts, reviewers
from geppetto.review.drafts import Kept
from geppetto.review.mailing.smtp import Patience


@dataclass(frozen=True)
class Request:
    """What is asked for.

    `to` and `again` are names, addresses or slugs of reviewers, or "all"; an empty
    `to` is all that the draft has copies for. `again` may be sent what they were
    sent, or may have been. `draft` is an id, the newest draft's if None; an answer
    goes out only by its id.
    """

    root: Path
    to: tuple[str, ...] = ()
    draft: str | None = None
    smtp: bool = False
    dry: bool = False
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of all letters, and what there is to say."""

    draft: str
    posted: tuple[Posted, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def exit_code(self) -> ExitCode:
        """4 where something that was to go out did not."""
        return ExitCode.MACHINERY if has_errors(self.diagnostics) else ExitCode.BUILT


def send(
    request: Request,
    now: Clock,
    on_step: OnStep,
    environment: Mapping[str, str],
    patience: Patience | None = None,
) -> Outcome:
    """Send a draft's copies, or write them ready to be sent.

    One that fails does not stop the others.

    Raises:
        GeppettoError: nothing could be begun: a faulty list, an unknown draft or
            reviewer, a damaged copy (exit code 2).
    """
    settings = config.load(request.root).settings
    people = reviewers.read(request.root, settings)
    kept = _kept(request)
    desk = Desk(request.root, settings, kept, now)
    parcels, said = made_up(desk, people, request.to, request.again)
    post: Post = Files(desk, dry=request.dry)
    if request.smtp:
        post = Mail(desk, environment, patience, dry=request.dry)
    posted = tuple(post.each(parcels, on_step))
    return Outcome(kept.draft.id, posted, ordered([*said, *post.diagnostics]))


def _kept(request: Request) -> Kept:
    if request.draft is not None:
        return drafts.find(request.root, request.draft)
    every = (drafts.find(request.root, name) for name in drafts.listed(request.root))
    known = [kept for kept in every if not answers.is_answer(kept)]
    if not known:
        raise GeppettoError(
            Diagnostic("draft-unknown", "There is no draft yet.", hint="Make one: geppetto draft."),
            ExitCode.USAGE,
        )
    return known[-1]
