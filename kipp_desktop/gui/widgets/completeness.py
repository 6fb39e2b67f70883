"""How far each judge is: a name, a line, "23 / 46", and how the sheets come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.services.standing import PersonStatus, Status


class Completeness(QWidget):
    """The people of a :class:`~kipp_desktop.services.standing.Status`, a row each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status: Status | None = None
        self._rows: list[tuple[ElidedLabel, ProgressLine, QLabel, ElidedLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._space()

    def show_status(self, status: Status) -> None:
        """Show another state."""
        self._status = status
        while len(self._rows) > len(status.people):
            for widget in self._rows.pop():
                self._grid.removeWidget(widget)
                widget.deleteLater()
        while len(self._rows) < len(status.people):
            name, line, count, how = ElidedLabel(), ProgressLine(), QLabel(), ElidedLabel()
            count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            how.setProperty("look", "small")
            row: tuple[QWidget, ...] = (name, line, count, how)
            for column, part in enumerate(row):
                self._grid.addWidget(part, len(self._rows), column)
            self._rows.append((name, line, count, how))
        for (name, line, count, how), person in zip(self._rows, status.people, strict=True):
            name.say(person.person)
            line.show_progress(person.sent, person.expected)
            line.setAccessibleName(f"{person.person}: {line.toolTip()}")
            count.setText(f"{person.sent} / {person.expected}")
            how.say(how_sent(person))

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        if event.type() == QEvent.Type.LanguageChange and self._status is not None:
            self.show_status(self._status)
        elif event.type() == QEvent.Type.StyleChange:
            self._space()
        super().changeEvent(event)

    def _space(self) -> None:
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(5))


def how_sent(person: PersonStatus) -> str:
    """Return how a judge's sheets come: on a laptop, on paper, and what is unusual."""
    parts = []
    if person.paper and person.paper == person.sent:
        parts.append(Text("on paper"))
    elif person.paper:
        parts.append(Text("laptop and paper"))
    elif person.sent or person.waiting:
        parts.append(Text("laptop"))
    else:
        parts.append(Text("nothing yet"))
    if person.waiting:
        parts.append(Text("not compared yet"))
    if person.abstained:
        parts.append(Text("abstains {count} times", count=person.abstained))
    return ", ".join(say(part) for part in parts)
