"""Who marks which entries: a balanced draw that anybody can repeat.

**The method.** With the recorded seed, the entries are put in the order of the lot
(:mod:`kipp_desktop.domain.lots`). Each in turn gets the ``per_entry`` judges who have the fewest
entries so far, of those without a conflict; equal ones in the order of
SHA-256(seed ‖ ":" ‖ entry ‖ ":" ‖ judge). Then entries move along chains of judges from one who has
two or more above another, as long as there is such a chain. Without a chain no assignment of the
same entries is more even: that is the theorem of augmenting paths for flows, so the loads are equal
within one wherever the conflicts allow it at all.
"""

from __future__ import annotations

import hashlib
from collections import deque
from typing import TYPE_CHECKING

from kipp_desktop.domain.lots import draw

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Held = dict[str, dict[str, None]]


def too_few(
    entries: Sequence[str],
    judges: Sequence[str],
    barred: Mapping[str, Collection[str]],
    per_entry: int,
) -> list[str]:
    """Return the entries for which fewer than ``per_entry`` judges have no conflict."""
    left = dict.fromkeys(entries, len(judges))
    for judge in judges:
        for entry in barred.get(judge, ()):
            if entry in left:
                left[entry] -= 1
    return [entry for entry in entries if left[entry] < per_entry]


def balanced(
    entries: Sequence[str],
    judges: Sequence[str],
    barred: Mapping[str, Collection[str]],
    per_entry: int,
    seed: str,
) -> dict[str, list[str]]:
    """Return the entries of each judge, in the order of the lot.

    ``barred`` are the entries that a judge may not mark. The outcome depends on the sets of
    entries, judges and conflicts and on the seed (32 hex digits) alone. Every entry must have
    ``per_entry`` judges without a conflict (:func:`too_few`).
    """
    people = sorted(set(judges))
    out = {judge: frozenset(barred.get(judge, ())) for judge in people}
    held: Held = {judge: {} for judge in people}
    order = draw(sorted(set(entries)), seed)
    for entry in order:
        free = [judge for judge in people if entry not in out[judge]]
        free.sort(key=lambda judge: (len(held[judge]), _rank(seed, entry, judge)))
        for judge in free[:per_entry]:
            held[judge][entry] = None
    while _even_out(people, held, out):
        pass
    place = {entry: position for position, entry in enumerate(order)}
    return {judge: sorted(held[judge], key=place.__getitem__) for judge in people}


def _rank(seed: str, entry: str, judge: str) -> bytes:
    return hashlib.sha256(f"{seed}:{entry}:{judge}".encode()).digest()


def _even_out(people: Sequence[str], held: Held, out: Mapping[str, frozenset[str]]) -> bool:
    """Shift one entry along a chain from a judge with most; return whether there was a chain."""
    for source in sorted(people, key=lambda judge: (-len(held[judge]), judge)):
        target = len(held[source]) - 2
        if target < min(len(held[judge]) for judge in people):
            return False
        before: dict[str, tuple[str, str]] = {source: ("", "")}
        queue = deque([source])
        while queue:
            giver = queue.popleft()
            for taker in people:
                if taker in before:
                    continue
                entry = _movable(held[giver], held[taker], out[taker])
                if entry is None:
                    continue
                before[taker] = (giver, entry)
                if len(held[taker]) <= target:
                    _shift(held, before, taker)
                    return True
                queue.append(taker)
    return False


def _movable(
    given: Mapping[str, None], had: Mapping[str, None], barred: frozenset[str]
) -> str | None:
    return next((entry for entry in given if entry not in had and entry not in barred), None)


def _shift(held: Held, before: Mapping[str, tuple[str, str]], taker: str) -> None:
    while before[taker][0]:
        giver, entry = before[taker]
        del held[giver][entry]
        held[taker][entry] = None
        taker = giver
