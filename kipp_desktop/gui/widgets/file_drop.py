"""Files dropped on a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Lets a widget take local files: :attr:`dropped` carries their paths.

    :attr:`hovered` says whether files are over the widget now.
    """

    dropped = Signal(list)
    hovered = Signal(bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        """Take what is a local file, and nothing else."""
        kind = event.type()
        if kind == QEvent.Type.DragEnter:
            drag: QDragEnterEvent = event  # type: ignore[assignment]
            if _files(drag):
                drag.acceptProposedAction()
                self.hovered.emit(True)
                return True
        elif kind == QEvent.Type.DragLeave:
            self.hovered.emit(False)
        elif kind == QEvent.Type.Drop:
            drop: QDropEvent = event  # type: ignore[assignment]
            self.hovered.emit(False)
            files = _files(drop)
            if files:
                drop.acceptProposedAction()
                self.dropped.emit(files)
                return True
        return False


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
