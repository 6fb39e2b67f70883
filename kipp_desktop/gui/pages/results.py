"""Hasil & berita acara: publish, look at the minutes, and keep the copy that was signed by hand."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from kipp_desktop.documents.page_images import render_pages
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.dialogs.hand_signature import HandSignatureDialog
from kipp_desktop.gui.dialogs.publish import PublishDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_lines, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.recording import record
from kipp_desktop.gui.translation import say, say_digest
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.pdf_view import PdfView
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import approving, published
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QFrame,
        QHBoxLayout,
        QLabel,
        QLineEdit,
        QPushButton,
        QTableView,
        QWidget,
    )

    from kipp_desktop.documents.page_images import PageImage
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.published import ResultsView, Word, WrittenFile
    from kipp_desktop.services.publishing import Publication

SCANS: Final[file_dialogs.Filter] = (
    Text("Scans (PDF, PNG, JPEG)"),
    ("*.pdf", "*.png", "*.jpg", "*.jpeg"),
)
KIB: Final = 1024
PDF_SLACK: Final = 8
TWO_HALVES, ONE_ROW = 800, 520
"""The page's and the card's width at 100 % text from which their parts stand side by side."""
PLACES: Final = {
    "plenary": Text("To the plenary"),
    "inbox": Text("To the incoming files"),
    "people": Text("To panel and rubric"),
}
CHECKED: Final = (".kipp", ".pdf")
"""The published files that a check reads."""


def size_text(size: int) -> str:
    """Return a size as people read it: in kB, or MB from a thousand on."""
    if size < KIB * KIB:
        return say(Text("{count} kB", count=max(1, round(size / KIB))))
    return say(Text("{count} MB", count=Fraction(round(size * 10 / KIB / KIB), 10)))


COLUMNS: Final = (
    Column["WrittenFile"](Text("File"), lambda r: r.name, width=17),
    Column["WrittenFile"](
        Text("Size"), lambda r: size_text(r.size), lambda r: r.size, right=True, width=7
    ),
    Column["WrittenFile"](Text("SHA-256"), lambda r: r.sha256, stretch=True),
)


def _word_text(word: Word) -> Text:
    said = word.said
    assert said is not None
    at = datetime.fromisoformat(said.at)
    if said.dissent is not None:
        return Text("✗ {name} dissents, {at}: {reason}", name=word.name, at=at, reason=said.dissent)
    if said.wet:
        return Text("✓ {name} signed by hand, recorded {at}", name=word.name, at=at)
    return Text("✓ {name} agreed under their own key, {at}", name=word.name, at=at)


class ResultsPage(Page):
    """What is missing, one button, and what came of it."""

    form = "results.ui"
    shows = frozenset({"ledgers", "plan", "decisions", "entries", "results"})

    halves: QHBoxLayout
    files_row: QHBoxLayout
    number: QLineEdit
    folder: QLineEdit
    choose_button: QPushButton
    state: QWidget
    state_label: QLabel
    go_button: QPushButton
    approvals_card: QFrame
    approvals_heading: QLabel
    hand_button: QPushButton
    lacking_label: QLabel
    approvals_label: QLabel
    files_card: QFrame
    files_label: QLabel
    check_button: QPushButton
    open_folder_button: QPushButton
    files: QTableView
    scan_card: QFrame
    scan_label: QLabel
    scan_button: QPushButton
    words_label: QLabel
    fingerprint_label: QLabel
    preview: QWidget

    def build(self) -> None:
        """Set up the table, the pages of the minutes and the one main button."""
        self._view: ResultsView | None = None
        self._shown_pdf = ""
        self._rendered = 0
        self.chip = Chip("", "neutral")
        place(self.chip, self.state)
        BreakingRow(self.halves, TWO_HALVES, self)
        BreakingRow(self.files_row, ONE_ROW, self.files_card)
        self.model = RowsModel(COLUMNS, lambda row: row.name, self)
        show_rows(self.files, self.model, self.open_file)
        self.pdf = PdfView()
        self.empty = EmptyState("file-badge")
        column = QVBoxLayout(self.preview)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty)
        column.addWidget(self.pdf)
        self.pdf.hide()
        self.pdf.settled.connect(self._render_again)
        self.publish_button = self.add_action(
            Text("Publish the results…"), self.ask, main=True, name="publish_button"
        )
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.publish_button.click)
        self.choose_button.clicked.connect(self.choose_folder)
        self.go_button.clicked.connect(self.go_on)
        self.check_button.clicked.connect(self.check)
        self.open_folder_button.clicked.connect(self.open_folder)
        self.scan_button.clicked.connect(self.attach)
        self.hand_button.clicked.connect(self.ask_hand)
        self.approvals_card.hide()
        documents = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        self.folder.setText(str(Path(documents) / "KIPP"))
        self.files_card.hide()
        self.scan_card.hide()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return [("Ctrl+Enter", Text("publish the results"))]

    # --- reading ---

    def load(self) -> None:
        """Read what is missing and what was published."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: published.results_view(workplace.panel), self.show_view)

    def show_view(self, view: ResultsView) -> None:
        """Show what is missing and what was published."""
        self._view = view
        issue = view.issue
        self.model.set_rows(issue.files if issue is not None else ())
        lines = len(issue.files) if issue is not None else 0
        show_lines(self.files, lines)
        self.files_card.setVisible(issue is not None)
        self.approvals_card.setVisible(issue is not None)
        self.scan_card.setVisible(issue is not None)
        if issue is not None and issue.folder is not None:
            self.folder.setText(str(issue.folder))
        self.words_label.setText(view.desk_words)
        self.fingerprint_label.setText(say_digest(view.desk_fingerprint))
        self.publish_button.setEnabled(view.obstacle is None)
        self._say_view()
        if issue is not None and issue.files and self._shown_pdf != issue.files[0].sha256:
            self._render(issue.files[0].sha256)

    def _render(self, known: str) -> None:
        workplace: Workplace = self.house.session.context
        self.empty.hide()
        self.pdf.show()
        column = self.preview.layout()
        assert column is not None
        column.activate()  # only now the view knows how wide its pages may be
        width = self._rendered = self.pdf.room()

        def show(images: tuple[PageImage, ...]) -> None:
            self._shown_pdf = known
            self.pdf.show_pages(images)

        def render(pdf: bytes | None) -> None:
            if pdf is not None:
                self.run(lambda _task: render_pages(pdf, width), show, pure=True)

        self.run(lambda _task: published.minutes_pdf(workplace.panel), render)

    def _render_again(self) -> None:
        """Render for another width, once the window keeps still."""
        if self._shown_pdf and abs(self.pdf.room() - self._rendered) > PDF_SLACK:
            self._render(self._shown_pdf)

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("The minutes appear here")),
            say(Text("As soon as the results are published, every page can be read here.")),
        )
        self.pdf.setAccessibleName(say(Text("Pages of the minutes")))
        self._say_view()

    def _say_view(self) -> None:
        view = self._view
        if view is None:
            return
        issue = view.issue
        self.go_button.setVisible(view.obstacle is not None)
        if view.obstacle is not None:
            self.chip.say(say(Text("Not yet")), "wait")
            self.state_label.setText(say(view.obstacle.what))
            self.go_button.setText(say(PLACES[self._place()]))
        elif issue is None:
            self.chip.say(say(Text("Ready")), "good")
            self.state_label.setText(
                say(Text("Nothing is missing. The results can be signed and published."))
            )
        else:
            final = issue.final
            self.chip.say(
                say(Text("Final") if final else Text("Draft")), "good" if final else "wait"
            )
            at = datetime.fromisoformat(issue.at)
            if final:
                state = Text("Published on {at}.", at=at)
            elif view.lacking:
                state = Text(
                    "Published on {at} as a draft; every page says so until the approvals are "
                    "here.",
                    at=at,
                )
            else:
                state = Text("Every approval is here. Publish once more: then it is final.")
            self.state_label.setText(say(state))
        self._say_approvals(view)
        if issue is not None:
            self.files_label.setText(
                say(Text("Files in {folder}", folder=str(issue.folder)))
                if issue.folder is not None
                else say(Text("Published documents"))
            )
            self.open_folder_button.setVisible(issue.folder is not None)
        if view.scans:
            last = view.scans[0]
            self.scan_label.setText(
                say(
                    Text(
                        "The signed copy is kept here: {file}, attached on {at}.",
                        file=last.name,
                        at=datetime.fromisoformat(last.at),
                    )
                )
            )
        else:
            self.scan_label.setText(
                say(
                    Text(
                        "Print the minutes, have them signed by hand, and attach the scan. It is "
                        "kept on this laptop and changes nothing that was signed."
                    )
                )
            )

    def _say_approvals(self, view: ResultsView) -> None:
        asked = [word for word in view.words if word.asked]
        agreed = sum(word.said is not None and word.said.dissent is None for word in asked)
        self.approvals_heading.setText(
            say(
                Text("Approvals: {count} of {total} asked", count=agreed, total=len(asked))
                if asked
                else Text("Approvals: none is asked for")
            )
        )
        self.lacking_label.setText("\n".join(say(text) for text in view.lacking))
        self.lacking_label.setVisible(bool(view.lacking))
        lines = [say(_word_text(word)) for word in view.words if word.said is not None]
        self.approvals_label.setText("\n".join(lines))
        self.approvals_label.setVisible(bool(lines))

    def ask_hand(self) -> None:
        """Ask who signed the printed minutes by hand, and record it."""
        if self._view is None:
            return
        dialog = HandSignatureDialog(self._view.words, self.window())

        def accepted() -> None:
            person, dissent = dialog.answer()
            record(
                self,
                lambda home, panel: approving.record_wet(home, panel, person, dissent),
                Text("It is recorded and will stand in the minutes."),
            )

        dialog.accepted.connect(accepted)
        dialog.open()

    def _place(self) -> str:
        """Return the page where what is missing can be done."""
        view = self._view
        code = view.obstacle.code if view is not None and view.obstacle is not None else ""
        return {"undecided": "plenary", "no-plan": "people"}.get(code, "inbox")

    def go_on(self) -> None:
        """Go where what is missing can be done."""
        self.house.go_to(self._place())

    # --- publishing ---

    def choose_folder(self) -> None:
        """Ask where the documents are to be written."""
        chosen = file_dialogs.choose_folder(self, Text("Folder for the documents"))
        if chosen is not None:
            self.folder.setText(str(chosen))

    def ask(self) -> None:
        """Ask once, then publish."""
        if not self.folder.text().strip():
            self.folder.setFocus()
            return
        dialog = PublishDialog(self._folder(), self.window())
        dialog.accepted.connect(self.publish)
        dialog.open()

    def publish(self) -> None:
        """Sign the results and write the documents."""
        workplace: Workplace = self.house.session.context
        folder, number = self._folder(), self.number.text().strip()

        def done(made: Publication) -> None:
            self.house.show_message(
                Text("The results are published: {count} files.", count=len(made.files))
            )

        ask_and_run(
            self.house,
            workplace.card,
            lambda task: published.publish_and_note(
                workplace.home(task), workplace.panel, folder, number
            ),
            done,
        )

    def _folder(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    # --- what was published ---

    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        if self._view is not None and self._view.issue is not None and self._view.issue.folder:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._view.issue.folder)))

    def check(self) -> None:
        """Check the published files as an outsider would."""
        issue = self._view.issue if self._view is not None else None
        page: Any = self.house.go_to("check")
        if page is not None and issue is not None and issue.folder is not None:
            files = [issue.folder / file.name for file in issue.files]
            page.check([path for path in files if path.suffix in CHECKED and path.exists()])

    def open_file(self, row: WrittenFile) -> None:
        """Open a published file with the program that the system has for it."""
        if self._view is not None and self._view.issue is not None and self._view.issue.folder:
            path = self._view.issue.folder / row.name
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def attach(self) -> None:
        """Keep a scan of the minutes that were signed by hand."""
        chosen = file_dialogs.choose_open(self, Text("Scan of the signed minutes"), [SCANS])
        if not chosen:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: published.attach_scan(workplace.home(task), workplace.panel, chosen[0]),
            lambda _changes: self.house.show_message(
                Text("The scan is kept: {file}", file=chosen[0].name)
            ),
        )
