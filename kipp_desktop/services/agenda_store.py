"""Where the agenda is kept: the copy that is worked on here, and what the desk last signed.

The copy on this laptop says which signed agenda it began with. When a newer one arrives (or an
older database is restored), what was signed stands; what was recorded here of a slot since then is
carried over, so that a moderator's times are not lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.agenda import Agenda, Draw, with_logs_of
from kipp_desktop.domain.agenda_blob import agenda_blob, agenda_json, agenda_of, read_agenda
from kipp_desktop.domain.canonical import digest
from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.services.panel import Panel

_KEPT = "agenda"


def signed_agenda(panel: Panel) -> str:
    """Return the SHA-256 of the agenda that the desk signed last; empty before the first."""
    records = panel.records(panel.desk, "agenda")
    return str(records[-1].body["agenda"]) if records else ""


def agenda_of_panel(panel: Panel) -> Agenda:
    """Return the agenda as it stands on this laptop.

    Raises :class:`KippError` with code ``bad-agenda`` for a signed one that cannot be read.
    """
    signed = signed_agenda(panel)
    kept = panel.workbench.document(_KEPT)
    if kept is not None and kept["base"] == signed:
        return agenda_of(kept["agenda"])
    data = panel.blobs.get(signed) if signed else None
    found = read_agenda(data) if data is not None else Agenda()
    return with_logs_of(found, agenda_of(kept["agenda"])) if kept is not None else found


def keep_agenda(panel: Panel, agenda: Agenda) -> Changes:
    """Keep the agenda on this laptop; durable on return.

    Raises :class:`KippError` with code ``bad-agenda`` for one that could not be read again.
    """
    read_agenda(agenda_blob(agenda))
    kept: dict[str, Json] = {"agenda": agenda_json(agenda), "base": signed_agenda(panel)}
    panel.workbench.set_document(_KEPT, kept)
    return Changes.of("agenda")


def keep_draw(panel: Panel, draw: Draw) -> None:
    """Keep a lot that was drawn; the last one for the same thing stands, the others stay listed."""
    agenda = agenda_of_panel(panel)
    keep_agenda(panel, replace(agenda, draws=(*agenda.draws, draw)))


def announced(panel: Panel) -> bool:
    """Return whether the agenda on this laptop is the one that the desk signed last."""
    signed = signed_agenda(panel)
    agenda = agenda_of_panel(panel)
    return signed == digest(agenda_blob(agenda)) if signed else agenda == Agenda()


def sign_agenda(panel: Panel, identity: Identity, at: str) -> bool:
    """Sign the agenda with the desk's key where it differs from the last; return whether it did."""
    if announced(panel):
        return False
    agenda = agenda_of_panel(panel)
    if panel.state.plan is None:
        raise KippError(
            "no-plan",
            Text("The plan of this competition has not been published yet."),
            Text("Publish the plan first (kipp plan publish)."),
        )
    sha256 = panel.blobs.put(agenda_blob(agenda))
    panel.sign(identity, at, [("agenda", {"agenda": sha256})])
    keep_agenda(panel, agenda)
    return True
