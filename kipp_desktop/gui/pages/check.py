"""Periksa hasil: what an outsider can know from the files, with no competition on this laptop."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHeaderView

from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.places import PLACES, places_of
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import ROW, show_lines, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.file_opener import FileOpener
from kipp_desktop.gui.widgets.words_field import WordsField
from kipp_desktop.gui.workplace import home_for
from kipp_desktop.services import checking
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QTableView, QWidget

    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.services.checking import Check, Verification

RESULTS: Final[file_dialogs.Filter] = (Text("Results and minutes"), ("*.kipp", "*.pdf"))
VERDICT_ICON: Final = 34
MOST_CHECKS: Final = 9
LEAST_PLACES: Final = 6


@dataclass(frozen=True)
class _Line:
    """A check, numbered in the order in which it was made."""

    number: int
    check: Check


CHECKS: Final = (
    Column[_Line](
        Text("Result"),
        lambda r: f"✓ {say(Text('holds'))}" if r.check.ok else f"✗ {say(Text('does not hold'))}",
        tone=lambda r: "good" if r.check.ok else "bad",
        width=14,
    ),
    Column[_Line](Text("What was checked"), lambda r: say(r.check.detail), stretch=True),
)


class CheckPage(Page):
    """Files in, sentences out; the verdict is large and plain."""

    form = "check.ui"

    words: QLineEdit
    again_button: QPushButton
    words_problem: QLabel
    files_label: QLabel
    ask_card: QFrame
    verdict_card: QFrame
    verdict_icon: QLabel
    verdict_label: QLabel
    remark_label: QLabel
    nothing: QWidget
    checks: QTableView
    ranking_heading: QLabel
    ranking: QTableView

    def build(self) -> None:
        """Set up the tables and what takes files."""
        self._files: tuple[Path, ...] = ()
        self._found: Verification | None = None
        self.check_model = RowsModel(CHECKS, lambda row: row.number, self)
        show_rows(self.checks, self.check_model)
        self.checks.setWordWrap(True)
        self.checks.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.place_model = RowsModel(PLACES, lambda row: row.number, self)
        show_rows(self.ranking, self.place_model)
        self.empty = EmptyState("shield-check")
        place(self.empty, self.nothing)
        self.opener = FileOpener(
            self,
            Text("Open results to check"),
            (RESULTS, file_dialogs.ALL),
            Text("Whoever holds the files can check and compute them again"),
        )
        self.opener.opened.connect(self.check)
        self.typed = WordsField(self.words, self.words_problem)
        self.words.returnPressed.connect(self.check_again)
        self.again_button.clicked.connect(self.check_again)
        self._show_found()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return self.opener.keys(Text("open files to check"))

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("Nothing has been checked yet")),
            say(
                Text(
                    "Drag hasil.kipp or hasil-publik.kipp here, together with berita-acara.pdf, or "
                    "open them. Nothing is stored, and no competition has to be on this laptop."
                )
            ),
        )
        self.typed.say()
        self._show_found()

    # --- checking ---

    def check_again(self) -> None:
        """Check the same files again, with the words as they are typed now."""
        if self._files:
            self.check(self._files)
        else:
            self.opener.choose()

    def check(self, files: Sequence[Path]) -> None:
        """Check files together, off the window's thread."""
        self._files = tuple(files)
        if not self.typed.is_spelt():
            return
        typed = self.typed.text()
        folder = self.house.home or Path(tempfile.gettempdir())

        def work(task: TaskContext) -> Verification:
            return checking.verify(home_for(folder, task).context, self._files, typed or None)

        self.run(work, self.show_found, title=Text("Checking the files"), pure=True)

    def show_found(self, found: Verification) -> None:
        """Show what checking found."""
        self._found = found
        self._show_found()
        self.checks.setFocus()
        self.checks.setCurrentIndex(self.check_model.index(0, 0))

    # --- showing ---

    def _show_found(self) -> None:
        found = self._found
        for widget in (self.verdict_card, self.checks, self.files_label):
            widget.setVisible(found is not None)
        self.nothing.setVisible(found is None)
        self.again_button.setVisible(found is not None)
        recomputed = found is not None and found.recomputed is not None
        self.ranking.setVisible(recomputed)
        self.ranking_heading.setVisible(recomputed)
        if found is None:
            return
        self.files_label.setText(
            say(Text("Checked: {files}", files=tuple(path.name for path in self._files)))
        )
        self._say_verdict(found)
        lines = [_Line(number, check) for number, check in enumerate(found.checks)]
        # What does not hold stands first.
        lines.sort(key=lambda line: line.check.ok)
        self.check_model.set_rows(lines)
        shown = min(max(len(lines), 2), MOST_CHECKS)
        header = self.checks.horizontalHeader().sizeHint().height()
        show_lines(self.checks, shown)
        self.place_model.set_rows(places_of(found))
        self.ranking.setMinimumHeight(header + LEAST_PLACES * theme.px(ROW))

    def _say_verdict(self, found: Verification) -> None:
        if not found.ok:
            text, icon, colour = Text("These files do not hold."), "circle-alert", "on_bad"
            remark = Text(
                "At least one promise is broken; it stands first below. Do not rely on these "
                "files: ask the organiser for the originals and check them again."
            )
        elif found.signer == "compared":
            text, icon, colour = Text("These files hold."), "circle-check", "on_good"
            remark = Text(
                "Everything is whole, signed and computed anew with the same outcome, and the "
                "words are those of the desk that signed."
            )
        else:
            text, icon, colour = (
                Text("These files are whole; the signer was not compared."),
                "circle-check",
                "on_wait",
            )
            remark = Text(
                "Everything is whole and computed anew with the same outcome. To know who signed, "
                "type the six words from the minutes that were signed by hand, and check again."
            )
        self.verdict_label.setText(say(text))
        self.remark_label.setText(say(remark))
        ratio = self.devicePixelRatioF()
        self.verdict_icon.setPixmap(icons.pixmap(icon, colour, VERDICT_ICON, ratio))
        self.verdict_card.setAccessibleName(f"{say(text)} {say(remark)}")
