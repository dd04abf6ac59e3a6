"""The names of remarks: the same for the same remark, however often its file is returned."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from geppetto.review.remarks import Remark

LENGTH = 10


def named(remarks: Iterable[Remark], draft: str, reviewer: str) -> list[Remark]:
    """Name remarks, and the copy they were made in.

    Each `id` holds as yet what tells it from others; of those that nothing
    tells apart, the second and later are counted.
    """
    seen: Counter[str] = Counter()
    made = []
    for remark in remarks:
        seen[remark.id] += 1
        whole = "\n".join((draft, reviewer, remark.id, str(seen[remark.id])))
        name = hashlib.sha256(whole.encode()).hexdigest()[:LENGTH]
        made.append(replace(remark, id=name, draft=draft, reviewer=reviewer))
    return made
