"""Files that are dropped on the window or double-clicked: each goes where it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kipp_desktop.gui.dialogs.plan_news import tell_news
from kipp_desktop.gui.switching import work_as
from kipp_desktop.gui.workplace import Workplace, home_for
from kipp_desktop.services import inbox
from kipp_desktop.services.recognising import Recognised, recognise
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.services.inbox import Merged


def open_files(window: MainWindow, paths: Sequence[Path]) -> None:
    """Look what files are for and do it: join, update, receive or check."""
    house = window.house
    if not paths or house.home is None:
        return
    folder, context = house.home, house.session.context
    working = context.card if isinstance(context, Workplace) else None

    def look(task: TaskContext) -> list[Recognised]:
        home = home_for(folder, task)
        return [recognise(home, path, working) for path in paths]

    def go(found: list[Recognised]) -> None:
        first = found[0]
        same = [r.path for r in found if (r.act, r.listed) == (first.act, first.listed)]
        _ACTS[first.act](window, first, same)
        if len(same) < len(found):
            left = ", ".join(r.path.name for r in found if r.path not in same)
            house.show_message(
                Text("Not opened, because it is for something else: {files}.", files=left), "wait"
            )

    house.run(look, go, owner=window, pure=True, title=Text("Reading {file}", file=paths[0].name))


def _check(window: MainWindow, _found: Recognised, paths: list[Path]) -> None:
    page: Any = window.go_to("check")
    if page is not None:
        page.check(paths)


def _join(window: MainWindow, found: Recognised, _paths: list[Path]) -> None:
    from kipp_desktop.gui.dialogs.join import JoinDialog

    dialog = JoinDialog(window.house, window)
    dialog.open()
    dialog.take_package(found.path)


def _receive(window: MainWindow, found: Recognised, paths: list[Path]) -> None:
    def merge() -> None:
        page: Any = window.go_to("inbox")
        if page is not None:
            page.look_at(paths)

    _as(window, found, merge)


def _update(window: MainWindow, found: Recognised, paths: list[Path]) -> None:
    def merge() -> None:
        workplace: Workplace = window.house.session.context
        window.house.run(
            lambda task: inbox.merge(workplace.home(task), workplace.panel, paths),
            lambda merged: tell_update(window, merged),
            title=Text("Reading {file}", file=paths[0].name),
        )

    _as(window, found, merge)


def _as(window: MainWindow, found: Recognised, then: Any) -> None:
    """Do something as whom a file is for, opening that competition where it is not open."""
    assert found.listed is not None
    assert found.card is not None
    context = window.house.session.context
    if isinstance(context, Workplace) and context.card.fingerprint == found.card.fingerprint:
        then()
    else:
        work_as(window.house, found.listed, found.card, then)


def tell_update(window: MainWindow, merged: Merged) -> None:
    """Say what a newer package brought."""
    outcome = merged.outcomes[0] if merged.outcomes else None
    if outcome is None:
        return
    if outcome.reason is not None:
        window.show_error(outcome.reason)
    elif outcome.outcome == "nothing-new":
        window.show_message(
            Text(
                "{file} brings nothing new. Another judge joins on this laptop under Start, Judge.",
                file=outcome.file.name,
            ),
            "calm",
        )
    else:
        window.show_message(
            Text(
                "{file} is read: {count} new records of the secretariat. Your marks are as before.",
                file=outcome.file.name,
                count=outcome.records,
            )
        )
        tell_news(window.house)


_ACTS = {"check": _check, "join": _join, "receive": _receive, "update": _update}
