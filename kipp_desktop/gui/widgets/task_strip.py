"""What is being done below the page, with its progress and a button to stop it.

Work that is over within 400 ms shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.gui.tasks import Task, Tasks

WAIT_MS: Final = 400
LOOK_MS: Final = 100


class TaskStrip(Card):
    """Shows the oldest task that is not over yet."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("task_strip")
        self._tasks = tasks
        self.text_label = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.cancel_button = QPushButton()
        self.cancel_button.clicked.connect(self.cancel)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.text_label, 1)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel_button)
        self.body.addLayout(row)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._appear)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        tasks.begun.connect(self._begun)
        tasks.ended.connect(self._ended)
        self._say()
        self.hide()

    def cancel(self) -> None:
        """Ask the task that is shown to stop."""
        if self._tasks.running:
            self._tasks.running[0].cancel()
            self.cancel_button.setEnabled(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.cancel_button.setText(say(Text("Stop")))
        self.bar.setAccessibleName(say(Text("Progress")))

    def _begun(self, _task: Task[Any]) -> None:
        if not self.isVisible() and not self._wait.isActive():
            self._wait.start()

    def _ended(self, _task: Task[Any]) -> None:
        if not self._tasks.busy:
            self._wait.stop()
            self._look.stop()
            self.hide()

    def _appear(self) -> None:
        self._show_progress()
        self.show()
        self._look.start()

    def _show_progress(self) -> None:
        if not self._tasks.running:
            return
        task = self._tasks.running[0]
        context = task.context
        text = context.text or task.title or Text("One moment …")
        self.text_label.say(say(text))
        # Without any progress yet the bar runs to and fro instead of standing at nothing.
        self.bar.setRange(0, 1000 if context.fraction else 0)
        self.bar.setValue(round(context.fraction * 1000))
        self.cancel_button.setEnabled(not context.cancelled)
