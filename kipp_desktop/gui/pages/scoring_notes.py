"""The three fields below the criteria in Penilaian: feedback, what to check, private notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from kipp_desktop.domain.sheet import Notes
from kipp_desktop.gui import forms, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit

    from kipp_desktop.gui.pages.base import Page

HEIGHT: Final = 58


class SheetNotes(QObject):
    """``changed`` when the judge has written something; not when stored notes are shown."""

    changed = Signal()

    feedback: QPlainTextEdit
    check: QPlainTextEdit
    private_note: QPlainTextEdit

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._fields = (self.feedback, self.check, self.private_note)
        for field in self._fields:
            field.textChanged.connect(self.changed)

    def show_notes(self, notes: Notes) -> None:
        """Show what is stored."""
        stored = (notes.feedback, notes.check, notes.private)
        for field, text in zip(self._fields, stored, strict=True):
            field.blockSignals(True)
            field.setPlainText(text)
            field.blockSignals(False)

    def notes(self, comments: tuple[tuple[str, str], ...], written_total: str) -> Notes:
        """Return what is written here, with the comments on the criteria."""
        feedback, check, private = (field.toPlainText() for field in self._fields)
        return Notes(comments, feedback, check, private, written_total)

    @property
    def editable(self) -> bool:
        """Whether the fields can be written in."""
        return not self.feedback.isReadOnly()

    def set_editable(self, editable: bool) -> None:
        """Let the fields be written in, or only be read."""
        for field in self._fields:
            field.setReadOnly(not editable)

    def fit(self) -> None:
        """Follow the text size."""
        for field in self._fields:
            field.setFixedHeight(theme.px(HEIGHT))
