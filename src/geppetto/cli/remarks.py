"""Remarks as a table, as lines that an editor steps through, and for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from geppetto.files import UNPRINTABLE

if TYPE_CHECKING:
    from geppetto.pipeline.carried import Shown
    from geppetto.pipeline.commenting import Listed

QUOTED = 60
"""Characters of a quotation that a list shows."""
ABOUT = {
    "ambiguous": "the words stand there more than once",
    "block": "somewhere in this paragraph",
    "page": "somewhere on this page",
}
"""What is to be known of a place that is not exact."""


def clean(words: str) -> str:
    """Take out what a terminal would obey: the words are strangers'."""
    return UNPRINTABLE.sub("\ufffd", words)


def as_line(one: Shown) -> str:
    """Give a remark as compilers write their messages."""
    remark = one.entry.remark
    who = remark.author or remark.reviewer
    return f"{one.location}: note[{remark.kind.value}]: {who}: {_words(one)}"


def _words(one: Shown) -> str:
    """Give what a remark says, in one line: the words it is on, what is proposed, what was said."""
    remark = one.entry.remark
    parts = [f"“{_short(remark.quote)}”"] if remark.quote else []
    if remark.replacement is not None:
        parts.append(f"→ “{_short(remark.replacement)}”" if remark.replacement else "→ nothing")
    start = " ".join(parts)
    said = " ".join(remark.text.split())
    words = f"{start}: {said}" if start and said else start or said or remark.kind.value
    replies = (f"{r.author}: {r.text or r.state}" for r in remark.replies)
    return " / ".join([words, *(" ".join(reply.split()) for reply in replies)])


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rstrip()}…"


def as_record(one: Shown) -> dict[str, Any]:
    """Give a remark for other programs: as it was made, and where it stands today."""
    today = asdict(one.passage.span) if one.passage else None
    entry = one.entry
    return {
        **asdict(entry.remark),
        "state": entry.state,
        "assigned": entry.assigned,
        "answer": entry.answer,
        "today": today,
        "fate": one.fate and one.fate.value,
        "group": one.group,
        "kept": asdict(one.kept),
    }


def print_table(listed: Listed) -> None:
    """Print a row for each remark; of several on one sentence, the place stands once."""
    from rich.console import Console  # noqa: PLC0415 - a quick --help
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not listed.remarks:
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("where", "id", "who", "what"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")
    group = 0
    for one in listed.remarks:
        place = "" if one.group == group else str(one.location)
        group = one.group
        remark = one.entry.remark
        table.add_row(
            *(
                Text(clean(words))
                for words in (place, listed.names[remark.id], _who(one), _words(one) + _fate(one))
            )
        )
    Console(highlight=False).print(table)


def _who(one: Shown) -> str:
    remark = one.entry.remark
    return (remark.author or remark.reviewer) + (
        f" → {one.entry.assigned}" if one.entry.assigned else ""
    )


def _fate(one: Shown) -> str:
    """Give what is to be known besides: what became of the words, and of the remark."""
    states = [one.entry.state] if one.entry.state != "open" else []
    if one.passage is None:
        states.append("gone from the text" if one.fate else "place not known")
    elif one.fate == "changed":
        states.append("words changed")
    else:
        states += [ABOUT[one.entry.remark.certainty]] if one.entry.remark.certainty in ABOUT else []
    return f"  [{', '.join(states)}]" if states else ""
