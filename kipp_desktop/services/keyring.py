"""Whose key is whose at the desk: the attendance list with its words, and what became of each key.

The words of a key that waits are not told here: whoever compares them types what the person wrote
or reads aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.exchange.words import words_of
from kipp_desktop.services.admission import own_words
from kipp_desktop.services.audit import KINDS
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.fold import Key
    from kipp_desktop.services.panel import Panel

#: In which order states stand on a screen: what asks for something first.
STATES: Final = ("forked", "waiting", "second", "admitted", "none", "revoked")

STATE_TEXTS: Final = {
    "forked": Text("two versions"),
    "waiting": Text("waiting"),
    "second": Text("second laptop, void"),
    "admitted": Text("admitted"),
    "none": Text("no key yet"),
    "revoked": Text("revoked"),
}


@dataclass(frozen=True)
class KeyLine:
    """A key of a person, or (``key`` empty, state ``none``) a person who has none yet.

    ``state`` is ``waiting`` (to be admitted), ``admitted``, ``second`` (admitted, but void until
    the person's live key is revoked), ``forked`` or ``revoked``. ``compared`` and ``protected``
    are what the records say: words compared at admission, a passphrase at enrolment. ``words`` are
    empty while the key waits. ``upto`` is the last record that counts of a revoked key.
    """

    person: str
    name: str
    key: str = ""
    state: str = "none"
    words: str = ""
    compared: bool = False
    protected: bool = False
    at: str = ""
    records: int = 0
    sheets: int = 0
    upto: int | None = None
    reason: str = ""
    rivals: int = 0

    @property
    def short(self) -> str:
        """The beginning of the fingerprint."""
        return self.key[:12]


@dataclass(frozen=True)
class KeysView:
    """All keys and persons: what asks for something first, then by name; and the desk's words."""

    desk_words: str
    lines: tuple[KeyLine, ...]

    def count(self, state: str) -> int:
        """Return how many lines are in a state."""
        return sum(line.state == state for line in self.lines)


@dataclass(frozen=True)
class Head:
    """A record at which a key may be revoked: it and all before it count."""

    id: str
    seq: int
    at: str
    what: Text


def keys_view(panel: Panel) -> KeysView:
    """Return who has which key. Raises :class:`KippError` ``no-plan`` before the first plan."""
    setup = panel.setup
    reasons = {
        str(record.body["key"]): str(record.body["reason"])
        for record in panel.state.acts
        if record.kind == "revocation"
    }
    lines = [
        _line(panel, row.author, row.person, reasons)
        for row in panel.projection.ledgers()
        if not row.desk
    ]
    having = {line.person for line in lines}
    keeper = panel.state.plan.keeper if panel.state.plan else ""
    lines += [
        KeyLine(person.id, setup.name_of(person.id))
        for person in setup.persons
        if person.id not in having and person.id != keeper
    ]
    lines.sort(key=lambda item: (STATES.index(item.state), item.name.casefold(), item.at))
    return KeysView(own_words(panel), tuple(lines))


def _line(panel: Panel, author: str, claimed: str, reasons: dict[str, str]) -> KeyLine:
    state = panel.state
    enrolment = panel.record(author, 1)
    known = state.keys.get(author)
    void = next((item for item in state.waiting if item.key == author), None)
    admitted: Key | None = known or void
    person = admitted.person if admitted else claimed
    rows = panel.projection.records(author)
    rivals = sum(
        row.author != author
        and row.person == person
        and not row.desk
        and not ((other := state.keys.get(row.author)) and other.revoked)
        for row in panel.projection.ledgers()
    )
    if known is not None and known.revoked:
        name = "revoked"
    elif author in state.unsettled:
        name = "forked"
    elif known is not None:
        name = "admitted"
    else:
        name = "second" if void is not None else "waiting"
    upto = None
    if known is not None and known.revoked:
        upto = panel.seq_of(author, known.revoked_at) if known.revoked_at else 0
    return KeyLine(
        person=person,
        name=panel.setup.name_of(person),
        key=author,
        state=name,
        words=words_of(author) if admitted else "",
        compared=admitted is not None and admitted.compared == "words",
        protected=enrolment.body["passphrase"] is True,
        at=enrolment.at,
        records=len(rows),
        sheets=sum(row.kind in {"score-sheet", "paper-sheet"} for row in rows),
        upto=upto,
        reason=reasons.get(author, ""),
        rivals=rivals,
    )


def heads_of(panel: Panel, key: str) -> tuple[Head, ...]:
    """Return the records at which a key may be revoked, the last that arrived first."""
    names = {entry.id: entry.number for entry in panel.setup.entries}
    found = []
    for record in panel.records(key):
        entry = names.get(str(record.body.get("entry", "")))
        kind = KINDS[record.kind]
        what = Text("{kind}, entry {number}", kind=kind, number=entry) if entry else kind
        found.append(Head(record.id, record.seq, record.at, what))
    found.reverse()
    return tuple(found)
