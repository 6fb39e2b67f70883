"""What Lembar kertas does beside typing: files to print and read, moving, scans, settling."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from kipp_desktop.errors import KippError
from kipp_desktop.files import write_whole
from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.form_preview import FormPreviewDialog
from kipp_desktop.gui.dialogs.import_lines import counts
from kipp_desktop.gui.dialogs.move import MoveDialog
from kipp_desktop.gui.dialogs.settle import SettleDialog
from kipp_desktop.gui.signing import ask_and_sign
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import judging, moving, paper, paper_forms, paper_reading, scans
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QPushButton

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.pages.paper import PaperPage, PaperRead
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.importing import ImportReport
    from kipp_desktop.services.moving import Moved
    from kipp_desktop.services.panel import Panel

_FILES: Final = (
    ("sheets", Text("Print empty sheets of this judge…")),
    ("all_sheets", Text("Print empty sheets of all judges…")),
    ("book", Text("Print this judge's book…")),
    ("spare", Text("Print a spare sheet…")),
    ("", Text("")),
    ("proof", Text("Print the proof of typing…")),
    ("filled", Text("Print the sheets with the typed marks…")),
    ("", Text("")),
    ("workbook", Text("Spreadsheet form for this judge…")),
    ("read_form", Text("Read a filled spreadsheet form…")),
)
_ROW: Final = (
    ("move", Text("Move the marks to number…")),
    ("attach", Text("Attach a scan of the paper…")),
    ("show_scan", Text("Open the scan")),
)


class PaperActs(QObject):
    """The two menus of the page and the button that settles a difference."""

    settle_button: QPushButton
    row_button: QPushButton

    def __init__(self, page: PaperPage, files_button: QPushButton) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._page = page
        self.files_button = files_button
        self._actions: list[tuple[QAction, Text]] = []
        self._files, self._row = QMenu(page), QMenu(page)
        self.file_actions = self._fill(self._files, _FILES)
        self.row_actions = self._fill(self._row, _ROW)
        files_button.clicked.connect(lambda: _below(self._files, files_button))
        self.row_button.clicked.connect(self._open_row)
        self.settle_button.clicked.connect(self.settle)

    def show_read(self, read: PaperRead | None) -> None:
        """Offer only what can be done."""
        self.files_button.setEnabled(read is not None)
        self.row_button.setVisible(read is not None)
        if read is None:
            self.settle_button.hide()

    def show_differing(self, count: int) -> None:
        """Offer to settle where two typings differ."""
        self.settle_button.setVisible(bool(count))

    def say(self) -> None:
        """Say what stands in the menus."""
        for action, text in self._actions:
            action.setText(say(text))

    # --- files ---

    def sheets(self) -> None:
        """Print an empty sheet for every entry of this judge."""
        read = self._read()
        self._write(
            f"lembar-{_plain(read.judge_name)}.pdf",
            lambda home, panel, out: paper_forms.write_sheets(
                home, panel, read.stage, [read.judge_id], None, out
            ),
        )

    def all_sheets(self) -> None:
        """Print an empty sheet for every judge and entry."""
        stage = self._read().stage
        self._write(
            "lembar-penilaian.pdf",
            lambda home, panel, out: paper_forms.write_sheets(
                home, panel, stage, panel.setup_for(stage).judges_of(stage), None, out
            ),
        )

    def book(self) -> None:
        """Print this judge's book."""
        read = self._read()
        self._write(
            f"buku-{_plain(read.judge_name)}.pdf",
            lambda home, panel, out: paper_forms.write_book(
                home, panel, read.stage, [read.judge_id], out
            ),
        )

    def spare(self) -> None:
        """Print a sheet that names nobody."""
        stage = self._read().stage
        self._write(
            "lembar-cadangan.pdf",
            lambda home, panel, out: paper_forms.write_blank(home, panel, stage, out),
        )

    def proof(self) -> None:
        """Print what was typed and signed, for the judge's initials."""
        read = self._read()
        self._write(
            f"bukti-ketik-{_plain(read.judge_name)}.pdf",
            lambda home, panel, out: paper_forms.write_proof(home, panel, read.book.marker, out),
        )

    def filled(self) -> None:
        """Print this judge's sheets with what was typed."""
        read = self._read()
        self._write(
            f"lembar-terisi-{_plain(read.judge_name)}.pdf",
            lambda home, panel, out: paper_forms.write_sheets(
                home,
                panel,
                read.stage,
                [read.judge_id],
                None,
                out,
                filled=read.typist.fingerprint,
            ),
        )

    def workbook(self) -> None:
        """Write the spreadsheet form of this judge."""
        read = self._read()
        number = [judge.id for judge in read.judges if judge.stage == read.stage]
        self._write(
            f"lembar-juri-{number.index(read.judge_id) + 1}.xlsx",
            lambda home, panel, out: paper_forms.write_workbook(
                home, panel, read.stage, read.judge_id, out
            ),
            files.SHEETS,
        )

    def read_form(self) -> None:
        """Read a form that this judge filled in elsewhere."""
        page = self._page
        marker = self._read().book.marker
        chosen = files.choose_open(page.window(), FormPreviewDialog.title, (files.SHEETS,))
        if not chosen:
            return
        path = chosen[0]
        workplace: Workplace = page.house.session.context

        def load(task: TaskContext, *, dry_run: bool) -> ImportReport:
            form = paper_reading.read_form(path)
            if form is None:
                raise KippError(
                    "no-form",
                    Text("The file {file} is no spreadsheet form of a judge.", file=path.name),
                    Text("Choose the file that was made here and filled in by the judge."),
                )
            return paper_reading.import_form(
                workplace.home(task), workplace.panel, marker, form, dry_run=dry_run
            )

        def preview(report: ImportReport) -> None:
            dialog = FormPreviewDialog(report, page.window())
            dialog.accepted.connect(
                lambda: page.run(
                    partial(load, dry_run=False),
                    lambda done: page.house.show_message(counts(done)),
                    title=Text("Loading the table"),
                )
            )
            dialog.open()

        page.run(partial(load, dry_run=True), preview, title=Text("Reading the table"))

    def _write(
        self,
        name: str,
        write: Callable[[Home, Panel, Path], int],
        kind: files.Filter = files.PDFS,
    ) -> None:
        page = self._page
        out = files.choose_save(page.window(), Text("Save as"), name, (kind,))
        if out is None:
            return
        workplace: Workplace = page.house.session.context

        def done(count: int) -> None:
            page.house.show_message(
                Text("{count} sheets were written to {file}.", count=count, file=str(out))
            )

        page.run(
            lambda task: write(workplace.home(task), workplace.panel, out),
            done,
            title=Text("Preparing the sheets"),
        )

    # --- the row under the cursor ---

    def move(self) -> None:
        """Ask for the number that the marks of this row belong to, and move them."""
        page, read = self._page, self._read()
        view = page.sheets.get(page.grid.current_entry())
        if view is None or view.state == "empty":
            page.house.show_message(Text("Put the cursor into a row with marks first."), "calm")
            return
        dialog = MoveDialog(view, page.sheets.views(), page.window())
        marker, entry = read.book.marker, view.entry.id

        def done(moved: Moved) -> None:
            page.forget_steps()
            page.house.show_message(
                Text(
                    "The marks of number {number} now stand at number {to}.",
                    number=moved.number,
                    to=moved.to,
                )
            )

        if dialog.signed:

            def decided() -> Callable[..., Moved]:
                to, reason = dialog.target, dialog.reason.text()
                return lambda home, panel, identity: moving.move_signed(
                    home, panel, marker, identity, entry, to, reason
                )

            ask_and_sign(page.house, dialog, read.typist, decided, done)
            return
        workplace: Workplace = page.house.session.context

        def move() -> None:
            to = dialog.target
            page.run(
                lambda task: moving.move_draft(
                    workplace.home(task), workplace.panel, marker, entry, to
                ),
                done,
            )

        dialog.accepted.connect(move)
        dialog.open()

    def attach(self) -> None:
        """Keep a scan of the paper beside this row."""
        page, read = self._page, self._read()
        entry = page.grid.current_entry()
        chosen = files.choose_open(
            page.window(), Text("Attach a scan of the paper"), (files.SCANS, files.ALL)
        )
        if not chosen or not entry:
            return
        workplace: Workplace = page.house.session.context
        page.run(
            lambda task: scans.attach(
                workplace.home(task), workplace.panel, read.book.marker, entry, chosen[0]
            ),
            lambda _changes: page.house.show_message(
                Text("The scan is kept at this desk; it is not signed and not handed on.")
            ),
        )

    def show_scan(self) -> None:
        """Open the newest scan of this row in the program that this laptop has for it."""
        page, read = self._page, self._read()
        entry = page.grid.current_entry()
        workplace: Workplace = page.house.session.context

        def fetch(_task: TaskContext) -> Path:
            scan = scans.scans_of(workplace.panel, read.book.marker, entry)[-1]
            path = Path(tempfile.mkdtemp(prefix="kipp-")) / f"pindaian{scan.ending}"
            write_whole(path, scans.content_of(workplace.panel, scan), private=True)
            return path

        def show(path: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        page.run(fetch, show)

    # --- settling ---

    def settle(self) -> None:
        """Ask what the paper says of the row under the cursor, or of the first that differs."""
        page, read = self._page, self._read()
        differing = [row.entry for row in page.model.rows() if row.key == "differs"]
        if not differing:
            return
        here = page.grid.current_entry()
        entry = here if here in differing else differing[0]
        dialog = SettleDialog(
            page.sheets[entry], read.book.typings[entry], page.model.leaves, page.window()
        )
        dialog.accepted.connect(lambda: self._correct(read, entry, dialog))
        dialog.open()

    def _correct(self, read: PaperRead, entry: str, dialog: SettleDialog) -> None:
        """Correct every typing that is wrong, each under the key of whoever typed it."""
        agreed = dialog.agreed()
        typing = read.book.typings[entry]
        wrong = [
            (author, name)
            for author, name in zip(typing.authors, typing.names, strict=True)
            if author in paper.wrong_typings(typing, agreed)
        ]
        cards = {card.fingerprint: card for card in read.cards}
        away = [name for author, name in wrong if author not in cards]
        if away:
            self._page.house.show_message(
                Text("Typed on another laptop, to be corrected there: {names}.", names=away), "wait"
            )
        self._correct_each(read, entry, agreed, [cards[a] for a, _ in wrong if a in cards])

    def _correct_each(
        self, read: PaperRead, entry: str, agreed: dict[str, Fraction | None], cards: list[Card]
    ) -> None:
        if not cards:
            return
        page, card = self._page, cards[0]
        workplace: Workplace = page.house.session.context
        marker = judging.Marker(card.fingerprint, read.judge_id, read.stage, paper=True)
        reason = say(Text("Two typings differed; compared with the paper sheet"))

        def work(task: TaskContext) -> Changes:
            home = workplace.home(task)
            return paper.settle(
                home, workplace.panel, marker, home.unlock(card), entry, agreed, reason
            )

        def done(_changes: Changes) -> None:
            page.forget_steps()
            page.house.show_message(
                Text("{name} is corrected to what the paper says.", name=card.name)
            )
            self._correct_each(read, entry, agreed, cards[1:])

        ask_and_run(page.house, card, work, done)

    # --- inside ---

    def _fill(self, menu: QMenu, items: tuple[tuple[str, Text], ...]) -> dict[str, QAction]:
        found = {}
        for name, text in items:
            if not name:
                menu.addSeparator()
                continue
            action = menu.addAction("")
            action.setObjectName(name)
            action.triggered.connect(lambda _on=False, name=name: getattr(self, name)())
            self._actions.append((action, text))
            found[name] = action
        return found

    def _open_row(self) -> None:
        entry = self._page.grid.current_entry()
        read = self._read()
        self.row_actions["show_scan"].setEnabled(bool(read.book.scans.get(entry)))
        self.row_actions["move"].setEnabled(not read.book.closed)
        _below(self._row, self.row_button)

    def _read(self) -> PaperRead:
        read = self._page.read
        assert read is not None, "nothing is offered before the sheets are read"
        return read


def _below(menu: QMenu, button: QPushButton) -> None:
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _plain(name: str) -> str:
    """Return a name as part of a file's name."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in kept.split("-") if part)
