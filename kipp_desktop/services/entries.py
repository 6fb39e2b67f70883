"""The entries of the next plan as a list, with what was recorded about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.services.panel import Panel

#: What the states of an entry are called for people.
STATUS_TEXTS = {
    "present": Text("Present"),
    "absent": Text("Absent"),
    "withdrawn": Text("Withdrawn"),
    "disqualified": Text("Disqualified"),
}


@dataclass(frozen=True)
class EntryLine:
    """An entry as the secretariat keeps it, with its recorded status.

    ``fields`` are the further columns of its table; ``published`` says whether the plan in force
    has it: only then can a status be recorded.
    """

    id: str
    position: int
    number: str
    title: str
    organisation: str
    unit: str
    group: str
    category: str
    summary: str
    fields: tuple[tuple[str, str], ...]
    contact: str
    phone: str
    status: str
    reason: str
    published: bool

    @property
    def agency(self) -> str:
        """The unit and, behind it, the organisation that entered."""
        return " – ".join(name for name in (self.unit, self.organisation) if name)


def entry_lines(panel: Panel) -> list[EntryLine]:
    """Return the entries of the next plan in the order of their import."""
    bench = panel.workbench
    organisations = {row.id: row.name for row in bench.organisations()}
    groups = {group["id"]: group["name"] for group in bench.document("groups")}
    published = panel.setup.entry_by_id if panel.state.plan else {}
    lines = []
    for row in bench.entries():
        status, reason = panel.state.statuses.get(row.id, ("present", ""))
        lines.append(
            EntryLine(
                row.id,
                row.position,
                row.number,
                row.title,
                organisations.get(row.organisation or "", ""),
                row.unit,
                groups.get(row.group, row.group),
                row.category,
                row.summary,
                tuple((name, value) for name, value in json.loads(row.fields)),
                row.contact,
                row.phone,
                status,
                reason,
                row.id in published,
            )
        )
    return lines
