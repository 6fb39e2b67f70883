"""One claim on the form of a visit: its finding, a note, and what supports it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from kipp_desktop.domain.visit import STATUS_TEXTS, STATUSES, Evidence, Finding
from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.gui.widgets.photo_paste import PhotoPaste
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QEvent

THUMB: Final = 96
NOTE_LINES: Final = 56
LARGE: Final = 150


class ClaimCard(Card):
    """Shows a :class:`Finding` and gives back what it says now.

    :attr:`changed` follows every change; :attr:`wanted` carries files to be brought in, an empty
    list asks for a choice of files, and :attr:`folder_wanted` for a folder.
    """

    changed = Signal()
    wanted = Signal(list)
    folder_wanted = Signal()
    pasted = Signal()

    def __init__(self, number: int, finding: Finding, criterion: str, *, own: bool) -> None:
        super().__init__(say(Text("Claim {number}", number=number)))
        self._finding = finding
        self._remarks: dict[int, str] = {}
        self.setObjectName(f"claim_{finding.id}")
        self._own = own
        self.text = QLineEdit(finding.claim)
        self.text.setAccessibleName(say(Text("Claim {number}", number=number)))
        self.text.setPlaceholderText(say(Text("What is claimed")))
        self.claim_label = QLabel(finding.claim)
        self.claim_label.setWordWrap(True)
        self.claim_label.setProperty("look", "strong")
        self.criterion_label = QLabel(criterion)
        self.criterion_label.setProperty("look", "small")
        for widget in (self.claim_label, self.text, self.criterion_label):
            self.body.addWidget(widget)
        (self.claim_label if own else self.text).hide()
        self.criterion_label.setVisible(bool(criterion))
        self.body.addLayout(self._statuses())
        self.note = QPlainTextEdit(finding.note)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(say(Text("What was seen and heard")))
        self.note.setAccessibleName(say(Text("Note on claim {number}", number=number)))
        self.body.addWidget(self.note)
        self._photos(number)
        self.text.textChanged.connect(lambda _text: self.changed.emit())
        self.note.textChanged.connect(self.changed.emit)
        drop = FileDrop(self)
        drop.dropped.connect(self.wanted.emit)
        paste = PhotoPaste(self)
        paste.pasted.connect(self._paste)
        self._show_evidence()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        if not hasattr(self, "photos"):
            return  # Qt tells the style before the card has its parts
        side = theme.px(THUMB)
        self.note.setFixedHeight(theme.px(NOTE_LINES))
        self.photos.setIconSize(QSize(side, side))
        self.photos.setGridSize(QSize(side + theme.px(24), side + theme.px(34)))
        self.photos.setFixedHeight(side + theme.px(52))
        # Beside each other, or two and two where letters are large.
        across = len(STATUSES) if theme.px(100) < LARGE else 2
        for position, button in enumerate(self.group.buttons()):
            self._grid.removeWidget(button)
            self._grid.addWidget(button, position // across, position % across)

    def _statuses(self) -> QGridLayout:
        self._grid = grid = QGridLayout()
        grid.setSpacing(theme.px(8))
        self.group = QButtonGroup(self)
        for position, status in enumerate(STATUSES):
            button = QPushButton(say(STATUS_TEXTS[status]))
            button.setCheckable(True)
            button.setObjectName(f"status_{status}")
            button.setChecked(self._finding.status == status)
            self.group.addButton(button, position)
            grid.addWidget(button, 0, position)
        self.group.idToggled.connect(lambda _id, _on: self.changed.emit())
        return grid

    def _photos(self, number: int) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self.files_button = QPushButton(say(Text("Photos and documents…")))
        icons.wear(self.files_button, "camera", "text")
        self.files_button.clicked.connect(lambda: self.wanted.emit([]))
        self.folder_button = QPushButton(say(Text("A whole folder…")))
        icons.wear(self.folder_button, "folder-open", "text")
        self.folder_button.clicked.connect(self.folder_wanted.emit)
        self.paste_button = QPushButton(say(Text("Paste")))
        icons.wear(self.paste_button, "copy", "text")
        self.paste_button.setToolTip("Ctrl+V")
        self.paste_button.clicked.connect(self.pasted.emit)
        for button in (self.files_button, self.folder_button, self.paste_button):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.photos = QListWidget()
        self.photos.setAccessibleName(say(Text("Photos of claim {number}", number=number)))
        self.photos.setViewMode(QListView.ViewMode.IconMode)
        self.photos.setMovement(QListView.Movement.Static)
        self.photos.setResizeMode(QListView.ResizeMode.Adjust)
        self.photos.setWrapping(False)
        self.photos.setFlow(QListView.Flow.LeftToRight)
        self.photos.currentRowChanged.connect(self._show_one)
        self.body.addWidget(self.photos)
        self.one = QWidget()
        line = QHBoxLayout(self.one)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self.caption = QLineEdit()
        self.caption.setPlaceholderText(say(Text("What the photo shows")))
        self.caption.setAccessibleName(say(Text("Caption")))
        self.private = QCheckBox(say(Text("Private")))
        self.private.setToolTip(say(Text("Only its fingerprint stands in public files and papers")))
        self.remove_button = QPushButton(say(Text("Take out")))
        self.remark_label = QLabel()
        self.remark_label.setProperty("look", "small")
        self.remark_label.setWordWrap(True)
        line.addWidget(self.caption, 1)
        line.addWidget(self.private)
        line.addWidget(self.remove_button)
        self.body.addWidget(self.one)
        self.body.addWidget(self.remark_label)
        self.caption.textEdited.connect(self._change_one)
        self.private.toggled.connect(lambda _on: self._change_one())
        self.remove_button.clicked.connect(self._remove_one)

    # -- what it says

    @property
    def finding(self) -> Finding:
        """What the card says now."""
        chosen = self.group.checkedId()
        return replace(
            self._finding,
            claim=self.text.text() if self._own else self._finding.claim,
            status=STATUSES[chosen] if chosen >= 0 else "",
            note=self.note.toPlainText(),
        )

    def add(self, evidence: Sequence[Evidence]) -> None:
        """Add evidence at the end; what is here already stays once."""
        known = {item.original for item in self._finding.evidence}
        new = tuple(item for item in evidence if item.original not in known)
        self._finding = replace(self._finding, evidence=self._finding.evidence + new)
        self._show_evidence()
        self.changed.emit()

    def show_remarks(self, remarks: Mapping[int, str]) -> None:
        """Say beside each piece of evidence what it says of itself."""
        self._remarks = dict(remarks)
        self._show_one(self.photos.currentRow())

    def show_thumbs(self, thumbs: Mapping[str, bytes]) -> None:
        """Show small pictures by the SHA-256 of the copies."""
        for row, item in enumerate(self._finding.evidence):
            data = thumbs.get(item.copy or "")
            if data is not None and row < self.photos.count():
                self.photos.item(row).setIcon(QIcon(_squared(data)))

    def set_locked(self, locked: bool) -> None:
        """Let nothing be changed: it is signed."""
        self.text.setReadOnly(locked)
        self.note.setReadOnly(locked)
        self.caption.setReadOnly(locked)
        for widget in (
            *self.group.buttons(),
            self.files_button,
            self.folder_button,
            self.paste_button,
            self.private,
            self.remove_button,
        ):
            widget.setEnabled(not locked)

    # -- inside

    def _paste(self) -> None:
        if self.paste_button.isEnabled():
            self.pasted.emit()

    def _show_evidence(self) -> None:
        row = self.photos.currentRow()
        self.photos.clear()
        for number, item in enumerate(self._finding.evidence, start=1):
            named = item.caption or item.name or say(Text("Photo {number}", number=number))
            shown = QListWidgetItem(icons.pixmap("image", size=THUMB // 2), named)
            shown.setToolTip(named)
            self.photos.addItem(shown)
        self.photos.setVisible(bool(self._finding.evidence))
        self.photos.setCurrentRow(min(max(row, 0), self.photos.count() - 1))
        self._show_one(self.photos.currentRow())

    def _show_one(self, row: int) -> None:
        there = 0 <= row < len(self._finding.evidence)
        self.one.setVisible(there)
        self.remark_label.setText(self._remarks.get(row, "") if there else "")
        self.remark_label.setVisible(there and bool(self.remark_label.text()))
        if there:
            item = self._finding.evidence[row]
            self.caption.setText(item.caption)
            self.private.blockSignals(True)
            self.private.setChecked(item.private)
            self.private.blockSignals(False)

    def _change_one(self) -> None:
        row = self.photos.currentRow()
        kept = list(self._finding.evidence)
        if not 0 <= row < len(kept):
            return
        kept[row] = replace(
            kept[row], caption=self.caption.text(), private=self.private.isChecked()
        )
        self._finding = replace(self._finding, evidence=tuple(kept))
        self.photos.item(row).setText(self.caption.text() or kept[row].name)
        self.changed.emit()

    def _remove_one(self) -> None:
        row = self.photos.currentRow()
        kept = list(self._finding.evidence)
        if 0 <= row < len(kept):
            del kept[row]
            self._finding = replace(self._finding, evidence=tuple(kept))
            self._remarks = {}
            self._show_evidence()
            self.changed.emit()
            (self.photos if kept else self.files_button).setFocus()


def _squared(data: bytes) -> QPixmap:
    """Return a picture in the middle of a clear square, so that all captions stand level."""
    picture = QPixmap()
    picture.loadFromData(data)
    side = max(picture.width(), picture.height())
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.drawPixmap((side - picture.width()) // 2, (side - picture.height()) // 2, picture)
    painter.end()
    return square
