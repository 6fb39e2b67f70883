"""Where a number comes from: stages, judges, marks × factors = parts, and the signed sheets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say, say_number, say_value
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTreeWidget, QWidget

    from kipp_desktop.services.board import BoardRow, MadeSheet, MadeStage

_NUMBERS: Final = (1, 2, 3)
_AT_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HOW: Final = {
    "laptop": Text("Signed on a laptop"),
    "twice": Text("From paper, typed twice"),
    "checked": Text("From paper, printed back and initialled"),
}
_METHODS: Final = {
    "mean": Text("Mean of the judges' totals"),
    "median": Text("Median of the judges' totals"),
    "trimmed-mean": Text("Mean of the judges' totals without the highest and the lowest"),
    "placing": Text("Mean of the places that the judges gave"),
}


def number(value: Fraction) -> str:
    """Return a number as the window's language writes it, with "…" where six digits cut it."""
    whole = (value * 10**6).denominator == 1
    return say_value(value) if whole else f"{say_value(value)} …"


class MakingDialog(FormDialog):
    """A tree: a stage, its judges, each judge's criteria."""

    form = "making.ui"
    title = Text("Where this number comes from")
    wide = 720

    entry_label: QLabel
    score_label: QLabel
    place_label: QLabel
    tree: QTreeWidget
    buttons: QDialogButtonBox

    def __init__(
        self, row: BoardRow, stages: Sequence[MadeStage], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.entry_label.setText(f"{row.number} · {row.title}")
        self.score_label.setText(say_number(row.score or "–"))
        self.place_label.setText(say(_place(row)))
        self.tree.setHeaderLabels(
            [
                say(text)
                for text in (
                    Text("Judge, criterion"),
                    Text("Mark"),
                    Text("× factor"),
                    Text("= part"),
                )
            ]
        )
        for stage in stages:
            self._add_stage(stage)
        self.tree.expandAll()
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        numbers = self.tree.headerItem()
        for column in _NUMBERS:
            numbers.setTextAlignment(column, _AT_RIGHT)
        # The tree scrolls, not the dialog around it.
        room = self._room().height() - theme.px(190)
        self.tree.setMinimumHeight(min(theme.px(380), room))
        self.buttons.rejected.connect(self.reject)

    def _add_stage(self, stage: MadeStage) -> None:
        method = _METHODS[stage.method] if stage.sheets else Text("No sheet counts here yet.")
        top = QTreeWidgetItem([f"{stage.name} · {say(method)}"])
        _embolden(top)
        self.tree.addTopLevelItem(top)
        top.setFirstColumnSpanned(True)
        for made in stage.sheets:
            judge, signature = _judge(made)
            top.addChild(judge)
            # A line without numbers takes the whole width, so that it widens no column.
            signature.setFirstColumnSpanned(True)


def _judge(made: MadeSheet) -> tuple[QTreeWidgetItem, QTreeWidgetItem]:
    """Return a judge's line with its criteria, and the last of them: the signature."""
    sheet = made.sheet
    item = QTreeWidgetItem([sheet.judge, "", "", number(sheet.total)])
    _embolden(item)
    for part in sheet.parts:
        item.addChild(
            _right(
                QTreeWidgetItem(
                    [part.criterion, number(part.mark), number(part.coefficient), number(part.part)]
                )
            )
        )
    signed = Text(
        "{how}, {at}; record {record}",
        how=_HOW.get(sheet.how, _HOW["laptop"]),
        at=datetime.fromisoformat(made.at),
        record=made.record[:16],
    )
    signature = QTreeWidgetItem([say(signed)])
    item.addChild(signature)
    return _right(item), signature


def _right(item: QTreeWidgetItem) -> QTreeWidgetItem:
    for column in _NUMBERS:
        item.setTextAlignment(column, _AT_RIGHT)
    return item


def _embolden(item: QTreeWidgetItem) -> None:
    for column in range(4):
        item.setFont(column, theme.font(bold=True))


def _place(row: BoardRow) -> Text:
    if row.computed is None or row.place is None:
        return Text("Without a place.")
    if row.by is not None:
        return Text("Place {place}; {by} decided among equal scores.", place=row.place, by=row.by)
    return Text("Place {place} by the score alone.", place=row.place)
