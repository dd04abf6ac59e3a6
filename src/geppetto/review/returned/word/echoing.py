"""Which comments of a returned answer it was sent with, and what was said to them since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from geppetto.review.answers import Answer, Echo, Said
from geppetto.review.remarks import Reply
from geppetto.review.returned.word.comments import Comment


def openers(sent: Answer | None) -> Callable[[Comment], bool]:
    """Give what tells whether a comment is a remark that was sent, and no answer to one."""
    remarks = {(one.initials, one.author): one for one in (sent.remarks if sent else ())}

    def is_one(comment: Comment) -> bool:
        known = remarks.get((comment.initials, comment.author))
        return known is not None and not _is_reply(comment, known)

    return is_one


def parted(
    comments: Sequence[Comment], sent: Answer | None
) -> tuple[tuple[Echo, ...], list[Comment]]:
    """Part the comments that were sent from those that are new; of the former give what is new.

    A comment is known by its initials and by who it is of, or, where a program drops
    the initials, by its words.
    """
    echoes: list[Echo] = []
    new: list[Comment] = []
    remarks = sent.remarks if sent else ()
    for one in comments:
        known = _known(one, remarks)
        if known is None:
            new.append(one)
            continue
        replies = tuple(_new(one.replies, known))
        if replies or one.resolved:
            echoes.append(Echo(known.id, replies, one.resolved))
    return tuple(echoes), new


def _known(comment: Comment, remarks: Sequence[Said]) -> Said | None:
    words = _plain(comment.text)
    for one in remarks:
        if one.initials == comment.initials and _is_by(comment, one):
            return one
    same = [one for one in remarks if (one.author, _plain(one.text)) == (comment.author, words)]
    return same[0] if same else None


def _is_by(comment: Comment, one: Said) -> bool:
    """Tell whether it is the remark itself, or, in a file without threads, a reply to it."""
    return comment.author == one.author or _is_reply(comment, one)


def _is_reply(comment: Comment, one: Said) -> bool:
    replies = {(author, _plain(words)) for author, words in one.replies}
    return (comment.author, _plain(comment.text)) in replies


def _new(replies: Sequence[Reply], known: Said) -> list[Reply]:
    """Give the replies that were not sent: as many of the same words as there are more."""
    sent = Counter((author, _plain(words)) for author, words in known.replies)
    found = []
    for one in replies:
        name = (one.author, _plain(one.text))
        sent[name] -= 1
        if sent[name] < 0:
            found.append(one)
    return found


def _plain(words: str) -> str:
    return " ".join(words.split())
