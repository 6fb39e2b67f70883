"""The pages of a PDF below each other, rendered off the window's thread when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QResizeEvent

    from kipp_desktop.documents.page_images import PageImage

LEAST: Final = 240
GAP: Final = 8
STILL_MS: Final = 200


class PdfView(QScrollArea):
    """Scrolls with the arrow keys; what it shows is also in the file, for who cannot see it.

    :attr:`settled` says that the view has kept another size for a moment.
    """

    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pdf_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWidgetResizable(True)
        self.setMinimumWidth(LEAST)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.pages: list[QLabel] = []
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self.setWidget(inner)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_MS)
        self._still.timeout.connect(self.settled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wait until the size stays."""
        super().resizeEvent(event)
        self._still.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop waiting."""
        self._still.stop()
        super().hideEvent(event)

    def room(self) -> int:
        """Return how many device pixels wide a page may be now."""
        width = self.viewport().width() - self.verticalScrollBar().sizeHint().width()
        return round(max(LEAST, width) * self.devicePixelRatioF())

    def show_pages(self, images: Sequence[PageImage]) -> None:
        """Show other pages."""
        for label in self.pages:
            self._column.removeWidget(label)
            label.deleteLater()
        self.pages = []
        ratio = self.devicePixelRatioF()
        for number, image in enumerate(images, 1):
            picture = QImage(
                image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
            )
            pixmap = QPixmap.fromImage(picture)
            pixmap.setDevicePixelRatio(ratio)
            label = QLabel()
            label.setPixmap(pixmap)
            name = Text("Page {number} of {count}", number=number, count=len(images))
            label.setAccessibleName(say(name))
            label.setToolTip(say(name))
            self._column.insertWidget(number - 1, label, 0, Qt.AlignmentFlag.AlignHCenter)
            self.pages.append(label)
        self.verticalScrollBar().setValue(0)
