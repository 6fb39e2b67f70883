"""The agenda for ``tests.shots``: two rooms with a clash, a slot that runs, and the dialogs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.agenda import Break
from kipp_desktop.gui.dialogs.agenda_absent import AgendaAbsentDialog
from kipp_desktop.gui.dialogs.agenda_fill import AgendaFillDialog
from kipp_desktop.gui.dialogs.agenda_move import AgendaMoveDialog
from kipp_desktop.gui.dialogs.agenda_session import AgendaSessionDialog
from kipp_desktop.gui.dialogs.agenda_swap import AgendaSwapDialog
from kipp_desktop.gui.pages.agenda_day import room_name
from kipp_desktop.services import agenda
from kipp_desktop.services.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog

    from kipp_desktop.services.home import Home, Listed

ROOMS = ("Ruang Rapat Utama", "Aula Bersama Gedung Perangkat Daerah Lantai 2")
NOW = datetime.fromisoformat("2021-03-16T09:31:00+07:00")
MOMENTS = {"running": 75, "last": 130, "over": 195}
"""Pictures of the timer, by the seconds after the start of a part of three minutes."""


def fill(home: Home, listed: Listed) -> None:
    """Make the agenda: one slot is done, one team is absent, one slot runs."""
    moment = [NOW]

    def tick() -> datetime:
        return moment[0]

    at = type(home)(Context(home.context.home, clock=tick))
    stage = "presentasi"
    with home.open(listed) as panel:
        breaks = (Break(12 * 60, 60, "Ishoma"),)
        for room in ROOMS:
            agenda.add_session(
                at, panel, stage, NOW.date(), room, 8 * 60 + 30, 16 * 60, (), breaks, 5
            )
        agenda.fill(at, panel, stage, seed="00112233445566778899aabbccddeeff", order="lot")
        lines = [line for line in agenda.agenda_view(panel).sessions[0].lines if line.entry]
        moment[0] = NOW - timedelta(minutes=32)
        agenda.record(at, panel, stage, lines[0].number, "start")
        moment[0] = NOW - timedelta(minutes=3)
        agenda.record(at, panel, stage, lines[0].number, "finish")
        agenda.record(at, panel, stage, lines[1].number, "absent")
        moment[0] = NOW
        agenda.record(at, panel, stage, lines[2].number, "start")


def clock_after(seconds: int) -> Callable[[], datetime]:
    """Return a clock that stands so many seconds after the start of the running slot."""
    return lambda: NOW + timedelta(seconds=seconds)


def _session(page: Any) -> QDialog:
    read, chosen = page._read, page.plan.session
    return AgendaSessionDialog(page.house, read.stages, chosen.session, page.window(), new=False)


def _fill(page: Any) -> QDialog:
    return AgendaFillDialog(page._read.stages, page.plan.session.session.stage, page.window())


def _entries(page: Any) -> tuple[tuple[str, str], ...]:
    found: tuple[tuple[str, str], ...] = page._read.stages[-1].entries
    return found


def _move(page: Any) -> QDialog:
    rooms = [
        (view.session.id, room_name(view), len(view.session.slots))
        for view in page._read.agenda.sessions
    ]
    return AgendaMoveDialog(_entries(page), "", rooms, rooms[1][0], page.window())


def _swap(page: Any) -> QDialog:
    (number, title), *others = _entries(page)
    return AgendaSwapDialog(f"{number} · {title}", others, page.window())


def _absent(page: Any) -> QDialog:
    number, title = _entries(page)[0]
    dialog = AgendaAbsentDialog(f"{number} · {title}", page.window(), may_sign=True)
    dialog.with_status.setChecked(True)
    dialog.reason.setText("Tidak hadir sampai akhir sesi (contoh)")
    return dialog


DIALOGS: dict[str, Callable[[Any], QDialog]] = {
    "agenda-session": _session,
    "agenda-fill": _fill,
    "agenda-move": _move,
    "agenda-swap": _swap,
    "agenda-absent": _absent,
}
