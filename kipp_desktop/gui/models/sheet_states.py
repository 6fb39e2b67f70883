"""How the states of a sheet are called and coloured, the same on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.services.judging import SheetView

STATES: Final = {
    "empty": (Text("Not started"), ""),
    "draft": (Text("Draft"), "wait"),
    "complete": (Text("Complete"), "good"),
    "correction": (Text("Correction"), "wait"),
    "final": (Text("Final"), "calm"),
    "abstained": (Text("Does not mark"), ""),
    "absent": (Text("Absent"), ""),
    "withdrawn": (Text("Withdrawn"), ""),
    "disqualified": (Text("Disqualified"), ""),
}
"""Name and tone of each state; without tone it is plain text, because nothing is to be done."""

DONE: Final = frozenset({"complete", "final"})

OUT: Final = frozenset({"abstained", "absent", "withdrawn", "disqualified"})
"""No marks are expected. The last three are the entry's, and only of a sheet without marks."""

STATUSES: Final = {key: STATES[key][0] for key in ("absent", "withdrawn", "disqualified")}


def state_of(view: SheetView) -> str:
    """Return the key of a sheet's state in :data:`STATES`."""
    if view.abstained:
        return "abstained"
    if not view.due:
        return view.status
    if view.signed is not None and view.state != "final":
        return "correction"
    return view.state
