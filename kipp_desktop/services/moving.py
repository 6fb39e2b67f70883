"""Marks that were set on the wrong entry: moved to the right one in one act.

A draft moves. Signed marks are withdrawn from the wrong entry and signed for the right one, two
records appended together: after a power cut there are both or none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.sheet import complete
from kipp_desktop.errors import KippError
from kipp_desktop.services.desk import reason_needed
from kipp_desktop.services.judging import editable, rubric_of, sheet_record
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker, SheetView
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Moved:
    """The numbers between which marks were moved; ``signed`` where records were signed for it."""

    number: str
    to: str
    signed: bool
    changes: Changes


def needs_signing(panel: Panel, marker: Marker, entry: str) -> bool:
    """Return whether marks of this entry are signed, so that moving them needs key and reason."""
    return editable(panel, marker, entry).signed is not None


def move_draft(home: Home, panel: Panel, marker: Marker, entry: str, to: str) -> Moved:
    """Move marks that are not signed; durable on return.

    Raises :class:`KippError` ``same-entry``, ``nothing-to-move``, ``marks-there``, ``signed``, and
    what :func:`~kipp_desktop.services.judging.editable` raises, of either entry.
    """
    source, target = _ends(panel, marker, entry, to)
    draft = panel.drafts.get(marker.author, marker.judge, marker.stage, entry)
    if source.signed is not None or draft is None:
        raise KippError(
            "signed",
            Text("The marks of number {number} are signed.", number=source.entry.number),
            Text("Move them with a reason; the correction is signed."),
        )
    panel.drafts.move(draft._replace(changed=home.context.at()), to)
    return _moved(marker, source, target, "drafts", signed=False)


def move_signed(  # noqa: PLR0917 - whose key moves what where, and why
    home: Home,
    panel: Panel,
    marker: Marker,
    identity: Identity,
    entry: str,
    to: str,
    reason: str,
) -> Moved:
    """Withdraw signed marks from one entry and sign them for another.

    What was changed since the signing moves as it is now. Raises :class:`KippError`
    ``reason-needed``, ``not-complete`` and those of :func:`move_draft`.
    """
    source, target = _ends(panel, marker, entry, to)
    if not reason.strip():
        raise reason_needed()
    if not complete(source.marks):
        raise KippError(
            "not-complete",
            Text("The marks of number {number} are not complete.", number=source.entry.number),
            Text("Fill in what is missing, or undo the change, then move them."),
        )
    rubric = rubric_of(panel, marker.stage)
    kind, body = sheet_record(marker, rubric, source, reason)
    withdrawn: dict[str, Json] = {
        **body,
        "check": None,
        "comments": {},
        "feedback": "",
        "marks": None,
    }
    if marker.paper:
        withdrawn["written_total"] = None
    there = replace(target, marks=source.marks, notes=source.notes)
    _, sheet = sheet_record(marker, rubric, there, reason)
    items = [(kind, withdrawn), (kind, {**sheet, "reason": reason.strip()})]
    draft = panel.drafts.get(marker.author, marker.judge, marker.stage, entry)
    if draft is not None:
        # First, so that a power cut never leaves withdrawn marks as a draft at the wrong entry.
        panel.drafts.move(draft, to)
    try:
        panel.sign(identity, home.context.at(), items)
    except BaseException:
        if draft is not None:
            panel.drafts.move(draft._replace(entry=to), entry)
        raise
    if not source.notes.private:
        panel.drafts.remove(marker.author, marker.judge, marker.stage, [to])
    return _moved(marker, source, target, "drafts", "ledgers", signed=True)


def _ends(panel: Panel, marker: Marker, entry: str, to: str) -> tuple[SheetView, SheetView]:
    source, target = editable(panel, marker, entry), editable(panel, marker, to)
    if entry == to:
        raise KippError(
            "same-entry",
            Text("The marks stand at number {number} already.", number=source.entry.number),
            Text("Name the number that they belong to."),
        )
    if source.state == "empty":
        raise KippError(
            "nothing-to-move",
            Text("Number {number} has no marks.", number=source.entry.number),
            Text("Choose the number whose marks are to be moved."),
        )
    if target.state != "empty":
        raise KippError(
            "marks-there",
            Text("Number {number} has marks already.", number=target.entry.number),
            Text("Move or clear those first; nothing was changed."),
        )
    return source, target


def _moved(
    marker: Marker, source: SheetView, target: SheetView, *kinds: str, signed: bool
) -> Moved:
    entries = [source.entry.id, target.entry.id]
    return Moved(
        source.entry.number,
        target.entry.number,
        signed,
        Changes.of(*kinds, persons=[marker.judge], entries=entries),
    )
