"""One criterion of a sheet: its name and weight, the mark, what the mark means, a comment."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.clamped_label import ClampedLabel
from kipp_desktop.gui.widgets.held import HeldLabel
from kipp_desktop.gui.widgets.level_label import LevelLabel
from kipp_desktop.gui.widgets.mark_editor import mark_editor
from kipp_desktop.gui.widgets.mark_field import MarkField
from kipp_desktop.gui.widgets.note_button import NoteButton
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtGui import QResizeEvent

    from kipp_desktop.domain.rubric import Leaf

WORDS: Final = 250
"""The words beside the boxes need at least this width; else the boxes go below them."""


SHORT: Final = 2
WHOLE: Final = 12
"""Lines of the description: of a row at rest, and of the one that is worked in."""


class CriterionRow(QFrame):
    """``marked`` carries the new mark and the one before; ``commented`` the comment at each change.

    ``entered`` says that the user works here now; ``left`` is -1 or 1 for the row above or below;
    ``refused`` a :class:`Text` on what the scale allows.
    """

    marked = Signal(object, object)
    commented = Signal(str)
    entered = Signal()
    left = Signal(int)
    refused = Signal(object)

    def __init__(self, leaf: Leaf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.leaf = leaf
        self._mark: Fraction | None = None
        self._looked_at: Fraction | None = None
        self._active = False
        criterion = leaf.criterion
        self.editor = mark_editor(leaf.scale, criterion.name)
        self.note_button = NoteButton()
        self._weight = ""
        self._build()
        self.editor.marked.connect(self._set)
        self.editor.looked_at.connect(self._look_at)
        self.editor.left.connect(self.left)
        if isinstance(self.editor, MarkField):
            self.editor.refused.connect(self.refused)
        self.note_button.toggled.connect(self._open_comment)
        self.comment.textChanged.connect(self._comment_changed)
        self.comment.installEventFilter(self)
        self._say()

    def _build(self) -> None:
        criterion = self.leaf.criterion
        self.name_label = QLabel()
        self.name_label.setTextFormat(Qt.TextFormat.RichText)
        self.name_label.setWordWrap(True)
        self.name_label.setProperty("look", "heading")
        self.description_label = ClampedLabel(SHORT)
        self.description_label.setProperty("look", "small")
        self.description_label.say(criterion.description)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name_label)
        words.addWidget(self.description_label)
        self._words = QWidget()
        self._words.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        marks = QHBoxLayout()
        marks.setContentsMargins(0, 0, 0, 0)
        marks.setSpacing(10)
        marks.addWidget(self.editor)
        marks.addWidget(self.note_button)
        self._marks = QWidget()
        self._marks.setLayout(marks)
        self._marks.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.level_label = LevelLabel()
        self._level = HeldLabel(self.level_label)
        self._level.hide()
        self.comment = QPlainTextEdit()
        self.comment.setTabChangesFocus(True)
        self.comment.hide()
        self._grid = QGridLayout(self)
        self._space()
        self._grid.setColumnStretch(0, 1)
        self._beside: bool | None = None
        self._arrange(beside=True)

    def _space(self) -> None:
        self._grid.setContentsMargins(0, theme.px(7), 0, theme.px(7))
        self._grid.setHorizontalSpacing(theme.px(10))
        self._grid.setVerticalSpacing(theme.px(4))

    # --- what the card does ---

    def show_weight(self, weight: str) -> None:
        """Show the weight beside the name, as the window's language writes it."""
        self._weight = weight
        self._say()

    def show_sheet(self, mark: Fraction | None, comment: str) -> None:
        """Show what is stored; emits nothing."""
        self.show_mark(mark)
        if self.comment.toPlainText().strip() != comment:
            self.comment.blockSignals(True)
            self.comment.setPlainText(comment)
            self.comment.blockSignals(False)
        self.note_button.setChecked(False)
        self._say_note()

    def show_mark(self, mark: Fraction | None) -> None:
        """Show a stored mark; emits nothing."""
        self._mark = mark
        self.editor.show_mark(mark)
        focus = cast("QWidget | None", self.focusWidget())
        if self._looked_at is None or focus is None or not self.editor.isAncestorOf(focus):
            self._looked_at = mark
        self._say_level()

    @property
    def mark(self) -> Fraction | None:
        """The mark that is shown."""
        return self._mark

    def set_active(self, active: bool) -> None:
        """Show, or hide, the whole description and what the mark means."""
        if not active and not self._active:
            return
        self._active = active
        self.description_label.set_lines(WHOLE if active else SHORT)
        if not active:
            self._looked_at = self._mark
        self._say_level()

    def set_editable(self, editable: bool) -> None:
        """Let marks and comment be changed, or only be read."""
        self.editor.setEnabled(editable)
        self.comment.setReadOnly(not editable)

    # --- inside ---

    def _set(self, mark: Fraction | None) -> None:
        before, self._mark = self._mark, mark
        self._looked_at = mark
        self._say_level()
        if mark != before:
            self.marked.emit(mark, before)

    def _look_at(self, mark: Fraction | None) -> None:
        self._looked_at = self._mark if mark is None else mark
        self.entered.emit()
        self._say_level()

    def _open_comment(self, on: bool) -> None:
        self.comment.setVisible(on)
        if on:
            self.comment.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.comment.hasFocus():
            self.note_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _comment_changed(self) -> None:
        self._say_note()
        self.commented.emit(self.comment.toPlainText())

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        """Close the comment with Esc."""
        if (
            watched is self.comment
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape  # type: ignore[attr-defined]
        ):
            self.note_button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.note_button.setChecked(False)
            return True
        return False

    def _say_level(self) -> None:
        level = None
        if self._active and self._looked_at is not None:
            level = self.leaf.criterion.level_of(self._looked_at)
        if level is not None:
            ends = dict.fromkeys((say_value(level.start), say_value(level.end)))
            marks = "–".join(ends)
            self.level_label.setText(f"{marks}  {level.text}")
        elif self._active and self.leaf.criterion.levels:
            low, high = self.leaf.scale.minimum, self.leaf.scale.maximum
            self.level_label.setText(
                say(Text("Not marked yet: from {low} to {high}.", low=low, high=high))
            )
        self._level.setVisible(self._active and bool(self.leaf.criterion.levels))

    def _say_note(self) -> None:
        used = bool(self.comment.toPlainText().strip())
        self.note_button.say(self.leaf.criterion.name, used=used)

    def _say(self) -> None:
        name = self.leaf.criterion.name
        self.setAccessibleName(": ".join(part.name for part in self.leaf.path))
        self.name_label.setText(
            f"{escape(name)}&nbsp; <span style='font-weight: 400; color: "
            f"{theme.colours().muted}; font-size: {theme.px(theme.SMALL)}px'>{self._weight}</span>"
        )
        self.comment.setAccessibleName(say(Text("Comment on {criterion}", criterion=name)))
        self.comment.setPlaceholderText(
            say(Text("Comment on {criterion}", criterion=name)),
        )
        self._say_note()
        self._say_level()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        elif event.type() == QEvent.Type.StyleChange:
            self._say()
            self._space()
            self.comment.setFixedHeight(theme.px(56))
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the boxes beside the words where there is room, else below them."""
        super().resizeEvent(event)
        self._arrange(beside=self.width() - self._marks.sizeHint().width() >= theme.px(WORDS))

    def _arrange(self, *, beside: bool) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        grid = self._grid
        for widget in (self._words, self._marks, self._level, self.comment):
            grid.removeWidget(widget)
        if beside:
            grid.addWidget(self._words, 0, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(self._marks, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            grid.addWidget(self._words, 0, 0, 1, 2)
            grid.addWidget(self._marks, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        self._level.align(Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._level, 2, 0, 1, 2)
        grid.addWidget(self.comment, 3, 0, 1, 2)
        self.comment.setFixedHeight(theme.px(56))
