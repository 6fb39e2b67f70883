"""The first card of a visit: when and where it was, by which means, and who was met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QObject, Signal

from kipp_desktop.gui import forms, theme
from kipp_desktop.services.visit_tables import met_lines, met_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDateTimeEdit, QLineEdit, QPlainTextEdit, QRadioButton

    from kipp_desktop.domain.visit import Met, Visit
    from kipp_desktop.gui.pages.base import Page

_FORM_TIME: Final = "dd/MM/yyyy HH.mm"
_STAMP: Final = "yyyy-MM-dd'T'HH:mm:00"
_TIME_WIDTH: Final = 190
MET_HEIGHT: Final = 76


@dataclass(frozen=True)
class Where:
    """What the card says, as :class:`Visit` carries it."""

    started: str
    ended: str
    place: str
    mode: str
    met: tuple[Met, ...]


class VisitWhere(QObject):
    """``changed`` when the verifier has written something; not when a stored visit is shown."""

    changed = Signal()

    started: QDateTimeEdit
    ended: QDateTimeEdit
    visit_button: QRadioButton
    video_button: QRadioButton
    place: QLineEdit
    met: QPlainTextEdit

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._filling = False
        self._timed = {self.started: False, self.ended: False}
        self._end_said = False
        for edit in self._timed:
            edit.setDisplayFormat(_FORM_TIME)
            edit.dateTimeChanged.connect(lambda _when, edit=edit: self._time_changed(edit))
        self.place.textEdited.connect(lambda _text: self.changed.emit())
        self.met.textChanged.connect(self._tell)
        self.visit_button.toggled.connect(lambda _on: self._tell())

    def show_visit(self, said: Visit) -> None:
        """Show what is stored; times that were not said yet are now."""
        self._filling = True
        now = QDateTime.currentDateTime()
        for edit, text in ((self.started, said.started), (self.ended, said.ended)):
            self._timed[edit] = bool(text)
            edit.setDateTime(_clock(text) if text else now)
        self._end_said = bool(said.ended)
        (self.video_button if said.mode == "video" else self.visit_button).setChecked(True)
        self.place.setText(said.place)
        self.met.setPlainText(met_lines(said.met))
        self._filling = False

    @property
    def said(self) -> Where:
        """What the card says now."""
        return Where(
            self._stamp(self.started),
            self._stamp(self.ended),
            self.place.text(),
            "video" if self.video_button.isChecked() else "visit",
            met_of(self.met.toPlainText()),
        )

    def clock_in(self) -> None:
        """Begin the visit at its first note; until it is said, it ends at the last one."""
        self._filling = True
        now = QDateTime.currentDateTime()
        if not self._timed[self.started]:
            self.started.setDateTime(now)
        if not self._end_said:
            self.ended.setDateTime(max(now, self.started.dateTime()))
        self._timed = dict.fromkeys(self._timed, True)
        self._filling = False

    def set_locked(self, locked: bool) -> None:
        """Let nothing be changed: it is signed."""
        self.place.setReadOnly(locked)
        self.met.setReadOnly(locked)
        for widget in (self.started, self.ended, self.visit_button, self.video_button):
            widget.setEnabled(not locked)

    def fit(self) -> None:
        """Follow the text size."""
        for edit in self._timed:
            edit.setMinimumWidth(theme.px(_TIME_WIDTH))
        self.met.setFixedHeight(theme.px(MET_HEIGHT))

    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit()

    def _time_changed(self, edit: QDateTimeEdit) -> None:
        if self._filling:
            return
        self._timed[edit] = True
        if edit is self.ended:
            self._end_said = True
        self.changed.emit()

    def _stamp(self, edit: QDateTimeEdit) -> str:
        if not self._timed[edit]:
            return ""
        naive = datetime.fromisoformat(edit.dateTime().toString(_STAMP))
        return naive.astimezone().isoformat(timespec="seconds")


def _clock(text: str) -> QDateTime:
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return QDateTime.fromString(f"{moment:%Y-%m-%dT%H:%M}:00", _STAMP)
