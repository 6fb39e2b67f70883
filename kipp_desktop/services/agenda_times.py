"""A moderator's recorded times on their way to the desk: unsigned, beside what is signed.

The laptop of a member who moderates puts its agenda, as a blob that no record cites, into the file
that is handed in. The desk takes from it what was recorded of its own slots beyond what it recorded
itself, and nothing else: no order, no room, no draw (docs/formats/agenda.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.agenda import Agenda, with_logs_of
from kipp_desktop.domain.agenda_blob import agenda_blob, read_agenda
from kipp_desktop.errors import KippError
from kipp_desktop.services.agenda_store import agenda_of_panel, keep_agenda, signed_agenda

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kipp_desktop.exchange.bundle import Bundle
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.panel import Panel

#: How the blob of an agenda begins, and the most bytes that it may have: 20,000 slots' logs.
_BEGINNING: Final = b'{"draws":'
_MOST: Final = 16 << 20


def recorded_slots(panel: Panel, card: Card) -> int:
    """Return of how many slots a moderator's file carries times: those that the desk lacks.

    0 for anybody else, and while nothing was recorded here that is not in the signed agenda.
    """
    person = panel.setup.person_by_id.get(card.person)
    if card.role != "member" or person is None or not person.has("moderator"):
        return 0
    try:
        here = agenda_of_panel(panel)
    except KippError:
        return 0  # an agenda that cannot be read must not keep anybody from handing in
    signed = panel.blobs.get(signed_agenda(panel)) if signed_agenda(panel) else None
    return _slots_apart(read_agenda(signed) if signed is not None else Agenda(), here)


def carried_times(panel: Panel, card: Card) -> list[str]:
    """Return the blob that a moderator's file carries, if there is any; it is stored then."""
    if not recorded_slots(panel, card):
        return []
    return [panel.blobs.put(agenda_blob(agenda_of_panel(panel)))]


def new_times(panel: Panel, bundle: Bundle) -> int:
    """Return of how many slots a file brings times to this desk; stores nothing."""
    agenda = _with_times(panel, bundle)
    return 0 if agenda is None else _slots_apart(agenda_of_panel(panel), agenda)


def take_times(panel: Panel, bundle: Bundle) -> int:
    """Take the times of a moderator's file into the desk's agenda; return of how many slots."""
    slots = new_times(panel, bundle)
    agenda = _with_times(panel, bundle)
    if slots and agenda is not None:
        keep_agenda(panel, agenda)
    return slots


def _with_times(panel: Panel, bundle: Bundle) -> Agenda | None:
    """Return the desk's agenda with what a file adds to its slots; None where that is nobody's."""
    if panel.workbench.document("desk") is None or not moderates(panel, bundle.authors()):
        return None
    agenda = agenda_of_panel(panel)
    for name in bundle.blobs():
        data = b""
        for chunk in bundle.blob_chunks(name):
            data += chunk
            if not data.startswith(_BEGINNING[: len(data)]) or len(data) > _MOST:
                break
        else:
            try:
                agenda = with_logs_of(agenda, read_agenda(data))
            except KippError:
                continue  # not an agenda; what cites it will say what it is
    return agenda


def moderates(panel: Panel, authors: Iterable[str]) -> bool:
    """Return whether a key of a file is admitted, live, and of a moderator of the plan."""
    if panel.state.plan is None:
        return False  # the file may show that this desk signed two plans: then none stands
    keys = (panel.key_of(author) for author in authors)
    persons = {key.person for key in keys if key is not None and key.live}
    return any(p.id in persons and p.has("moderator") for p in panel.setup.persons)


def _slots_apart(one: Agenda, other: Agenda) -> int:
    logs = {(s.stage, slot.entry): slot.log for s in one.sessions for slot in s.slots}
    return sum(
        logs.get((session.stage, slot.entry), ()) != slot.log
        for session in other.sessions
        for slot in session.slots
    )
