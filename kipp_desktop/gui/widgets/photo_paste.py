"""Ctrl+V for photos: files that were copied, or a picture, wherever the keyboard is in a card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QKeyEvent


class PhotoPaste(QObject):
    """:attr:`pasted` where Ctrl+V is pressed in a widget and no text field wants the clipboard.

    In a text field copied text stays text; copied files and bare pictures are photos everywhere.
    """

    pasted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        for child in widget.findChildren(QWidget):
            if child.focusPolicy() != Qt.FocusPolicy.NoFocus:
                child.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Ctrl+V, and nothing else."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        key: QKeyEvent = event  # type: ignore[assignment]
        if not key.matches(QKeySequence.StandardKey.Paste):
            return False
        if isinstance(watched, QLineEdit | QPlainTextEdit) and not _holds_photos():
            return False
        self.pasted.emit()
        return True


def copied_files() -> list[Path]:
    """Return the local files that the clipboard holds."""
    held = _held()
    urls = held.urls() if held is not None else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def _held() -> QMimeData | None:
    # An empty clipboard gives nothing at all, whatever the type says.
    return QApplication.clipboard().mimeData()


def _holds_photos() -> bool:
    held = _held()
    bare = held is not None and held.hasImage() and not held.hasText()
    return bare or bool(copied_files())
