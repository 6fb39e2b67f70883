"""The head of a sheet in Penilaian: whose sheet it is, its state, and the acts beside marking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu

from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.sheet_states import STATES, STATUSES, state_of
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.clamped_label import ClampedLabel
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.services.entry_papers import papers_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QPushButton, QWidget

    from kipp_desktop.gui.models.sheets import Sheets
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.sheetbook import Sheetbook

CHIP_SHARE: Final = 0.3


class SheetHead(QObject):
    """Title, organisation and chips; abstaining is in a menu, far from the main button."""

    title_place: QWidget
    organisation_place: QWidget
    group_label: QLabel
    category_label: QLabel
    status_label: QLabel
    state_label: QLabel
    papers_button: QPushButton
    correct_button: QPushButton
    more_button: QPushButton

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self.title, self.organisation = ClampedLabel(2), ElidedLabel()
        self.title.setProperty("look", "title")
        self.organisation.setProperty("look", "muted")
        place(self.title, self.title_place)
        place(self.organisation, self.organisation_place)
        self._room = 0
        self._menu = QMenu(page)
        self.compare_action = self._menu.addAction("")
        self.history_action = self._menu.addAction("")
        self.move_action = self._menu.addAction("")
        self.clock_action = self._menu.addAction("")
        self._menu.addSeparator()
        self.abstain_action = self._menu.addAction("")
        self.abstain_all_action = self._menu.addAction("")
        self.withdraw_action = self._menu.addAction("")
        self.withdraw_all_action = self._menu.addAction("")
        self.more_button.clicked.connect(self._open_menu)

    def show_entry(self, book: Sheetbook, view: SheetView) -> None:
        """Say which innovation is marked."""
        entry = view.entry
        self.title.say(f"{entry.number} · {entry.title}")
        self.organisation.say(book.organisations[entry.id])
        status = STATUSES.get(book.statuses.get(entry.id, ""))
        for label, text in (
            (self.group_label, book.groups.get(entry.id, "")),
            (self.category_label, entry.category),
            (self.status_label, "" if status is None else say(status)),
        ):
            label.setProperty("whole", text)
            label.setToolTip(text)
            label.setVisible(bool(text))
        self._shorten()
        papers = len(papers_of(entry))
        self.papers_button.setText(say(Text("Files ({count})", count=papers)))
        self.papers_button.setVisible(bool(papers))
        self.clock_action.setVisible(bool(book.stage.slot))

    def fit(self, room: int) -> None:
        """Shorten what a chip says where it would push the page beyond a width in pixels."""
        self._room = int(room * CHIP_SHARE)
        self._shorten()

    def _shorten(self) -> None:
        metrics = QFontMetrics(theme.font(theme.SMALL, bold=True))
        for label in (self.group_label, self.category_label, self.status_label):
            whole = label.property("whole") or ""
            label.setText(metrics.elidedText(whole, Qt.TextElideMode.ElideRight, self._room))

    def show_state(self, sheets: Sheets, view: SheetView) -> None:
        """Say the state where it stops marking, and offer what can be done then."""
        state, closed = state_of(view), sheets.book.closed
        name = Text("Stage closed") if closed and state != "final" else STATES[state][0]
        self.state_label.setText(say(name))
        self.state_label.setVisible(closed or state in {"final", "abstained", "correction"})
        say_look(self.state_label, "chip", STATES[state][1] or "neutral")
        self.correct_button.setVisible(sheets.is_locked(view) and not closed)
        everything = sheets.abstains_from_all
        self.history_action.setEnabled(view.signed is not None)
        self.move_action.setEnabled(view.state != "empty" and not view.abstained and not closed)
        self.abstain_action.setVisible(not view.abstained)
        self.abstain_action.setEnabled(sheets.may_edit(view))
        self.abstain_all_action.setVisible(not everything)
        self.abstain_all_action.setEnabled(not closed)
        self.withdraw_action.setVisible(view.abstained and not everything)
        self.withdraw_action.setEnabled(not closed)
        self.withdraw_all_action.setVisible(everything)
        self.withdraw_all_action.setEnabled(not closed)

    def say(self) -> None:
        """Say what is not the form's."""
        for action, text, keys in (
            (self.compare_action, Text("Compare with own marks"), "Ctrl+B"),
            (self.history_action, Text("History of this sheet…"), ""),
            (self.move_action, Text("Move the marks to number…"), "Ctrl+M"),
            (self.clock_action, Text("Slot clock"), ""),
            (self.abstain_action, Text("Do not mark this innovation…"), ""),
            (self.abstain_all_action, Text("Do not mark any innovation…"), ""),
            (self.withdraw_action, Text("Mark this innovation after all…"), ""),
            (self.withdraw_all_action, Text("Mark all innovations after all…"), ""),
        ):
            action.setText(f"{say(text)}\t{keys}" if keys else say(text))

    def _open_menu(self) -> None:
        self._menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
