"""What arrived at the desk, for reading: keys that wait, files and what came of them, who is done.

The outcome of a file is what it is now: a file that waited for its key is received once the key is
admitted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.services.inbox import waiting_keys
from kipp_desktop.services.standing import Status, status
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.storage.models import ReceivedRow

#: Why a file was refused, by the code of its error.
REFUSALS: Final = {
    "bad-file": Text("It was changed after it was written; nothing of it was stored"),
    "bad-ledger": Text("It was changed after it was signed; nothing of it was stored"),
    "damaged-blob": Text("A part of it is damaged; nothing of it was stored"),
    "too-large": Text("It is larger than a file of ours can be; nothing of it was stored"),
    "newer-format": Text("A newer version of the program wrote it; nothing of it was stored"),
    "other-competition": Text("It belongs to another competition; nothing of it was stored"),
    "other-desk": Text("It belongs to another desk; nothing of it was stored"),
    "missing-blob": Text("Its plan is not complete; nothing of it was stored"),
    "cannot-read": Text("It could not be read from the stick; nothing of it was stored"),
}
_REFUSED: Final = Text("It cannot be used; nothing of it was stored")
_ADVICE: Final = {
    "cannot-read": Text("Check that the stick is in, and open the file again."),
    "newer-format": Text("Install the newer program on this laptop, then open the file again."),
    "other-competition": Text("Open that competition first, or ask for the right file."),
    "other-desk": Text("Ask which secretariat the file is meant for."),
}
_ASK_AGAIN: Final = Text(
    "Ask for the file anew, straight from that laptop: best on another stick, without renaming, "
    "e-mail or a phone in between. What was received before is safe."
)


@dataclass(frozen=True)
class WaitingKey:
    """A key that waits to be compared: whose it says it is, and how many sheets wait with it."""

    key: str
    person: str
    name: str
    sheets: int


@dataclass(frozen=True)
class Arrival:
    """A file that was opened, as it stands now.

    ``outcome`` is ``merged``, ``nothing-new``, ``waiting-for-key``, ``forked`` or ``refused``;
    ``who`` are the names of its members, empty where unknown; ``advice`` says what to do.
    """

    number: int
    file: str
    at: str
    outcome: str
    who: tuple[str, ...]
    what: Text
    advice: Text | None = None
    waiting: tuple[str, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.outcome in {"refused", "forked", "waiting-for-key"}


@dataclass(frozen=True)
class InboxView:
    """What the page of incoming files shows; problems first, then latest first."""

    waiting: tuple[WaitingKey, ...]
    arrivals: tuple[Arrival, ...]
    status: Status


def inbox_view(panel: Panel) -> InboxView:
    """Return what arrived. Raises :class:`KippError` ``no-plan`` before the first plan."""
    setup = panel.setup
    waiting = tuple(
        WaitingKey(key, person, setup.name_of(person), _sheets(panel, key, None))
        for key, person in waiting_keys(panel)
        if person in setup.person_by_id
    )
    settled: set[str] = set()
    found = []
    for row in panel.received.all():  # latest first
        arrival = _arrival(panel, row)
        if arrival.is_problem and arrival.outcome != "waiting-for-key" and row.name in settled:
            continue  # the same file came again and was taken
        if not arrival.is_problem:
            settled.add(row.name)
        found.append(arrival)
    found.sort(key=lambda item: not item.is_problem)
    return InboxView(waiting, tuple(found), status(panel))


def _arrival(panel: Panel, row: ReceivedRow) -> Arrival:
    number, name, at = int(str(row.number)), str(row.name), str(row.at)
    if row.outcome == "refused":
        code = str(row.reason)
        return Arrival(
            number,
            name,
            at,
            "refused",
            (),
            REFUSALS.get(code, _REFUSED),
            _ADVICE.get(code, _ASK_AGAIN),
        )
    heads: dict[str, str] = json.loads(str(row.heads))
    members = [key for key in heads if key != panel.desk]
    persons = {one.author: one.person for one in panel.projection.ledgers()}
    who = tuple(sorted({panel.setup.name_of(persons[key]) for key in members if key in persons}))
    sheets = sum(_sheets(panel, key, heads[key]) for key in members)
    waiting = tuple(key for key in members if panel.key_of(key) is None)
    if row.outcome == "forked":
        return Arrival(
            number,
            name,
            at,
            "forked",
            who,
            Text("It is not the same as what had arrived already"),
            Text(
                "Two different ledgers were signed with one key, perhaps after an old copy of the "
                "laptop was restored. Both are kept; what both have in common counts. Ask that "
                "person which laptop is the right one, and tell the panel."
            ),
        )
    if waiting:
        text = (
            Text("{count} score sheets, waiting until the laptop is compared", count=sheets)
            if sheets
            else Text("The key of a laptop, waiting until it is compared")
        )
        return Arrival(number, name, at, "waiting-for-key", who, text, None, waiting)
    if row.outcome == "nothing-new":
        return Arrival(number, name, at, "nothing-new", who, Text("Nothing new"))
    text = (
        Text("{count} score sheets", count=sheets)
        if sheets
        else Text("The key of a laptop")
        if members
        else Text("{count} records of the desk", count=row.records)
    )
    return Arrival(number, name, at, "merged", who, text)


def _sheets(panel: Panel, key: str, head: str | None) -> int:
    """Return how many sheets a key signed, up to a head."""
    last = None if head is None else panel.projection.seq_of(key, head)
    return sum(
        1
        for kind in ("score-sheet", "paper-sheet")
        for row in panel.projection.records(key, kind)
        if last is None or row.seq <= last
    )
