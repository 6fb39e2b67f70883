"""The bar below a sheet in Penilaian: its total and the making, what is saved, and the ways on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel

from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.held import HeldRow
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.services.sheetbook import making_of, mark_values
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

    from kipp_desktop.gui.models.entry_list import EntryLine
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.sheetbook import Making, Sheetbook

SHORT_NUMBER: Final = 2
GAP: Final = 8
LEAST_WIDTH: Final = 330 + 480
"""Words and buttons side by side, in pixels at 100 % text; with less room they stand in two lines.
"""


class SheetBar(QObject):
    """It always stands in sight, below the criteria that may scroll."""

    bar_grid: QGridLayout
    bar_buttons: QWidget
    bar_words: QWidget
    undo_button: QPushButton
    previous_button: QPushButton
    next_button: QPushButton
    main_button: QPushButton

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self.count_label, self.making_label, self.saved_label = QLabel(), ElidedLabel(), QLabel()
        for label, look in (
            (self.count_label, "strong"),
            (self.making_label, "small"),
            (self.saved_label, "small"),
        ):
            label.setProperty("look", look)
        words = HeldRow(self.count_label, self.making_label, self.saved_label, GAP)
        place(words, self.bar_words)
        self.main_button.setToolTip("Ctrl+Enter")
        self._folded = False
        self._main_word = Text("Done, next")

    def show_total(self, book: Sheetbook, view: SheetView) -> None:
        """Say how far a sheet is, or its total; the main button goes where marks are missing."""
        making = making_of(book.rubric, view.marks)
        say_look(self.count_label, "look", "strong" if making is None else "figure")
        if view.abstained:
            self.count_label.setText(say(Text("You give no marks here")))
            self.making_label.say("")
        elif making is None:
            marks = mark_values(book.rubric, view.marks)
            done = sum(mark is not None for mark in marks.values())
            self.count_label.setText(
                say(Text("{done} of {total} criteria", done=done, total=len(marks)))
            )
            self.making_label.say(say(Text("the total appears when all are marked")))
        else:
            self._show_making(making, book.digits)
        gap = making is None and not view.abstained
        self._main_word = Text("To the empty criterion") if gap else Text("Done, next")
        self._say_main()

    def show_ways(self, before: EntryLine | None, after: EntryLine | None) -> None:
        """Name the entries before and after; ``None`` where there is none."""
        for button, line, name, sign in (
            (self.previous_button, before, Text("Innovation before"), "‹ {}"),  # noqa: RUF001
            (self.next_button, after, Text("Next innovation"), "{} ›"),  # noqa: RUF001
        ):
            number = "–" if line is None else line.number
            # Big letters leave no room for big numbers, which are then only read aloud.
            short = "" if self._folded and len(number) > SHORT_NUMBER else number
            button.setText(sign.format(short).strip())
            button.setAccessibleName(f"{say(name)}: {number}")
            button.setEnabled(line is not None)

    def say_saved(self, at: str) -> None:
        """Say when the sheet was saved (a time as services write it), or nothing for ""."""
        say_look(self.saved_label, "look", "small")
        text = ""
        if at:
            when = datetime.fromisoformat(at).strftime("%H.%M.%S")
            text = say(Text("Saved {time}", time=when))
        self.saved_label.setText(text)

    def say_not_saved(self) -> None:
        """Say that the last change was taken back."""
        say_look(self.saved_label, "look", "problem")
        self.saved_label.setText(say(Text("Not saved")))

    def fold(self, room: int) -> None:
        """Put the buttons below the words where a width (in pixels) is too little for both."""
        folded = room < theme.px(LEAST_WIDTH)
        if folded == self._folded:
            return
        self._folded = folded
        grid = self.bar_grid
        grid.removeWidget(self.bar_buttons)
        if folded:
            grid.addWidget(self.bar_buttons, 1, 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        else:
            grid.addWidget(self.bar_buttons, 0, 1)
        grid.setColumnStretch(0, 1)
        self._say_main()

    def _show_making(self, making: Making, digits: int) -> None:
        total = round_half_up(making.total, digits)
        self.count_label.setText(say(Text("Total {total}", total=total)))
        # Thirds and sevenths are cut for the eye; the tool tip has them as they are.
        shown = [round_half_up(part.part, digits) for part in making.parts]
        sign = "=" if all(a == b.part for a, b in zip(shown, making.parts, strict=True)) else "≈"
        self.making_label.say(f"{sign} {' + '.join(map(say_value, shown))}")
        self.making_label.setToolTip(
            "\n".join(
                f"{part.criterion}: {say_value(part.mark)} × "
                f"{say_value(part.coefficient)} = {say_value(part.part)}"
                for part in making.parts
            )
        )

    def _say_main(self) -> None:
        word = say(self._main_word)
        self.main_button.setText(word if self._folded else f"{word}   Ctrl+Enter")
