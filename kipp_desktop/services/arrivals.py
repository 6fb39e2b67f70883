"""What arrived at the desk, for reading: keys that wait, files and what came of them, who is done.

And before that: what files that were only examined would bring. The outcome of a file is what it is
now: a file that waited for its key is received once the key is admitted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.services.inbox import waiting_keys
from kipp_desktop.services.standing import Status, status
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kipp_desktop.services.inbox import Examined
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
    "cannot-keep": Text("There was no room for it on this laptop; nothing of it was stored"),
    "changed": Text("It changed after it was looked at; nothing of it was stored"),
}
_REFUSED: Final = Text("It cannot be used; nothing of it was stored")
_ADVICE: Final = {
    "cannot-read": Text("Check that the stick is in, and open the file again."),
    "cannot-keep": Text("Make room on the disk, then open the file again."),
    "changed": Text("Open it again and look at what it brings now."),
    "newer-format": Text("Install the newer program on this laptop, then open the file again."),
    "other-competition": Text("Open that competition first, or ask for the right file."),
    "other-desk": Text("Ask which secretariat the file is meant for."),
}
_ASK_AGAIN: Final = Text(
    "Ask for the file anew, straight from that laptop: best on another stick, without renaming, "
    "e-mail or a phone in between. What was received before is safe."
)
_FORKED: Final = Text(
    "Two different ledgers were signed with one key, perhaps after an old copy of the laptop was "
    "restored. Both are kept; what both have in common counts. Ask that person which laptop is the "
    "right one, then look at both sides on the page of keys."
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

    ``outcome`` is ``merged``, ``nothing-new``, ``waiting-for-key``, ``second``, ``forked``,
    ``settled`` (a fork of which a side stands) or ``refused``; ``who`` are the names of its
    members, empty where unknown; ``advice`` says what to do.
    """

    number: int
    file: str
    at: str
    sha256: str
    outcome: str
    who: tuple[str, ...]
    what: Text
    advice: Text | None = None
    waiting: tuple[str, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.outcome in {"refused", "forked", "waiting-for-key", "second"}


@dataclass(frozen=True)
class InboxView:
    """What the page of incoming files shows; problems first, then latest first.

    ``history`` are all files that were ever opened, latest first; of ``arrivals`` a refused file
    is left out once the same file came again and was taken.
    """

    waiting: tuple[WaitingKey, ...]
    arrivals: tuple[Arrival, ...]
    status: Status
    history: tuple[Arrival, ...]


def inbox_view(panel: Panel) -> InboxView:
    """Return what arrived. Raises :class:`KippError` ``no-plan`` before the first plan."""
    settled: set[str] = set()
    found = []
    history = tuple(_arrival(panel, row) for row in panel.received.all())
    for arrival in history:
        if arrival.outcome in {"refused", "forked"} and arrival.file in settled:
            continue  # the same file came again and was taken
        if not arrival.is_problem:
            settled.add(arrival.file)
        found.append(arrival)
    found.sort(key=lambda item: not item.is_problem)
    return InboxView(waiting(panel), tuple(found), status(panel), history)


def waiting(panel: Panel) -> tuple[WaitingKey, ...]:
    """Return the keys that wait to be compared, of people who are in the plan."""
    setup = panel.setup
    return tuple(
        WaitingKey(key, person, setup.name_of(person), _sheets(panel, key, None))
        for key, person in waiting_keys(panel)
        if person in setup.person_by_id
    )


def _arrival(panel: Panel, row: ReceivedRow) -> Arrival:
    number, name, at = int(str(row.number)), str(row.name), str(row.at)
    sha256 = str(row.sha256)
    if row.outcome == "refused":
        code = str(row.reason)
        return Arrival(
            number,
            name,
            at,
            sha256,
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
    waits = dict(waiting_keys(panel))
    open_keys = tuple(key for key in members if key in waits)
    if row.outcome == "forked" and not any(_disputed(panel, key) for key in members):
        text = Text("Two versions were signed; the panel has said which one stands")
        return Arrival(number, name, at, sha256, "settled", who, text)
    if row.outcome == "forked":
        return Arrival(
            number,
            name,
            at,
            sha256,
            "forked",
            who,
            Text("It is not the same as what had arrived already"),
            _FORKED,
        )
    if open_keys:
        text = (
            Text("{count} score sheets, waiting until the laptop is compared", count=sheets)
            if sheets
            else Text("The key of a laptop, waiting until it is compared")
        )
        return Arrival(number, name, at, sha256, "waiting-for-key", who, text, None, open_keys)
    if any(panel.key_of(key) is None for key in members):
        return Arrival(
            number,
            name,
            at,
            sha256,
            "second",
            who,
            Text("A second laptop; it counts once the first one's key is revoked"),
            Text("Open the page of keys and revoke the key of the laptop that is gone."),
        )
    if row.outcome == "nothing-new":
        return Arrival(number, name, at, sha256, "nothing-new", who, Text("Nothing new"))
    text = (
        Text("{count} score sheets", count=sheets)
        if sheets
        else Text("Times of the agenda")
        if members and not row.records
        else Text("The key of a laptop")
        if members
        else Text("{count} records of the desk", count=row.records)
    )
    return Arrival(number, name, at, sha256, "merged", who, text)


# -- before anything is stored ---------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """A file that was examined: whose, what it would bring, and what to do about a problem.

    ``outcome`` is that of :class:`Arrival`, as it would be.
    """

    number: int
    file: str
    outcome: str
    who: tuple[str, ...]
    what: Text
    advice: Text | None
    examined: Examined

    @property
    def is_problem(self) -> bool:
        """Whether somebody has to know or do something about it."""
        return self.outcome in {"refused", "forked", "waiting-for-key"}


def previews(panel: Panel, examined: Sequence[Examined]) -> tuple[Preview, ...]:
    """Return what files would bring, problems first, else in their order."""
    found = [_preview(panel, number, item) for number, item in enumerate(examined)]
    order = ("refused", "forked", "waiting-for-key")
    found.sort(key=lambda one: order.index(one.outcome) if one.is_problem else len(order))
    return tuple(found)


def _preview(panel: Panel, number: int, item: Examined) -> Preview:
    known = panel.setup.person_by_id
    who = tuple(panel.setup.name_of(person) for person in item.persons if person in known)
    advice: Text | None = None
    if item.reason is not None:
        what = REFUSALS.get(item.reason.code, _REFUSED)
        advice = _ADVICE.get(item.reason.code, _ASK_AGAIN)
    elif item.same_as is not None:
        what = Text("The very same file as {file}", file=item.same_as.name)
    elif item.differences:
        one = item.differences[0]
        what = Text(
            "Differs from what had arrived: {shared} records are the same, then {there} here and "
            "{held} held before",
            shared=one.shared,
            there=one.there - one.shared,
            held=one.here - one.shared,
        )
        advice = _FORKED
    elif not item.kinds and not item.slots:
        what = Text("Nothing new; all of it is here already")
    else:
        things = tuple(_things(dict(item.kinds)))
        if item.slots:
            things += (Text("times of {count} slots of the agenda", count=item.slots),)
        what = Text("New: {things}", things=things)
    return Preview(number, item.file.name, item.outcome, who, what, advice, item)


def _things(kinds: dict[str, int]) -> Iterator[Text]:
    """Say how many of each thing are new."""
    for text in (
        Text("{count} score sheets", count=kinds.pop("score-sheet", 0)),
        Text("{count} corrected sheets", count=kinds.pop("correction", 0)),
        Text("{count} typed sheets", count=kinds.pop("paper-sheet", 0)),
        Text("{count} abstentions", count=kinds.pop("abstention", 0)),
        Text("{count} observations", count=kinds.pop("observation", 0)),
        Text("{count} approvals", count=kinds.pop("approval", 0)),
    ):
        if text.values["count"]:
            yield text
    if kinds.pop("enrolment", 0):
        yield Text("the key of a laptop")
    others = sum(kinds.values())
    if others:
        yield Text("{count} other records", count=others)


def _disputed(panel: Panel, key: str) -> bool:
    """Return whether a key has forked and no revocation has settled it."""
    known = panel.key_of(key)
    return key in panel.state.forked and not (known is not None and known.revoked)


def _sheets(panel: Panel, key: str, head: str | None) -> int:
    """Return how many sheets a key signed, up to a head."""
    last = None if head is None else panel.projection.seq_of(key, head)
    return sum(
        1
        for kind in ("score-sheet", "paper-sheet")
        for row in panel.projection.records(key, kind)
        if last is None or row.seq <= last
    )
