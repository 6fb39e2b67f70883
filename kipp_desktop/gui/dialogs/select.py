"""Record a decision about several entries: who goes on, who gets a tier, the panel's own order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.decide import NO_VOTES
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.ordering import Ordering
from kipp_desktop.gui.widgets.votes import VotesRow
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import (
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QListWidget,
        QPushButton,
        QWidget,
    )

    from kipp_desktop.services.choices import Selection
    from kipp_desktop.services.desk import Votes

_NUMBER = int(Qt.ItemDataRole.UserRole)
MOST_SHOWN: Final = 9
TITLES: Final = {
    "advance": Text("Who goes on"),
    "award": Text("Who gets an award"),
    "deviate": Text("The panel's own order"),
}


@dataclass(frozen=True)
class Selected:
    """What was decided: the numbers in the order of the list."""

    selection: Selection
    numbers: tuple[str, ...]
    reason: str
    votes: Votes | None


class SelectDialog(FormDialog):
    """Space ticks, or Alt+Up and Alt+Down move; what the computation proposes is there already.

    :attr:`selected` holds the answer once the dialog is accepted.
    """

    form = "select.ui"
    wide = 680

    scope_label: QLabel
    scope: QComboBox
    entries_label: QLabel
    entries: QListWidget
    up_button: QPushButton
    down_button: QPushButton
    count_label: QLabel
    reason: QLineEdit
    votes_place: QWidget
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, selections: Sequence[Selection], parent: QWidget | None = None) -> None:
        self._selections = list(selections)
        super().__init__(parent)
        self.selected: Selected | None = None
        # A long title is shortened; Qt would scroll to both sides for it.
        self.entries.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.ordering = Ordering(self.entries, self.up_button, self.down_button)
        self.votes = VotesRow()
        place(self.votes, self.votes_place)
        several_groups = len({one.group for one in selections}) > 1
        for one in selections:
            parts = [one.scope_name or say(Text("Final order"))]
            self.scope.addItem(" · ".join([*parts, one.group_name] if several_groups else parts))
        self.scope_label.setVisible(len(selections) > 1)
        self.scope.setVisible(len(selections) > 1)
        self.problem_label.hide()
        self.main_button(self.buttons, Text("Record the decision"))
        self.scope.currentIndexChanged.connect(self._fill)
        self.entries.itemChanged.connect(self._count)
        self.buttons.accepted.connect(self.accept_if_whole)
        self.buttons.rejected.connect(self.reject)
        self._fill()
        (self.scope if len(selections) > 1 else self.entries).setFocus()

    @property
    def _now(self) -> Selection:
        return self._selections[max(self.scope.currentIndex(), 0)]

    def _fill(self) -> None:
        selection = self._now
        ticks = selection.about != "deviate"
        self.ordering.allowed = not ticks
        self.up_button.setVisible(not ticks)
        self.down_button.setVisible(not ticks)
        self.entries.blockSignals(True)
        self.entries.clear()
        for choice in selection.choices:
            item = QListWidgetItem(f"{choice.number} · {choice.title} ({say(choice.where)})")
            item.setData(_NUMBER, choice.number)
            if ticks:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                state = Qt.CheckState.Checked if choice.chosen else Qt.CheckState.Unchecked
                item.setCheckState(state)
            self.entries.addItem(item)
        self.entries.blockSignals(False)
        self.entries.setCurrentRow(0)
        self._fit_list()
        self.entries_label.setText(say(_question(selection)))
        self._count()

    def _fit_list(self) -> None:
        shown = min(max(self.entries.count(), 2), MOST_SHOWN)
        frame = 2 * self.entries.frameWidth()
        self.entries.setFixedHeight(self.entries.sizeHintForRow(0) * shown + frame)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the list again: only now a row is as high as it will be."""
        super().showEvent(event)
        self._fit_list()

    def _items(self) -> list[QListWidgetItem]:
        items = [self.entries.item(number) for number in range(self.entries.count())]
        if self._now.about == "deviate":
            return items
        return [item for item in items if item.checkState() == Qt.CheckState.Checked]

    def _count(self) -> None:
        selection = self._now
        self.count_label.setVisible(selection.about != "deviate")
        self.count_label.setText(
            say(
                Text(
                    "{count} ticked; the rules say {size}.",
                    count=len(self._items()),
                    size=selection.size,
                )
            )
        )

    def accept_if_whole(self) -> None:
        """Close with the decision, or say what is missing."""
        reason = self.reason.text().strip()
        numbers = [str(item.data(_NUMBER)) for item in self._items()]
        if not numbers:
            self._refuse(Text("Tick at least one innovation (Space)."), self.entries)
        elif not reason:
            self._refuse(Text("A reason is needed; it will stand in the minutes."), self.reason)
        elif self.votes.missing():
            self._refuse(NO_VOTES, self.votes.boxes[0])
        else:
            if self._now.about == "deviate":
                numbers = departing(self._now.computed, numbers)
            self.selected = Selected(self._now, tuple(numbers), reason, self.votes.votes())
            self.accept()

    def _refuse(self, why: Text, where: QWidget) -> None:
        self.problem_label.setText(say(why))
        self.problem_label.show()
        where.setFocus()
        self.fit()

    def _say_title(self) -> None:
        self.setWindowTitle(say(TITLES[self._selections[0].about]))


def departing(computed: Sequence[str], order: Sequence[str]) -> list[str]:
    """Return the beginning of an order up to the last place where it departs from the computed.

    Nothing where both are the same: the panel then returns to the computed order.
    """
    differ = [at for at, (was, now) in enumerate(zip(computed, order, strict=True)) if was != now]
    return list(order[: differ[-1] + 1]) if differ else []


def _question(selection: Selection) -> Text:
    if selection.about == "advance":
        return Text(
            "Who goes &on from {stage}? The computed order proposes the ticked ones.",
            stage=selection.scope_name,
        )
    if selection.about == "award":
        return Text(
            "Who gets {tier}? It replaces what the places alone would give.",
            tier=selection.scope_name,
        )
    return Text(
        "&Order of the panel, the best first (Alt+Up and Alt+Down move an entry). Computed places "
        "stay; awards follow this order."
    )
